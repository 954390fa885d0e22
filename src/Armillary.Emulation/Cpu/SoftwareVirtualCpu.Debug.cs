using Armillary.Arm64;
using Armillary.Emulation.Cpu.Translation;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Cpu;

// Self-hosted debug: software step, breakpoints and watchpoints (Arm ARM D2). While any is armed where debug exceptions are enabled,
// instructions are executed one by one on the slow path, so that nothing else ever looks. What arms them takes effect at a context
// synchronisation, which is where the run loop asks.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    // What a step tells of the instruction that it stepped: nothing yet, one, or a load exclusive.
    private bool _stepped, _steppedExclusive, _watching;

    /// <summary>Its registers.</summary>
    internal DebugUnit Debug { get; } = new();

    // Instructions are executed one by one.
    private bool IsSingling => IsDebugging || Performance.CountsInstructions;

    // Debug exceptions are enabled at EL0, and at EL1 if MDSCR_EL1.KDE and PSTATE.D say so (D2.4.1).
    private bool IsDebugging => Debug.IsArmed && IsDebugEnabledAt(ExceptionLevel, PstateBits);

    private bool IsSteppingGuest => (Debug.Control & DebugUnit.SS) != 0;

    /// <summary>
    /// PSTATE.DAIF changed by itself, which needs no context synchronisation. An interrupt that waited for it is taken at once, as guests expect
    /// who look for its effect behind the instruction.
    /// </summary>
    internal HelperOutcome AfterMasks(HelperOutcome outcome, in Operands o)
    {
        if (outcome != HelperOutcome.Continue) return outcome;
        bool interrupts = Unmasked(PstateBits) != 0;
        if (interrupts) Want(Wants.Interrupt);
        return interrupts || Debug.IsArmed ? Resynchronize(o) : outcome;
    }

    /// <summary>The instruction is complete, and the next one may have to be executed otherwise.</summary>
    internal HelperOutcome Resynchronize(in Operands o)
    {
        _state->Pc = o.Pc + 4;
        return HelperOutcome.Jump;
    }

    /// <summary>The instruction of a step is complete, as SVC is when it takes its exception (SSAdvance()).</summary>
    internal void AdvanceStep() => PstateBits &= ~Arm64.Pstate.SS;

    // D2.12.3: an exception return to where step is active takes the bit along, from where it is not.
    private uint StepAfterReturn(uint saved)
    {
        if (Debug.IsLocked || !IsSteppingGuest || IsDebugging) return 0;
        return IsDebugEnabledAt(Arm64.Pstate.ExceptionLevel(saved), saved) ? saved & Arm64.Pstate.SS : 0;
    }

    private bool IsDebugEnabledAt(int level, uint pstate)
        => level == 0 || ((Debug.Control & DebugUnit.KDE) != 0 && (pstate & Arm64.Pstate.D) == 0);

    // Stands for an op when the loop shall go on at PC by way of Resume.
    private Op* TakeUp(Op* from, Op* resume)
    {
        long count = CountAt(from);
        _state->RetiredBias = count - (long)resume;
        return resume;
    }

    // One instruction at PC, or the debug exception that comes before it. The result is the op that ends a run, or that resumes.
    private Op* ExecuteOne()
    {
        ulong pc = _state->Pc;
        long count = CountAt(ResumeOp);
        bool debugging = IsDebugging;
        if (debugging && IsSteppingGuest && (PstateBits & Arm64.Pstate.SS) == 0)
        {
            const uint Valid = 1 << 24, Exclusive = 1 << 6, DebugException = 0b100010;
            uint specific = DebugException | (_stepped ? Valid : 0) | (_steppedExclusive ? Exclusive : 0);
            return TakeDebugException(Arm64.ExceptionClass.SoftwareStepLower, specific, pc, count);
        }

        // After the faults of the fetch, before those of the instruction (D1.3.5.5).
        if (debugging && Debug.Breaks(pc, ExceptionLevel, (uint)Registers[SystemRegister.CONTEXTIDR_EL1])
            && (pc & 3) == 0 && Translate(pc, AccessKind.Fetch).Outcome == TranslationOutcome.Done)
        {
            return TakeDebugException(Arm64.ExceptionClass.BreakpointLower, 0b100010, pc, count);
        }

        uint level = (uint)ExceptionLevel;
        bool counting = Performance.CountsInstructions;
        _accessed = false;
        Op* op = EnterPage(ResumeOp, pc);
        if (IsSpecial(op)) return op;
        if (op->Operands.Row == DecodeTable.Undecoded) Decode(op);
        bool exclusive = DecodeTable.Rows[op->Operands.Row].Name.StartsWith("LDX", StringComparison.Ordinal)
            || DecodeTable.Rows[op->Operands.Row].Name.StartsWith("LDAX", StringComparison.Ordinal);
        bool stepping = _stepping;
        (_stepping, _watching) = (true, debugging && Debug.HasWatchpoints);
        try
        {
            op = ExecuteSlow(op);
        }
        finally
        {
            (_stepping, _watching) = (stepping, false);
        }

        long after = CountAt(op);
        if (counting) CountInstruction((int)level, (ulong)(after - count) / (ulong)sizeof(Op));
        if (op == _state->ExitOp) return op;
        if (op != ResumeOp)
        {
            _state->Pc = op->Operands.Pc;
            _state->RetiredBias = after - (long)ResumeOp;
        }

        // An instruction that took an exception instead of completing keeps its step for when it is taken up again.
        if (debugging && after != count && level == (uint)ExceptionLevel && IsSteppingGuest)
        {
            AdvanceStep();
            (_stepped, _steppedExclusive) = (true, exclusive);
        }
        else
        {
            (_stepped, _steppedExclusive) = (false, false);
        }

        return ResumeOp;
    }

    private Op* TakeDebugException(ExceptionClass lower, uint specific, ulong pc, long count)
    {
        (_stepped, _steppedExclusive) = (false, false);
        if (TrapDebugExceptions)
        {
            SetExit(new VmExit { Reason = VmExitReason.Exception, Syndrome = Syndrome.Create(lower, specific) }, pc);
            _state->RetiredBias = count - (long)_state->ExitOp;
            return _state->ExitOp;
        }

        TakeException(FromHere(lower), specific, pc, BranchTypeAt(count));
        _state->BranchMark = 0;
        return ResumeOp;
    }

    // A watchpoint comes after the faults of the access (D1.3.5.5), and before its effect.
    private bool IsWatched(Op* op, ulong va, int size, AccessKind kind, ref Op* next)
    {
        if (!_watching) return false;
        bool write = (kind & AccessKind.Write) != 0, read = !write || (kind & AccessKind.Update) == AccessKind.Update;
        int level = (kind & AccessKind.Unprivileged) != 0 ? 0 : ExceptionLevel;
        if (Debug.Watches(va, size, read, write, level, (uint)Registers[SystemRegister.CONTEXTIDR_EL1]) is not { } address) return false;
        if (Translate(va, kind).Outcome != TranslationOutcome.Done) return false;
        next = Leave(op, TakeWatchpoint(address, write, op->Operands.Pc));
        return true;
    }

    // The same for DC ZVA, which writes a block whose translation is known.
    private bool IsBlockWatched(in Operands o, ulong start, int size)
    {
        if (!_watching || Debug.Watches(start, size, read: false, write: true, ExceptionLevel, (uint)Registers[SystemRegister.CONTEXTIDR_EL1]) is not { } address) return false;
        TakeWatchpoint(address, write: true, o.Pc);
        return true;
    }

    private HelperOutcome TakeWatchpoint(ulong address, bool write, ulong pc)
    {
        uint specific = 0b100010 | (write ? 1u << 6 : 0);
        if (TrapDebugExceptions)
        {
            SetExit(new VmExit { Reason = VmExitReason.Exception, Syndrome = Syndrome.Create(Arm64.ExceptionClass.WatchpointLower, specific), VirtualAddress = address }, pc);
            return HelperOutcome.Exit;
        }

        Registers[SystemRegister.FAR_EL1] = address;
        TakeException(FromHere(Arm64.ExceptionClass.WatchpointLower), specific, pc);
        return HelperOutcome.Exception;
    }
}
