using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Armillary.Emulation.Instructions;

namespace Armillary.Emulation.Disassembly;

/// <summary>The named placeholders of <see cref="TextTemplate"/>, and how numbers and registers are spelled.</summary>
internal static class TextPieces
{
    private static readonly string[] s_shifts = ["lsl", "lsr", "asr", "ror"];
    private static readonly string[] s_extensions = ["uxtb", "uxth", "uxtw", "uxtx", "sxtb", "sxth", "sxtw", "sxtx"];
    private static readonly string[] s_unprivileged = ["", "wt", "rt", "t"], s_nonTemporal = ["", "wn", "rn", "n"];
    private static readonly string[] s_prefetchTypes = ["pld", "pli", "pst"];

    /// <summary>Numbers that are no field of the pattern.</summary>
    public static readonly FrozenDictionary<string, TextNumber> Numbers = new Dictionary<string, TextNumber>
    {
        ["imm"] = (in w) => w.Operands.Imm,
        ["option"] = (in w) => w.Operands.Option,
        ["aux"] = (in w) => w.Operands.Aux,
        // MOVI and its kin: abcdefgh.
        ["imm8"] = (in w) => (w.Field(18, 16) << 5) | w.Field(9, 5),
        // TBZ: b5:b40.
        ["bit"] = (in w) => (w.Field(31, 31) << 5) | w.Field(23, 19),
        // SBFIZ and its kin: where the field goes, and how many bits it has; immr is bits 21:16, imms 15:10.
        ["lsb"] = (in w) => (w.Width - w.Field(21, 16)) & (w.Width - 1),
        ["width"] = (in w) => w.Field(15, 10) + 1 - (w.Field(15, 10) < w.Field(21, 16) ? 0 : w.Field(21, 16)),
    }.ToFrozenDictionary();

    /// <summary>Everything else.</summary>
    public static readonly FrozenDictionary<string, TextPiece> All = new Dictionary<string, TextPiece>
    {
        ["target"] = (text, in w) => text.AppendHex((ulong)w.Operands.Imm),
        ["lsl12"] = (text, in w) => text.Append(w.Field(22, 22) != 0 ? ", lsl #12" : ""),
        ["lsl16"] = (text, in w) => AppendAmount(text, ", lsl", w.Field(22, 21) * 16),
        ["lslword"] = (text, in w) => AppendAmount(text, ", lsl", 8 * (w.Field(15, 15) == 0 ? w.Field(14, 13) : w.Field(13, 13))),
        ["msl"] = (text, in w) => AppendAmount(text, ", msl", 8u << (int)w.Field(12, 12)),
        ["vectorfloat"] = (text, in w) => AppendFloat(text, (w.Field(18, 16) << 5) | w.Field(9, 5)),
        ["scalarfloat"] = (text, in w) => AppendFloat(text, w.Field(20, 13)),
        ["shift"] = AppendShift,
        ["extended"] = AppendExtended,
        ["index"] = AppendIndex,
        ["offset"] = (text, in w) => AppendOffset(text, w.Operands.Imm),
        ["offset8"] = (text, in w) => AppendOffset(text, w.Field(21, 10) * 8),
        ["offset9"] = (text, in w) => AppendOffset(text, Bits.SignedField(w.Word, 20, 12)),
        ["cond"] = (text, in w) => text.Append(Branches.ConditionNames[w.Field(15, 12)]),
        ["invcond"] = (text, in w) => text.Append(Branches.ConditionNames[w.Field(15, 12) ^ 1]),
        ["prefetch"] = AppendPrefetch,
        // CPY and its kin, bits 15:12: which accesses are non-temporal, and which unprivileged.
        ["copyoptions"] = (text, in w) => text.Append(s_unprivileged[w.Field(13, 12)]).Append(s_nonTemporal[w.Field(15, 14)]),
        ["hint"] = SystemText.AppendHint,
        ["barrier"] = SystemText.AppendBarrier,
        ["dsb"] = SystemText.AppendDsb,
        ["sysreg"] = SystemText.AppendRegister,
        ["sys"] = SystemText.AppendSys,
        ["sysl"] = SystemText.AppendSysl,
        ["word"] = (text, in w) => text.Append(CultureInfo.InvariantCulture, $"0x{w.Word:x8}"),
    }.ToFrozenDictionary();

    public static void AppendDecimal(this StringBuilder text, long value) => text.Append(CultureInfo.InvariantCulture, $"{value}");

    public static void AppendHex(this StringBuilder text, ulong value) => text.Append(CultureInfo.InvariantCulture, $"0x{value:x}");

    public static void AppendRegister(this StringBuilder text, int number, bool is64, bool isStack)
    {
        if (number < 31) text.Append(is64 ? 'x' : 'w').AppendDecimal(number);
        else if (isStack) text.Append(is64 ? "sp" : "wsp");
        else text.Append(is64 ? "xzr" : "wzr");
    }

    // VFPExpandImm: sign, three bits of exponent of which the first is inverted, four of fraction.
    private static void AppendFloat(StringBuilder text, uint imm8)
    {
        double value = Math.ScaleB(16 + (imm8 & 15), (int)(((imm8 >> 4) & 7) ^ 4) - 3 - 4);
        text.Append((imm8 & 128) != 0 ? "-" : "").Append(value.ToString("0.000000000000000000e+00", CultureInfo.InvariantCulture));
    }

    private static void AppendOffset(StringBuilder text, long offset)
    {
        if (offset != 0) text.Append(", #").AppendDecimal(offset);
    }

    private static void AppendAmount(StringBuilder text, string what, uint amount)
    {
        if (amount != 0) text.Append(what).Append(" #").AppendDecimal(amount);
    }

    private static void AppendShift(StringBuilder text, in DecodedWord w)
    {
        uint kind = w.Field(23, 22), amount = w.Field(15, 10);
        if (kind != 0 || amount != 0) text.Append(", ").Append(s_shifts[kind]).Append(" #").AppendDecimal(amount);
    }

    // UXTW and UXTX are LSL where the other operands can be the stack pointer and one of them is (C6.2.3).
    private static void AppendExtended(StringBuilder text, in DecodedWord w)
    {
        uint option = w.Field(15, 13), amount = w.Field(12, 10);
        text.AppendRegister((int)w.M, is64: (option & 3) == 3 && w.Operands.Is64, isStack: false);
        bool setsFlags = w.Field(29, 29) != 0, hasStack = w.N == 31 || (w.D == 31 && !setsFlags);
        if (hasStack && option == (w.Operands.Is64 ? 3 : 2)) AppendAmount(text, ", lsl", amount);
        else if (amount == 0) text.Append(", ").Append(s_extensions[option]);
        else AppendAmount(text, ", " + s_extensions[option], amount);
    }

    // The amount is 0 or the access size, bits 31:30 or 16 bytes for a Q register; only LSL without S is left out.
    private static void AppendIndex(StringBuilder text, in DecodedWord w)
    {
        uint option = w.Field(15, 13), size = w.Field(26, 26) != 0 && w.Field(23, 23) != 0 ? 4 : w.Field(31, 30);
        bool scaled = w.Field(12, 12) != 0;
        text.AppendRegister((int)w.M, is64: (option & 1) != 0, isStack: false);
        if (option == 3 && !scaled) return;
        text.Append(", ").Append(option == 3 ? "lsl" : s_extensions[option]);
        if (scaled) text.Append(" #").AppendDecimal(size);
    }

    // C6.2.290: type, target (cache level), policy.
    private static void AppendPrefetch(StringBuilder text, in DecodedWord w)
    {
        uint operation = w.D, type = operation >> 3, level = (operation >> 1) & 3;
        if (type == 3 || level == 3) text.Append(CultureInfo.InvariantCulture, $"#0x{operation:x2}");
        else text.Append(CultureInfo.InvariantCulture, $"{s_prefetchTypes[type]}l{level + 1}{((operation & 1) == 0 ? "keep" : "strm")}");
    }
}
