using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>What becomes of NaN operands (Arm ARM, FPProcessNaN and its kin).</summary>
internal static class NaN
{
    /// <summary>The result of an invalid operation on numbers.</summary>
    public static ulong Invalid<F>(ref FloatingState fp) where F : struct, IFormat
    {
        fp.Status |= Fpsr.IOC;
        return Values<F>.DefaultNaN;
    }

    /// <summary>FPProcessNaN: quieted, or the default NaN.</summary>
    public static ulong Process<F>(ref FloatingState fp, ulong nan) where F : struct, IFormat
    {
        if (Values<F>.IsSignalling(nan)) fp.Status |= Fpsr.IOC;
        return Fpcr.IsDefaultNaN(fp) ? Values<F>.DefaultNaN : nan | Values<F>.QuietBit;
    }

    /// <summary>FPProcessNaNs: the first signalling one, else the first. At least one of the two is a NaN.</summary>
    public static ulong Process<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
    {
        bool takesA = Values<F>.IsSignalling(a) || (!Values<F>.IsSignalling(b) && Values<F>.IsNaN(a));
        return Process<F>(ref fp, takesA ? a : b);
    }

    /// <summary>FPProcessNaNs3: the same with three.</summary>
    public static ulong Process<F>(ref FloatingState fp, ulong a, ulong b, ulong c) where F : struct, IFormat
    {
        if (Values<F>.IsSignalling(a)) return Process<F>(ref fp, a);
        if (Values<F>.IsSignalling(b) || Values<F>.IsSignalling(c)) return Process<F>(ref fp, b, c);
        return Values<F>.IsNaN(a) ? Process<F>(ref fp, a) : Process<F>(ref fp, b, c);
    }

    /// <summary>FPConvertNaN: sign and the upper bits of the fraction, quiet.</summary>
    public static ulong Convert<TTo, TFrom>(ulong nan) where TTo : struct, IFormat where TFrom : struct, IFormat
    {
        ulong fraction = (nan & Values<TFrom>.FractionMask) << (52 - TFrom.FractionBits) >> (52 - TTo.FractionBits);
        return Values<TTo>.Signed(Values<TFrom>.IsNegative(nan), Values<TTo>.DefaultNaN | fraction);
    }
}
