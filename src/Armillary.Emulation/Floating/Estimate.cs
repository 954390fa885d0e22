using System.Numerics;
using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>Estimates of reciprocals and of reciprocal square roots (Arm ARM, FPRecipEstimate to UnsignedRSqrtEstimate).</summary>
internal static class Estimate
{
    private static readonly ushort[] s_reciprocals = MakeReciprocals();
    private static readonly ushort[] s_reciprocalRoots = MakeReciprocalRoots();

    /// <summary>FPRecipEstimate (FRECPE).</summary>
    public static ulong Reciprocal<F>(ref FloatingState fp, ulong a) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a);
        if (x.IsNaN) return NaN.Process<F>(ref fp, a);
        if (x.IsInfinity) return Values<F>.Signed(x.Sign, 0);
        if (x.IsZero)
        {
            fp.Status |= Fpsr.DZC;
            return Values<F>.Signed(x.Sign, Values<F>.Infinity);
        }

        // 1 / x is too large for a number, or subnormal while those are flushed.
        if (x.Exponent < F.MinExponent - 2)
        {
            fp.Status |= Fpsr.OFC | Fpsr.IXC;
            return Packing.Overflow<F>(x.Sign, Fpcr.RoundingOf(fp));
        }

        if (x.Exponent >= -F.MinExponent && (fp.Control & F.FlushBit) != 0)
        {
            fp.Status |= Fpsr.UFC;
            return Values<F>.Signed(x.Sign, 0);
        }

        // The estimate is estimate / 256 * 2^exponent: 8 bits of fraction, fewer where the result is subnormal.
        ulong estimate = (ulong)s_reciprocals[(x.Significand >> 55) - 256] << (F.FractionBits - 8);
        int exponent = -x.Exponent - 1;
        ulong magnitude = exponent >= F.MinExponent
            ? ((ulong)(exponent - F.MinExponent) << F.FractionBits) + estimate
            : estimate >> (F.MinExponent - exponent);
        return Values<F>.Signed(x.Sign, magnitude);
    }

    /// <summary>FPRSqrtEstimate (FRSQRTE).</summary>
    public static ulong ReciprocalRoot<F>(ref FloatingState fp, ulong a) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a);
        if (x.IsNaN) return NaN.Process<F>(ref fp, a);
        if (x.IsZero)
        {
            fp.Status |= Fpsr.DZC;
            return Values<F>.Signed(x.Sign, Values<F>.Infinity);
        }

        if (x.Sign) return NaN.Invalid<F>(ref fp);
        if (x.IsInfinity) return 0;

        // x is scaled by a power of 4 to [1/4, 1): odd exponents to the upper half.
        bool isUpper = (x.Exponent & 1) != 0;
        ulong scaled = isUpper ? x.Significand >> 55 : x.Significand >> 56;
        ulong estimate = s_reciprocalRoots[scaled - 128];
        int exponent = -(x.Exponent >> 1) - 1;
        return Values<F>.PowerOfTwo(exponent) | ((estimate & 255) << (F.FractionBits - 8));
    }

    /// <summary>FPRecpX (FRECPX): a power of two with the inverted exponent.</summary>
    public static ulong ReciprocalExponent<F>(ref FloatingState fp, ulong a) where F : struct, IFormat
    {
        Unpacked x = Unpacked.Of<F>(ref fp, a);
        if (x.IsNaN) return NaN.Process<F>(ref fp, a);
        ulong exponent = a & Values<F>.Infinity;
        ulong largest = Values<F>.Infinity - (Values<F>.FractionMask + 1);
        return Values<F>.Signed(x.Sign, exponent == 0 ? largest : ~exponent & Values<F>.Infinity);
    }

    /// <summary>UnsignedRecipEstimate (URECPE): of a fraction of 32 bits.</summary>
    public static uint UnsignedReciprocal(uint a) => (int)a >= 0 ? uint.MaxValue : (uint)s_reciprocals[(a >> 23) - 256] << 23;

    /// <summary>UnsignedRSqrtEstimate (URSQRTE).</summary>
    public static uint UnsignedReciprocalRoot(uint a) => a >> 30 == 0 ? uint.MaxValue : (uint)s_reciprocalRoots[(a >> 23) - 128] << 23;

    // RecipEstimate, for 256 to 511: 2^17 / (a + 1/2), rounded; also 256 to 511.
    private static ushort[] MakeReciprocals()
    {
        var table = new ushort[256];
        for (int a = 256; a < 512; a++) table[a - 256] = (ushort)(((1 << 19) / ((2 * a) + 1) + 1) / 2);
        return table;
    }

    // RecipSqrtEstimate, for 128 to 511.
    private static ushort[] MakeReciprocalRoots()
    {
        var table = new ushort[384];
        for (int a = 128; a < 512; a++)
        {
            int scaled = a < 256 ? (2 * a) + 1 : ((a | 1) * 2);
            int b = 512;
            while (scaled * (b + 1) * (b + 1) < 1 << 28) b++;
            table[a - 128] = (ushort)((b + 1) / 2);
        }

        return table;
    }
}
