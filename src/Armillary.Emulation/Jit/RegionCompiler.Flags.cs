using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Jit.X64;

namespace Armillary.Emulation.Jit;

// NZCV. Within a region it is a word in the form in which LAHF and SETO give flags: N, Z and the inverse of C at bits 15, 14 and 8, as a
// subtraction leaves them, V at bit 0. The interpreter's four words are filled from it on leaving (docs/decisions/0006).
internal sealed unsafe partial class RegionCompiler
{
    private const int N = 1 << 15, Z = 1 << 14, Borrow = 1 << 8;

    // Where the code was when the host's flags last were the guest's.
    private int _flagsAt;

    private void PackFlags()
    {
        _a.Mov(Gpr.Rax, StateFields.N, wide: true);
        _a.Shift(Shift.Shr, Gpr.Rax, 63, wide: true);
        _a.Shift(Shift.Shl, Gpr.Rax, 15, wide: false);
        _a.Op(Alu.Cmp, StateFields.Z, 0, wide: true);
        _a.Set(Cc.E, Gpr.Rcx);
        _a.MovzxByte(Gpr.Rcx, Gpr.Rcx);
        _a.Shift(Shift.Shl, Gpr.Rcx, 14, wide: false);
        _a.Op(Alu.Or, Gpr.Rax, Gpr.Rcx, wide: false);
        _a.Mov(Gpr.Rcx, StateFields.C, wide: false);
        _a.Op(Alu.Xor, Gpr.Rcx, 1, wide: false);
        _a.Shift(Shift.Shl, Gpr.Rcx, 8, wide: false);
        _a.Op(Alu.Or, Gpr.Rax, Gpr.Rcx, wide: false);
        _a.Mov(Gpr.Rcx, StateFields.V, wide: true);
        _a.Shift(Shift.Shr, Gpr.Rcx, 63, wide: true);
        _a.Op(Alu.Or, Gpr.Rax, Gpr.Rcx, wide: false);
        _a.Store(StateFields.HostFlags, Gpr.Rax, 2);
    }

    // RAX stays.
    private void UnpackFlags()
    {
        _a.Load(Gpr.Rcx, StateFields.HostFlags, 2);
        _a.Mov(Gpr.Rdx, Gpr.Rcx, wide: false);
        _a.Shift(Shift.Shl, Gpr.Rdx, 63 - 15, wide: true);
        _a.Mov(StateFields.N, Gpr.Rdx, wide: true);
        _a.Mov(Gpr.Rdx, Gpr.Rcx, wide: false);
        _a.Shift(Shift.Shl, Gpr.Rdx, 63, wide: true);
        _a.Mov(StateFields.V, Gpr.Rdx, wide: true);
        _a.Not(Gpr.Rcx, wide: false);
        _a.Mov(Gpr.Rdx, Gpr.Rcx, wide: false);
        _a.Op(Alu.And, Gpr.Rdx, Z, wide: false);
        _a.Mov(StateFields.Z, Gpr.Rdx, wide: true);
        _a.Shift(Shift.Shr, Gpr.Rcx, 8, wide: false);
        _a.Op(Alu.And, Gpr.Rcx, 1, wide: false);
        _a.Mov(StateFields.C, Gpr.Rcx, wide: true);
    }

    // The host's flags are those of the word from here on.
    private void SaveFlags()
    {
        _a.Lahf();
        _a.Set(Cc.O, Gpr.Rax);
        _a.Store(StateFields.HostFlags, Gpr.Rax, 2);
        _flagsAt = _a.Position;
    }

    private void RestoreFlags()
    {
        if (_flagsAt == _a.Position) return;
        _a.Load(Gpr.Rax, StateFields.HostFlags, 2);
        _a.AddAl(0x7f); // overflows for V
        _a.Sahf();
    }

    private void CarryIntoCf()
    {
        _a.Load(Gpr.Rax, StateFields.HostFlags, 2);
        _a.Bt(Gpr.Rax, 8, wide: false);
        _a.Cmc();
    }

    private void EmitSetFlags(Op* op, int id, in IrInstruction x, bool wide)
    {
        switch (x.Op)
        {
            case IrOp.SetFlagsOfSub:
                Apply(Alu.Cmp, InRegister(x.A, wide, Gpr.Rax), x.B, wide);
                break;
            case IrOp.SetFlagsOfAdd:
                MoveTo(Gpr.Rax, x.A, wide);
                Apply(Alu.Add, Gpr.Rax, x.B, wide);
                _a.Cmc();
                break;
            case IrOp.SetFlagsOfLogic:
                Gpr result = InRegister(x.A, wide, Gpr.Rax);
                _a.Test(result, result, wide);
                _a.Stc();
                break;
            case IrOp.SetFlagsOfAddWithCarry:
                CarryIntoCf();
                MoveTo(Gpr.Rax, x.A, wide);
                Apply(Alu.Adc, Gpr.Rax, x.B, wide);
                _a.Cmc();
                break;
            default:
                SetNzcv(x.A);
                return;
        }

        if (AreFlagsSeen(op, id)) SaveFlags();
    }

    // False if the next instruction that may leave, read or branch comes after one that sets all flags anew.
    private bool AreFlagsSeen(Op* op, int id)
    {
        IrBuffer ir = _ir;
        for (int i = id + 1; ;)
        {
            for (; i < ir.Count; i++)
            {
                IrInstruction x = ir.Code[i];
                if (x.Op is >= IrOp.SetFlagsOfAdd and <= IrOp.SetFlagsOfLogic and not IrOp.SetFlagsOfAddWithCarry) return false;
                if (MayLeave(x.Op) || x.Op is IrOp.Branch or IrOp.BranchIf or IrOp.BranchTo or IrOp.Condition or IrOp.AddWithCarry or IrOp.SetFlagsOfAddWithCarry or IrOp.GetNzcv or IrOp.SetNzcv) return true;
            }

            if (Region.IndexOf(++op) == 0 || _region.NodeOf(op) is not { Ir: { } next }) return true;
            (ir, i) = (next, 0);
        }
    }

    /// <summary>Computes a flag: the condition under which it holds. Uses RAX and RCX.</summary>
    private Cc EmitFlag(int id)
    {
        IrInstruction x = _ir.Code[id];
        bool wide = x.Type == IrType.I64;
        switch (x.Op)
        {
            case IrOp.FlagNot:
                return EmitFlag(x.A) ^ (Cc)1;
            case IrOp.IsZero:
                if (_values[x.A].Place == Place.Slot)
                {
                    _a.Op(Alu.Cmp, StateFields.Slot(_values[x.A].Slot), 0, wide);
                    return Cc.E;
                }

                Gpr value = InRegister(x.A, wide, Gpr.Rax);
                _a.Test(value, value, wide);
                return Cc.E;
            case IrOp.Bit:
                _a.Bt(InRegister(x.A, wide, Gpr.Rax), (int)x.Imm, wide);
                return Cc.B;
            case IrOp.LessSigned or IrOp.LessUnsigned:
                Apply(Alu.Cmp, InRegister(x.A, wide, Gpr.Rax), x.B, wide);
                return x.Op == IrOp.LessSigned ? Cc.L : Cc.B;
            case IrOp.Condition when (x.Imm >> 1) == 7:
                _a.Op(Alu.Cmp, Gpr.Rax, Gpr.Rax, wide: true);
                return (x.Imm & 1) == 0 ? Cc.E : Cc.NE;
            default:
                RestoreFlags();
                return ConditionOf((int)x.Imm);
        }
    }

    private static Cc ConditionOf(int condition) => (condition >> 1) switch
    {
        0 => Cc.E,
        1 => Cc.AE,
        2 => Cc.S,
        3 => Cc.O,
        4 => Cc.A,
        5 => Cc.GE,
        _ => Cc.G,
    } ^ (Cc)(condition & 1);

    // Packed as PSTATE has it, bits 31 to 28.
    private void EmitNzcv(Gpr to, in IrInstruction x, bool wide)
    {
        if (x.Op == IrOp.GetNzcv)
        {
            _a.Load(Gpr.Rax, StateFields.HostFlags, 2);
        }
        else
        {
            MoveTo(Gpr.Rax, x.A, wide);
            Apply(x.Op == IrOp.NzcvOfSub ? Alu.Cmp : Alu.Add, Gpr.Rax, x.B, wide);
            if (x.Op == IrOp.NzcvOfAdd) _a.Cmc();
            _a.Lahf();
            _a.Set(Cc.O, Gpr.Rax);
        }

        _a.Mov(to, Gpr.Rax, wide: false);
        _a.Op(Alu.And, to, N | Z, wide: false);
        _a.Shift(Shift.Shl, to, 16, wide: false);
        _a.Mov(Gpr.Rcx, Gpr.Rax, wide: false);
        _a.Not(Gpr.Rcx, wide: false);
        _a.Op(Alu.And, Gpr.Rcx, Borrow, wide: false);
        _a.Shift(Shift.Shl, Gpr.Rcx, 29 - 8, wide: false);
        _a.Op(Alu.Or, to, Gpr.Rcx, wide: false);
        _a.Op(Alu.And, Gpr.Rax, 1, wide: false);
        _a.Shift(Shift.Shl, Gpr.Rax, 28, wide: false);
        _a.Op(Alu.Or, to, Gpr.Rax, wide: false);
    }

    private void SetNzcv(int id)
    {
        MoveTo(Gpr.Rdx, id, wide: true);
        _a.Mov(Gpr.Rcx, Gpr.Rdx, wide: false);
        _a.Shift(Shift.Shr, Gpr.Rcx, 16, wide: false);
        _a.Op(Alu.And, Gpr.Rcx, N | Z, wide: false);
        _a.Mov(Gpr.Rax, Gpr.Rdx, wide: false);
        _a.Not(Gpr.Rax, wide: false);
        _a.Shift(Shift.Shr, Gpr.Rax, 29 - 8, wide: false);
        _a.Op(Alu.And, Gpr.Rax, Borrow, wide: false);
        _a.Op(Alu.Or, Gpr.Rcx, Gpr.Rax, wide: false);
        _a.Shift(Shift.Shr, Gpr.Rdx, 28, wide: false);
        _a.Op(Alu.And, Gpr.Rdx, 1, wide: false);
        _a.Op(Alu.Or, Gpr.Rcx, Gpr.Rdx, wide: false);
        _a.Store(StateFields.HostFlags, Gpr.Rcx, 2);
    }
}
