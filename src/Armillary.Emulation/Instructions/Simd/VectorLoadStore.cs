using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>Loads and stores of one and two vector registers (Arm ARM C4.1.91, V = 1).</summary>
internal static class VectorLoadStore
{
    public static Row[] Single() =>
    [
        .. Mode<UnsignedOffset>("01", "iiiiiiiiiiii", "", "[{n}{offset}]", "(unsigned offset)"),
        .. Mode<Unscaled>("00", "0iiiiiiiii00", "u", "[{n}{offset}]", "(unscaled)"),
        .. Mode<PostIndex>("00", "0iiiiiiiii01", "", "[{n}], #{imm:d}", "(post-index)"),
        .. Mode<PreIndex>("00", "0iiiiiiiii11", "", "[{n}, #{imm:d}]!", "(pre-index)"),
        .. Mode<UxtwOffset>("00", "1mmmmm010h10", "", "[{n}, {index}]", "(register, UXTW)"),
        .. Mode<RegisterOffset>("00", "1mmmmm011h10", "", "[{n}, {index}]", "(register, LSL)"),
        .. Mode<SxtwOffset>("00", "1mmmmm110h10", "", "[{n}, {index}]", "(register, SXTW)"),
        .. Mode<RegisterOffset>("00", "1mmmmm111h10", "", "[{n}, {index}]", "(register, SXTX)"),
    ];

    public static Row[] Pairs() =>
    [
        .. PairMode<PairOffset>("000", "np", "[{n}{offset}]", "no-allocate"),
        .. PairMode<PairPostIndex>("001", "p", "[{n}], #{imm:d}", "post-index"),
        .. PairMode<PairOffset>("010", "p", "[{n}{offset}]", "offset"),
        .. PairMode<PairPreIndex>("011", "p", "[{n}, #{imm:d}]!", "pre-index"),
    ];

    public static Row[] Literal() =>
    [
        new RowOf<LoadLiteral<U32>> { Pattern = "00011100iiiiiiiiiiiiiiiiiiivvvvv", Name = "LDR (literal, SIMD), 32 bits", Text = "ldr {vS}, {target}" },
        new RowOf<LoadLiteral<U64>> { Pattern = "01011100iiiiiiiiiiiiiiiiiiivvvvv", Name = "LDR (literal, SIMD), 64 bits", Text = "ldr {vD}, {target}" },
        new RowOf<LoadLiteral<U128>> { Pattern = "10011100iiiiiiiiiiiiiiiiiiivvvvv", Name = "LDR (literal, SIMD), 128 bits", Text = "ldr {vQ}, {target}" },
    ];

    private static Row[] Mode<TMode>(string mode, string tail, string infix, string address, string form) where TMode : struct, IAddressing
    {
        string Pattern(string size, string opc) => size + "1111" + mode + opc + tail + "NNNNNvvvvv";
        return
        [
            new RowOf<Store<U8, TMode>> { Pattern = Pattern("00", "00"), Name = "STR (SIMD), 8 bits " + form, Text = $"st{infix}r {{vB}}, {address}" },
            new RowOf<Load<U8, TMode>> { Pattern = Pattern("00", "01"), Name = "LDR (SIMD), 8 bits " + form, Text = $"ld{infix}r {{vB}}, {address}" },
            new RowOf<Store<U128, TMode>> { Pattern = Pattern("00", "10"), Name = "STR (SIMD), 128 bits " + form, Text = $"st{infix}r {{vQ}}, {address}" },
            new RowOf<Load<U128, TMode>> { Pattern = Pattern("00", "11"), Name = "LDR (SIMD), 128 bits " + form, Text = $"ld{infix}r {{vQ}}, {address}" },
            new RowOf<Store<U16, TMode>> { Pattern = Pattern("01", "00"), Name = "STR (SIMD), 16 bits " + form, Text = $"st{infix}r {{vH}}, {address}" },
            new RowOf<Load<U16, TMode>> { Pattern = Pattern("01", "01"), Name = "LDR (SIMD), 16 bits " + form, Text = $"ld{infix}r {{vH}}, {address}" },
            new RowOf<Store<U32, TMode>> { Pattern = Pattern("10", "00"), Name = "STR (SIMD), 32 bits " + form, Text = $"st{infix}r {{vS}}, {address}" },
            new RowOf<Load<U32, TMode>> { Pattern = Pattern("10", "01"), Name = "LDR (SIMD), 32 bits " + form, Text = $"ld{infix}r {{vS}}, {address}" },
            new RowOf<Store<U64, TMode>> { Pattern = Pattern("11", "00"), Name = "STR (SIMD), 64 bits " + form, Text = $"st{infix}r {{vD}}, {address}" },
            new RowOf<Load<U64, TMode>> { Pattern = Pattern("11", "01"), Name = "LDR (SIMD), 64 bits " + form, Text = $"ld{infix}r {{vD}}, {address}" },
        ];
    }

    private static Row[] PairMode<TMode>(string mode, string infix, string address, string form) where TMode : struct, IAddressing =>
    [
        new RowOf<StorePair<U32, TMode>> { Pattern = $"001011{mode}0iiiiiiigggggNNNNNvvvvv", Name = $"STP (SIMD), 32 bits ({form})", Text = $"st{infix} {{vS}}, {{gS}}, {address}" },
        new RowOf<LoadPair<U32, TMode>> { Pattern = $"001011{mode}1iiiiiiigggggNNNNNvvvvv", Name = $"LDP (SIMD), 32 bits ({form})", Text = $"ld{infix} {{vS}}, {{gS}}, {address}" },
        new RowOf<StorePair<U64, TMode>> { Pattern = $"011011{mode}0iiiiiiigggggNNNNNvvvvv", Name = $"STP (SIMD), 64 bits ({form})", Text = $"st{infix} {{vD}}, {{gD}}, {address}" },
        new RowOf<LoadPair<U64, TMode>> { Pattern = $"011011{mode}1iiiiiiigggggNNNNNvvvvv", Name = $"LDP (SIMD), 64 bits ({form})", Text = $"ld{infix} {{vD}}, {{gD}}, {address}" },
        new RowOf<StorePair<U128, TMode>> { Pattern = $"101011{mode}0iiiiiiigggggNNNNNvvvvv", Name = $"STP (SIMD), 128 bits ({form})", Text = $"st{infix} {{vQ}}, {{gQ}}, {address}" },
        new RowOf<LoadPair<U128, TMode>> { Pattern = $"101011{mode}1iiiiiiigggggNNNNNvvvvv", Name = $"LDP (SIMD), 128 bits ({form})", Text = $"ld{infix} {{vQ}}, {{gQ}}, {address}" },
    ];

    // C7.2.191
    private readonly struct Load<TSize, TMode> : IInstruction where TSize : struct, IVectorAccess where TMode : struct, IAddressing
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.CheckBase(o)) return;
            X start = m.X<X>(o.Rn), end = start + TMode.Offset<M, X>(ref m, o), at = TMode.Post ? start : end;
            if (!m.LoadV<TSize>(at, out V128 value)) return;
            if (TMode.WriteBack) m.SetX(o.Rn, end);
            m.SetV(o.Rd, value);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => TMode.Decode(word, TSize.Bytes, ref o);
    }

    // C7.2.330
    private readonly struct Store<TSize, TMode> : IInstruction where TSize : struct, IVectorAccess where TMode : struct, IAddressing
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.CheckBase(o)) return;
            X start = m.X<X>(o.Rn), end = start + TMode.Offset<M, X>(ref m, o), at = TMode.Post ? start : end;
            if (!m.StoreV<TSize>(at, m.V(o.Rd))) return;
            if (TMode.WriteBack) m.SetX(o.Rn, end);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => TMode.Decode(word, TSize.Bytes, ref o);
    }

    // C7.2.190
    private readonly struct LoadPair<TSize, TMode> : IInstruction where TSize : struct, IVectorAccess where TMode : struct, IAddressing
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.CheckBase(o)) return;
            X start = m.X<X>(o.Rn), end = start + TMode.Offset<M, X>(ref m, o), at = TMode.Post ? start : end;
            if (!m.LoadV<TSize>(at, out V128 first) || !m.LoadV<TSize>(at + m.Imm<X>(TSize.Bytes), out V128 second)) return;
            if (TMode.WriteBack) m.SetX(o.Rn, end);
            m.SetV(o.Rd, first);
            m.SetV(o.Ra, second);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => TMode.Decode(word, TSize.Bytes, ref o);
    }

    // C7.2.329
    private readonly struct StorePair<TSize, TMode> : IInstruction where TSize : struct, IVectorAccess where TMode : struct, IAddressing
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.CheckBase(o)) return;
            X start = m.X<X>(o.Rn), end = start + TMode.Offset<M, X>(ref m, o), at = TMode.Post ? start : end;
            if (!m.StoreVPair<TSize>(at, m.V(o.Rd), m.V(o.Ra))) return;
            if (TMode.WriteBack) m.SetX(o.Rn, end);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => TMode.Decode(word, TSize.Bytes, ref o);
    }

    // C7.2.192
    private readonly struct LoadLiteral<TSize> : IInstruction where TSize : struct, IVectorAccess
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.LoadV<TSize>(m.Imm<X>(o.Imm), out V128 value)) return;
            m.SetV(o.Rd, value);
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = (long)o.Pc + (Bits.SignedField(word, 23, 5) << 2);
            return true;
        }
    }
}
