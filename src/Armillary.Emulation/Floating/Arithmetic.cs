using System.Numerics;
using System.Runtime.CompilerServices;
using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>
/// Addition, multiplication, division and square root (Arm ARM, FPAdd to FPSqrt): by the host where it is as good, else with
/// integers.
/// </summary>
internal static class Arithmetic
{
    /// <summary>FPAdd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
        => HostArithmetic.Add<F>(ref fp, a, b, out ulong result) ? result : AddWithIntegers<F>(ref fp, a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong AddWithIntegers<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a), y = Unpacked.Of<F>(ref fp, b);
        return x.IsNaN || y.IsNaN ? NaN.Process<F>(ref fp, a, b) : Sum<F>(ref fp, x, y.Sign, y);
    }

    /// <summary>FPSub.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Subtract<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
        => HostArithmetic.Add<F>(ref fp, a, b ^ Values<F>.SignBit, out ulong result) ? result : SubtractWithIntegers<F>(ref fp, a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong SubtractWithIntegers<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a), y = Unpacked.Of<F>(ref fp, b);
        return x.IsNaN || y.IsNaN ? NaN.Process<F>(ref fp, a, b) : Sum<F>(ref fp, x, !y.Sign, y);
    }

    /// <summary>FPMul.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
        => HostArithmetic.Multiply<F>(ref fp, a, b, out ulong result) ? result : MultiplyWithIntegers<F>(ref fp, a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong MultiplyWithIntegers<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a), y = Unpacked.Of<F>(ref fp, b);
        if (x.IsNaN || y.IsNaN) return NaN.Process<F>(ref fp, a, b);
        if ((x.IsInfinity && y.IsZero) || (x.IsZero && y.IsInfinity)) return NaN.Invalid<F>(ref fp);
        return Product<F>(ref fp, x, y);
    }

    /// <summary>FPMulX: infinity by zero is 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyExtended<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
        => HostArithmetic.Multiply<F>(ref fp, a, b, out ulong result) ? result : MultiplyExtendedWithIntegers<F>(ref fp, a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong MultiplyExtendedWithIntegers<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a), y = Unpacked.Of<F>(ref fp, b);
        if (x.IsNaN || y.IsNaN) return NaN.Process<F>(ref fp, a, b);
        if ((x.IsInfinity && y.IsZero) || (x.IsZero && y.IsInfinity)) return Values<F>.Signed(x.Sign != y.Sign, Values<F>.PowerOfTwo(1));
        return Product<F>(ref fp, x, y);
    }

    /// <summary>FPDiv.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Divide<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
        => HostArithmetic.Divide<F>(ref fp, a, b, out ulong result) ? result : DivideWithIntegers<F>(ref fp, a, b);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong DivideWithIntegers<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a), y = Unpacked.Of<F>(ref fp, b);
        if (x.IsNaN || y.IsNaN) return NaN.Process<F>(ref fp, a, b);
        if ((x.IsInfinity && y.IsInfinity) || (x.IsZero && y.IsZero)) return NaN.Invalid<F>(ref fp);
        bool sign = x.Sign != y.Sign;
        if (x.IsInfinity || y.IsZero)
        {
            if (!x.IsInfinity) fp.Status |= Fpsr.DZC;
            return Values<F>.Signed(sign, Values<F>.Infinity);
        }

        if (x.IsZero || y.IsInfinity) return Values<F>.Signed(sign, 0);

        // The quotient of significands lies between 1/2 and 2.
        int exponent = x.Exponent - y.Exponent;
        UInt128 dividend = (UInt128)x.Significand << 63;
        var quotient = (ulong)(dividend / y.Significand);
        bool isExact = quotient * (UInt128)y.Significand == dividend;
        if ((long)quotient >= 0)
        {
            quotient <<= 1;
            exponent--;
        }

        return Packing.Round<F>(ref fp, sign, exponent, quotient | (isExact ? 0ul : 1), Fpcr.RoundingOf(fp));
    }

    /// <summary>FPSqrt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SquareRoot<F>(ref FloatingState fp, ulong a) where F : struct, IFormat
        => HostArithmetic.SquareRoot<F>(ref fp, a, out ulong result) ? result : SquareRootWithIntegers<F>(ref fp, a);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong SquareRootWithIntegers<F>(ref FloatingState fp, ulong a) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a);
        if (x.IsNaN) return NaN.Process<F>(ref fp, a);
        if (x.IsZero) return Values<F>.Signed(x.Sign, 0);
        if (x.Sign) return NaN.Invalid<F>(ref fp);
        if (x.IsInfinity) return Values<F>.Infinity;

        // value = radicand / 2^126 * 4^(exponent / 2) with the radicand between 2^126 and 2^128: its root has 64 bits.
        UInt128 radicand = (UInt128)x.Significand << (63 + (x.Exponent & 1));
        ulong root = IntegerRoot(radicand);
        bool isExact = (UInt128)root * root == radicand;
        return Packing.Round<F>(ref fp, sign: false, x.Exponent >> 1, root | (isExact ? 0ul : 1), Fpcr.RoundingOf(fp));
    }

    /// <summary>The largest integer whose square is not above a number of 127 or 128 bits.</summary>
    private static ulong IntegerRoot(UInt128 radicand)
    {
        // Newton's step from above never falls below the root, and ends when it no longer falls.
        var estimate = new UInt128(1, 0);
        double guess = Math.Ceiling(Math.Sqrt((double)radicand) * (1 + 1e-15));
        if (guess < 18446744073709551616.0) estimate = (UInt128)guess;
        while (true)
        {
            UInt128 next = (estimate + (radicand / estimate)) >> 1;
            if (next >= estimate) return (ulong)estimate;
            estimate = next;
        }
    }

    private static ulong Sum<F>(ref FloatingState fp, in Unpacked x, bool signOfY, in Unpacked y) where F : struct, IFormat
    {
        if (x.IsInfinity || y.IsInfinity)
        {
            if (x.IsInfinity && y.IsInfinity && x.Sign != signOfY) return NaN.Invalid<F>(ref fp);
            return Values<F>.Signed(x.IsInfinity ? x.Sign : signOfY, Values<F>.Infinity);
        }

        Rounding rounding = Fpcr.RoundingOf(fp);
        if (x.IsZero && y.IsZero) return x.Sign == signOfY ? Values<F>.Signed(x.Sign, 0) : Packing.ExactZero<F>(rounding);
        if (y.IsZero) return Packing.Round<F>(ref fp, x.Sign, x.Exponent, x.Significand, rounding);
        if (x.IsZero) return Packing.Round<F>(ref fp, signOfY, y.Exponent, y.Significand, rounding);
        return FusedMultiply.RoundedSum<F>(
            ref fp, x.Sign, x.Exponent, (UInt128)x.Significand << 64, signOfY, y.Exponent, (UInt128)y.Significand << 64, rounding);
    }

    private static ulong Product<F>(ref FloatingState fp, in Unpacked x, in Unpacked y) where F : struct, IFormat
    {
        bool sign = x.Sign != y.Sign;
        if (x.IsInfinity || y.IsInfinity) return Values<F>.Signed(sign, Values<F>.Infinity);
        if (x.IsZero || y.IsZero) return Values<F>.Signed(sign, 0);
        ulong high = Math.BigMul(x.Significand, y.Significand, out ulong low);
        int exponent = x.Exponent + y.Exponent + 1, zeros = BitOperations.LeadingZeroCount(high);
        ulong significand = Packing.Jam(new UInt128(high, low) << zeros);
        return Packing.Round<F>(ref fp, sign, exponent - zeros, significand, Fpcr.RoundingOf(fp));
    }
}
