using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Rows of the encodings that vary in a regular way over half, single and double precision.</summary>
internal static class Forms
{
    /// <summary>Three registers of the same type: U, bit 23, and the last three bits of the opcode.</summary>
    public static Row[] ThreeSame<TOperation>(string name, char u, char a, string opcode) where TOperation : struct, IElementOperation
    {
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Floating3<Lanes<Binary16, TOperation>>> { Pattern = $"0z{u}01110{a}10wwwww00{opcode}1uuuuuvvvvv", Name = name + " (vector), H", Text = text + " {v.h}, {u.h}, {w.h}", Feature = Feature.FP16 },
            new RowOf<Floating3<Lanes<Binary32, TOperation>>> { Pattern = $"0z{u}01110{a}01wwwww11{opcode}1uuuuuvvvvv", Name = name + " (vector), S", Text = text + " {v.s}, {u.s}, {w.s}" },
            new RowOf<Floating3<Lanes<Binary64, TOperation>>> { Pattern = $"01{u}01110{a}11wwwww11{opcode}1uuuuuvvvvv", Name = name + " (vector), D", Text = text + " {v.2d}, {u.2d}, {w.2d}" },
        ];
    }

    /// <summary>The same with neighbours as operands.</summary>
    public static Row[] Pairwise<TOperation>(string name, char u, char a, string opcode) where TOperation : struct, IElementOperation
    {
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Floating3<Pairs<Binary16, TOperation>>> { Pattern = $"0z{u}01110{a}10wwwww00{opcode}1uuuuuvvvvv", Name = name + " (vector), H", Text = text + " {v.h}, {u.h}, {w.h}", Feature = Feature.FP16 },
            new RowOf<Floating3<Pairs<Binary32, TOperation>>> { Pattern = $"0z{u}01110{a}01wwwww11{opcode}1uuuuuvvvvv", Name = name + " (vector), S", Text = text + " {v.s}, {u.s}, {w.s}" },
            new RowOf<Floating3<Pairs<Binary64, TOperation>>> { Pattern = $"01{u}01110{a}11wwwww11{opcode}1uuuuuvvvvv", Name = name + " (vector), D", Text = text + " {v.2d}, {u.2d}, {w.2d}" },
        ];
    }

    /// <summary>Three scalar registers of the same type.</summary>
    public static Row[] ScalarThreeSame<TOperation>(string name, char u, char a, string opcode) where TOperation : struct, IElementOperation
    {
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Floating3<Scalar<Binary16, TOperation>>> { Pattern = $"01{u}11110{a}10wwwww00{opcode}1uuuuuvvvvv", Name = name + " (vector scalar), H", Text = text + " {vH}, {uH}, {wH}", Feature = Feature.FP16 },
            new RowOf<Floating3<Scalar<Binary32, TOperation>>> { Pattern = $"01{u}11110{a}01wwwww11{opcode}1uuuuuvvvvv", Name = name + " (vector scalar), S", Text = text + " {vS}, {uS}, {wS}" },
            new RowOf<Floating3<Scalar<Binary64, TOperation>>> { Pattern = $"01{u}11110{a}11wwwww11{opcode}1uuuuuvvvvv", Name = name + " (vector scalar), D", Text = text + " {vD}, {uD}, {wD}" },
        ];
    }

    /// <summary>Two registers, miscellaneous: U, bit 23 and the opcode; <paramref name="tail"/> is what follows the registers in the text.</summary>
    public static Row[] TwoMisc<TOperation>(string name, char u, char a, string opcode, string tail = "") where TOperation : struct, IElementOperation =>
    [
        .. TwoMiscWide<TOperation>(name, u, a, opcode, tail),
        new RowOf<Floating1<Lanes<Binary16, TOperation>>> { Pattern = $"0z{u}01110{a}111100{opcode}10uuuuuvvvvv", Name = name + Kind(tail) + ", H", Text = Names.Mnemonic(name) + " {v.h}, {u.h}" + tail, Feature = Feature.FP16 },
    ];

    /// <summary>The same without half precision.</summary>
    public static Row[] TwoMiscWide<TOperation>(string name, char u, char a, string opcode, string tail = "") where TOperation : struct, IElementOperation =>
    [
        new RowOf<Floating1<Lanes<Binary32, TOperation>>> { Pattern = $"0z{u}01110{a}010000{opcode}10uuuuuvvvvv", Name = name + Kind(tail) + ", S", Text = Names.Mnemonic(name) + " {v.s}, {u.s}" + tail },
        new RowOf<Floating1<Lanes<Binary64, TOperation>>> { Pattern = $"01{u}01110{a}110000{opcode}10uuuuuvvvvv", Name = name + Kind(tail) + ", D", Text = Names.Mnemonic(name) + " {v.2d}, {u.2d}" + tail },
    ];

    /// <summary>The scalars of that class.</summary>
    public static Row[] ScalarTwoMisc<TOperation>(string name, char u, char a, string opcode, string tail = "") where TOperation : struct, IElementOperation
    {
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Floating1<Scalar<Binary16, TOperation>>> { Pattern = $"01{u}11110{a}111100{opcode}10uuuuuvvvvv", Name = name + Kind(tail, "scalar") + ", H", Text = text + " {vH}, {uH}" + tail, Feature = Feature.FP16 },
            new RowOf<Floating1<Scalar<Binary32, TOperation>>> { Pattern = $"01{u}11110{a}010000{opcode}10uuuuuvvvvv", Name = name + Kind(tail, "scalar") + ", S", Text = text + " {vS}, {uS}" + tail },
            new RowOf<Floating1<Scalar<Binary64, TOperation>>> { Pattern = $"01{u}11110{a}110000{opcode}10uuuuuvvvvv", Name = name + Kind(tail, "scalar") + ", D", Text = text + " {vD}, {uD}" + tail },
        ];
    }

    /// <summary>Vectors and scalars with an element of Vm: U and the opcode.</summary>
    public static Row[] Indexed<TOperation>(string name, char u, string opcode) where TOperation : struct, IElementOperation
    {
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Element16<Floating3<ByElement<Binary16, TOperation>>>> { Pattern = $"0z{u}0111100ljwwww{opcode}h0uuuuuvvvvv", Name = name + " (by element), H", Text = text + " {v.h}, {u.h}, {w.H}[{option:d}]", Feature = Feature.FP16 },
            new RowOf<Element32<Floating3<ByElement<Binary32, TOperation>>>> { Pattern = $"0z{u}0111110lwwwww{opcode}h0uuuuuvvvvv", Name = name + " (by element), S", Text = text + " {v.s}, {u.s}, {w.S}[{option:d}]" },
            new RowOf<Element64<Floating3<ByElement<Binary64, TOperation>>>> { Pattern = $"01{u}01111110wwwww{opcode}h0uuuuuvvvvv", Name = name + " (by element), D", Text = text + " {v.2d}, {u.2d}, {w.D}[{option:d}]" },
            new RowOf<Element16<Floating3<ScalarByElement<Binary16, TOperation>>>> { Pattern = $"01{u}1111100ljwwww{opcode}h0uuuuuvvvvv", Name = name + " (scalar by element), H", Text = text + " {vH}, {uH}, {w.H}[{option:d}]", Feature = Feature.FP16 },
            new RowOf<Element32<Floating3<ScalarByElement<Binary32, TOperation>>>> { Pattern = $"01{u}1111110lwwwww{opcode}h0uuuuuvvvvv", Name = name + " (scalar by element), S", Text = text + " {vS}, {uS}, {w.S}[{option:d}]" },
            new RowOf<Element64<Floating3<ScalarByElement<Binary64, TOperation>>>> { Pattern = $"01{u}11111110wwwww{opcode}h0uuuuuvvvvv", Name = name + " (scalar by element), D", Text = text + " {vD}, {uD}, {w.D}[{option:d}]" },
        ];
    }

    private static string Kind(string tail, string scalar = "") => (tail.Length, scalar.Length) switch
    {
        (0, 0) => " (vector)",
        (0, _) => " (vector scalar)",
        (_, 0) => " (zero)",
        _ => " (zero, scalar)",
    };
}

/// <summary>An instruction with an element H:L:M of the first sixteen registers.</summary>
internal readonly struct Element16<TInstruction> : IInstruction where TInstruction : struct, IInstruction
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => TInstruction.Execute<M, T, X>(ref m, o);

    static bool IInstruction.Decode(uint word, ref Operands o)
    {
        o.Rm &= 15;
        o.Option = (byte)((Bits.Field(word, 11, 11) << 2) | Bits.Field(word, 21, 20));
        return TInstruction.Decode(word, ref o);
    }
}

/// <summary>An instruction with an element H:L.</summary>
internal readonly struct Element32<TInstruction> : IInstruction where TInstruction : struct, IInstruction
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => TInstruction.Execute<M, T, X>(ref m, o);

    static bool IInstruction.Decode(uint word, ref Operands o)
    {
        o.Option = (byte)((Bits.Field(word, 11, 11) << 1) | Bits.Field(word, 21, 21));
        return TInstruction.Decode(word, ref o);
    }
}

/// <summary>An instruction with an element H.</summary>
internal readonly struct Element64<TInstruction> : IInstruction where TInstruction : struct, IInstruction
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => TInstruction.Execute<M, T, X>(ref m, o);

    static bool IInstruction.Decode(uint word, ref Operands o)
    {
        o.Option = (byte)Bits.Field(word, 11, 11);
        return TInstruction.Decode(word, ref o);
    }
}
