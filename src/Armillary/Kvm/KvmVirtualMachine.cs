using System.Runtime.InteropServices;
using Armillary.Emulation.StandIn;
using Armillary.Kvm.Interop;
using Microsoft.Win32.SafeHandles;

namespace Armillary.Kvm;

/// <summary>A virtual machine of KVM.</summary>
internal sealed unsafe class KvmVirtualMachine : VirtualMachine
{
    private const int LargestAddress = 48, DefaultAddress = 40; // of the kernel, where it has no choice

    // Guests without vectors get these: a BRK in each of the sixteen, in the last pages of the address space.
    private const ulong VectorsSize = 0x1_0000;
    private const uint BrkOfVector = 0xd43e_0000; // brk #0xf000

    private readonly SafeFileHandle _device;
    private readonly HostMemory _vectors = new(VectorsSize, VectorsSize);
    private readonly Lock _lock = new();
    private readonly List<KvmSlot> _slots = [];
    private readonly int _addressBits;

    // Standing still while a slot is replaced: no virtual CPU may find the memory missing meanwhile.
    private readonly object _gate = new();
    private volatile bool _standingStill;
    private KvmVirtualCpu[] _cpus = [];

    internal KvmVirtualMachine(Backend backend) : base(backend)
    {
        _device = KvmHost.Open(out _) ?? throw new EngineUnavailableException(backend.Name, backend.Probe());
        int limit = KvmHost.Call(_device, KvmIoctl.KVM_CHECK_EXTENSION, KvmIoctl.KVM_CAP_ARM_VM_IPA_SIZE);
        _addressBits = limit <= 0 ? DefaultAddress : Math.Min(limit, LargestAddress);
        Handle = new SafeFileHandle(KvmHost.Check(KvmHost.Call(_device, KvmIoctl.KVM_CREATE_VM, limit <= 0 ? 0 : (nuint)_addressBits), "KVM_CREATE_VM"), ownsHandle: true);
        Descriptor = (int)Handle.DangerousGetHandle();
        RunSize = (nuint)KvmHost.Check(KvmHost.Call(_device, KvmIoctl.KVM_GET_VCPU_MMAP_SIZE), "KVM_GET_VCPU_MMAP_SIZE");
        Vectors = (1ul << _addressBits) - VectorsSize;
        StandIn = new StandInMachine(backend);
        var words = new Span<uint>(_vectors.Pointer, (int)VectorsSize / sizeof(uint));
        for (int vector = 0; vector < 16; vector++) words[vector * 0x80 / sizeof(uint)] = BrkOfVector | ((uint)vector << 5);
        SetSlot(new kvm_userspace_memory_region { slot = 0, flags = KvmIoctl.KVM_MEM_READONLY, guest_phys_addr = Vectors, memory_size = VectorsSize, userspace_addr = (ulong)_vectors.Pointer }, "vectors");
        var cap = new kvm_enable_cap { cap = KvmIoctl.KVM_CAP_ARM_NISV_TO_USER };
        KvmHost.Call(Descriptor, KvmIoctl.KVM_ENABLE_CAP, (nuint)(&cap)); // without it, KVM_RUN fails with ENOSYS instead
        ForwardsHypercalls = ForwardHypercalls();
        HasDirtyRings = EnableDirtyRings();
    }

    public override int PageSize => Environment.SystemPageSize;

    public override int MaxVirtualCpus => Math.Max(1, KvmHost.Call(_device, KvmIoctl.KVM_CHECK_EXTENSION, KvmIoctl.KVM_CAP_MAX_VCPUS));

    public override bool HasInterruptController
    {
        get
        {
            var test = new kvm_create_device { type = KvmIoctl.KVM_DEV_TYPE_ARM_VGIC_V3, flags = KvmIoctl.KVM_CREATE_DEVICE_TEST };
            return KvmHost.Call(Descriptor, KvmIoctl.KVM_CREATE_DEVICE, (nuint)(&test)) >= 0;
        }
    }

    public override bool HasPerformanceMonitors => Capability(KvmIoctl.KVM_CAP_ARM_PMU_V3) > 0;

    public override bool AnswersPowerCalls => !ForwardsHypercalls;

    /// <summary>The kernel's interrupt controller, where the machine has it.</summary>
    internal KvmGic? Gic { get; private set; }

    /// <summary>The machine's descriptor.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>The same as a number; valid while the machine is.</summary>
    internal int Descriptor { get; }

    /// <summary>Bytes of the page that a virtual CPU shares.</summary>
    internal nuint RunSize { get; }

    /// <summary>What executes instructions that the hardware does not describe.</summary>
    internal StandInMachine StandIn { get; }

    /// <summary>Guest physical address of the vectors for guests without any.</summary>
    internal ulong Vectors { get; }

    /// <summary>True if HVC and SMC end a run; Linux 6.4 is the first to let them.</summary>
    internal bool ForwardsHypercalls { get; }

    /// <summary>True if virtual CPUs tell of the pages that they write, on Linux 6.2 and later; otherwise the kernel keeps a log for each slot.</summary>
    internal bool HasDirtyRings { get; }

    /// <summary>A capability of the machine.</summary>
    internal int Capability(int capability) => KvmHost.Call(Descriptor, KvmIoctl.KVM_CHECK_EXTENSION, (nuint)capability);

    // A virtual CPU enters by a store and a load (Dekker's way), so that entering takes no lock.

    internal void Enter(KvmVirtualCpu cpu)
    {
        while (true)
        {
            Interlocked.Exchange(ref cpu.Inside, 1);
            if (!_standingStill) return;
            Leave(cpu);
            lock (_gate)
            {
                while (_standingStill) Monitor.Wait(_gate);
            }
        }
    }

    internal void Leave(KvmVirtualCpu cpu)
    {
        Interlocked.Exchange(ref cpu.Inside, 0);
        if (!_standingStill) return;
        lock (_gate) Monitor.PulseAll(_gate);
    }

    internal void Forget(KvmVirtualCpu cpu)
    {
        // Whoever collects has the lock: none may still be reading a ring that goes.
        lock (_lock)
        {
            CollectRings();
            lock (_gate) _cpus = [.. _cpus.Where(c => c != cpu)];
        }
    }

    /// <summary>Notes what the rings say, and lets the kernel use them again.</summary>
    internal void CollectRings()
    {
        if (!HasDirtyRings) return;
        lock (_lock)
        {
            int count = 0;
            foreach (KvmVirtualCpu cpu in _cpus) count += cpu.DirtyRing!.Collect(MarkDirty);
            if (count > 0) KvmHost.Check(KvmHost.Call(Descriptor, KvmIoctl.KVM_RESET_DIRTY_RINGS), "KVM_RESET_DIRTY_RINGS");
        }

        void MarkDirty(uint number, ulong page)
        {
            // A page of a slot that is gone is nobody's.
            if (_slots.Find(s => s.Number == number) is { } slot && page < slot.Region.Size / (ulong)PageSize) MarkPageDirty(slot.Region, page);
        }
    }

    private protected override VirtualCpu CreateVirtualCpuCore(int index)
    {
        var cpu = new KvmVirtualCpu(this, index);
        lock (_gate) _cpus = [.. _cpus, cpu];
        return cpu;
    }

    private protected override InterruptController CreateInterruptControllerCore(InterruptControllerLayout layout) => Gic = new KvmGic(this, layout);

    private protected override Doorbell CreateDoorbellCore(ulong gpa, int size, ulong? value) => new KvmDoorbell(this, gpa, size, value);

    private protected override void MapRegionCore(GuestMemoryRegion region)
    {
        if (region.LastAddress >= Vectors)
        {
            throw new GuestMemoryException($"Guest memory at 0x{region.Address:x} of 0x{region.Size:x} bytes reaches beyond 0x{Vectors - 1:x}, the last guest physical address that this host has for it ({_addressBits} bits).", region.Address, region.Size);
        }

        lock (_lock)
        {
            uint number = 1;
            while (_slots.Exists(s => s.Number == number)) number++;
            var slot = new KvmSlot(number, region);
            Show(slot);
            _slots.Add(slot);
        }

        StandIn.Map(region);
    }

    private protected override void UnmapRegionCore(GuestMemoryRegion region)
    {
        StandIn.Unmap(region);
        lock (_lock)
        {
            KvmSlot slot = _slots.Find(s => s.Region == region)!;
            Hide(slot);
            CollectRings(); // the next slot of this number is another
            _slots.Remove(slot);
        }
    }

    private protected override void ProtectRegionCore(GuestMemoryRegion region)
    {
        // A slot's permission cannot be changed while it is there.
        lock (_lock)
        {
            KvmSlot slot = _slots.Find(s => s.Region == region)!;
            StandStill(() =>
            {
                if (slot.IsWatched) Collect(slot); // the kernel's log goes with the slot
                Hide(slot);
                Show(slot);
            });
        }

        StandIn.Protect(region);
    }

    // The first time nothing is known: every page counts. From then on the kernel keeps a log.
    private protected override void CollectDirtyCore(GuestMemoryRegion region, Span<ulong> bitmap)
    {
        lock (_lock)
        {
            KvmSlot slot = _slots.Find(s => s.Region == region)!;
            if (slot.IsWatched)
            {
                Collect(slot);
                region.CollectDirty(bitmap);
                return;
            }

            region.CollectDirty(bitmap);
            region.CallAllDirty(bitmap);
            slot.IsWatched = true;
            if (slot.IsShown) SetSlot(slot.Describe(), region);
        }
    }

    // The kernel makes code that the host wrote visible when it maps the page; a page that is mapped already is the host's own cache's affair.
    private protected override void NoticeHostWriteCore(ulong gpa, ulong length)
    {
    }

    private protected override void DisposeCore()
    {
        StandIn.Dispose();
        Gic?.Dispose();
        Handle.Dispose();
        _device.Dispose();
        _vectors.Dispose();
    }

    // Runs an action while no virtual CPU is in the guest.
    private void StandStill(Action action)
    {
        lock (_gate)
        {
            while (_standingStill) Monitor.Wait(_gate);
            _standingStill = true;
            Interlocked.MemoryBarrier();
            try
            {
                foreach (KvmVirtualCpu cpu in _cpus) cpu.Kick();
                while (Array.Exists(_cpus, c => Volatile.Read(ref c.Inside) != 0)) Monitor.Wait(_gate);
                action();
            }
            finally
            {
                _standingStill = false;
                Monitor.PulseAll(_gate);
            }
        }
    }

    // Memory that may not be read is none to KVM, and what may be read may be executed.
    private void Show(KvmSlot slot)
    {
        slot.IsShown = slot.Region.Permissions.HasFlag(MemoryPermissions.Read);
        if (slot.IsShown) SetSlot(slot.Describe(), slot.Region);
    }

    private void Hide(KvmSlot slot)
    {
        if (!slot.IsShown) return;
        kvm_userspace_memory_region gone = slot.Describe();
        gone.memory_size = 0;
        gone.flags = 0;
        SetSlot(gone, slot.Region);
        slot.IsShown = false;
    }

    private void Collect(KvmSlot slot)
    {
        if (!slot.IsShown) return;
        if (HasDirtyRings)
        {
            CollectRings();
            return;
        }

        ulong[] bitmap = new ulong[((slot.Region.Size / (ulong)PageSize) + 63) / 64];
        fixed (ulong* words = bitmap)
        {
            var log = new kvm_dirty_log { slot = slot.Number, dirty_bitmap = (ulong)words };
            KvmHost.Check(KvmHost.Call(Descriptor, KvmIoctl.KVM_GET_DIRTY_LOG, (nuint)(&log)), "KVM_GET_DIRTY_LOG");
        }

        for (ulong page = 0; page < slot.Region.Size / (ulong)PageSize; page++)
        {
            if ((bitmap[page / 64] >> (int)(page % 64) & 1) != 0) MarkPageDirty(slot.Region, page);
        }
    }

    private void MarkPageDirty(GuestMemoryRegion region, ulong page)
    {
        for (ulong part = 0; part < (ulong)PageSize; part += GuestMemoryRegion.DirtyPageSize) region.MarkDirty(region.Address + (page * (ulong)PageSize) + part);
    }

    private void SetSlot(kvm_userspace_memory_region slot, object what)
    {
        if (KvmHost.Call(Descriptor, KvmIoctl.KVM_SET_USER_MEMORY_REGION, (nuint)(&slot)) < 0)
        {
            throw KvmHost.Error($"KVM_SET_USER_MEMORY_REGION of slot {slot.slot} at 0x{slot.guest_phys_addr:x}, 0x{slot.memory_size:x} bytes ({(what as GuestMemoryRegion)?.Permissions.ToString() ?? what})");
        }
    }

    private bool EnableDirtyRings()
    {
        uint size = KvmDirtyRing.Length * (uint)sizeof(kvm_dirty_gfn);
        if (Capability(KvmIoctl.KVM_CAP_DIRTY_LOG_RING_ACQ_REL) < size) return false;
        var cap = new kvm_enable_cap { cap = KvmIoctl.KVM_CAP_DIRTY_LOG_RING_ACQ_REL };
        cap.args[0] = size;
        return KvmHost.Call(Descriptor, KvmIoctl.KVM_ENABLE_CAP, (nuint)(&cap)) >= 0;
    }

    // All calls but those of the architecture's own owner, which the kernel keeps (DEN0028 6.1: 0x80000000 and 0xc0000000 to ...ffff).
    private bool ForwardHypercalls()
    {
        foreach ((uint first, uint end) in (ReadOnlySpan<(uint, uint)>)[(0, 0x8000_0000), (0x8001_0000, 0xc000_0000), (0xc001_0000, 0)])
        {
            var filter = new kvm_smccc_filter { first = first, nr_functions = unchecked(end - first), action = KvmIoctl.KVM_SMCCC_FILTER_FWD_TO_USER };
            var attribute = new kvm_device_attr { group = KvmIoctl.KVM_ARM_VM_SMCCC_CTRL, attr = KvmIoctl.KVM_ARM_VM_SMCCC_FILTER, addr = (ulong)(&filter) };
            if (KvmHost.Call(Descriptor, KvmIoctl.KVM_SET_DEVICE_ATTR, (nuint)(&attribute)) < 0) return false;
        }

        return true;
    }
}
