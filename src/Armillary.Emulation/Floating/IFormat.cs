namespace Armillary.Emulation.Floating;

/// <summary>An interchange format (Arm ARM A1.4): a sign, an exponent and a fraction, as the low <see cref="Bits"/> bits of a word.</summary>
internal interface IFormat
{
    static abstract int Bits { get; }

    static abstract int FractionBits { get; }

    /// <summary>The exponent of the smallest normal number, which is also that of subnormal ones.</summary>
    static abstract int MinExponent { get; }

    /// <summary>FPCR's bit that flushes subnormal numbers of the format to zero.</summary>
    static abstract uint FlushBit { get; }
}

internal readonly struct Binary16 : IFormat
{
    public static int Bits => 16;

    public static int FractionBits => 10;

    public static int MinExponent => -14;

    public static uint FlushBit => Fpcr.FZ16;
}

internal readonly struct Binary32 : IFormat
{
    public static int Bits => 32;

    public static int FractionBits => 23;

    public static int MinExponent => -126;

    public static uint FlushBit => Fpcr.FZ;
}

internal readonly struct Binary64 : IFormat
{
    public static int Bits => 64;

    public static int FractionBits => 52;

    public static int MinExponent => -1022;

    public static uint FlushBit => Fpcr.FZ;
}

/// <summary>The upper half of <see cref="Binary32"/> (Arm ARM A1.4.5); BFCVT rounds to it as it does to single precision.</summary>
internal readonly struct BFloat16 : IFormat
{
    public static int Bits => 16;

    public static int FractionBits => 7;

    public static int MinExponent => -126;

    public static uint FlushBit => Fpcr.FZ;
}

/// <summary>Values of a format that have names.</summary>
internal static class Values<F> where F : struct, IFormat
{
    public static ulong SignBit => 1ul << (F.Bits - 1);

    public static ulong FractionMask => (1ul << F.FractionBits) - 1;

    public static ulong Infinity => ((1ul << (F.Bits - 1 - F.FractionBits)) - 1) << F.FractionBits;

    public static ulong MaxNormal => Infinity - 1;

    public static ulong QuietBit => 1ul << (F.FractionBits - 1);

    public static ulong DefaultNaN => Infinity | QuietBit;

    public static ulong Mask => SignBit | (SignBit - 1);

    public static ulong Signed(bool sign, ulong magnitude) => sign ? SignBit | magnitude : magnitude;

    public static bool IsNegative(ulong value) => (value & SignBit) != 0;

    public static ulong Magnitude(ulong value) => value & (SignBit - 1);

    public static bool IsNaN(ulong value) => Magnitude(value) > Infinity;

    public static bool IsSignalling(ulong value) => IsNaN(value) && (value & QuietBit) == 0;

    /// <summary>The power of two with an exponent in the range of normal numbers.</summary>
    public static ulong PowerOfTwo(int exponent) => (ulong)(exponent - F.MinExponent + 1) << F.FractionBits;
}
