using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Jit.X64;

namespace Armillary.Emulation.Jit;

// Operations without memory and flags.
internal sealed unsafe partial class RegionCompiler
{
    private void Emit(Op* op, int id, in IrInstruction x)
    {
        bool wide = x.Type == IrType.I64;
        switch (x.Op)
        {
            case IrOp.Const: _values[id] = new Value(Place.Constant, default, 0, x.Imm); return;
            case IrOp.GetX: EmitGet(id, x); return;
            case IrOp.SetX: EmitSet(x); FreeUsed(id, x); return;
            case IrOp.Condition or IrOp.IsZero or IrOp.Bit or IrOp.LessSigned or IrOp.LessUnsigned or IrOp.FlagNot: return; // where they are used
            case IrOp.Second: return; // came with the first
            case IrOp.Barrier:
                if (x.Imm != (long)Machines.BarrierKind.Load) _a.Mfence();
                return;
            case IrOp.SetFlagsOfAdd or IrOp.SetFlagsOfSub or IrOp.SetFlagsOfLogic or IrOp.SetFlagsOfAddWithCarry or IrOp.SetNzcv: EmitSetFlags(op, id, x, wide); FreeUsed(id, x); return;
            case IrOp.Atomic or IrOp.CompareAndSwap: EmitAtomic(op, id, x); return;
            case IrOp.Load or IrOp.Store or IrOp.LoadAcquire or IrOp.StoreRelease or IrOp.LoadPair or IrOp.StorePair or IrOp.CheckStackPointer: EmitAccess(op, id, x); return;
        }

        Cc condition = x.Op == IrOp.Select ? EmitFlag(x.A) : default;
        FreeUsed(id, x);
        Gpr to = Destination(id);
        switch (x.Op)
        {
            case IrOp.Add: EmitAdd(to, x, wide); break;
            case IrOp.Sub: Two(Alu.Sub, to, x.A, x.B, wide); break;
            case IrOp.And: TwoEither(Alu.And, to, x.A, x.B, wide); break;
            case IrOp.Or: TwoEither(Alu.Or, to, x.A, x.B, wide); break;
            case IrOp.Xor: TwoEither(Alu.Xor, to, x.A, x.B, wide); break;
            case IrOp.AddWithCarry: CarryIntoCf(); TwoEither(Alu.Adc, to, x.A, x.B, wide); break;
            case IrOp.Mul: EmitMultiply(to, x, wide); break;
            case IrOp.MultiplyHighSigned or IrOp.MultiplyHighUnsigned: EmitMultiplyHigh(to, x, wide); break;
            case IrOp.DivideSigned or IrOp.DivideUnsigned: EmitDivide(to, x, wide); break;
            case IrOp.Not: MoveTo(to, x.A, wide); _a.Not(to, wide); break;
            case IrOp.ShiftLeft: By(Shift.Shl, to, x, wide); break;
            case IrOp.ShiftRightLogical: By(Shift.Shr, to, x, wide); break;
            case IrOp.ShiftRightArithmetic: By(Shift.Sar, to, x, wide); break;
            case IrOp.RotateRight: By(Shift.Ror, to, x, wide); break;
            case IrOp.ShiftLeftBy: ByValue(Shift.Shl, to, x, wide); break;
            case IrOp.ShiftRightLogicalBy: ByValue(Shift.Shr, to, x, wide); break;
            case IrOp.ShiftRightArithmeticBy: ByValue(Shift.Sar, to, x, wide); break;
            case IrOp.RotateRightBy: ByValue(Shift.Ror, to, x, wide); break;
            case IrOp.CountLeadingZeros: EmitCountLeadingZeros(to, x, wide); break;
            case IrOp.ReverseBytes: MoveTo(to, x.A, wide); _a.Bswap(to, wide); break;
            case IrOp.Widen or IrOp.Narrow: _a.Mov(to, InRegister(x.A, wide: false, to), wide: false); break;
            case IrOp.Select: EmitSelect(condition, to, x, wide); break;
            case IrOp.NzcvOfAdd or IrOp.NzcvOfSub or IrOp.GetNzcv: EmitNzcv(to, x, wide); break;
            default: throw new TranslationException($"{x.Op} is not translated: the region should have left it out.");
        }
    }

    private void Two(Alu alu, Gpr to, int a, int b, bool wide)
    {
        if (IsIn(b, to) && !IsIn(a, to))
        {
            MoveTo(Gpr.Rax, a, wide);
            Apply(alu, Gpr.Rax, b, wide);
            _a.Mov(to, Gpr.Rax, wide);
            return;
        }

        MoveTo(to, a, wide);
        Apply(alu, to, b, wide);
    }

    private void TwoEither(Alu alu, Gpr to, int a, int b, bool wide) => Two(alu, to, IsIn(b, to) ? b : a, IsIn(b, to) ? a : b, wide);

    private void EmitAdd(Gpr to, in IrInstruction x, bool wide)
    {
        Value a = _values[x.A], b = _values[x.B];
        if (wide && a.Place == Place.Register && a.Register != to && b.Place == Place.Constant && b.Constant == (int)b.Constant) _a.Lea(to, new Mem(a.Register, (int)b.Constant));
        else TwoEither(Alu.Add, to, x.A, x.B, wide);
    }

    private void EmitMultiply(Gpr to, in IrInstruction x, bool wide)
    {
        (int a, int b) = IsIn(x.B, to) ? (x.B, x.A) : (x.A, x.B);
        MoveTo(to, a, wide);
        if (_values[b].Place == Place.Slot) _a.Imul(to, StateFields.Slot(_values[b].Slot), wide);
        else _a.Imul(to, InRegister(b, wide, Gpr.Rcx), wide);
    }

    private void EmitMultiplyHigh(Gpr to, in IrInstruction x, bool wide)
    {
        MoveTo(Gpr.Rax, x.A, wide);
        _a.MultiplyHigh(InRegister(x.B, wide, Gpr.Rcx), x.Op == IrOp.MultiplyHighSigned, wide);
        _a.Mov(to, Gpr.Rdx, wide);
    }

    // By zero the result is zero, and the least number by -1 is itself: where x86 would trap.
    private void EmitDivide(Gpr to, in IrInstruction x, bool wide)
    {
        bool signed = x.Op == IrOp.DivideSigned;
        Label zero = new(), negate = new(), done = new();
        MoveTo(Gpr.Rcx, x.B, wide);
        MoveTo(Gpr.Rax, x.A, wide);
        _a.Test(Gpr.Rcx, Gpr.Rcx, wide);
        _a.J(Cc.E, zero);
        if (signed)
        {
            _a.Op(Alu.Cmp, Gpr.Rcx, -1, wide);
            _a.J(Cc.E, negate);
            _a.SignIntoRdx(wide);
        }
        else
        {
            _a.Op(Alu.Xor, Gpr.Rdx, Gpr.Rdx, wide: false);
        }

        _a.Divide(Gpr.Rcx, signed, wide);
        _a.Bind(done);
        _a.Mov(to, Gpr.Rax, wide);
        _cold.Add(() =>
        {
            _a.Bind(zero);
            _a.Mov(Gpr.Rax, 0L);
            _a.Jmp(done);
            if (!signed) return;
            _a.Bind(negate);
            _a.Neg(Gpr.Rax, wide);
            _a.Jmp(done);
        });
    }

    private void By(Shift shift, Gpr to, in IrInstruction x, bool wide)
    {
        MoveTo(to, x.A, wide);
        _a.Shift(shift, to, (int)x.Imm, wide);
    }

    // The amount counts modulo the width on both.
    private void ByValue(Shift shift, Gpr to, in IrInstruction x, bool wide)
    {
        MoveTo(Gpr.Rcx, x.B, wide);
        if (!wide && IsIn(x.A, to)) _a.Mov(to, to, wide: false); // a shift by nothing may leave the upper half
        MoveTo(to, x.A, wide);
        _a.Shift(shift, to, wide);
    }

    // 2w - 1, exclusive or w - 1, is w: the result of zero.
    private void EmitCountLeadingZeros(Gpr to, in IrInstruction x, bool wide)
    {
        int width = wide ? 64 : 32;
        _a.Mov(Gpr.Rax, (2 * width) - 1);
        _a.Bsr(Gpr.Rcx, InRegister(x.A, wide, Gpr.Rcx), wide);
        _a.Cmov(Cc.E, Gpr.Rcx, Gpr.Rax, wide);
        _a.Op(Alu.Xor, Gpr.Rcx, width - 1, wide);
        _a.Mov(to, Gpr.Rcx, wide);
    }

    // Moves leave the flags alone.
    private void EmitSelect(Cc condition, Gpr to, in IrInstruction x, bool wide)
    {
        if (IsIn(x.B, to) && !IsIn(x.C, to))
        {
            _a.Cmov(condition ^ (Cc)1, to, InRegister(x.C, wide, Gpr.Rcx), wide);
            return;
        }

        MoveTo(to, x.C, wide);
        _a.Cmov(condition, to, InRegister(x.B, wide, Gpr.Rcx), wide);
    }
}
