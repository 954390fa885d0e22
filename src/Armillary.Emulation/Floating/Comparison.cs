using System.Runtime.CompilerServices;
using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>Comparisons, minimum and maximum (Arm ARM, FPCompare to FPMinNum).</summary>
internal static class Comparison
{
    /// <summary>NZCV of FCMP as the manual packs it, four bits.</summary>
    public const uint Equal = 6, Less = 8, Greater = 2, Unordered = 3;

    /// <summary>FPCompare.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Compare<F>(ref FloatingState fp, ulong a, ulong b, bool signalsQuiet) where F : struct, IFormat
        => HostArithmetic.Compare<F>(fp, a, b, out uint nzcv) ? nzcv : CompareWithIntegers<F>(ref fp, a, b, signalsQuiet);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint CompareWithIntegers<F>(ref FloatingState fp, ulong a, ulong b, bool signalsQuiet) where F : struct, IFormat
    {
        (a, b) = (Flushed<F>(ref fp, a), Flushed<F>(ref fp, b));
        if (Values<F>.IsNaN(a) || Values<F>.IsNaN(b))
        {
            if (signalsQuiet || Values<F>.IsSignalling(a) || Values<F>.IsSignalling(b)) fp.Status |= Fpsr.IOC;
            return Unordered;
        }

        long x = Order<F>(a), y = Order<F>(b);
        return x == y ? Equal : x < y ? Less : Greater;
    }

    /// <summary>FPCompareEQ.</summary>
    public static bool IsEqual<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat => Compare<F>(ref fp, a, b, signalsQuiet: false) == Equal;

    /// <summary>FPCompareGE.</summary>
    public static bool IsGreaterOrEqual<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
        => Compare<F>(ref fp, a, b, signalsQuiet: true) is Equal or Greater;

    /// <summary>FPCompareGT.</summary>
    public static bool IsGreater<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat => Compare<F>(ref fp, a, b, signalsQuiet: true) == Greater;

    /// <summary>FPMax.</summary>
    public static ulong Max<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat => Choose<F>(ref fp, a, b, isMax: true);

    /// <summary>FPMin.</summary>
    public static ulong Min<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat => Choose<F>(ref fp, a, b, isMax: false);

    /// <summary>FPMaxNum: one quiet NaN is as good as no operand.</summary>
    public static ulong MaxNumber<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
    {
        (a, b) = WithoutQuietNaN<F>(a, b, Values<F>.Signed(true, Values<F>.Infinity));
        return Choose<F>(ref fp, a, b, isMax: true);
    }

    /// <summary>FPMinNum.</summary>
    public static ulong MinNumber<F>(ref FloatingState fp, ulong a, ulong b) where F : struct, IFormat
    {
        (a, b) = WithoutQuietNaN<F>(a, b, Values<F>.Infinity);
        return Choose<F>(ref fp, a, b, isMax: false);
    }

    private static ulong Choose<F>(ref FloatingState fp, ulong a, ulong b, bool isMax) where F : struct, IFormat
    {
        ulong x = Flushed<F>(ref fp, a), y = Flushed<F>(ref fp, b);
        if (Values<F>.IsNaN(x) || Values<F>.IsNaN(y)) return NaN.Process<F>(ref fp, x, y);
        // -0 is below +0 here, although equal to it.
        if ((Values<F>.Magnitude(x) | Values<F>.Magnitude(y)) == 0) return isMax ? x & y : x | y;
        return Order<F>(x) > Order<F>(y) == isMax ? x : y;
    }

    private static (ulong A, ulong B) WithoutQuietNaN<F>(ulong a, ulong b, ulong neutral) where F : struct, IFormat
    {
        bool isA = IsQuiet<F>(a), isB = IsQuiet<F>(b);
        if (isA && !isB) a = neutral;
        if (isB && !isA) b = neutral;
        return (a, b);
    }

    private static bool IsQuiet<F>(ulong value) where F : struct, IFormat => Values<F>.IsNaN(value) && (value & Values<F>.QuietBit) != 0;

    // FPUnpack as far as these operations need it.
    private static ulong Flushed<F>(ref FloatingState fp, ulong value) where F : struct, IFormat
    {
        if ((fp.Control & F.FlushBit) == 0 || Values<F>.Magnitude(value) - 1 >= Values<F>.FractionMask) return value;
        if (F.Bits != 16) fp.Status |= Fpsr.IDC;
        return value & Values<F>.SignBit;
    }

    // Integers in the order of the numbers; both zeros are 0.
    private static long Order<F>(ulong value) where F : struct, IFormat
    {
        var magnitude = (long)Values<F>.Magnitude(value);
        return Values<F>.IsNegative(value) ? -magnitude : magnitude;
    }
}
