using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Floating-point data processing of one, two and three scalar registers (Arm ARM C4.1.96).</summary>
internal static class ScalarArithmetic
{
    public static Row[] TwoSource() =>
    [
        .. Two<Multiply>("FMUL", "0000"),
        .. Two<Divide>("FDIV", "0001"),
        .. Two<Add>("FADD", "0010"),
        .. Two<Subtract>("FSUB", "0011"),
        .. Two<Max>("FMAX", "0100"),
        .. Two<Min>("FMIN", "0101"),
        .. Two<MaxNumber>("FMAXNM", "0110"),
        .. Two<MinNumber>("FMINNM", "0111"),
        .. Two<MultiplyNegated>("FNMUL", "1000"),
    ];

    public static Row[] ThreeSource() =>
    [
        .. Three<MultiplyAdd>("FMADD", '0', '0'),
        .. Three<MultiplySubtract>("FMSUB", '0', '1'),
        .. Three<NegatedMultiplyAdd>("FNMADD", '1', '0'),
        .. Three<NegatedMultiplySubtract>("FNMSUB", '1', '1'),
    ];

    public static Row[] OneSource() =>
    [
        .. One<SquareRoot>("FSQRT", "000011"),
        .. One<RoundToIntegral<ToNearest>>("FRINTN", "001000"),
        .. One<RoundToIntegral<ToPlusInfinity>>("FRINTP", "001001"),
        .. One<RoundToIntegral<ToMinusInfinity>>("FRINTM", "001010"),
        .. One<RoundToIntegral<ToZero>>("FRINTZ", "001011"),
        .. One<RoundToIntegral<ToNearestAway>>("FRINTA", "001100"),
        .. One<RoundToIntegralExact>("FRINTX", "001110"),
        .. One<RoundToIntegral<ByControl>>("FRINTI", "001111"),
        .. OneWide<RoundTo32<ToZero>>("FRINT32Z", "010000").Of(Feature.FRINTTS),
        .. OneWide<RoundTo32<ByControl>>("FRINT32X", "010001").Of(Feature.FRINTTS),
        .. OneWide<RoundTo64<ToZero>>("FRINT64Z", "010010").Of(Feature.FRINTTS),
        .. OneWide<RoundTo64<ByControl>>("FRINT64X", "010011").Of(Feature.FRINTTS),
        Convert<Binary64, Binary32>("00", "000101", 'D', 'S'),
        Convert<Binary16, Binary32>("00", "000111", 'H', 'S'),
        Convert<Binary32, Binary64>("01", "000100", 'S', 'D'),
        Convert<Binary16, Binary64>("01", "000111", 'H', 'D'),
        Convert<Binary32, Binary16>("11", "000100", 'S', 'H'),
        Convert<Binary64, Binary16>("11", "000101", 'D', 'H'),
        new RowOf<Floating1<ConvertScalar<BFloat16, Binary32>>> { Pattern = "0001111001100011010000uuuuuvvvvv", Name = "BFCVT", Text = "bfcvt {vH}, {uS}", Feature = Feature.BF16 },
    ];

    private static Row[] Two<TOperation>(string name, string opcode) where TOperation : struct, IElementOperation
    {
        string Pattern(string type) => $"00011110{type}1wwwww{opcode}10uuuuuvvvvv";
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Floating2<Scalar<Binary32, TOperation>>> { Pattern = Pattern("00"), Name = name + " (scalar), S", Text = text + " {vS}, {uS}, {wS}" },
            new RowOf<Floating2<Scalar<Binary64, TOperation>>> { Pattern = Pattern("01"), Name = name + " (scalar), D", Text = text + " {vD}, {uD}, {wD}" },
            new RowOf<Floating2<Scalar<Binary16, TOperation>>> { Pattern = Pattern("11"), Name = name + " (scalar), H", Text = text + " {vH}, {uH}, {wH}", Feature = Feature.FP16 },
        ];
    }

    private static Row[] Three<TOperation>(string name, char o1, char o0) where TOperation : struct, IElementOperation
    {
        string Pattern(string type) => $"00011111{type}{o1}wwwww{o0}ggggguuuuuvvvvv";
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Floating4<Scalar<Binary32, TOperation>>> { Pattern = Pattern("00"), Name = name + ", S", Text = text + " {vS}, {uS}, {wS}, {gS}" },
            new RowOf<Floating4<Scalar<Binary64, TOperation>>> { Pattern = Pattern("01"), Name = name + ", D", Text = text + " {vD}, {uD}, {wD}, {gD}" },
            new RowOf<Floating4<Scalar<Binary16, TOperation>>> { Pattern = Pattern("11"), Name = name + ", H", Text = text + " {vH}, {uH}, {wH}, {gH}", Feature = Feature.FP16 },
        ];
    }

    private static Row[] One<TOperation>(string name, string opcode) where TOperation : struct, IElementOperation =>
    [
        .. OneWide<TOperation>(name, opcode),
        new RowOf<Floating1<Scalar<Binary16, TOperation>>> { Pattern = $"00011110111{opcode}10000uuuuuvvvvv", Name = name + " (scalar), H", Text = Names.Mnemonic(name) + " {vH}, {uH}", Feature = Feature.FP16 },
    ];

    private static Row[] OneWide<TOperation>(string name, string opcode) where TOperation : struct, IElementOperation =>
    [
        new RowOf<Floating1<Scalar<Binary32, TOperation>>> { Pattern = $"00011110001{opcode}10000uuuuuvvvvv", Name = name + " (scalar), S", Text = Names.Mnemonic(name) + " {vS}, {uS}" },
        new RowOf<Floating1<Scalar<Binary64, TOperation>>> { Pattern = $"00011110011{opcode}10000uuuuuvvvvv", Name = name + " (scalar), D", Text = Names.Mnemonic(name) + " {vD}, {uD}" },
    ];

    private static RowOf<Floating1<ConvertScalar<TTo, TFrom>>> Convert<TTo, TFrom>(string type, string opcode, char to, char from)
        where TTo : struct, IFormat where TFrom : struct, IFormat
        => new() { Pattern = $"00011110{type}1{opcode}10000uuuuuvvvvv", Name = $"FCVT, {from} to {to}", Text = $"fcvt {{v{to}}}, {{u{from}}}" };
}
