using Armillary.Arm64;

namespace Armillary.Tests.Facade;

/// <summary>An engine without a CPU: each run answers with the next exit of a script.</summary>
internal sealed class ScriptedBackend(params Func<ScriptedCpu, VmExit>[] script) : Backend("scripted", "Scripted engine")
{
    public int PageSize { get; init; } = 4096;

    public EngineStatus Status { get; init; } = new(true, "for tests");

    public ScriptedMachine? Machine { get; private set; }

    public override EngineStatus Probe() => Status;

    public static VmExit Exit(ExceptionClass exceptionClass, uint specific = 0)
        => new() { Reason = VmExitReason.Exception, Syndrome = Syndrome.Create(exceptionClass, specific) };

    private protected override VirtualMachine CreateVirtualMachineCore() => Machine = new ScriptedMachine(this, PageSize, script);
}

internal sealed class ScriptedMachine(Backend backend, int pageSize, Func<ScriptedCpu, VmExit>[] script) : VirtualMachine(backend)
{
    public bool IsDisposed { get; private set; }

    public override int PageSize => pageSize;

    public override int MaxVirtualCpus => 1;

    private protected override VirtualCpu CreateVirtualCpuCore(int index) => new ScriptedCpu(this, script);

    private protected override void MapRegionCore(GuestMemoryRegion region) { }

    private protected override void UnmapRegionCore(GuestMemoryRegion region) { }

    private protected override void ProtectRegionCore(GuestMemoryRegion region) { }

    private protected override void CollectDirtyCore(GuestMemoryRegion region, Span<ulong> bitmap) => region.CollectDirty(bitmap);

    private protected override void NoticeHostWriteCore(ulong gpa, ulong length) { }

    private protected override void DisposeCore() => IsDisposed = true;
}

internal sealed class ScriptedCpu(VirtualMachine machine, Func<ScriptedCpu, VmExit>[] script) : VirtualCpu(machine, 0)
{
    private readonly ulong[] _x = new ulong[31];
    private readonly Dictionary<SystemRegister, ulong> _system = [];
    private ulong _pc;
    private uint _pstate = Armillary.Arm64.Pstate.Daif | Armillary.Arm64.Pstate.EL1h;
    private int _next;

    public List<bool> Steps { get; } = [];

    private protected override void WaitForInterruptCore() { }

    private protected override VmExit RunCore(bool step)
    {
        Steps.Add(step);
        if (_next >= script.Length) throw new InvalidOperationException("The script is over.");
        VmExit exit = script[_next++](this);
        if (exit.Reason == VmExitReason.Canceled) RequestExit(); // a run is canceled because someone asked for it
        return exit;
    }

    private protected override void RequestExitCore() { }

    private protected override void CompleteMmioReadCore(ulong value) => _x[0] = value;

    private protected override void SetInterruptLineCore(InterruptLine line, bool asserted)
    {
    }

    private protected override ulong GetXCore(int register) => _x[register];

    private protected override void SetXCore(int register, ulong value) => _x[register] = value;

    private protected override ulong GetPcCore() => _pc;

    private protected override void SetPcCore(ulong value) => _pc = value;

    private protected override uint GetPstateCore() => _pstate;

    private protected override void SetPstateCore(uint value) => _pstate = value;

    private protected override UInt128 GetVCore(int register) => 0;

    private protected override void SetVCore(int register, UInt128 value) { }

    private protected override bool TryGetSystemRegisterCore(SystemRegister register, out ulong value)
    {
        _system.TryGetValue(register, out value);
        return true;
    }

    private protected override bool TrySetSystemRegisterCore(SystemRegister register, ulong value)
    {
        if (register == SystemRegister.MIDR_EL1) return false;
        _system[register] = value;
        return true;
    }

    private protected override void SetTrapDebugExceptionsCore(bool value) { }

    private protected override void TakeExceptionCore(ExceptionClass exceptionClass, uint specific, ulong? faultAddress) => throw new NotSupportedException();

    private protected override ulong? GetInstructionCountCore() => (ulong)Steps.Count;

    private protected override void DisposeCore() { }
}
