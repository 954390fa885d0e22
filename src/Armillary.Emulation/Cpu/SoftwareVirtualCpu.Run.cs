using Armillary.Arm64;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Interpreter;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Cpu;

// The run loop, and what other threads ask of it.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    /// <summary>What <see cref="CpuState.Attention"/> may hold.</summary>
    [Flags]
    private enum Wants : uint
    {
        Exit = 1,
        TlbMaintenance = 2,
        ForgetCode = 4,
        Pause = 8,
        UpgradeHandlers = 16,
        Interrupt = 64,
        Timer = 128,
    }

    /// <summary>The bit of <see cref="CpuState.Attention"/> with which the code cache asks for abandoned pages to be freed.</summary>
    internal const uint WantsAbandonedFreed = 32;

    // A virtual CPU that does not run may be told of changes without end: then it takes everything for changed.
    private const int MaxPendingChanges = 1024;

    // Guards what other threads write to, against Dispose too.
    private readonly Lock _outside = new();
    private readonly Queue<(ulong Gpa, ulong Length)> _changedCode = new();
    private bool _gone;
    private bool _stepping;
    private ulong _retired;

    /// <summary>Changes of code that it has not yet looked to.</summary>
    internal int PendingCodeChanges
    {
        get
        {
            lock (_outside) return _changedCode.Count;
        }
    }

    private VmExit _exit;

    private Op* ResumeOp => _specials + 3;

    private protected override VmExit RunCore(bool step)
    {
        _machine.Enter(this);
        _exit = default;
        _state->RetiredBias = (long)(_retired * (ulong)sizeof(Op)) - (long)_state->ExitOp;
        try
        {
            if (step) StepOnce();
            else Loop(Start(out _));
        }
        catch
        {
            // A device handler threw: PC and the count are those of the access.
            _retired = _retiredAtAccess;
            _replay = true;
            throw;
        }
        finally
        {
            _stepping = false;
            _machine.Leave(this);
        }

        return _exit;
    }

    private protected override void RequestExitCore() => Want(Wants.Exit);

    /// <summary>The op at PC, after everything that waits has been looked to.</summary>
    private Op* Start(out bool interrupted)
    {
        interrupted = false;
        if (_state->Attention != 0 && ServeAttention())
        {
            SetExit(default, _state->Pc);
            return _state->ExitOp;
        }

        // An access that the host has answered is completed first.
        if (!_replay && TakeInterrupt(_state->Pc, BranchTypeAt(CountAt(_state->ExitOp))))
        {
            _state->BranchMark = 0;
            interrupted = true;
            return TakeUp(_state->ExitOp, ResumeOp);
        }

        if (_replay && Unmasked(PstateBits) != 0) Want(Wants.Interrupt);
        if (!_replay && IsSingling) return TakeUp(_state->ExitOp, ResumeOp);
        Op* op = EnterPage(_state->ExitOp, _state->Pc);
        if (!_replay || IsSpecial(op)) return op;
        return ExecuteSlow(op);
    }

    private void Loop(Op* op)
    {
        const int Patience = 1 << 18;
        for (int n = Patience; op != null; n--)
        {
            op = op->Handler(_state, op);
            if (n != 0) continue;
            n = Patience;
            _code.ConsiderChaining(this);
        }

        _retired = (ulong)(_state->RetiredBias + (long)_state->ExitOp) / (ulong)sizeof(Op);
    }

    // One instruction, always on the slow path.
    private void StepOnce()
    {
        bool resumed = _replay;
        Op* op = Start(out bool interrupted); // an interrupt that is taken is the whole step
        if (op == ResumeOp && !interrupted && !resumed && IsSingling)
        {
            op = ExecuteOne();
        }
        else if (!resumed && !IsSpecial(op))
        {
            _stepping = true;
            op = StepWith is null ? ExecuteSlow(op) : StepWith(op);
        }

        _retired = (ulong)(_state->RetiredBias + (long)op) / (ulong)sizeof(Op);
        if (op == _state->ExitOp) return;
        if (op != ResumeOp) _state->Pc = op->Operands.Pc;
        _exit = new VmExit
        {
            Reason = VmExitReason.Exception,
            // ISV and EX are 0 and IFSC says debug exception, as MDSCR_EL1.SS gives (Arm ARM D2.12.4).
            Syndrome = Syndrome.Create(Arm64.ExceptionClass.SoftwareStepLower, 0b100010),
        };
    }

    /// <summary>What executes the op of a step; null for the interpreter's slow path. For comparing engines.</summary>
    internal StepExecutor? StepWith { get; set; }

    /// <summary>Executes the instruction of an op and returns the op to go on with.</summary>
    internal delegate Op* StepExecutor(Op* op);

    private bool IsSpecial(Op* op) => op >= _specials && op < _specials + 4;

    // Where handlers come for what they do not do themselves. Each returns the op to go on with, and keeps RetiredBias.

    /// <summary>Goes on at an address; no instruction is completed by it.</summary>
    internal Op* EnterPage(Op* from, ulong va)
    {
        long count = CountAt(from);
        Op* next = Locate(va, BranchTypeAt(count));
        _state->RetiredBias = count - (long)next;
        return next;
    }

    /// <summary>
    /// A branch to an address that the jump cache does not have. A step ends with the branch: the fetch at its target, and
    /// what comes of it, is the next step's.
    /// </summary>
    internal Op* Jump(Op* from, ulong va, uint branchType = 0)
    {
        Op* next = ResumeOp;
        long count = CountAt(from + 1);
        _state->BranchMark = count | branchType;
        va = WithoutTag(va);
        if (_stepping) _state->Pc = va;
        else next = Locate(va, branchType);
        _state->RetiredBias = count - (long)next;
        return next;
    }

    /// <summary>Behind the last op of a page, and everywhere in an abandoned one: goes on at the op's address.</summary>
    internal Op* GoOn(Op* from)
    {
        ulong pc = from->Operands.Pc;
        if (_state->Attention == 0) return EnterPage(from, pc);
        Op* elsewhere = Interrupted(from, pc);
        return elsewhere != null ? elsewhere : EnterPage(from, pc);
    }

    /// <summary>Decodes an op in place.</summary>
    internal void Decode(Op* op) => _code.Decode(op);

    /// <summary>Executes an op on the slow path.</summary>
    internal Op* ExecuteSlow(Op* op)
    {
        if (op->Operands.Row == DecodeTable.Undecoded) Decode(op);
        BeginAccesses();
        return DecodeTable.Rows[op->Operands.Row].ExecuteSlow(_state, op);
    }

    /// <summary>At a branch, with <see cref="CpuState.Attention"/> set.</summary>
    internal Op* Attend(Op* branch)
    {
        ulong pc = branch->Operands.Pc;
        Op* elsewhere = Interrupted(branch, pc);
        if (elsewhere != null) return elsewhere;

        // The ops may have gone: take the branch up again from its address.
        Op* op = EnterPage(branch, pc);
        if (IsSpecial(op)) return op;
        return ExecuteSlow(op);
    }

    /// <summary>After an exception, and at every context synchronisation: goes on at PC.</summary>
    internal Op* Resume()
    {
        while (true)
        {
            if (_state->Attention != 0)
            {
                Op* elsewhere = Interrupted(ResumeOp, _state->Pc);
                if (elsewhere != null) return elsewhere;
            }

            if (!IsSingling) return EnterPage(ResumeOp, _state->Pc);
            if (ExecuteOne() == _state->ExitOp) return _state->ExitOp;
        }
    }

    /// <summary>What follows a helper that does not simply go on.</summary>
    internal Op* Leave(Op* from, HelperOutcome outcome)
    {
        if (outcome == HelperOutcome.MoveByte) return MoveByte(from);
        bool complete = outcome is HelperOutcome.Jump or HelperOutcome.ExitAfter;
        Op* next = outcome is HelperOutcome.Exit or HelperOutcome.ExitAfter ? _state->ExitOp : ResumeOp;
        long count = CountAt(complete ? from + 1 : from);
        _state->RetiredBias = count - (long)next;
        SettleBranchType(outcome, count);
        return next;
    }

    /// <summary>Sets the exit with which the run ends and PC.</summary>
    internal void SetExit(in VmExit exit, ulong pc)
    {
        _exit = exit;
        _state->Pc = pc;
    }

    /// <summary>Any thread: another virtual CPU or the host changed code.</summary>
    internal void WantCodeForgotten(ulong gpa, ulong length)
    {
        lock (_outside)
        {
            if (_gone) return;
            if (_changedCode.Count >= MaxPendingChanges)
            {
                _changedCode.Clear();
                (gpa, length) = (0, ulong.MaxValue);
            }

            _changedCode.Enqueue((gpa, length));
            Want(Wants.ForgetCode);
        }
    }

    /// <summary>Any thread: some rows have better handlers now.</summary>
    internal void WantHandlersUpgraded() => Want(Wants.UpgradeHandlers);

    /// <summary>Any thread: stop at the next branch until the machine goes on.</summary>
    internal void WantPause() => Want(Wants.Pause);

    /// <summary>
    /// Owner: at a context synchronisation event, code changes made elsewhere become visible, and the next instruction is
    /// fetched anew.
    /// </summary>
    internal void SynchronizeContext(ulong next)
    {
        if ((_state->Attention & (uint)Wants.ForgetCode) != 0) ForgetChangedCode();
        if (_spaceChanged) SelectTables();
        _state->Pc = next;
    }

    private void Want(Wants what)
    {
        lock (_outside)
        {
            if (_gone) return;
            Interlocked.Or(ref _state->Attention, (uint)what);
            _awake.Set();
        }
    }

    // True if the run shall end.
    private bool ServeAttention()
    {
        var wants = (Wants)Interlocked.Exchange(ref _state->Attention, 0);
        _code.FreeAbandoned();
        if ((wants & Wants.Pause) != 0) _machine.Pause(this);
        if ((wants & Wants.TlbMaintenance) != 0) ServeTlbRequests();
        if ((wants & Wants.ForgetCode) != 0) ForgetChangedCode();
        if ((wants & Wants.UpgradeHandlers) != 0) _code.UpgradeHandlers();
        if ((wants & Wants.Timer) != 0) UpdateTimers();
        return (wants & Wants.Exit) != 0;
    }

    /// <summary>Owner, or any thread while the machine stands still: code changed. A whole page is abandoned.</summary>
    internal void ForgetCode(ulong gpa, ulong length)
    {
        if (length >= CodePage.Size) _code.Abandon(gpa, length);
        else _code.Forget(gpa, length);
    }

    private void ForgetChangedCode()
    {
        while (true)
        {
            (ulong Gpa, ulong Length) change;
            lock (_outside)
            {
                if (!_changedCode.TryDequeue(out change)) return;
            }

            ForgetCode(change.Gpa, change.Length);
        }
    }
}
