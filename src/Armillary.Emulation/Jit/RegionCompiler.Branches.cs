using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Jit.X64;

namespace Armillary.Emulation.Jit;

// Branches go as the interpreter's do: a request is looked at before they are taken, and what was executed is counted.
internal sealed unsafe partial class RegionCompiler
{
    private void BranchIf(Op* op, int flag)
    {
        Cc holds = EmitFlag(flag);
        if (_region.TargetOf(op) is not null)
        {
            var stays = new Label();
            _a.J(holds ^ (Cc)1, stays);
            Go(op);
            _a.Bind(stays);
            return;
        }

        var taken = new Label();
        _a.J(holds, taken);
        nint branch = (nint)op;
        _cold.Add(() =>
        {
            _a.Bind(taken);
            _isCall = false;
            Go((Op*)branch);
        });
    }

    // To a fixed address.
    private void Go(Op* branch)
    {
        if (_region.TargetOf(branch) is not { } target)
        {
            Poll(branch);
            _a.Mov(Gpr.Rax, branch->Operands.Imm);
            Leave(branch, 0);
            return;
        }

        if (target.Op <= branch) Poll(branch);
        if (_isCall) Link(branch);
        Jump(branch, target.Op);
    }

    // To a register's address: behind a call of the region, most often, if it is a return.
    private void GoTo(Op* op, int target, int branchType)
    {
        const int MostPoints = 8;
        MoveTo(Gpr.Rax, target, wide: true);
        Poll(op);
        List<(nint, Label)> points = [];
        foreach (RegionNode point in branchType == 0 ? _region.Returns.Take(MostPoints) : [])
        {
            var taken = new Label();
            _a.Mov(Gpr.Rcx, (long)point.Op->Operands.Pc);
            _a.Op(Alu.Cmp, Gpr.Rax, Gpr.Rcx, wide: true);
            _a.J(Cc.E, taken);
            points.Add(((nint)point.Op, taken));
        }

        Leave(op, branchType);
        nint branch = (nint)op;
        _cold.Add(() =>
        {
            foreach ((nint point, Label taken) in points)
            {
                _a.Bind(taken);
                Jump((Op*)branch, (Op*)point);
            }
        });
    }

    private void Poll(Op* branch)
    {
        _a.Op(Alu.Cmp, StateFields.Attention, 0, wide: false);
        _a.J(Cc.NE, ExitBy(branch, StateFields.AttentionOp));
    }

    // The link register of a call. Uses RDX.
    private void Link(Op* branch)
    {
        long behind = (long)branch->Operands.Pc + 4;
        if (_homes[RegisterSlots.Link] is { } home)
        {
            _a.Mov(home, behind);
            return;
        }

        _a.Mov(Gpr.Rdx, behind);
        _a.Mov(StateFields.Slot(RegisterSlots.Link), Gpr.Rdx, wide: true);
    }

    private void Jump(Op* branch, Op* target)
    {
        int skipped = (int)((byte*)target - (byte*)(branch + 1));
        if (skipped != 0) _a.Op(Alu.Sub, StateFields.RetiredBias, skipped, wide: true);
        _a.Jmp(LabelOf(target));
    }

    // To the address in RAX, out of the region: by the jump cache, or by the interpreter if it is not there. Targets that are not translated are counted.
    private void Leave(Op* branch, int branchType)
    {
        const int EntryShift = 4, InstructionBits = CodePage.Size - 4;
        Label known = new(), miss = Miss(branch), hot = ExitBy(branch, StateFields.HotOp);
        _a.Mov(StateFields.HotTarget, Gpr.Rax, wide: true);
        _a.Mov(Gpr.Rcx, Gpr.Rax, wide: false);
        _a.Shift(Shift.Shr, Gpr.Rcx, CpuState.PageShift - EntryShift, wide: false);
        _a.Op(Alu.And, Gpr.Rcx, (TlbTables.JumpEntries - 1) << EntryShift, wide: false);
        _a.Op(Alu.Add, Gpr.Rcx, StateFields.Jumps, wide: true);
        int table = branchType == 0 ? 0 : 2 * TlbTables.JumpSize;
        _a.Mov(Gpr.Rdx, Gpr.Rax, wide: true);
        _a.Op(Alu.And, Gpr.Rdx, ~InstructionBits, wide: true);
        _a.Op(Alu.Cmp, Gpr.Rdx, new Mem(Gpr.Rcx, table), wide: true);
        _a.J(Cc.NE, miss);
        _a.Mov(Gpr.Rcx, new Mem(Gpr.Rcx, table + sizeof(ulong)), wide: true);

        // An op is ten words of four bytes.
        _a.Op(Alu.And, Gpr.Rax, InstructionBits, wide: false);
        _a.Mov(Gpr.Rdx, Gpr.Rax, wide: false);
        _a.Shift(Shift.Shl, Gpr.Rdx, 3, wide: false);
        _a.Shift(Shift.Shl, Gpr.Rax, 1, wide: false);
        _a.Op(Alu.Add, Gpr.Rax, Gpr.Rdx, wide: false);
        _a.Op(Alu.Add, Gpr.Rcx, Gpr.Rax, wide: true);

        _a.Mov(Gpr.Rdx, new Mem(Gpr.Rcx), wide: true);
        _a.Op(Alu.Cmp, Gpr.Rdx, StateFields.TranslatedHandler, wide: true);
        _a.J(Cc.E, known);
        _a.Mov(Gpr.Rdx, (long)&branch->Operands.Aux);
        _a.Mov(Gpr.Rax, new Mem(Gpr.Rdx), wide: false);
        _a.Op(Alu.Add, Gpr.Rax, 1, wide: false);
        _a.Mov(new Mem(Gpr.Rdx), Gpr.Rax, wide: false);
        _a.Test(Gpr.Rax, Region.HeatPeriod - 1, wide: false);
        _a.J(Cc.E, hot);
        _a.Bind(known);

        if (_isCall) Link(branch);
        _a.Mov(Gpr.Rax, (long)(branch + 1));
        _a.Op(Alu.Add, Gpr.Rax, StateFields.RetiredBias, wide: true);
        if (branchType != 0)
        {
            _a.Mov(Gpr.Rdx, Gpr.Rax, wide: true);
            _a.Op(Alu.Or, Gpr.Rdx, branchType, wide: true);
            _a.Mov(StateFields.BranchMark, Gpr.Rdx, wide: true);
        }

        _a.Op(Alu.Sub, Gpr.Rax, Gpr.Rcx, wide: true);
        _a.Mov(StateFields.RetiredBias, Gpr.Rax, wide: true);
        _a.Mov(Gpr.Rax, Gpr.Rcx, wide: true);
        _a.Jmp(_leave);
    }
}
