using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>Loads and stores of one register (Arm ARM C4.1.91).</summary>
internal static class LoadStore
{
    private const string Offset = "[{n}{offset}]", Pre = "[{n}, #{imm:d}]!", Post = "[{n}], #{imm:d}", Index = "[{n}, {index}]";

    public static Row[] UnsignedImmediate() =>
    [
        .. Rows<UnsignedOffset>("01", "iiiiiiiiiiii", "", Offset, "(unsigned offset)"),
        new RowOf<Nop> { Pattern = "1111100110iiiiiiiiiiiiNNNNNkkkkk", Name = "PRFM (immediate)", Text = "prfm {prefetch}, [{n}{offset8}]" },
    ];

    public static Row[] UnscaledImmediate() =>
    [
        .. Rows<Unscaled>("00", "0iiiiiiiii00", "u", Offset, "(unscaled)"),
        new RowOf<Nop> { Pattern = "11111000100iiiiiiiii00NNNNNkkkkk", Name = "PRFUM", Text = "prfum {prefetch}, [{n}{offset9}]" },
    ];

    public static Row[] PostIndexed() => Rows<PostIndex>("00", "0iiiiiiiii01", "", Post, "(post-index)");

    public static Row[] PreIndexed() => Rows<PreIndex>("00", "0iiiiiiiii11", "", Pre, "(pre-index)");

    // option is 010 UXTW, 011 LSL, 110 SXTW, 111 SXTX; the others are reserved.
    public static Row[] RegisterIndexed() =>
    [
        .. Rows<UxtwOffset>("00", "1mmmmm010h10", "", Index, "(register, UXTW)"),
        .. Rows<RegisterOffset>("00", "1mmmmm011h10", "", Index, "(register, LSL)"),
        .. Rows<SxtwOffset>("00", "1mmmmm110h10", "", Index, "(register, SXTW)"),
        .. Rows<RegisterOffset>("00", "1mmmmm111h10", "", Index, "(register, SXTX)"),
        new RowOf<Nop> { Pattern = "11111000101mmmmmk1kh10NNNNNkkkkk", Name = "PRFM (register)", Text = "prfm {prefetch}, [{n}, {index}]" },
    ];

    public static Row[] Unprivileged() =>
    [
        new RowOf<StoreUnprivileged<U8>> { Pattern = "00111000000iiiiiiiii10NNNNNttttt", Name = "STTRB", Text = "sttrb {wt}, [{n}{offset}]" },
        new RowOf<LoadUnprivileged<U8>> { Pattern = "00111000010iiiiiiiii10NNNNNddddd", Name = "LDTRB", Text = "ldtrb {wd}, [{n}{offset}]" },
        new RowOf<LoadUnprivileged<S8>> { Pattern = "00111000100iiiiiiiii10NNNNNddddd", Name = "LDTRSB, 64 bits", Text = "ldtrsb {d}, [{n}{offset}]" },
        new RowOf<LoadUnprivileged<S8>> { Pattern = "00111000110iiiiiiiii10NNNNNddddd", Name = "LDTRSB, 32 bits", Is64 = false, Text = "ldtrsb {d}, [{n}{offset}]" },
        new RowOf<StoreUnprivileged<U16>> { Pattern = "01111000000iiiiiiiii10NNNNNttttt", Name = "STTRH", Text = "sttrh {wt}, [{n}{offset}]" },
        new RowOf<LoadUnprivileged<U16>> { Pattern = "01111000010iiiiiiiii10NNNNNddddd", Name = "LDTRH", Text = "ldtrh {wd}, [{n}{offset}]" },
        new RowOf<LoadUnprivileged<S16>> { Pattern = "01111000100iiiiiiiii10NNNNNddddd", Name = "LDTRSH, 64 bits", Text = "ldtrsh {d}, [{n}{offset}]" },
        new RowOf<LoadUnprivileged<S16>> { Pattern = "01111000110iiiiiiiii10NNNNNddddd", Name = "LDTRSH, 32 bits", Is64 = false, Text = "ldtrsh {d}, [{n}{offset}]" },
        new RowOf<StoreUnprivileged<U32>> { Pattern = "10111000000iiiiiiiii10NNNNNttttt", Name = "STTR, 32 bits", Text = "sttr {wt}, [{n}{offset}]" },
        new RowOf<LoadUnprivileged<U32>> { Pattern = "10111000010iiiiiiiii10NNNNNddddd", Name = "LDTR, 32 bits", Text = "ldtr {wd}, [{n}{offset}]" },
        new RowOf<LoadUnprivileged<S32>> { Pattern = "10111000100iiiiiiiii10NNNNNddddd", Name = "LDTRSW", Text = "ldtrsw {d}, [{n}{offset}]" },
        new RowOf<StoreUnprivileged<U64>> { Pattern = "11111000000iiiiiiiii10NNNNNttttt", Name = "STTR, 64 bits", Text = "sttr {t}, [{n}{offset}]" },
        new RowOf<LoadUnprivileged<U64>> { Pattern = "11111000010iiiiiiiii10NNNNNddddd", Name = "LDTR, 64 bits", Text = "ldtr {d}, [{n}{offset}]" },
    ];

    public static Row[] Literal() =>
    [
        new RowOf<LoadLiteral<U32>> { Pattern = "00011000iiiiiiiiiiiiiiiiiiiddddd", Name = "LDR (literal), 32 bits", Text = "ldr {wd}, {target}" },
        new RowOf<LoadLiteral<U64>> { Pattern = "01011000iiiiiiiiiiiiiiiiiiiddddd", Name = "LDR (literal), 64 bits", Text = "ldr {d}, {target}" },
        new RowOf<LoadLiteral<S32>> { Pattern = "10011000iiiiiiiiiiiiiiiiiiiddddd", Name = "LDRSW (literal)", Text = "ldrsw {d}, {target}" },
        new RowOf<PrefetchLiteral> { Pattern = "11011000iiiiiiiiiiiiiiiiiiikkkkk", Name = "PRFM (literal)", Text = "prfm {prefetch}, {target}" },
    ];

    // The thirteen sizes and signs of one addressing mode. Narrow unsigned loads are the same in both widths.
    private static Row[] Rows<TMode>(string mode, string tail, string infix, string address, string form) where TMode : struct, IAddressing
    {
        string Pattern(string size, string opc, char register) => size + "1110" + mode + opc + tail + "NNNNN" + new string(register, 5);
        string Text(string mnemonic, string suffix, string register) => $"{mnemonic[..2]}{infix}{mnemonic[2..]}{suffix} {{{register}}}, {address}";
        return
        [
            new RowOf<Store<U8, TMode>> { Pattern = Pattern("00", "00", 't'), Name = "STRB " + form, Text = Text("str", "b", "wt") },
            new RowOf<Load<U8, TMode>> { Pattern = Pattern("00", "01", 'd'), Name = "LDRB " + form, Text = Text("ldr", "b", "wd") },
            new RowOf<Load<S8, TMode>> { Pattern = Pattern("00", "10", 'd'), Name = "LDRSB, 64 bits " + form, Text = Text("ldr", "sb", "d") },
            new RowOf<Load<S8, TMode>> { Pattern = Pattern("00", "11", 'd'), Name = "LDRSB, 32 bits " + form, Is64 = false, Text = Text("ldr", "sb", "d") },
            new RowOf<Store<U16, TMode>> { Pattern = Pattern("01", "00", 't'), Name = "STRH " + form, Text = Text("str", "h", "wt") },
            new RowOf<Load<U16, TMode>> { Pattern = Pattern("01", "01", 'd'), Name = "LDRH " + form, Text = Text("ldr", "h", "wd") },
            new RowOf<Load<S16, TMode>> { Pattern = Pattern("01", "10", 'd'), Name = "LDRSH, 64 bits " + form, Text = Text("ldr", "sh", "d") },
            new RowOf<Load<S16, TMode>> { Pattern = Pattern("01", "11", 'd'), Name = "LDRSH, 32 bits " + form, Is64 = false, Text = Text("ldr", "sh", "d") },
            new RowOf<Store<U32, TMode>> { Pattern = Pattern("10", "00", 't'), Name = "STR, 32 bits " + form, Text = Text("str", "", "wt") },
            new RowOf<Load<U32, TMode>> { Pattern = Pattern("10", "01", 'd'), Name = "LDR, 32 bits " + form, Text = Text("ldr", "", "wd") },
            new RowOf<Load<S32, TMode>> { Pattern = Pattern("10", "10", 'd'), Name = "LDRSW " + form, Text = Text("ldr", "sw", "d") },
            new RowOf<Store<U64, TMode>> { Pattern = Pattern("11", "00", 't'), Name = "STR, 64 bits " + form, Text = Text("str", "", "t") },
            new RowOf<Load<U64, TMode>> { Pattern = Pattern("11", "01", 'd'), Name = "LDR, 64 bits " + form, Text = Text("ldr", "", "d") },
        ];
    }

    // C6.2.191 and its kin
    private readonly struct Load<TSize, TMode> : IInstruction where TSize : struct, IAccess where TMode : struct, IAddressing
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            X start = m.X<X>(o.Rn), end = start + TMode.Offset<M, X>(ref m, o), at = TMode.Post ? start : end;
            if (!m.Load<TSize, T>(at, out T value)) return;
            if (TMode.WriteBack) m.SetX(o.Rn, end);
            m.SetX(o.Rd, value);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => TMode.Decode(word, TSize.Bytes, ref o);
    }

    // C6.2.377 and its kin
    private readonly struct Store<TSize, TMode> : IInstruction where TSize : struct, IAccess where TMode : struct, IAddressing
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            X start = m.X<X>(o.Rn), end = start + TMode.Offset<M, X>(ref m, o), at = TMode.Post ? start : end;
            if (!m.Store<TSize, T>(at, m.X<T>(o.Rd))) return;
            if (TMode.WriteBack) m.SetX(o.Rn, end);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => TMode.Decode(word, TSize.Bytes, ref o);
    }

    // C6.2.240
    private readonly struct LoadUnprivileged<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            if (!m.LoadUnprivileged<TSize, T>(m.X<X>(o.Rn) + m.Imm<X>(o.Imm), out T value)) return;
            m.SetX(o.Rd, value);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => Unscaled.DecodeImm9(word, ref o);
    }

    // C6.2.429
    private readonly struct StoreUnprivileged<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            m.StoreUnprivileged<TSize, T>(m.X<X>(o.Rn) + m.Imm<X>(o.Imm), m.X<T>(o.Rd));
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => Unscaled.DecodeImm9(word, ref o);
    }

    private static bool DecodeLiteral(uint word, ref Operands o)
    {
        o.Imm = (long)o.Pc + (Bits.SignedField(word, 23, 5) << 2);
        return true;
    }

    // C6.2.192
    private readonly struct LoadLiteral<TSize> : IInstruction where TSize : struct, IAccess
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.Load<TSize, T>(m.Imm<X>(o.Imm), out T value)) return;
            m.SetX(o.Rd, value);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeLiteral(word, ref o);
    }

    private readonly struct PrefetchLiteral : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeLiteral(word, ref o);
    }
}
