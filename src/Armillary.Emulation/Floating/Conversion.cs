using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>Conversions between formats (Arm ARM, FPConvert, FPConvertBF).</summary>
internal static class Conversion
{
    /// <summary>FPConvert with FPCR's rounding mode.</summary>
    public static ulong Convert<TTo, TFrom>(ref FloatingState fp, ulong a) where TTo : struct, IFormat where TFrom : struct, IFormat
        => Convert<TTo, TFrom>(ref fp, a, Fpcr.RoundingOf(fp));

    /// <summary>FPConvert.</summary>
    public static ulong Convert<TTo, TFrom>(ref FloatingState fp, ulong a, Rounding rounding) where TTo : struct, IFormat where TFrom : struct, IFormat
    {
        Unpacked x = Unpacked.ForConversion<TFrom>(ref fp, a);
        bool isAlternative = typeof(TTo) == typeof(Binary16) && (fp.Control & Fpcr.AHP) != 0;
        if (x.IsNaN)
        {
            if (x.Kind == Kind.SignallingNaN || isAlternative) fp.Status |= Fpsr.IOC;
            if (isAlternative) return Values<TTo>.Signed(x.Sign, 0);
            return Fpcr.IsDefaultNaN(fp) ? Values<TTo>.DefaultNaN : NaN.Convert<TTo, TFrom>(a);
        }

        if (x.IsInfinity)
        {
            // The alternative half precision has no infinity: the largest number stands for it.
            if (!isAlternative) return Values<TTo>.Signed(x.Sign, Values<TTo>.Infinity);
            fp.Status |= Fpsr.IOC;
            return Values<TTo>.Signed(x.Sign, Values<TTo>.SignBit - 1);
        }

        if (x.IsZero) return Values<TTo>.Signed(x.Sign, 0);
        return Packing.RoundConversion<TTo>(ref fp, x.Sign, x.Exponent, x.Significand, rounding);
    }
}
