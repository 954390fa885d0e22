using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>Loads and stores of two registers (Arm ARM C4.1.91).</summary>
internal static class LoadStorePair
{
    public static Row[] Rows() =>
    [
        .. Mode<PairOffset>("0000", "np", "[{n}{offset}]", "no-allocate"),
        .. Mode<PairPostIndex>("0001", "p", "[{n}], #{imm:d}", "post-index"),
        .. Mode<PairOffset>("0010", "p", "[{n}{offset}]", "offset"),
        .. Mode<PairPreIndex>("0011", "p", "[{n}, #{imm:d}]!", "pre-index"),
        SignedWord<PairPostIndex>("0001", "[{n}], #{imm:d}", "post-index"),
        SignedWord<PairOffset>("0010", "[{n}{offset}]", "offset"),
        SignedWord<PairPreIndex>("0011", "[{n}, #{imm:d}]!", "pre-index"),
    ];

    private static Row[] Mode<TMode>(string mode, string infix, string address, string form) where TMode : struct, IAddressing =>
    [
        new RowOf<Store<U32, TMode>> { Pattern = $"00101{mode}0iiiiiiiaaaaaNNNNNttttt", Name = $"STP, 32 bits ({form})", Text = $"st{infix} {{wt}}, {{wa}}, {address}" },
        new RowOf<Load<U32, TMode>> { Pattern = $"00101{mode}1iiiiiiieeeeeNNNNNddddd", Name = $"LDP, 32 bits ({form})", Text = $"ld{infix} {{wd}}, {{we}}, {address}" },
        new RowOf<Store<U64, TMode>> { Pattern = $"10101{mode}0iiiiiiiaaaaaNNNNNttttt", Name = $"STP, 64 bits ({form})", Text = $"st{infix} {{t}}, {{a}}, {address}" },
        new RowOf<Load<U64, TMode>> { Pattern = $"10101{mode}1iiiiiiieeeeeNNNNNddddd", Name = $"LDP, 64 bits ({form})", Text = $"ld{infix} {{d}}, {{e}}, {address}" },
    ];

    private static RowOf<Load<S32, TMode>> SignedWord<TMode>(string mode, string address, string form) where TMode : struct, IAddressing => new()
    {
        Pattern = $"01101{mode}1iiiiiiieeeeeNNNNNddddd",
        Name = $"LDPSW ({form})",
        Text = $"ldpsw {{d}}, {{e}}, {address}",
    };

    // C6.2.187, C6.2.188
    private readonly struct Load<TSize, TMode> : IInstruction where TSize : struct, IAccess where TMode : struct, IAddressing
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            X start = m.X<X>(o.Rn), end = start + TMode.Offset<M, X>(ref m, o), at = TMode.Post ? start : end;
            if (!m.LoadPair<TSize, T>(at, out T first, out T second)) return;
            if (TMode.WriteBack) m.SetX(o.Rn, end);
            m.SetX(o.Rd, first);
            m.SetX(o.Ra, second);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => TMode.Decode(word, TSize.Bytes, ref o);
    }

    // C6.2.375
    private readonly struct Store<TSize, TMode> : IInstruction where TSize : struct, IAccess where TMode : struct, IAddressing
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            X start = m.X<X>(o.Rn), end = start + TMode.Offset<M, X>(ref m, o), at = TMode.Post ? start : end;
            if (!m.StorePair<TSize, T>(at, m.X<T>(o.Rd), m.X<T>(o.Ra))) return;
            if (TMode.WriteBack) m.SetX(o.Rn, end);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => TMode.Decode(word, TSize.Bytes, ref o);
    }
}
