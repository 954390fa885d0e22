using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>
/// Vd = op(Vn, Vm, Vd) by FPCR and into FPSR. As in rows of vectors, the pattern's width letter is Q; the operation itself
/// leaves the upper half of Vd clear where Q is, and that above a scalar.
/// </summary>
internal readonly struct Floating3<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        m.SetV(o.Rd, m.Floating<TOperation>(o, m.V(o.Rn), m.V(o.Rm), m.V(o.Rd)));
    }
}

/// <summary>Vd = op(Vn, Vm).</summary>
internal readonly struct Floating2<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 first = m.V(o.Rn);
        m.SetV(o.Rd, m.Floating<TOperation>(o, first, m.V(o.Rm), first));
    }
}

/// <summary>Vd = op(Vn).</summary>
internal readonly struct Floating1<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 operand = m.V(o.Rn);
        m.SetV(o.Rd, m.Floating<TOperation>(o, operand, operand, operand));
    }
}

/// <summary>Vd = op(Vn, Vm, Va).</summary>
internal readonly struct Floating4<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        m.SetV(o.Rd, m.Floating<TOperation>(o, m.V(o.Rn), m.V(o.Rm), m.V(o.Ra)));
    }
}
