using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>What an instruction does to each element: n and m are operands, d is the addend or the third one.</summary>
internal interface IElementOperation
{
    static abstract ulong Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) where F : struct, IFormat;
}

internal readonly struct Add : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Arithmetic.Add<F>(ref fp, n, m);
}

internal readonly struct Subtract : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Arithmetic.Subtract<F>(ref fp, n, m);
}

internal readonly struct Multiply : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Arithmetic.Multiply<F>(ref fp, n, m);
}

internal readonly struct MultiplyExtended : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Arithmetic.MultiplyExtended<F>(ref fp, n, m);
}

// The sign changes behind the multiplication, and that of a NaN too.
internal readonly struct MultiplyNegated : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Arithmetic.Multiply<F>(ref fp, n, m) ^ Values<F>.SignBit;
}

internal readonly struct Divide : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Arithmetic.Divide<F>(ref fp, n, m);
}

internal readonly struct AbsoluteDifference : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Values<F>.Magnitude(Arithmetic.Subtract<F>(ref fp, n, m));
}

internal readonly struct Max : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Comparison.Max<F>(ref fp, n, m);
}

internal readonly struct Min : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Comparison.Min<F>(ref fp, n, m);
}

internal readonly struct MaxNumber : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Comparison.MaxNumber<F>(ref fp, n, m);
}

internal readonly struct MinNumber : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Comparison.MinNumber<F>(ref fp, n, m);
}

internal readonly struct MultiplyAdd : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => FusedMultiply.MultiplyAdd<F>(ref fp, d, n, m);
}

internal readonly struct MultiplySubtract : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => FusedMultiply.MultiplyAdd<F>(ref fp, d, n ^ Values<F>.SignBit, m);
}

internal readonly struct NegatedMultiplyAdd : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => FusedMultiply.MultiplyAdd<F>(ref fp, d ^ Values<F>.SignBit, n ^ Values<F>.SignBit, m);
}

internal readonly struct NegatedMultiplySubtract : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => FusedMultiply.MultiplyAdd<F>(ref fp, d ^ Values<F>.SignBit, n, m);
}

internal readonly struct ReciprocalStep : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => FusedMultiply.ReciprocalStep<F>(ref fp, n, m);
}

internal readonly struct ReciprocalRootStep : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => FusedMultiply.ReciprocalRootStep<F>(ref fp, n, m);
}

internal readonly struct CompareEqual : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Comparison.IsEqual<F>(ref fp, n, m) ? Values<F>.Mask : 0;
}

internal readonly struct CompareGreaterOrEqual : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Comparison.IsGreaterOrEqual<F>(ref fp, n, m) ? Values<F>.Mask : 0;
}

internal readonly struct CompareGreater : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Comparison.IsGreater<F>(ref fp, n, m) ? Values<F>.Mask : 0;
}

/// <summary>The operation on the operands' magnitudes.</summary>
internal readonly struct OfMagnitudes<TOperation> : IElementOperation where TOperation : struct, IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => TOperation.Apply<F>(ref fp, Values<F>.Magnitude(n), Values<F>.Magnitude(m), d, o);
}

/// <summary>The operation on n and zero.</summary>
internal readonly struct WithZero<TOperation> : IElementOperation where TOperation : struct, IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => TOperation.Apply<F>(ref fp, n, 0, d, o);
}

/// <summary>The operation on zero and n.</summary>
internal readonly struct OnZero<TOperation> : IElementOperation where TOperation : struct, IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => TOperation.Apply<F>(ref fp, 0, n, d, o);
}

internal readonly struct SquareRoot : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Arithmetic.SquareRoot<F>(ref fp, n);
}

internal readonly struct ReciprocalEstimate : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Estimate.Reciprocal<F>(ref fp, n);
}

internal readonly struct ReciprocalRootEstimate : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Estimate.ReciprocalRoot<F>(ref fp, n);
}

internal readonly struct ReciprocalExponent : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Estimate.ReciprocalExponent<F>(ref fp, n);
}
