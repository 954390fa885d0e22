using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

// What the instructions of vector registers read and write; what they compute is the operation's.
//
// Vector1, 2, 3 and Accumulate: the pattern's width letter is Q, and the upper half of Vd is zero when it is clear. Scalar
// forms of 64 bits are rows with Is64 = false; narrower ones have operations that clear what is above the element.
// Vector4, Whole1, Long2, Long3 and WholeAccumulate write all of Vd whatever Q is.
// Saturate1, 2, 3 and SaturateAccumulate: the operation sets FPSR.QC, and clears what Q or the scalar's size leaves out.

/// <summary>Vd = op(Vn).</summary>
internal readonly struct Vector1<TOperation> : IInstruction where TOperation : struct, IVectorOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn);
        V128 result = m.Vector<TOperation>(o, n, n, n);
        if (T.Bits == 32) result = m.LowHalf(result);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vm).</summary>
internal readonly struct Vector2<TOperation> : IInstruction where TOperation : struct, IVectorOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), w = m.V(o.Rm);
        V128 result = m.Vector<TOperation>(o, n, w, n);
        if (T.Bits == 32) result = m.LowHalf(result);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vm, Vd).</summary>
internal readonly struct Vector3<TOperation> : IInstruction where TOperation : struct, IVectorOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), w = m.V(o.Rm), d = m.V(o.Rd);
        V128 result = m.Vector<TOperation>(o, n, w, d);
        if (T.Bits == 32) result = m.LowHalf(result);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vm, Va).</summary>
internal readonly struct Vector4<TOperation> : IInstruction where TOperation : struct, IVectorOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), w = m.V(o.Rm), a = m.V(o.Ra);
        V128 result = m.Vector<TOperation>(o, n, w, a);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vd).</summary>
internal readonly struct Accumulate<TOperation> : IInstruction where TOperation : struct, IVectorOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), d = m.V(o.Rd);
        V128 result = m.Vector<TOperation>(o, n, n, d);
        if (T.Bits == 32) result = m.LowHalf(result);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn), 128 bits.</summary>
internal readonly struct Whole1<TOperation> : IInstruction where TOperation : struct, IVectorOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn);
        V128 result = m.Vector<TOperation>(o, n, n, n);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vm), 128 bits.</summary>
internal readonly struct Long2<TOperation> : IInstruction where TOperation : struct, IVectorOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), w = m.V(o.Rm);
        V128 result = m.Vector<TOperation>(o, n, w, n);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vm, Vd), 128 bits.</summary>
internal readonly struct Long3<TOperation> : IInstruction where TOperation : struct, IVectorOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), w = m.V(o.Rm), d = m.V(o.Rd);
        V128 result = m.Vector<TOperation>(o, n, w, d);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vd), 128 bits.</summary>
internal readonly struct WholeAccumulate<TOperation> : IInstruction where TOperation : struct, IVectorOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), d = m.V(o.Rd);
        V128 result = m.Vector<TOperation>(o, n, n, d);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn), with FPSR.</summary>
internal readonly struct Saturate1<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn);
        V128 result = m.Floating<TOperation>(o, n, n, n);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vm), with FPSR.</summary>
internal readonly struct Saturate2<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), w = m.V(o.Rm);
        V128 result = m.Floating<TOperation>(o, n, w, n);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vm, Vd), with FPSR.</summary>
internal readonly struct Saturate3<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), w = m.V(o.Rm), d = m.V(o.Rd);
        V128 result = m.Floating<TOperation>(o, n, w, d);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}

/// <summary>Vd = op(Vn, Vd), with FPSR.</summary>
internal readonly struct SaturateAccumulate<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        if (!m.CheckFloating(o)) return;
        V128 n = m.V(o.Rn), d = m.V(o.Rd);
        V128 result = m.Floating<TOperation>(o, n, n, d);
        m.SetV(o.Rd, result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperation.Decode(word, ref o);
}
