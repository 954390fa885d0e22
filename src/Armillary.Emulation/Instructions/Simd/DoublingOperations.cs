using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

// Products doubled: of fractions, whose binary point stands behind the sign. The elements are short or int.

/// <summary>SQDMULH, SQRDMULH: the upper half of the doubled product.</summary>
internal readonly struct DoublingHigh<TRound> : ISaturatingElement where TRound : struct, IRounding
{
    static E ISaturatingElement.Of<E>(E n, E m, E d, in Operands o, ref bool saturated)
    {
        int bits = Unsafe.SizeOf<E>() * 8;
        long product = long.CreateTruncating(n) * long.CreateTruncating(m);
        if (TRound.Rounds) product += 1L << (bits - 2);
        return Lane.Saturate<E>(product >> (bits - 1), ref saturated);
    }
}

/// <summary>SQRDMLAH, SQRDMLSH: the rounded upper half of Vd, extended below with zeros, plus or less the doubled product.</summary>
internal readonly struct DoublingHighAccumulate<TSign> : ISaturatingElement where TSign : struct, ISign
{
    static E ISaturatingElement.Of<E>(E n, E m, E d, in Operands o, ref bool saturated)
    {
        int bits = Unsafe.SizeOf<E>() * 8;
        long product = long.CreateTruncating(n) * long.CreateTruncating(m);
        if (TSign.Subtracts) product = -product;
        long sum = (long.CreateTruncating(d) << (bits - 1)) + product + (1L << (bits - 2));
        return Lane.Saturate<E>(sum >> (bits - 1), ref saturated);
    }
}

internal interface ISign
{
    static abstract bool Subtracts { get; }
}

internal readonly struct Plus : ISign
{
    static bool ISign.Subtracts => false;
}

internal readonly struct Minus : ISign
{
    static bool ISign.Subtracts => true;
}

/// <summary>Where a long product takes its elements.</summary>
internal interface ILongForm
{
    static abstract bool Scalar { get; }

    static abstract bool ByElement { get; }
}

internal readonly struct LongVector : ILongForm
{
    static bool ILongForm.Scalar => false;

    static bool ILongForm.ByElement => false;
}

internal readonly struct LongScalar : ILongForm
{
    static bool ILongForm.Scalar => true;

    static bool ILongForm.ByElement => false;
}

internal readonly struct LongVectorByElement : ILongForm
{
    static bool ILongForm.Scalar => false;

    static bool ILongForm.ByElement => true;
}

internal readonly struct LongScalarByElement : ILongForm
{
    static bool ILongForm.Scalar => true;

    static bool ILongForm.ByElement => true;
}

/// <summary>SQDMULL: the doubled product, saturated.</summary>
internal readonly struct DoublingLong<N, W, TForm> : IFloatingOperation where N : unmanaged, IBinaryInteger<N> where W : unmanaged, IBinaryInteger<W>, IMinMaxValue<W> where TForm : struct, ILongForm
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        bool saturated = false;
        Vector128<W> result = Products(n, m, o, ref saturated);
        Lane.SetSaturated(ref fp, saturated);
        return result.AsByte();
    }

    static bool IFloatingOperation.Decode(uint word, ref Operands o) => !TForm.ByElement || Lane.DecodeElement<N>(word, ref o);

    public static Vector128<W> Products(Vector128<byte> n, Vector128<byte> m, in Operands o, ref bool saturated)
    {
        Vector128<N> x = n.As<byte, N>(), y = m.As<byte, N>();
        Vector128<W> result = default;
        int count = TForm.Scalar ? 1 : Vector128<W>.Count, first = !TForm.Scalar && o.Is64 ? count : 0;
        for (int i = 0; i < count; i++)
        {
            long product = long.CreateTruncating(Lane.At(ref x, first + i)) * long.CreateTruncating(Lane.At(ref y, TForm.ByElement ? o.Option : first + i));

            // Only the product of the least numbers does not fit when doubled.
            if (product == 1L << ((Unsafe.SizeOf<W>() * 8) - 2)) saturated = true;
            Lane.At(ref result, i) = product == 1L << ((Unsafe.SizeOf<W>() * 8) - 2) ? W.MaxValue : W.CreateTruncating(2 * product);
        }

        return result;
    }
}

/// <summary>SQDMLAL, SQDMLSL: the saturated doubled product is added or subtracted, and that saturates, too.</summary>
internal readonly struct DoublingLongAccumulate<N, W, TForm, TSign> : IFloatingOperation
    where N : unmanaged, IBinaryInteger<N> where W : unmanaged, IBinaryInteger<W>, IMinMaxValue<W> where TForm : struct, ILongForm where TSign : struct, ISign
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        bool saturated = false;
        Vector128<W> products = DoublingLong<N, W, TForm>.Products(n, m, o, ref saturated);
        Vector128<W> sum = TForm.Scalar ? Lane.First<W>(d) : d.As<byte, W>();
        sum = TSign.Subtracts ? Sum<SaturatingSubtract>(sum, products, o, ref saturated) : Sum<SaturatingAdd>(sum, products, o, ref saturated);
        Lane.SetSaturated(ref fp, saturated);
        return sum.AsByte();
    }

    static bool IFloatingOperation.Decode(uint word, ref Operands o) => !TForm.ByElement || Lane.DecodeElement<N>(word, ref o);

    private static Vector128<W> Sum<TSum>(Vector128<W> sum, Vector128<W> products, in Operands o, ref bool saturated) where TSum : struct, ISaturatingLanes
        => TSum.Of(sum, products, default, o, ref saturated);
}
