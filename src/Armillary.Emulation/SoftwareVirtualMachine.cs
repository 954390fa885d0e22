using System.Runtime.Intrinsics.X86;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Memory;
using Armillary.Emulation.Models;

namespace Armillary.Emulation;

/// <summary>A virtual machine of the software engine.</summary>
internal sealed class SoftwareVirtualMachine : VirtualMachine
{
    /// <summary>CNTFRQ_EL0 in Hz; that of QEMU's boards.</summary>
    public const ulong CounterFrequency = 62_500_000;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly object _gate = new();
    private SoftwareRegion[] _regions = []; // sorted by address, replaced whole
    private SoftwareVirtualCpu[] _cpus = [];
    private bool _standingStill;

    internal SoftwareVirtualMachine(Backend backend, TimeProvider time, CpuModel model, Func<ulong> random) : base(backend)
    {
        Random = random;
        _time = time;
        Model = model;
        _start = time.GetTimestamp();
    }

    public override int PageSize => CodePage.Size;

    public override int MaxVirtualCpus => 512;

    public override bool HasPerformanceMonitors => true;

    /// <summary>What its virtual CPUs are.</summary>
    internal CpuModel Model { get; }

    /// <summary>Hot code is translated.</summary>
    internal bool Translates { get; init; }

    /// <summary>Random numbers for the guest.</summary>
    internal Func<ulong> Random { get; }

    /// <summary>Those that there are.</summary>
    internal ReadOnlySpan<SoftwareVirtualCpu> Cpus => Volatile.Read(ref _cpus);

    /// <summary>True if CPUs of another engine use the memory too.</summary>
    internal bool IsShared { get; init; }

    /// <summary>True while there is one virtual CPU and nothing else that could touch the memory.</summary>
    internal bool IsAlone => !IsShared && Volatile.Read(ref _cpus).Length == 1;

    /// <summary>True if the host's atomics take any address within 16 aligned bytes: x86 does (Intel SDM 3A 9.1.2), Arm since FEAT_LSE2, of which .NET tells nothing.</summary>
    internal bool HasUnalignedAtomics { get; set; } = X86Base.IsSupported;

    /// <summary>Ticks of <see cref="CounterFrequency"/> since the machine was made.</summary>
    internal ulong Counter => (ulong)((UInt128)(ulong)(_time.GetTimestamp() - _start) * CounterFrequency / (ulong)_time.TimestampFrequency);

    /// <summary>Nanoseconds since the machine was made.</summary>
    internal ulong Nanoseconds => (ulong)((UInt128)(ulong)(_time.GetTimestamp() - _start) * 1_000_000_000 / (ulong)_time.TimestampFrequency);

    /// <summary>A timer on the machine's clock, not yet set.</summary>
    internal ITimer CreateAlarm(Action ring) => _time.CreateTimer(static action => ((Action)action!)(), ring, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    internal SoftwareRegion? Find(ulong gpa)
    {
        SoftwareRegion[] regions = Volatile.Read(ref _regions);
        int low = 0, high = regions.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            GuestMemoryRegion region = regions[middle].Region;
            if (region.Contains(gpa)) return regions[middle];
            if (gpa < region.Address) high = middle - 1;
            else low = middle + 1;
        }

        return null;
    }

    /// <summary>After a store that went past the TLB: code there is decoded again.</summary>
    internal void NoticeWrite(SoftwareVirtualCpu writer, ulong gpa, int size)
    {
        if (Find(gpa) is not { } region || !region.HasCode(gpa)) return;
        (ulong start, ulong length) = region.CountStore(gpa) ? (gpa & CpuState.PageMask, CodePage.Size) : (gpa, (ulong)size);
        writer.ForgetCode(start, length);
        foreach (SoftwareVirtualCpu cpu in Volatile.Read(ref _cpus))
        {
            if (cpu != writer) cpu.WantCodeForgotten(start, length);
        }
    }

    /// <summary>IC IVAU and IC IALLU: every virtual CPU decodes the range again.</summary>
    internal void InvalidateCode(SoftwareVirtualCpu by, ulong gpa, ulong length)
    {
        foreach (SoftwareVirtualCpu cpu in Volatile.Read(ref _cpus))
        {
            if (cpu == by) cpu.ForgetCode(gpa, length);
            else cpu.WantCodeForgotten(gpa, length);
        }
    }

    /// <summary>A page of host memory got code: stores to it must be seen from now on.</summary>
    internal unsafe void WatchStores(SoftwareVirtualCpu by, byte* page)
    {
        var request = new TlbRequest(TlbScope.Writes, (ulong)page);
        by.Serve(request);
        AskOthers(by, request);
    }

    /// <summary>TLB maintenance of all virtual CPUs but one.</summary>
    internal void AskOthers(SoftwareVirtualCpu by, in TlbRequest request)
    {
        foreach (SoftwareVirtualCpu cpu in Volatile.Read(ref _cpus))
        {
            if (cpu != by) cpu.Ask(request);
        }
    }

    /// <summary>Hardware changed a descriptor (access flag, dirty state).</summary>
    internal void NoticeTableUpdate(SoftwareVirtualCpu by, ulong gpa)
    {
        Find(gpa)?.MarkDirty(gpa);
        NoticeWrite(by, gpa, sizeof(ulong));
    }

    /// <summary>SEV.</summary>
    internal void SendEvent()
    {
        foreach (SoftwareVirtualCpu cpu in Volatile.Read(ref _cpus)) cpu.SetEvent();
    }

    internal void Forget(SoftwareVirtualCpu cpu)
    {
        lock (_gate) _cpus = [.. _cpus.Where(c => c != cpu)];
    }

    // Standing still: a thread that takes memory away waits until every virtual CPU is outside its run loop or paused in
    // it. A virtual CPU enters by a store and a load (Dekker's way), so that entering takes no lock.

    internal void Enter(SoftwareVirtualCpu cpu)
    {
        while (true)
        {
            Interlocked.Exchange(ref cpu.Inside, 1);
            if (!Volatile.Read(ref _standingStill)) return;
            Leave(cpu);
            lock (_gate)
            {
                while (_standingStill) Monitor.Wait(_gate);
            }
        }
    }

    internal void Leave(SoftwareVirtualCpu cpu)
    {
        Interlocked.Exchange(ref cpu.Inside, 0);
        if (!Volatile.Read(ref _standingStill)) return;
        lock (_gate) Monitor.PulseAll(_gate);
    }

    internal void Pause(SoftwareVirtualCpu cpu)
    {
        Leave(cpu);
        Enter(cpu);
    }

    /// <summary>Runs an action while no virtual CPU executes. The caller may be a virtual CPU that is inside its run loop.</summary>
    internal void StandStill(Action action)
    {
        SoftwareVirtualCpu? self = Array.Find(Volatile.Read(ref _cpus), c => c.IsOwnedByCurrentThread && c.Inside != 0);
        if (self is not null) Leave(self);
        lock (_gate)
        {
            while (_standingStill) Monitor.Wait(_gate);
            Volatile.Write(ref _standingStill, true);
            Interlocked.MemoryBarrier();
            try
            {
                foreach (SoftwareVirtualCpu cpu in _cpus) cpu.WantPause();
                while (Array.Exists(_cpus, c => Volatile.Read(ref c.Inside) != 0)) Monitor.Wait(_gate);
                action();
            }
            finally
            {
                Volatile.Write(ref _standingStill, false);
                Monitor.PulseAll(_gate);
            }
        }

        if (self is not null) Enter(self);
    }

    private protected override VirtualCpu CreateVirtualCpuCore(int index)
    {
        var cpu = new SoftwareVirtualCpu(this, index);
        lock (_gate) _cpus = [.. _cpus, cpu];
        return cpu;
    }

    private protected override void MapRegionCore(GuestMemoryRegion region)
    {
        lock (_gate) Volatile.Write(ref _regions, [.. _regions.Append(new SoftwareRegion(region)).OrderBy(r => r.Region.Address)]);
    }

    private protected override void UnmapRegionCore(GuestMemoryRegion region) => StandStill(() =>
    {
        Volatile.Write(ref _regions, [.. _regions.Where(r => r.Region != region)]);
        Withdraw(region);
    });

    private protected override void ProtectRegionCore(GuestMemoryRegion region) => StandStill(() => Withdraw(region));

    private protected override void CollectDirtyCore(GuestMemoryRegion region, Span<ulong> bitmap)
    {
        ulong[] collected = new ulong[region.DirtyBitmapLength];
        StandStill(() =>
        {
            foreach (SoftwareVirtualCpu cpu in _cpus) cpu.FlushWriteTlb();
            region.CollectDirty(collected);
        });
        collected.CopyTo(bitmap);
    }

    private protected override void NoticeHostWriteCore(ulong gpa, ulong length)
    {
        if (Find(gpa) is not { } region) return;
        for (ulong page = gpa & CpuState.PageMask; page < gpa + length; page += CodePage.Size)
        {
            if (!region.HasCode(page)) continue;
            ulong start = Math.Max(gpa, page), end = Math.Min(gpa + length, page + CodePage.Size);
            foreach (SoftwareVirtualCpu cpu in Volatile.Read(ref _cpus)) cpu.WantCodeForgotten(start, Math.Min(end - start, CodePage.Size - 1));
        }
    }

    private protected override void DisposeCore() => _regions = [];

    private void Withdraw(GuestMemoryRegion region)
    {
        foreach (SoftwareVirtualCpu cpu in _cpus)
        {
            cpu.FlushTlb();
            cpu.ForgetCode(region.Address, region.Size);
        }
    }
}
