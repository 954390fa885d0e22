using System.Numerics;

namespace Armillary.Arm64;

/// <summary>
/// Immediates of the logical instructions (Arm ARM C3.4.2 and DecodeBitMasks): an element of 2, 4, 8, 16, 32 or 64 bits,
/// repeated, that is a run of ones rotated. 5334 values of 64 bits and 1302 of 32 have an encoding.
/// </summary>
internal static class BitmaskImmediate
{
    /// <summary>Encodes a value as N:immr:imms, 13 bits.</summary>
    /// <param name="value">The value; for 32 bits its upper half must be 0.</param>
    /// <param name="width">32 or 64.</param>
    /// <param name="encoding">The 13 bits.</param>
    public static bool TryEncode(ulong value, int width, out uint encoding)
    {
        encoding = 0;
        if (width == 32)
        {
            if (value > uint.MaxValue) return false;
            value |= value << 32;
        }

        if (value is 0 or ulong.MaxValue) return false;

        int size = 64;
        while (size > 2 && IsRepeated(value, size / 2)) size /= 2;

        ulong element = value & Ones(size);
        int ones = BitOperations.PopCount(element);
        // Rotating left by this brings the run of ones to bit 0; a run that wraps starts after its zeros.
        int start = (element & 1) == 0
            ? BitOperations.TrailingZeroCount(element)
            : (size - (BitOperations.LeadingZeroCount(~(element << (64 - size))))) % size;
        ulong run = start == 0 ? element : ((element >> start) | (element << (size - start))) & Ones(size);
        if (run != Ones(ones)) return false;

        uint immr = (uint)((size - start) % size);
        uint imms = (~((uint)size * 2 - 1) & 0x3f) | (uint)(ones - 1);
        encoding = (size == 64 ? 1u << 12 : 0) | (immr << 6) | imms;
        return true;
    }

    private static bool IsRepeated(ulong value, int size) => ((value ^ (value >> size)) & Ones(size)) == 0;

    private static ulong Ones(int count) => ulong.MaxValue >> (64 - count);
}
