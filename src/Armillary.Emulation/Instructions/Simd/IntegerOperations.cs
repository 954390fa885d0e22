using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Instructions.Simd;

// Integer operations that neither shift nor saturate. Sums, differences and products are modulo the element's size.

internal readonly struct Add : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => n + m;
}

internal readonly struct Subtract : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => n - m;
}

internal readonly struct Multiply : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => n * m;
}

internal readonly struct MultiplyAdd : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => d + (n * m);
}

internal readonly struct MultiplySubtract : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => d - (n * m);
}

// Polynomials over {0, 1}: products without carries, C7.2.258.
internal readonly struct MultiplyPolynomial : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
    {
        Vector128<E> result = default;
        for (int bit = 0; bit < 8; bit++)
        {
            Vector128<E> one = Vector128.Create(E.One << bit);
            result ^= (n << bit) & Vector128.Equals(m & one, one);
        }

        return result;
    }
}

internal readonly struct Maximum : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => Vector128.Max(n, m);
}

internal readonly struct Minimum : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => Vector128.Min(n, m);
}

internal readonly struct AbsoluteDifference : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => Vector128.Max(n, m) - Vector128.Min(n, m);
}

internal readonly struct AbsoluteDifferenceAdd : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => d + (Vector128.Max(n, m) - Vector128.Min(n, m));
}

// Half of the sum, which is twice the common bits and once the others.
internal readonly struct HalvingAdd : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => (n & m) + ((n ^ m) >> 1);
}

internal readonly struct RoundingHalvingAdd : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => (n | m) - ((n ^ m) >> 1);
}

internal readonly struct HalvingSubtract : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => ((n ^ m) >> 1) - (~n & m);
}

internal readonly struct CompareEqual : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => Vector128.Equals(n, m);
}

internal readonly struct CompareGreater : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => Vector128.GreaterThan(n, m);
}

internal readonly struct CompareGreaterOrEqual : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => Vector128.GreaterThanOrEqual(n, m);
}

internal readonly struct CompareBits : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => ~Vector128.Equals(n & m, Vector128<E>.Zero);
}

// A comparison with zero, and that the other way round for CMLE and CMLT.
internal readonly struct WithZero<TCompare> : ILanes where TCompare : struct, ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => TCompare.Of(n, Vector128<E>.Zero, default, o);
}

internal readonly struct ZeroWith<TCompare> : ILanes where TCompare : struct, ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => TCompare.Of(Vector128<E>.Zero, n, default, o);
}

// The least number is its own absolute value.
internal readonly struct Absolute : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => Vector128.Max(n, Vector128<E>.Zero - n);
}

internal readonly struct Negate : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => Vector128<E>.Zero - n;
}

internal readonly struct LeadingZeros : IElement
{
    static E IElement.Of<E>(E n, E m, E d, in Operands o) => E.LeadingZeroCount(n);
}

// The elements are signed.
internal readonly struct LeadingSigns : IElement
{
    static E IElement.Of<E>(E n, E m, E d, in Operands o) => E.LeadingZeroCount(n ^ (n >> 1)) - E.One;
}

// Of bytes: the counts of both nibbles.
internal readonly struct PopulationCount : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
    {
        Vector128<byte> counts = Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4), bytes = n.AsByte();
        return (Vector128.Shuffle(counts, bytes & Vector128.Create((byte)15)) + Vector128.Shuffle(counts, bytes >>> 4)).As<byte, E>();
    }
}

// The pair of narrow elements in each wide one, added; the wide type has their sign. SADDLP.
internal readonly struct AddNeighbours : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
    {
        int half = Unsafe.SizeOf<E>() * 4;
        return ((n << half) >> half) + (n >> half);
    }
}

internal readonly struct AddNeighboursAccumulate : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
    {
        int half = Unsafe.SizeOf<E>() * 4;
        return d + (((n << half) >> half) + (n >> half));
    }
}

// ADDHN, SUBHN and their rounding forms: the upper half of a wide result, in the lower.
internal readonly struct HighHalf<TLanes, TRound> : ILanes where TLanes : struct, ILanes where TRound : struct, IRounding
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
    {
        int half = Unsafe.SizeOf<E>() * 4;
        Vector128<E> wide = TLanes.Of(n, m, d, o);
        if (TRound.Rounds) wide += Vector128.Create(E.One << (half - 1));
        return wide >>> half;
    }
}

/// <summary>Whether a right shift rounds: to nearest, halves up.</summary>
internal interface IRounding
{
    static abstract bool Rounds { get; }
}

internal readonly struct Truncating : IRounding
{
    static bool IRounding.Rounds => false;
}

internal readonly struct Rounding : IRounding
{
    static bool IRounding.Rounds => true;
}
