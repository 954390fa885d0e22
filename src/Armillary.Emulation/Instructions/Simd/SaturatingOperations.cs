using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

// Operations whose results end at the ends of their range, which FPSR.QC tells.

internal readonly struct SaturatingAdd : ISaturatingLanes
{
    static Vector128<E> ISaturatingLanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o, ref bool saturated)
    {
        Vector128<E> result = Vector128.AddSaturate(n, m);
        saturated |= result != n + m;
        return result;
    }
}

internal readonly struct SaturatingSubtract : ISaturatingLanes
{
    static Vector128<E> ISaturatingLanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o, ref bool saturated)
    {
        Vector128<E> result = Vector128.SubtractSaturate(n, m);
        saturated |= result != n - m;
        return result;
    }
}

internal readonly struct SaturatingNegate : ISaturatingLanes
{
    static Vector128<E> ISaturatingLanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o, ref bool saturated)
    {
        Vector128<E> least = Vector128.Equals(n, Vector128.Create(E.MinValue));
        saturated |= least != Vector128<E>.Zero;
        return Vector128.ConditionalSelect(least, Vector128.Create(E.MaxValue), Vector128<E>.Zero - n);
    }
}

internal readonly struct SaturatingAbsolute : ISaturatingLanes
{
    static Vector128<E> ISaturatingLanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o, ref bool saturated)
    {
        Vector128<E> least = Vector128.Equals(n, Vector128.Create(E.MinValue));
        saturated |= least != Vector128<E>.Zero;
        return Vector128.ConditionalSelect(least, Vector128.Create(E.MaxValue), Vector128.Max(n, Vector128<E>.Zero - n));
    }
}

// SUQADD and USQADD: the element type is that of Vd; Vn has the other sign.
internal readonly struct SaturatingAccumulate : ISaturatingElement
{
    static E ISaturatingElement.Of<E>(E n, E m, E d, in Operands o, ref bool saturated)
    {
        E sum = d + n;
        if (E.MinValue < E.Zero)
        {
            // Signed plus unsigned: n read as signed is too small by 2^size if it is negative.
            if (n >= E.Zero ? sum >= d : d < E.Zero && sum >= E.Zero) return sum;
            saturated = true;
            return E.MaxValue;
        }

        // Unsigned plus signed: n's top bit is its sign.
        bool isNegative = n >> ((Unsafe.SizeOf<E>() * 8) - 1) != E.Zero;
        if (isNegative ? sum < d : sum >= d) return sum;
        saturated = true;
        return isNegative ? E.MinValue : E.MaxValue;
    }
}

internal readonly struct SaturatingShiftByElement<TRound> : ISaturatingElement where TRound : struct, IRounding
{
    static E ISaturatingElement.Of<E>(E n, E m, E d, in Operands o, ref bool saturated)
        => ShiftByElement<TRound>.Shift(n, sbyte.CreateTruncating(m), saturates: true, ref saturated);
}

internal readonly struct SaturatingShiftLeft : ISaturatingLanes
{
    static Vector128<E> ISaturatingLanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o, ref bool saturated)
    {
        Vector128<E> shifted = n << o.Aux;
        Vector128<E> fits = Vector128.Equals(shifted >> o.Aux, n);
        if (fits == Vector128<E>.AllBitsSet) return shifted;
        saturated = true;

        // No ConditionalSelect: of .NET 10's, with all ones as the last operand, arm64 code is all ones whatever the others are.
        Vector128<E> end = Vector128.Create(E.MaxValue) ^ Vector128.LessThan(n, Vector128<E>.Zero);
        return (shifted & fits) | Vector128.AndNot(end, fits);
    }

    static bool ISaturatingLanes.Decode<E>(uint word, ref Operands o) => ShiftAmount.DecodeLeft<E>(word, ref o);
}

// SQSHLU: signed elements to unsigned ones; the element type is signed.
internal readonly struct SaturatingShiftLeftUnsigned : ISaturatingLanes
{
    static Vector128<E> ISaturatingLanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o, ref bool saturated)
    {
        Vector128<E> shifted = n << o.Aux;
        Vector128<E> negative = Vector128.LessThan(n, Vector128<E>.Zero);
        Vector128<E> fits = Vector128.AndNot(Vector128.Equals(shifted >>> o.Aux, n), negative);
        if (fits == Vector128<E>.AllBitsSet) return shifted;
        saturated = true;
        return Vector128.ConditionalSelect(fits, shifted, ~negative);
    }

    static bool ISaturatingLanes.Decode<E>(uint word, ref Operands o) => ShiftAmount.DecodeLeft<E>(word, ref o);
}

/// <summary>
/// SQSHRN and its kin: elements of type W, shifted right by Aux, as elements of the narrow type N. SQXTN and its kin do not
/// shift. Scalar forms use the first element only.
/// </summary>
internal readonly struct SaturatingNarrow<W, N, TRound, TForm> : IFloatingOperation
    where W : unmanaged, IBinaryInteger<W> where N : unmanaged, IBinaryInteger<N>, IMinMaxValue<N> where TRound : struct, IRounding where TForm : struct, INarrowForm
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        bool saturated = false;
        Vector128<W> wide = n.As<byte, W>();
        Vector128<N> result = default;
        int count = TForm.Scalar ? 1 : Vector128<W>.Count;
        for (int i = 0; i < count; i++)
        {
            W element = Lane.At(ref wide, i);
            if (o.Aux != 0)
            {
                W last = TRound.Rounds ? (element >> (o.Aux - 1)) & W.One : W.Zero;
                element = (element >> o.Aux) + last;
            }

            // An unsigned doubleword is too large at once if it is too large for a signed one.
            long value = W.IsNegative(element) ? long.CreateTruncating(element) : long.CreateSaturating(element);
            Lane.At(ref result, i) = Lane.Saturate<N>(value, ref saturated);
        }

        Lane.SetSaturated(ref fp, saturated);
        return TForm.Scalar ? result.AsByte() : Lane.IntoHalf(result.AsByte(), d, o.Is64);
    }

    static bool IFloatingOperation.Decode(uint word, ref Operands o) => !TForm.Shifts || ShiftAmount.DecodeRight<N>(word, ref o);
}

internal interface INarrowForm
{
    static abstract bool Scalar { get; }

    static abstract bool Shifts { get; }
}

internal readonly struct ExtractVector : INarrowForm
{
    static bool INarrowForm.Scalar => false;

    static bool INarrowForm.Shifts => false;
}

internal readonly struct ExtractScalar : INarrowForm
{
    static bool INarrowForm.Scalar => true;

    static bool INarrowForm.Shifts => false;
}

internal readonly struct ShiftVector : INarrowForm
{
    static bool INarrowForm.Scalar => false;

    static bool INarrowForm.Shifts => true;
}

internal readonly struct ShiftScalar : INarrowForm
{
    static bool INarrowForm.Scalar => true;

    static bool INarrowForm.Shifts => true;
}
