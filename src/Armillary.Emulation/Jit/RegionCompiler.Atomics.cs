using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Jit.X64;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Jit;

// Atomics on aligned memory: the host's, which order everything.
internal sealed unsafe partial class RegionCompiler
{
    private void EmitAtomic(Op* op, int id, in IrInstruction x)
    {
        int bytes = Math.Abs((int)x.R);
        bool wide = x.Type == IrType.I64;
        MoveTo(Gpr.Rax, x.A, wide: true);
        Find(op, bytes, isStore: true, isAligned: true);
        FreeUsed(id, x);
        if (x.Op == IrOp.CompareAndSwap)
        {
            _a.Mov(Gpr.Rdx, Gpr.Rax, wide: true);
            MoveTo(Gpr.Rax, x.B, wide);
            _a.LockCmpxchg(new Mem(Gpr.Rdx), InRegister(x.C, wide, Gpr.Rcx), bytes);
            Extend(Destination(id), Gpr.Rax, bytes);
        }
        else if ((AtomicKind)x.Imm is AtomicKind.Add or AtomicKind.Swap)
        {
            MoveTo(Gpr.Rcx, x.B, wide);
            if ((AtomicKind)x.Imm == AtomicKind.Add) _a.LockXadd(new Mem(Gpr.Rax), Gpr.Rcx, bytes);
            else _a.Xchg(new Mem(Gpr.Rax), Gpr.Rcx, bytes);
            Extend(Destination(id), Gpr.Rcx, bytes);
        }
        else
        {
            Update(x, bytes, wide);
            Extend(Destination(id), Gpr.Rax, bytes);
        }
    }

    // Again and again, until nobody else came between. RAX: the old value.
    private void Update(in IrInstruction x, int bytes, bool wide)
    {
        var again = new Label();
        _a.Mov(Gpr.Rdx, Gpr.Rax, wide: true);
        _a.Load(Gpr.Rax, new Mem(Gpr.Rdx), bytes);
        _a.Bind(again);
        MoveTo(Gpr.Rcx, x.B, wide);
        if ((AtomicKind)x.Imm == AtomicKind.Clear) _a.Not(Gpr.Rcx, wide);
        _a.Op((AtomicKind)x.Imm switch { AtomicKind.Clear => Alu.And, AtomicKind.Xor => Alu.Xor, _ => Alu.Or }, Gpr.Rcx, Gpr.Rax, wide);
        _a.LockCmpxchg(new Mem(Gpr.Rdx), Gpr.Rcx, bytes);
        _a.J(Cc.NE, again);
    }

    private void Extend(Gpr to, Gpr from, int bytes)
    {
        if (bytes == 1) _a.MovzxByte(to, from);
        else if (bytes == 2) _a.MovzxWord(to, from);
        else _a.Mov(to, from, wide: bytes == 8);
    }
}
