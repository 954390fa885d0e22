using System.Numerics;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Instructions;

/// <summary>Fields of instruction words.</summary>
internal static class Bits
{
    /// <summary>Bits high:low.</summary>
    public static uint Field(uint word, int high, int low) => (word >> low) & (uint)((1ul << (high - low + 1)) - 1);

    /// <summary>Bits high:low, sign-extended.</summary>
    public static long SignedField(uint word, int high, int low) => (long)((ulong)Field(word, high, low) << (63 - high + low)) >> (63 - high + low);

    /// <summary>The condition in bits 15:12; NV, which also means always, as AL (Arm ARM C1.2.4).</summary>
    public static byte Condition(uint word) => (byte)Math.Min(Field(word, 15, 12), 14);

    /// <summary>The shift amount imm6 of a shifted-register form; reserved from 32 on in the 32-bit form.</summary>
    public static bool DecodeShiftAmount(uint word, ref Operands o)
    {
        o.Aux = (int)Field(word, 15, 10);
        return o.Is64 || o.Aux < 32;
    }

    /// <summary>DecodeBitMasks of the Arm ARM for a logical immediate: N, immr, imms.</summary>
    public static bool TryDecodeBitmask(uint word, bool is64, out ulong mask)
    {
        uint n = Field(word, 22, 22), immr = Field(word, 21, 16), imms = Field(word, 15, 10);
        mask = 0;
        int length = 31 - BitOperations.LeadingZeroCount((n << 6) | (~imms & 0x3f));
        if (length < 1 || (n == 1 && !is64)) return false;
        int size = 1 << length;
        uint levels = (uint)size - 1;
        if ((imms & levels) == levels) return false;
        ulong ones = (1ul << (int)((imms & levels) + 1)) - 1;
        int rotation = (int)(immr & levels);
        ulong element = rotation == 0 ? ones : (ones >> rotation) | (ones << (size - rotation));
        if (size < 64) element &= (1ul << size) - 1;
        for (int at = 0; at < 64; at += size) mask |= element << at;
        if (!is64) mask &= 0xffff_ffff;
        return true;
    }
}
