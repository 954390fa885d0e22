using System.Runtime.CompilerServices;
using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>Operations that round a sum of a number and a product once (Arm ARM, FPMulAdd and its kin).</summary>
internal static class FusedMultiply
{
    /// <summary>FPMulAdd: addend + a * b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyAdd<F>(ref FloatingState fp, ulong addend, ulong a, ulong b) where F : struct, IFormat
        => HostArithmetic.MultiplyAdd<F>(ref fp, addend, a, b, out ulong result) ? result : MultiplyAddWithIntegers<F>(ref fp, addend, a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong MultiplyAddWithIntegers<F>(ref FloatingState fp, ulong addend, ulong a, ulong b) where F : struct, IFormat
    {
        Unpacked c = Unpacked.Of<F>(ref fp, addend), x = Unpacked.Of<F>(ref fp, a), y = Unpacked.Of<F>(ref fp, b);
        if (!c.IsNaN && !x.IsNaN && !y.IsNaN) return Sum<F>(ref fp, c, x, y);
        ulong result = NaN.Process<F>(ref fp, addend, a, b);
        return c.Kind == Kind.QuietNaN && IsInfinityByZero(x, y) ? NaN.Invalid<F>(ref fp) : result;
    }

    /// <summary>FPMulAddH: a single-precision addend + a product of half-precision numbers.</summary>
    public static ulong MultiplyAddLong(ref FloatingState fp, ulong addend, ulong a, ulong b)
    {
        Unpacked c = Unpacked.Of<Binary32>(ref fp, addend), x = Unpacked.Of<Binary16>(ref fp, a), y = Unpacked.Of<Binary16>(ref fp, b);
        if (!c.IsNaN && !x.IsNaN && !y.IsNaN) return Sum<Binary32>(ref fp, c, x, y);
        ulong result;
        if (c.Kind == Kind.SignallingNaN || (c.IsNaN && x.Kind != Kind.SignallingNaN && y.Kind != Kind.SignallingNaN))
        {
            result = NaN.Process<Binary32>(ref fp, addend);
        }
        else
        {
            result = NaN.Convert<Binary32, Binary16>(NaN.Process<Binary16>(ref fp, a, b));
        }

        return c.Kind == Kind.QuietNaN && IsInfinityByZero(x, y) ? NaN.Invalid<Binary32>(ref fp) : result;
    }

    /// <summary>FPRecipStepFused: 2 - a * b.</summary>
    public static ulong ReciprocalStep<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
        => Step<F>(ref fp, a, b, Values<F>.PowerOfTwo(1), new Unpacked(Kind.Finite, false, 1, 1ul << 63), halved: 0);

    /// <summary>FPRSqrtStepFused: (3 - a * b) / 2.</summary>
    public static ulong ReciprocalRootStep<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
    {
        ulong oneAndHalf = Values<F>.PowerOfTwo(0) | Values<F>.QuietBit;
        return Step<F>(ref fp, a, b, oneAndHalf, new Unpacked(Kind.Finite, false, 1, 3ul << 62), halved: 1);
    }

    /// <summary>
    /// The sum of two numbers that are not zero, significand / 2^127 * 2^exponent each, with bit 127 of the significands set
    /// and at least 22 low bits clear. So where a shift loses bits at most one bit cancels, and jamming is exact enough.
    /// </summary>
    public static ulong RoundedSum<F>(
        ref FloatingState fp, bool signX, int exponentX, UInt128 x, bool signY, int exponentY, UInt128 y, Rounding rounding, int halved = 0)
        where F : struct, IFormat
    {
        if (exponentX < exponentY || (exponentX == exponentY && x < y))
        {
            (signX, exponentX, x, signY, exponentY, y) = (signY, exponentY, y, signX, exponentX, x);
        }

        // A bit of room for the carry.
        x >>= 1;
        y = Packing.ShiftRightJam(y >> 1, exponentX - exponentY);
        UInt128 sum = signX == signY ? x + y : x - y;
        if (sum == UInt128.Zero) return Packing.ExactZero<F>(rounding);
        int zeros = (int)UInt128.LeadingZeroCount(sum);
        return Packing.Round<F>(ref fp, signX, exponentX + 1 - zeros - halved, Packing.Jam(sum << zeros), rounding);
    }

    private static bool IsInfinityByZero(in Unpacked x, in Unpacked y) => (x.IsInfinity && y.IsZero) || (x.IsZero && y.IsInfinity);

    private static ulong Step<F>(ref FloatingState fp, ulong a, ulong b, ulong infinityByZero, in Unpacked constant, int halved) where F : struct, IFormat
    {
        a ^= Values<F>.SignBit;
        Unpacked x = Unpacked.Of<F>(ref fp, a), y = Unpacked.Of<F>(ref fp, b);
        if (x.IsNaN || y.IsNaN) return NaN.Process<F>(ref fp, a, b);
        return IsInfinityByZero(x, y) ? infinityByZero : Sum<F>(ref fp, constant, x, y, halved);
    }

    private static ulong Sum<F>(ref FloatingState fp, in Unpacked c, in Unpacked x, in Unpacked y, int halved = 0) where F : struct, IFormat
    {
        bool sign = x.Sign != y.Sign;
        bool isProductInfinite = x.IsInfinity || y.IsInfinity, isProductZero = x.IsZero || y.IsZero;
        if (isProductInfinite && isProductZero) return NaN.Invalid<F>(ref fp);
        if (c.IsInfinity || isProductInfinite)
        {
            if (c.IsInfinity && isProductInfinite && c.Sign != sign) return NaN.Invalid<F>(ref fp);
            return Values<F>.Signed(c.IsInfinity ? c.Sign : sign, Values<F>.Infinity);
        }

        Rounding rounding = Fpcr.RoundingOf(fp);
        if (isProductZero)
        {
            if (c.IsZero) return c.Sign == sign ? Values<F>.Signed(sign, 0) : Packing.ExactZero<F>(rounding);
            return Packing.Round<F>(ref fp, c.Sign, c.Exponent - halved, c.Significand, rounding);
        }

        int exponent = x.Exponent + y.Exponent + 1;
        UInt128 product = (UInt128)x.Significand * y.Significand;
        if (product >> 127 == UInt128.Zero)
        {
            product <<= 1;
            exponent--;
        }

        if (c.IsZero) return Packing.Round<F>(ref fp, sign, exponent - halved, Packing.Jam(product), rounding);
        return RoundedSum<F>(ref fp, c.Sign, c.Exponent, (UInt128)c.Significand << 64, sign, exponent, product, rounding, halved);
    }
}
