using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Floating-point arithmetic and comparison of vectors: three same, by element, pairwise, across lanes (Arm ARM C4.1.95).</summary>
internal static class VectorArithmetic
{
    public static Row[] ThreeSame() =>
    [
        .. Forms.ThreeSame<MaxNumber>("FMAXNM", '0', '0', "000"),
        .. Forms.ThreeSame<MultiplyAdd>("FMLA", '0', '0', "001"),
        .. Forms.ThreeSame<Add>("FADD", '0', '0', "010"),
        .. Forms.ThreeSame<MultiplyExtended>("FMULX", '0', '0', "011"),
        .. Forms.ThreeSame<CompareEqual>("FCMEQ", '0', '0', "100"),
        .. Forms.ThreeSame<Max>("FMAX", '0', '0', "110"),
        .. Forms.ThreeSame<ReciprocalStep>("FRECPS", '0', '0', "111"),
        .. Forms.ThreeSame<MinNumber>("FMINNM", '0', '1', "000"),
        .. Forms.ThreeSame<MultiplySubtract>("FMLS", '0', '1', "001"),
        .. Forms.ThreeSame<Subtract>("FSUB", '0', '1', "010"),
        .. Forms.ThreeSame<Min>("FMIN", '0', '1', "110"),
        .. Forms.ThreeSame<ReciprocalRootStep>("FRSQRTS", '0', '1', "111"),
        .. Forms.ThreeSame<Multiply>("FMUL", '1', '0', "011"),
        .. Forms.ThreeSame<CompareGreaterOrEqual>("FCMGE", '1', '0', "100"),
        .. Forms.ThreeSame<OfMagnitudes<CompareGreaterOrEqual>>("FACGE", '1', '0', "101"),
        .. Forms.ThreeSame<Divide>("FDIV", '1', '0', "111"),
        .. Forms.ThreeSame<AbsoluteDifference>("FABD", '1', '1', "010"),
        .. Forms.ThreeSame<CompareGreater>("FCMGT", '1', '1', "100"),
        .. Forms.ThreeSame<OfMagnitudes<CompareGreater>>("FACGT", '1', '1', "101"),
        .. Forms.Pairwise<MaxNumber>("FMAXNMP", '1', '0', "000"),
        .. Forms.Pairwise<Add>("FADDP", '1', '0', "010"),
        .. Forms.Pairwise<Max>("FMAXP", '1', '0', "110"),
        .. Forms.Pairwise<MinNumber>("FMINNMP", '1', '1', "000"),
        .. Forms.Pairwise<Min>("FMINP", '1', '1', "110"),
    ];

    public static Row[] ScalarThreeSame() =>
    [
        .. Forms.ScalarThreeSame<MultiplyExtended>("FMULX", '0', '0', "011"),
        .. Forms.ScalarThreeSame<CompareEqual>("FCMEQ", '0', '0', "100"),
        .. Forms.ScalarThreeSame<ReciprocalStep>("FRECPS", '0', '0', "111"),
        .. Forms.ScalarThreeSame<ReciprocalRootStep>("FRSQRTS", '0', '1', "111"),
        .. Forms.ScalarThreeSame<CompareGreaterOrEqual>("FCMGE", '1', '0', "100"),
        .. Forms.ScalarThreeSame<OfMagnitudes<CompareGreaterOrEqual>>("FACGE", '1', '0', "101"),
        .. Forms.ScalarThreeSame<AbsoluteDifference>("FABD", '1', '1', "010"),
        .. Forms.ScalarThreeSame<CompareGreater>("FCMGT", '1', '1', "100"),
        .. Forms.ScalarThreeSame<OfMagnitudes<CompareGreater>>("FACGT", '1', '1', "101"),
    ];

    public static Row[] Indexed() =>
    [
        .. Forms.Indexed<MultiplyAdd>("FMLA", '0', "0001"),
        .. Forms.Indexed<MultiplySubtract>("FMLS", '0', "0101"),
        .. Forms.Indexed<Multiply>("FMUL", '0', "1001"),
        .. Forms.Indexed<MultiplyExtended>("FMULX", '1', "1001"),
    ];

    public static Row[] AcrossLanes() =>
    [
        .. Across<MaxNumber>("FMAXNMV", '0', "01100"),
        .. Across<MinNumber>("FMINNMV", '1', "01100"),
        .. Across<Max>("FMAXV", '0', "01111"),
        .. Across<Min>("FMINV", '1', "01111"),
    ];

    public static Row[] ScalarPairs() =>
    [
        .. ScalarPair<MaxNumber>("FMAXNMP", '0', "01100"),
        .. ScalarPair<MinNumber>("FMINNMP", '1', "01100"),
        .. ScalarPair<Add>("FADDP", '0', "01101"),
        .. ScalarPair<Max>("FMAXP", '0', "01111"),
        .. ScalarPair<Min>("FMINP", '1', "01111"),
    ];

    private static Row[] Across<TOperation>(string name, char a, string opcode) where TOperation : struct, IElementOperation =>
    [
        new RowOf<Floating1<Across<Binary16, TOperation>>> { Pattern = $"0z001110{a}011000{opcode}10uuuuuvvvvv", Name = name + ", H", Text = Names.Mnemonic(name) + " {vH}, {u.h}", Feature = Feature.FP16 },
        new RowOf<Floating1<Across<Binary32, TOperation>>> { Pattern = $"01101110{a}011000{opcode}10uuuuuvvvvv", Name = name + ", S", Text = Names.Mnemonic(name) + " {vS}, {u.4s}" },
    ];

    private static Row[] ScalarPair<TOperation>(string name, char a, string opcode) where TOperation : struct, IElementOperation =>
    [
        new RowOf<Floating1<ScalarPair<Binary16, TOperation>>> { Pattern = $"01011110{a}011000{opcode}10uuuuuvvvvv", Name = name + " (scalar), H", Text = Names.Mnemonic(name) + " {vH}, {u.2h}", Feature = Feature.FP16 },
        new RowOf<Floating1<ScalarPair<Binary32, TOperation>>> { Pattern = $"01111110{a}011000{opcode}10uuuuuvvvvv", Name = name + " (scalar), S", Text = Names.Mnemonic(name) + " {vS}, {u.2s}" },
        new RowOf<Floating1<ScalarPair<Binary64, TOperation>>> { Pattern = $"01111110{a}111000{opcode}10uuuuuvvvvv", Name = name + " (scalar), D", Text = Names.Mnemonic(name) + " {vD}, {u.2d}" },
    ];
}
