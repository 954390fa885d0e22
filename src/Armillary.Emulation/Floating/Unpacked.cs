using System.Numerics;
using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

internal enum Kind
{
    Zero,
    Finite,
    Infinity,
    QuietNaN,
    SignallingNaN,
}

/// <summary>
/// A number taken apart (Arm ARM, FPUnpack). A finite one is Significand / 2^63 * 2^Exponent, and bit 63 of its
/// significand is set.
/// </summary>
internal readonly struct Unpacked(Kind kind, bool sign, int exponent, ulong significand)
{
    public Kind Kind { get; } = kind;

    public bool Sign { get; } = sign;

    public int Exponent { get; } = exponent;

    public ulong Significand { get; } = significand;

    public bool IsNaN => Kind >= Kind.QuietNaN;

    public bool IsInfinity => Kind == Kind.Infinity;

    public bool IsZero => Kind == Kind.Zero;

    /// <summary>FPUnpack: subnormal numbers become zero as FPCR says, those of single and double precision with IDC.</summary>
    public static Unpacked Of<F>(ref FloatingState fp, ulong value) where F : struct, IFormat
    {
        if (IsSubnormal<F>(value) && (fp.Control & F.FlushBit) != 0)
        {
            if (F.Bits != 16) fp.Status |= Fpsr.IDC;
            return new(Kind.Zero, Values<F>.IsNegative(value), 0, 0);
        }

        return OfAny<F>(value);
    }

    /// <summary>FPUnpackCV, for conversions: FZ16 has no say, and in the alternative half precision all exponents are numbers.</summary>
    public static Unpacked ForConversion<F>(ref FloatingState fp, ulong value) where F : struct, IFormat
    {
        if (F.Bits != 16) return Of<F>(ref fp, value);
        ulong magnitude = Values<F>.Magnitude(value);
        if ((fp.Control & Fpcr.AHP) == 0 || magnitude < Values<F>.Infinity) return OfAny<F>(value);
        return Normal<F>(Values<F>.IsNegative(value), magnitude);
    }

    /// <summary>The value as it is, whatever FPCR says.</summary>
    public static Unpacked OfAny<F>(ulong value) where F : struct, IFormat
    {
        bool sign = Values<F>.IsNegative(value);
        ulong magnitude = Values<F>.Magnitude(value);
        if (magnitude >= Values<F>.Infinity)
        {
            Kind kind = magnitude == Values<F>.Infinity ? Kind.Infinity
                : (magnitude & Values<F>.QuietBit) != 0 ? Kind.QuietNaN : Kind.SignallingNaN;
            return new(kind, sign, 0, 0);
        }

        if (magnitude > Values<F>.FractionMask) return Normal<F>(sign, magnitude);
        if (magnitude == 0) return new(Kind.Zero, sign, 0, 0);
        int zeros = BitOperations.LeadingZeroCount(magnitude);
        return new(Kind.Finite, sign, F.MinExponent + 63 - F.FractionBits - zeros, magnitude << zeros);
    }

    private static bool IsSubnormal<F>(ulong value) where F : struct, IFormat => Values<F>.Magnitude(value) - 1 < Values<F>.FractionMask;

    private static Unpacked Normal<F>(bool sign, ulong magnitude) where F : struct, IFormat
    {
        int exponent = (int)(magnitude >> F.FractionBits) - 1 + F.MinExponent;
        return new(Kind.Finite, sign, exponent, (magnitude << (63 - F.FractionBits)) | (1ul << 63));
    }
}
