using System.Globalization;
using Armillary.Arm64;

namespace Armillary;

/// <summary>
/// A virtual CPU. It belongs to the thread that created it; only <see cref="RequestExit"/> may be called from elsewhere.
/// </summary>
/// <remarks>
/// <see cref="Run"/> enters the guest and comes back with a <see cref="VmExit"/>. State that is read or written between
/// two runs is the guest's own. Writing PC gives up an MMIO access that is not yet completed.
/// </remarks>
public abstract partial class VirtualCpu : IDisposable
{
    private readonly int _ownerThreadId = Environment.CurrentManagedThreadId;
    private bool _disposed;
    private bool _needsMmioValue, _waits;
    private int _exitRequested;

    private protected VirtualCpu(VirtualMachine virtualMachine, int index)
    {
        VirtualMachine = virtualMachine;
        Index = index;
    }

    /// <summary>The virtual machine that it is part of.</summary>
    public VirtualMachine VirtualMachine { get; }

    /// <summary>Its number in the virtual machine, from 0; also Aff0 of MPIDR_EL1 (Aff1 from 16 on, as KVM counts).</summary>
    public int Index { get; }

    /// <summary>Devices, called in place during a run. Null: every access to one is an <see cref="VmExitReason.Mmio"/> exit.</summary>
    public IMmioHandler? MmioHandler { get; set; }

    /// <summary>
    /// What the generic timer's outputs are wired to, called in place during a run. With one, WFI sleeps until an interrupt
    /// line or a request; without, nothing could wake the guest, and WFI ends the run.
    /// </summary>
    public IPrivateInterruptHandler? PrivateInterruptHandler { get; set; }

    /// <summary>
    /// The CPU interface of the guest's GICv3. With one, ID_AA64PFR0_EL1 says that there is one; null leaves ICC_*_EL1 undefined. For
    /// engines without an interrupt controller of their own.
    /// </summary>
    public IGicCpuInterface? GicCpuInterface { get; set; }

    /// <summary>
    /// If true, BRK, breakpoints, watchpoints and software steps end the run instead of going to the guest's EL1
    /// (MDCR_EL2.TDE). False after creation.
    /// </summary>
    public bool TrapDebugExceptions
    {
        get;
        set
        {
            ThrowIfNotUsable();
            field = value;
            SetTrapDebugExceptionsCore(value);
        }
    }

    /// <summary>
    /// If true, HLT #0xF000 is a semihosting call and ends the run as <see cref="VmExitReason.Semihosting"/>, at EL0 too. False after
    /// creation: HLT is undefined, as on hardware without a debugger. An engine whose hardware leaves HLT to the guest sees the calls of
    /// a guest whose VBAR_EL1 points to no memory, and no others (docs/engines.md).
    /// </summary>
    public bool TrapSemihosting
    {
        get;
        set
        {
            ThrowIfNotUsable();
            field = value;
        }
    }

    /// <summary>Program counter: address of the next instruction.</summary>
    public ulong Pc
    {
        get
        {
            ThrowIfNotUsable();
            return GetPcCore();
        }

        set
        {
            ThrowIfNotUsable();
            _needsMmioValue = false;
            SetPcCore(value);
        }
    }

    /// <summary>The stack pointer that PSTATE selects: SP_EL0 or SP_EL1.</summary>
    public ulong Sp
    {
        get => GetSystemRegister(UsesSpEL0 ? SystemRegister.SP_EL0 : SystemRegister.SP_EL1);
        set => SetSystemRegister(UsesSpEL0 ? SystemRegister.SP_EL0 : SystemRegister.SP_EL1, value);
    }

    /// <summary>Process state, in the layout of <see cref="Arm64.Pstate"/> (CPSR to native engines).</summary>
    /// <exception cref="ArgumentOutOfRangeException">AArch32 or a mode that the engine does not have: EL0t, EL1t and EL1h are there always.</exception>
    public uint Pstate
    {
        get
        {
            ThrowIfNotUsable();
            return GetPstateCore();
        }

        set
        {
            ThrowIfNotUsable();
            uint mode = value & (Arm64.Pstate.NRW | Arm64.Pstate.ModeMask);
            if (mode is not (Arm64.Pstate.EL0t or Arm64.Pstate.EL1t or Arm64.Pstate.EL1h) && !(HasEL2 && mode is (Arm64.Pstate.EL2t or Arm64.Pstate.EL2h)))
            {
                throw new ArgumentOutOfRangeException(nameof(value), "0x" + value.ToString("x", CultureInfo.InvariantCulture), "PSTATE must name EL0t (0), EL1t (4) or EL1h (5).");
            }

            SetPstateCore(value);
        }
    }

    /// <summary>True while <see cref="Run"/> or <see cref="Step"/> is under way. May be read from any thread.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Instructions that the guest has completed since creation, or null where the engine cannot tell.</summary>
    public ulong? InstructionCount
    {
        get
        {
            ThrowIfNotUsable();
            return GetInstructionCountCore();
        }
    }

    internal void ThrowIfBoundElsewhere()
    {
        if (IsBoundToThread && !_disposed && !IsOwnedByCurrentThread) throw new VirtualCpuThreadException(Index, _ownerThreadId, Environment.CurrentManagedThreadId);
    }

    internal bool IsOwnedByCurrentThread => Environment.CurrentManagedThreadId == _ownerThreadId;

    private bool UsesSpEL0 => (Pstate & 1) == 0;

    /// <summary>Reads X0 to X30.</summary>
    /// <param name="register">0 to 30.</param>
    public ulong GetX(int register)
    {
        ThrowIfNotUsable();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)register, 30u, nameof(register));
        return GetXCore(register);
    }

    /// <summary>Writes X0 to X30.</summary>
    /// <param name="register">0 to 30.</param>
    /// <param name="value">All 64 bits.</param>
    public void SetX(int register, ulong value)
    {
        ThrowIfNotUsable();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)register, 30u, nameof(register));
        SetXCore(register, value);
    }

    /// <summary>Reads V0 to V31.</summary>
    /// <param name="register">0 to 31.</param>
    public UInt128 GetV(int register)
    {
        ThrowIfNotUsable();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)register, 31u, nameof(register));
        return GetVCore(register);
    }

    /// <summary>Writes V0 to V31.</summary>
    /// <param name="register">0 to 31.</param>
    /// <param name="value">All 128 bits.</param>
    public void SetV(int register, UInt128 value)
    {
        ThrowIfNotUsable();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)register, 31u, nameof(register));
        SetVCore(register, value);
    }

    /// <summary>Reads a system register, with the hypervisor's rights: the guest's own traps do not apply.</summary>
    /// <exception cref="SystemRegisterException">The engine does not have it.</exception>
    public ulong GetSystemRegister(SystemRegister register)
    {
        ThrowIfNotUsable();
        return TryGetSystemRegisterCore(register, out ulong value) ? value : throw new SystemRegisterException(register, "read");
    }

    /// <summary>Writes a system register, with the hypervisor's rights. Bits that the architecture fixes stay fixed.</summary>
    /// <exception cref="SystemRegisterException">The engine does not have it, or it is read-only.</exception>
    public void SetSystemRegister(SystemRegister register, ulong value)
    {
        ThrowIfNotUsable();
        if (!TrySetSystemRegisterCore(register, value)) throw new SystemRegisterException(register, "written");
    }

    /// <summary>
    /// Translates a virtual address as the guest's stage 1 does at the current exception level (as AT S1E1R, S1E1W, S1E0R or S1E0W),
    /// without any effect on the guest: no exception, no access flag, no dirty state.
    /// </summary>
    /// <param name="virtualAddress">The address. The result is that of the byte, not of its page.</param>
    /// <param name="physicalAddress">The guest physical address; whether memory is there is another question. 0 if there is none.</param>
    /// <param name="access">The access that must be allowed: <see cref="MemoryPermissions.Read"/>, Write or Execute.</param>
    /// <returns>False if the access would fault, or if the engine cannot tell because it cannot walk tables while the MMU is on.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="access"/> is not one permission.</exception>
    public bool TryTranslate(ulong virtualAddress, out ulong physicalAddress, MemoryPermissions access = MemoryPermissions.Read)
    {
        ThrowIfNotUsable();
        if (access is not (MemoryPermissions.Read or MemoryPermissions.Write or MemoryPermissions.Execute)) throw new ArgumentOutOfRangeException(nameof(access), access, "One of Read, Write and Execute.");
        return TryTranslateCore(virtualAddress, access, out physicalAddress);
    }

    /// <summary>Runs the guest until something ends the run.</summary>
    /// <param name="cancellationToken">Ends the run as <see cref="VmExitReason.Canceled"/>; nothing is thrown.</param>
    /// <exception cref="InvalidOperationException">An MMIO read waits for its value, or the virtual CPU is running.</exception>
    public VmExit Run(CancellationToken cancellationToken = default) => Enter(step: false, cancellationToken);

    /// <summary>
    /// Runs one instruction. The exit is <see cref="ExceptionClass.SoftwareStepLower"/> when it completed or took an
    /// exception to the guest's EL1; anything else is what <see cref="Run"/> would have ended with.
    /// </summary>
    /// <param name="cancellationToken">As for <see cref="Run"/>.</param>
    public VmExit Step(CancellationToken cancellationToken = default) => Enter(step: true, cancellationToken);

    /// <summary>
    /// Ends the current run, or the next one if none is under way. May be called from any thread, and from
    /// <see cref="IMmioHandler"/>. Requests do not add up.
    /// </summary>
    public void RequestExit()
    {
        Volatile.Write(ref _exitRequested, 1);
        if (!_disposed) RequestExitCore();
    }

    /// <summary>
    /// Sets the level of an interrupt input. While it is asserted and not masked, the guest takes the interrupt. May be
    /// called from any thread.
    /// </summary>
    /// <param name="line">The input.</param>
    /// <param name="asserted">Its level.</param>
    public void SetInterruptLine(InterruptLine line, bool asserted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)line, (uint)InterruptLine.SError, nameof(line));
        if (!_disposed) SetInterruptLineCore(line, asserted);
    }

    /// <summary>
    /// Has the guest take a synchronous exception to its EL1 at PC, as hardware would (Arm ARM D1.3): for what an exit shows and a machine answers by
    /// an exception, as an external abort.
    /// </summary>
    /// <param name="exceptionClass">ESR_EL1.EC; where it differs by the level that the exception comes from, that of a lower one: the right one is taken.</param>
    /// <param name="specific">ESR_EL1.ISS, 25 bits.</param>
    /// <param name="faultAddress">FAR_EL1; null, and it stays.</param>
    /// <exception cref="ArgumentOutOfRangeException">The class or the syndrome has more bits than its field.</exception>
    public void TakeException(ExceptionClass exceptionClass, uint specific, ulong? faultAddress = null)
    {
        ThrowIfNotUsable();
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)exceptionClass, 0x3fu, nameof(exceptionClass));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(specific, 0x1ff_ffffu, nameof(specific));
        bool hasTwo = exceptionClass is ExceptionClass.BreakpointLower or ExceptionClass.WatchpointLower or ExceptionClass.SoftwareStepLower or ExceptionClass.DataAbortLower or ExceptionClass.InstructionAbortLower;
        TakeExceptionCore(hasTwo && Arm64.Pstate.ExceptionLevel(Pstate) != 0 ? exceptionClass + 1 : exceptionClass, specific, faultAddress);
    }

    /// <summary>
    /// Switches the virtual CPU off until another one's CPU_ON: <see cref="Run"/> waits for that. For machines whose engine answers PSCI calls.
    /// </summary>
    /// <exception cref="NotSupportedException">The engine does not: see <see cref="VirtualMachine.AnswersPowerCalls"/>.</exception>
    public void PowerOff()
    {
        ThrowIfNotUsable();
        if (!VirtualMachine.AnswersPowerCalls) throw new NotSupportedException($"The {VirtualMachine.Backend.Name} engine answers no PSCI calls here: do not run a virtual CPU that is off.");
        PowerOffCore();
    }

    /// <summary>
    /// Has the next run begin as WFI does: the guest goes on at PC when an interrupt line is asserted, masked or not, or the run is asked to end.
    /// For a firmware call that suspends its caller (CPU_SUSPEND). As with WFI itself, the guest may go on earlier: at once where nothing could
    /// wake it, before a step, and on KVM before Linux 5.19.
    /// </summary>
    public void WaitForInterrupt()
    {
        ThrowIfNotUsable();
        _waits = true;
    }

    /// <summary>Gives the value of the MMIO read that ended the last run; the next run completes the access.</summary>
    /// <param name="value">The low bytes of the access's size count.</param>
    /// <exception cref="InvalidOperationException">The last run did not end with an MMIO read.</exception>
    public void CompleteMmioRead(ulong value)
    {
        ThrowIfNotUsable();
        if (!_needsMmioValue) throw new InvalidOperationException("The last run did not end with an MMIO read, or its value was already given.");
        _needsMmioValue = false;
        CompleteMmioReadCore(value);
    }

    /// <summary>
    /// Frees what the virtual CPU holds. Its virtual machine does so too. Where the host binds a virtual CPU to a thread
    /// (Hypervisor.framework does), that thread must dispose it.
    /// </summary>
    /// <exception cref="VirtualCpuThreadException">The host wants another thread to do it.</exception>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the virtual CPU holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed) return;
        if (IsRunning) throw new InvalidOperationException($"Virtual CPU {Index} is running.");
        ThrowIfBoundElsewhere();
        _disposed = true;
        DisposeCore();
    }

    private VmExit Enter(bool step, CancellationToken cancellationToken)
    {
        ThrowIfNotUsable();
        if (IsRunning) throw new InvalidOperationException($"Virtual CPU {Index} is running: a handler must not run it again.");
        if (_needsMmioValue) throw new InvalidOperationException("The last run ended with an MMIO read: call CompleteMmioRead with its value first.");
        if (cancellationToken.IsCancellationRequested) return default;
        IsRunning = true;
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static cpu => ((VirtualCpu)cpu!).RequestExitCore(), this);
        try
        {
            VmExit exit;
            if (_waits) BeginByWaiting(step);
            do exit = RunCore(step);
            while (exit.Reason == VmExitReason.Canceled && !IsExitWanted(cancellationToken));
            if (TrapSemihosting && !SeesSemihostingCalls && SemihostingCalls.TryTakeBack(this, exit)) exit = new VmExit { Reason = VmExitReason.Semihosting };
            _needsMmioValue = exit.Reason == VmExitReason.Mmio && !exit.IsWrite;
            return exit;
        }
        finally
        {
            registration.Dispose();
            IsRunning = false;
        }
    }

    private void BeginByWaiting(bool step)
    {
        _waits = false;
        if (!step) WaitForInterruptCore();
    }

    // A token that was cancelled just as its run ended otherwise has left a request that is not the next run's.
    private bool IsExitWanted(CancellationToken cancellationToken)
        => (Interlocked.Exchange(ref _exitRequested, 0) != 0) | cancellationToken.IsCancellationRequested;

    private void ThrowIfNotUsable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int caller = Environment.CurrentManagedThreadId;
        if (caller != _ownerThreadId) throw new VirtualCpuThreadException(Index, _ownerThreadId, caller);
    }
}
