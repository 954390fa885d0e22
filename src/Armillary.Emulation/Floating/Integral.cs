using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>Rounding to integral numbers, integers and fixed point (Arm ARM, FPRoundInt to FPToFixedJS).</summary>
internal static class Integral
{
    /// <summary>FPRoundInt; <paramref name="isExact"/> is whether IXC is set (FRINTX).</summary>
    public static ulong Round<F>(ref FloatingState fp, ulong a, Rounding rounding, bool isExact) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a);
        if (x.IsNaN) return NaN.Process<F>(ref fp, a);
        if (x.IsInfinity) return a;
        if (x.IsZero) return Values<F>.Signed(x.Sign, 0);
        if (x.Exponent >= F.FractionBits) return a;
        ulong integer = ToInteger(x, 0, rounding, out bool isInexact);
        if (isInexact && isExact) fp.Status |= Fpsr.IXC;
        return OfInteger<F>(x.Sign, integer);
    }

    /// <summary>FPRoundIntN (FRINT32, FRINT64): what does not fit into a signed integer of that size is the most negative one.</summary>
    public static ulong RoundToSize<F>(ref FloatingState fp, ulong a, Rounding rounding, int size) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a);
        if (x.IsZero) return Values<F>.Signed(x.Sign, 0);
        bool isInexact = false;
        ulong integer = x.IsNaN || x.IsInfinity || x.Exponent >= size ? ulong.MaxValue : ToInteger(x, 0, rounding, out isInexact);
        if (integer > (1ul << (size - 1)) - (x.Sign ? 0ul : 1))
        {
            fp.Status |= Fpsr.IOC;
            return Values<F>.Signed(true, Values<F>.PowerOfTwo(size - 1));
        }

        if (isInexact) fp.Status |= Fpsr.IXC;
        return OfInteger<F>(x.Sign, integer);
    }

    /// <summary>FPToFixed: a * 2^fractionBits as an integer of <paramref name="size"/> bits, saturated; NaN is 0.</summary>
    public static ulong ToFixed<F>(ref FloatingState fp, ulong a, int fractionBits, int size, bool isUnsigned, Rounding rounding) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a);
        if (x.IsNaN)
        {
            fp.Status |= Fpsr.IOC;
            return 0;
        }

        if (x.IsZero) return 0;
        ulong limit = isUnsigned ? x.Sign ? 0 : ulong.MaxValue >> (64 - size) : (1ul << (size - 1)) - (x.Sign ? 0ul : 1);
        bool isInexact = false;
        bool isTooLarge = x.IsInfinity || x.Exponent + fractionBits >= 64;
        ulong integer = isTooLarge ? limit : ToInteger(x, fractionBits, rounding, out isInexact);
        if (isTooLarge || integer > limit) fp.Status |= Fpsr.IOC;
        else if (isInexact) fp.Status |= Fpsr.IXC;
        integer = Math.Min(integer, limit);
        return (x.Sign ? 0 - integer : integer) & (ulong.MaxValue >> (64 - size));
    }

    /// <summary>FixedToFP: an integer of <paramref name="size"/> bits / 2^fractionBits.</summary>
    public static ulong OfFixed<F>(ref FloatingState fp, ulong value, int fractionBits, int size, bool isUnsigned) where F : struct, IFormat
    {
        long signed = (long)(value << (64 - size)) >> (64 - size);
        bool sign = !isUnsigned && signed < 0;
        ulong magnitude = sign ? 0 - (ulong)signed : isUnsigned ? value & (ulong.MaxValue >> (64 - size)) : (ulong)signed;
        if (magnitude == 0) return 0;
        int zeros = System.Numerics.BitOperations.LeadingZeroCount(magnitude);
        return Packing.Round<F>(ref fp, sign, 63 - zeros - fractionBits, magnitude << zeros, Fpcr.RoundingOf(fp));
    }

    /// <summary>FPToFixedJS (FJCVTZS): truncated modulo 2^32, and whether the result is the number.</summary>
    public static uint ToJavaScript(ref FloatingState fp, ulong a, out bool isSame)
    {
        Unpacked x = Unpacked.Of<Binary64>(ref fp, a);
        isSame = a == 0;
        if (x.IsZero) return 0;
        if (x.IsNaN || x.IsInfinity)
        {
            fp.Status |= Fpsr.IOC;
            return 0;
        }

        bool isInexact = false;
        ulong low = 0;
        if (x.Exponent < 64) low = ToInteger(x, 0, Rounding.Zero, out isInexact);
        else if (x.Exponent < 96) low = x.Significand << (x.Exponent - 63);
        bool isOutside = x.Exponent >= 64 || low > (1ul << 31) - (x.Sign ? 0ul : 1);
        if (isOutside) fp.Status |= Fpsr.IOC;
        else if (isInexact) fp.Status |= Fpsr.IXC;
        isSame = !isOutside && !isInexact;
        return (uint)(x.Sign ? 0 - low : low);
    }

    // The magnitude of x * 2^scale, whose exponent is below 64, rounded; 2^64 itself cannot come out of 53 bits.
    private static ulong ToInteger(in Unpacked x, int scale, Rounding rounding, out bool isInexact)
    {
        int drop = 63 - (x.Exponent + scale);
        ulong kept, rest;
        if (drop == 0)
        {
            (kept, rest) = (x.Significand, 0);
        }
        else if (drop < 64)
        {
            (kept, rest) = (x.Significand >> drop, x.Significand << (64 - drop));
        }
        else
        {
            (kept, rest) = (0, Packing.ShiftRightJam(x.Significand, drop - 64));
        }

        isInexact = rest != 0;
        return Packing.RoundsUp(rounding, x.Sign, (kept & 1) != 0, rest, 1ul << 63) ? kept + 1 : kept;
    }

    // The integer is exact in the format.
    private static ulong OfInteger<F>(bool sign, ulong integer) where F : struct, IFormat
    {
        if (integer == 0) return Values<F>.Signed(sign, 0);
        int exponent = System.Numerics.BitOperations.Log2(integer);
        ulong fraction = integer << (63 - exponent) << 1 >> (64 - F.FractionBits);
        return Values<F>.Signed(sign, Values<F>.PowerOfTwo(exponent) | fraction);
    }
}
