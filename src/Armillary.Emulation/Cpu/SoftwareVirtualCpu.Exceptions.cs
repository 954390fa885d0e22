using Armillary.Arm64;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.PointerAuthentication;

namespace Armillary.Emulation.Cpu;

// Exceptions taken to EL1 and back (Arm ARM D1.3).
internal sealed unsafe partial class SoftwareVirtualCpu
{
    private bool _event;

    /// <summary>Takes a synchronous exception to EL1: PC becomes the vector.</summary>
    /// <param name="exceptionClass">ESR_EL1.EC.</param>
    /// <param name="specific">ESR_EL1.ISS.</param>
    /// <param name="returnAddress">ELR_EL1.</param>
    /// <param name="branchType">PSTATE.BTYPE, for the exceptions that keep it.</param>
    internal void TakeException(ExceptionClass exceptionClass, uint specific, ulong returnAddress, uint branchType = 0)
    {
        SettlePerformance(PerformanceEvent.EXC_TAKEN);
        uint pstate = ReadPstate();
        Registers[SystemRegister.ESR_EL1] = Syndrome.Create(exceptionClass, specific).Value;
        Registers[SystemRegister.ELR_EL1] = returnAddress;
        Registers[SystemRegister.SPSR_EL1] = pstate | (branchType << BranchTypeShift);
        ulong offset = Arm64.Pstate.VectorOffset(pstate);
        const ulong Span = 1 << 23, DefaultSsbs = 1ul << 44;
        ulong control = Registers[SystemRegister.SCTLR_EL1];
        uint pan = (control & Span) == 0 ? Arm64.Pstate.PAN : pstate & Arm64.Pstate.PAN;
        uint ssbs = (control & DefaultSsbs) != 0 ? Arm64.Pstate.SSBS : 0;
        WritePstate((pstate & (Arm64.Pstate.Nzcv | Arm64.Pstate.DIT)) | pan | ssbs | Arm64.Pstate.Daif | Arm64.Pstate.EL1h);
        _state->Pc = (Registers[SystemRegister.VBAR_EL1] & ~0x7fful) + offset;
    }

    private protected override void TakeExceptionCore(ExceptionClass exceptionClass, uint specific, ulong? faultAddress)
    {
        uint branchType = (Pstate & Arm64.Pstate.BTYPE) >> BranchTypeShift;
        AbandonAccess();
        if (faultAddress is { } address) Registers[SystemRegister.FAR_EL1] = address;
        TakeException(exceptionClass, specific, _state->Pc, branchType);
    }

    /// <summary>BRK.</summary>
    internal void TakeBreakpoint(uint comment, in Operands o)
    {
        TakeException(Arm64.ExceptionClass.Brk64, comment, o.Pc);
        _keepsBranchType = true;
    }

    /// <summary>A pointer's code is not the right one (Arm ARM, PACFailException()).</summary>
    internal HelperOutcome TakePointerFault(PointerKey key, in Operands o)
    {
        TakeException(Arm64.ExceptionClass.PointerAuthentication, (uint)key, o.Pc);
        return HelperOutcome.Exception;
    }

    /// <summary>An undefined instruction.</summary>
    internal HelperOutcome TakeUndefined(in Operands o)
    {
        TakeException(Arm64.ExceptionClass.Unknown, 0, o.Pc);
        return HelperOutcome.Exception;
    }

    /// <summary>An alignment fault that is not the access's own, as of DC ZVA to Device memory.</summary>
    internal void TakeAlignmentFault(in Operands o, ulong va, bool write)
    {
        Registers[SystemRegister.FAR_EL1] = va;
        TakeException(FromHere(Arm64.ExceptionClass.DataAbortLower), FaultStatus.Alignment | (write ? 1u << 6 : 0), o.Pc);
    }

    /// <summary>Ends the run with an exception that the hypervisor takes.</summary>
    internal HelperOutcome ExitToHypervisor(ExceptionClass exceptionClass, uint specific, in Operands o, bool complete)
    {
        var exit = new VmExit { Reason = VmExitReason.Exception, Syndrome = Syndrome.Create(exceptionClass, specific) };
        SetExit(exit, complete ? o.Pc + 4 : o.Pc);
        return complete ? HelperOutcome.ExitAfter : HelperOutcome.Exit;
    }

    /// <summary>Ends the run with a semihosting call.</summary>
    internal HelperOutcome ExitForSemihosting(in Operands o)
    {
        SetExit(new VmExit { Reason = VmExitReason.Semihosting }, o.Pc + 4);
        return HelperOutcome.ExitAfter;
    }

    /// <summary>The event register of WFE, set by any thread.</summary>
    internal void SetEvent() => Volatile.Write(ref _event, true);

    /// <summary>True if the event register was set; it is clear then.</summary>
    internal bool TakeEvent()
    {
        bool set = _event;
        if (set) Volatile.Write(ref _event, false);
        return set;
    }

    /// <summary>ERET (Arm ARM D1.3.4): a return to a state that does not exist sets PSTATE.IL.</summary>
    internal void ReturnFromException() => ReturnFromException(Registers[SystemRegister.ELR_EL1]);

    /// <inheritdoc cref="ReturnFromException()"/>
    internal void ReturnFromException(ulong address)
    {
        uint saved = (uint)Registers[SystemRegister.SPSR_EL1] & ~Model.AbsentState;
        ClearExclusive();
        SettlePerformance(PerformanceEvent.EXC_RETURN);
        uint mode = saved & (Arm64.Pstate.NRW | Arm64.Pstate.ModeMask);
        if (mode is Arm64.Pstate.EL0t or Arm64.Pstate.EL1t or Arm64.Pstate.EL1h)
        {
            uint step = StepAfterReturn(saved);
            WritePstate((saved & ~Arm64.Pstate.SS) | step);
            _returnedBranchType = BranchTypeOf(saved);
        }
        else
        {
            uint kept = (uint)ExceptionLevel << 2 | (UsesOwnStackPointer ? 1u : 0);
            WritePstate((saved & (Arm64.Pstate.Nzcv | Arm64.Pstate.Daif | Arm64.Pstate.PAN | Arm64.Pstate.UAO)) | Arm64.Pstate.IL | kept);
        }

        _state->Pc = WithoutTag(address);
    }

    /// <summary>SP is the base of an access and is not aligned to 16 bytes (Arm ARM D1.3.10.2).</summary>
    internal Op* TakeStackAlignmentFault(Op* op)
    {
        TakeException(Arm64.ExceptionClass.SpAlignment, 0, op->Operands.Pc);
        return Leave(op, HelperOutcome.Exception);
    }

    /// <summary>CPACR_EL1 traps floating point and vectors: ISS has CV and the condition AL (Arm ARM D24.2.40, EC 0x07).</summary>
    internal Op* TakeFloatingTrap(Op* op)
    {
        TakeFloatingException(op->Operands.Pc);
        return Leave(op, HelperOutcome.Exception);
    }

    /// <inheritdoc cref="TakeFloatingTrap"/>
    internal void TakeFloatingException(ulong pc) => TakeException(Arm64.ExceptionClass.FloatingPoint, (1u << 24) | (0xeu << 20), pc);

    /// <summary>True if CPACR_EL1 traps floating point at the current exception level.</summary>
    internal bool IsFloatingTrapped => _state->FloatingTrap != 0;

    /// <summary>CPACR_EL1 or the exception level changed: FPEN 3 traps nothing, 1 traps EL0, 0 and 2 trap both.</summary>
    internal void UpdateFloatingTrap()
    {
        ulong enabled = (Registers[SystemRegister.CPACR_EL1] >> 20) & 3;
        _state->FloatingTrap = enabled == 3 || (enabled == 1 && ExceptionLevel == 1) ? 0u : 1u;
    }

    /// <summary>An exception class for the level that it came from.</summary>
    private ExceptionClass FromHere(ExceptionClass lower) => ExceptionLevel == 0 ? lower : lower + 1;

    private Op* TakeDataAbort(Op* op, ulong va, uint status, bool write)
    {
        Registers[SystemRegister.FAR_EL1] = va;
        TakeException(FromHere(Arm64.ExceptionClass.DataAbortLower), status | (write ? 1u << 6 : 0), op->Operands.Pc);
        return Leave(op, HelperOutcome.Exception);
    }

    // A fault of the fetch itself: no op stands for it.
    private Op* Fault(ulong va, ExceptionClass exceptionClass, uint specific, uint branchType)
    {
        // Those of the instruction and not of its address leave FAR_EL1 as it was.
        if (exceptionClass is not (Arm64.ExceptionClass.IllegalState or Arm64.ExceptionClass.BranchTarget)) Registers[SystemRegister.FAR_EL1] = va;
        TakeException(exceptionClass, specific, va, branchType);
        _state->BranchMark = 0;
        return ResumeOp;
    }

    private Op* FetchAbort(ulong va, uint status, uint branchType) => Fault(va, FromHere(Arm64.ExceptionClass.InstructionAbortLower), status, branchType);
}
