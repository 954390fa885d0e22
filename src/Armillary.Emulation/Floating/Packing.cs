using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>Rounds exact results to a format (Arm ARM, FPRoundBase). Tininess is detected before rounding.</summary>
/// <remarks>
/// A result is significand / 2^63 * 2^exponent with bit 63 of the significand set. What does not fit into 64 bits is
/// "jammed": bit 0 is set if anything below it is not zero. No format keeps more than 53 bits, so that is as good as all.
/// </remarks>
internal static class Packing
{
    /// <summary>FPRound.</summary>
    public static ulong Round<F>(ref FloatingState fp, bool sign, int exponent, ulong significand, Rounding rounding) where F : struct, IFormat
        => Round<F>(ref fp, sign, exponent, significand, rounding, (fp.Control & F.FlushBit) != 0, isAlternative: false);

    /// <summary>FPRoundCV: FZ16 has no say, and AHP chooses the alternative half precision.</summary>
    public static ulong RoundConversion<F>(ref FloatingState fp, bool sign, int exponent, ulong significand, Rounding rounding) where F : struct, IFormat
    {
        bool isHalf = typeof(F) == typeof(Binary16);
        return Round<F>(ref fp, sign, exponent, significand, rounding, !isHalf && (fp.Control & F.FlushBit) != 0, isHalf && (fp.Control & Fpcr.AHP) != 0);
    }

    /// <summary>The sum or difference that came out as zero: its sign is negative only when rounding down.</summary>
    public static ulong ExactZero<F>(Rounding rounding) where F : struct, IFormat => Values<F>.Signed(rounding == Rounding.MinusInfinity, 0);

    /// <summary>Shifts right and keeps in bit 0 whether anything was lost.</summary>
    public static ulong ShiftRightJam(ulong value, int amount)
    {
        if (amount == 0) return value;
        if (amount >= 64) return value != 0 ? 1ul : 0;
        return (value >> amount) | (value << (64 - amount) != 0 ? 1ul : 0);
    }

    /// <inheritdoc cref="ShiftRightJam(ulong, int)"/>
    public static UInt128 ShiftRightJam(UInt128 value, int amount)
    {
        if (amount == 0) return value;
        if (amount >= 128) return value != UInt128.Zero ? UInt128.One : UInt128.Zero;
        return (value >> amount) | (value << (128 - amount) != UInt128.Zero ? UInt128.One : UInt128.Zero);
    }

    /// <summary>The upper half, with the lower half jammed into it.</summary>
    public static ulong Jam(UInt128 value) => (ulong)(value >> 64) | ((ulong)value != 0 ? 1ul : 0);

    /// <summary>True if a magnitude of whole units and what lies beside them (unit is 2 * half) is to be rounded up.</summary>
    public static bool RoundsUp(Rounding rounding, bool sign, bool isOdd, ulong rest, ulong half) => rounding switch
    {
        Rounding.TieEven => rest > half || (rest == half && isOdd),
        Rounding.TieAway => rest >= half,
        Rounding.PlusInfinity => rest != 0 && !sign,
        Rounding.MinusInfinity => rest != 0 && sign,
        _ => false,
    };

    /// <summary>The result where a number is too large: infinity, or the largest number if rounding leads there.</summary>
    public static ulong Overflow<F>(bool sign, Rounding rounding) where F : struct, IFormat
    {
        bool toInfinity = rounding switch
        {
            Rounding.TieEven or Rounding.TieAway => true,
            Rounding.PlusInfinity => !sign,
            Rounding.MinusInfinity => sign,
            _ => false,
        };
        return Values<F>.Signed(sign, toInfinity ? Values<F>.Infinity : Values<F>.MaxNormal);
    }

    private static ulong Round<F>(ref FloatingState fp, bool sign, int exponent, ulong significand, Rounding rounding, bool flush, bool isAlternative)
        where F : struct, IFormat
    {
        bool isTiny = exponent < F.MinExponent;
        if (isTiny)
        {
            if (flush)
            {
                fp.Status |= Fpsr.UFC;
                return Values<F>.Signed(sign, 0);
            }

            significand = ShiftRightJam(significand, F.MinExponent - exponent);
        }

        int dropped = 63 - F.FractionBits;
        ulong rest = significand & ((1ul << dropped) - 1), kept = significand >> dropped;
        if (isTiny && rest != 0) fp.Status |= Fpsr.UFC;
        if (RoundsUp(rounding, sign, (kept & 1) != 0, rest, 1ul << (dropped - 1))) kept++;
        if (rounding == Rounding.Odd && rest != 0) kept |= 1;

        // The leading 1 of kept counts as one in the exponent, and a carry out of the fraction as another.
        ulong magnitude = isTiny ? kept : ((ulong)(exponent - F.MinExponent) << F.FractionBits) + kept;
        if (isAlternative)
        {
            if (magnitude >= Values<F>.SignBit)
            {
                fp.Status |= Fpsr.IOC;
                return Values<F>.Mask >> (sign ? 0 : 1);
            }
        }
        else if (magnitude >= Values<F>.Infinity)
        {
            fp.Status |= Fpsr.OFC | Fpsr.IXC;
            return Overflow<F>(sign, rounding);
        }

        if (rest != 0) fp.Status |= Fpsr.IXC;
        return Values<F>.Signed(sign, magnitude);
    }
}
