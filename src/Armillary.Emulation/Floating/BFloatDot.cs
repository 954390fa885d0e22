using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>
/// Sums of products of BFloat16 numbers (Arm ARM, BFDotAdd without FEAT_EBF16). They heed neither FPCR nor FPSR: subnormal
/// numbers are zeros, NaNs are the default NaN, results are rounded to odd, and those too large are infinite.
/// </summary>
internal static class BFloatDot
{
    // The rules of rounding as a mode: flushing, and the flags that nobody reads.
    private const uint Control = Fpcr.FZ | Fpcr.DN;

    /// <summary>addend + (a0 * b0 + a1 * b1); the addend is of single precision.</summary>
    public static uint Add(uint addend, ushort a0, ushort b0, ushort a1, ushort b1)
        => Add(addend, Add(Multiply((uint)a0 << 16, (uint)b0 << 16), Multiply((uint)a1 << 16, (uint)b1 << 16)));

    // BFMul: the product of 8-bit significands is exact but for its exponent.
    private static uint Multiply(uint a, uint b)
    {
        var fp = new FloatingState { Control = Control | ((uint)Rounding.Zero << 22) };
        return Finish(Arithmetic.Multiply<Binary32>(ref fp, a, b), fp);
    }

    // BFAdd.
    private static uint Add(uint a, uint b)
    {
        var fp = new FloatingState { Control = Control | ((uint)Rounding.Zero << 22) };
        return Finish(Arithmetic.Add<Binary32>(ref fp, a, b), fp);
    }

    // Rounded to odd is rounded to zero with the last bit set if anything was lost.
    private static uint Finish(ulong truncated, in FloatingState fp)
    {
        if ((fp.Status & Fpsr.OFC) != 0) return (uint)(truncated + 1);
        return (uint)truncated | ((fp.Status & Fpsr.IXC) != 0 ? 1u : 0);
    }
}
