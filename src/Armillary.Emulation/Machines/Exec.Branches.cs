using System.Runtime.CompilerServices;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Machines;

// Branches, and how an op leads to another.
internal unsafe partial struct Exec<TPath>
{
    [MethodImpl(Inline)]
    public void Branch(in Operands o)
    {
        if (!TPath.Slow && _c->Attention != 0) Defer(_c->AttentionOp);
        else if (TPath.Near) GoNear(o, isCall: false);
        else GoTo((ulong)o.Imm);
    }

    [MethodImpl(Inline)]
    public void BranchWithLink(in Operands o)
    {
        if (!TPath.Slow && _c->Attention != 0)
        {
            Defer(_c->AttentionOp); // before the link register is written: the branch is taken up again
            return;
        }

        ((ulong*)_c)[RegisterSlots.Link] = o.Pc + 4;
        if (TPath.Near) GoNear(o, isCall: true);
        else if (TPath.Slow || !IsHot((ulong)o.Imm)) GoTo((ulong)o.Imm);
    }

    [MethodImpl(Inline)]
    public void BranchIf(Flag flag, in Operands o)
    {
        if (flag.Raw != 0) Branch(o);
    }

    [MethodImpl(Inline)]
    public void BranchTo(X64 target)
    {
        if (!TPath.Slow && _c->Attention != 0) Defer(_c->AttentionOp);
        else if (TPath.Slow || !IsHot(target.Value)) GoTo(target.Value);
    }

    [MethodImpl(Inline)]
    public void BranchIndirect(X64 target, in Operands o)
    {
        if (!TPath.Slow && _c->Attention != 0) Defer(_c->AttentionOp);
        else GoIndirect(target.Value, o.Option);
    }

    [MethodImpl(Inline)]
    public void BranchWithLinkTo(X64 target, in Operands o)
    {
        if (!TPath.Slow && _c->Attention != 0)
        {
            Defer(_c->AttentionOp);
            return;
        }

        if (!TPath.Slow && CpuState.IndirectJump(_c, target.Value)->Tag != (target.Value & ~0xffcul))
        {
            Defer(_c->MissOp);
            return;
        }

        if (!TPath.Slow && IsHot(target.Value)) return;
        ((ulong*)_c)[RegisterSlots.Link] = o.Pc + 4;
        GoIndirect(target.Value, o.Option);
    }

    [MethodImpl(Inline)]
    private void GoNear(in Operands o, bool isCall)
    {
        int distance = o.Near;
        if ((isCall || distance < 0) && IsHot((ulong)o.Imm)) return;
        _c->RetiredBias -= distance - sizeof(Op);
        Next = (Op*)((byte*)_op + distance);
    }

    // Where loops and functions begin, and where they return to. The count is the branch's own.
    [MethodImpl(Inline)]
    private bool IsHot(ulong target)
    {
        if ((++_op->Operands.Aux & (Jit.Region.HeatPeriod - 1)) != 0) return false;
        _c->HotTarget = target;
        Defer(_c->HotOp);
        return true;
    }

    [MethodImpl(Inline)]
    private void GoIndirect(ulong target, byte branchType)
    {
        JumpEntry* entry = CpuState.IndirectJump(_c, target);
        if (entry->Tag == (target & ~0xffcul))
        {
            Op* next = entry->Ops + ((target >> 2) & 0x3ff);
            long done = _c->RetiredBias + (long)_op + sizeof(Op);
            _c->BranchMark = done | branchType;
            _c->RetiredBias = done - (long)next;
            Next = next;
        }
        else if (TPath.Slow)
        {
            Next = Cpu.Jump(_op, target, branchType);
        }
        else
        {
            Defer(_c->MissOp);
        }
    }

    [MethodImpl(Inline)]
    private void GoTo(ulong target)
    {
        JumpEntry* entry = CpuState.Jump(_c, target);
        if (entry->Tag == (target & ~0xffcul))
        {
            Op* next = entry->Ops + ((target >> 2) & 0x3ff);
            _c->RetiredBias += (byte*)_op + sizeof(Op) - (byte*)next;
            Next = next;
        }
        else if (TPath.Slow)
        {
            Next = Cpu.Jump(_op, target);
        }
        else
        {
            Defer(_c->MissOp);
        }
    }
}
