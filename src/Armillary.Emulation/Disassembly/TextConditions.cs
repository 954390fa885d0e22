using System.Collections.Frozen;

namespace Armillary.Emulation.Disassembly;

/// <summary>The named conditions under which Arm prefers an alias (Arm ARM C6.2, "Alias conditions").</summary>
internal static class TextConditions
{
    public static readonly FrozenDictionary<string, TextCondition> All = new Dictionary<string, TextCondition>
    {
        // ADD (immediate): MOV to or from SP.
        ["movsp"] = (in w) => w.Field(22, 10) == 0 && (w.D == 31 || w.N == 31),
        // ORR (immediate): MOV, unless MOVZ or MOVN can make the value, which they cannot in SP.
        ["movbitmask"] = (in w) => w.N == 31 && (w.D == 31 || !IsMoveWide((ulong)w.Operands.Imm, w.Width)),
        // ORR (shifted register): MOV.
        ["movregister"] = (in w) => w.N == 31 && w.Field(23, 22) == 0 && w.Field(15, 10) == 0,
        // MOVZ and MOVN: a shifted zero stays what it is, and so does a MOVN that MOVZ could be.
        ["movz"] = (in w) => !IsShiftedZero(w),
        ["movn"] = (in w) => !IsShiftedZero(w) && (w.Operands.Is64 || w.Field(20, 5) != 0xffff),

        // SBFM, UBFM, BFM: immr is bits 21:16, imms 15:10.
        ["asr"] = IsToTop,
        ["lsr"] = IsToTop,
        ["lsl"] = (in w) => w.Field(15, 10) + 1 == w.Field(21, 16),
        ["bfiz"] = IsInsert,
        ["bfc"] = (in w) => w.N == 31 && IsInsert(w),
        ["sxtb"] = (in w) => w.Field(21, 10) == 7,
        ["sxth"] = (in w) => w.Field(21, 10) == 15,
        ["sxtw"] = (in w) => w.Field(21, 10) == 31,
        ["uxtb"] = (in w) => !w.Operands.Is64 && w.Field(21, 10) == 7,
        ["uxth"] = (in w) => !w.Operands.Is64 && w.Field(21, 10) == 15,
        // EXTR: ROR.
        ["ror"] = (in w) => w.N == w.M,

        // CSINC, CSINV, CSNEG: AL and NV have no inverse.
        ["cset"] = (in w) => w.N == 31 && IsInvertible(w),
        ["cinc"] = (in w) => w.N != 31 && IsInvertible(w),
        ["cneg"] = IsInvertible,

        // LDADD and its kin: the result is dropped, and there is no acquire.
        ["stform"] = (in w) => w.D == 31 && w.Field(23, 23) == 0,
    }.ToFrozenDictionary();

    private static bool IsToTop(in DecodedWord w) => w.Field(15, 10) == w.Width - 1;

    private static bool IsInsert(in DecodedWord w) => w.Field(15, 10) < w.Field(21, 16);

    private static bool IsInvertible(in DecodedWord w) => w.N == w.M && w.Field(15, 12) < 14;

    private static bool IsShiftedZero(in DecodedWord w) => w.Field(20, 5) == 0 && w.Field(22, 21) != 0;

    // MoveWidePreferred (Arm ARM J1.1.3): the value or its complement has one 16-bit piece that is not 0.
    private static bool IsMoveWide(ulong value, int width) => IsOnePiece(value) || IsOnePiece(~value & (ulong.MaxValue >> (64 - width)));

    private static bool IsOnePiece(ulong value)
    {
        for (int at = 0; at < 64; at += 16)
        {
            if ((value & ~(0xffffUL << at)) == 0) return true;
        }

        return false;
    }
}
