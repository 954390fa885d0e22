using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>Three registers of the same type (Arm ARM C4.1.94, "Advanced SIMD three same" and "scalar three same").</summary>
internal static class ThreeSame
{
    public static Row[] Rows() =>
    [
        .. SimdRow.Signed<Of2, HalvingAdd>(P(0, "00000"), "SHADD", T("shadd"), "bhs"),
        .. SimdRow.Unsigned<Of2, HalvingAdd>(P(1, "00000"), "UHADD", T("uhadd"), "bhs"),
        .. SimdRow.SignedSaturating<Saturates2, SaturatingAdd>(P(0, "00001"), "SQADD", T("sqadd"), "bhsd"),
        .. SimdRow.UnsignedSaturating<Saturates2, SaturatingAdd>(P(1, "00001"), "UQADD", T("uqadd"), "bhsd"),
        .. SimdRow.Signed<Of2, RoundingHalvingAdd>(P(0, "00010"), "SRHADD", T("srhadd"), "bhs"),
        .. SimdRow.Unsigned<Of2, RoundingHalvingAdd>(P(1, "00010"), "URHADD", T("urhadd"), "bhs"),
        .. SimdRow.Signed<Of2, HalvingSubtract>(P(0, "00100"), "SHSUB", T("shsub"), "bhs"),
        .. SimdRow.Unsigned<Of2, HalvingSubtract>(P(1, "00100"), "UHSUB", T("uhsub"), "bhs"),
        .. SimdRow.SignedSaturating<Saturates2, SaturatingSubtract>(P(0, "00101"), "SQSUB", T("sqsub"), "bhsd"),
        .. SimdRow.UnsignedSaturating<Saturates2, SaturatingSubtract>(P(1, "00101"), "UQSUB", T("uqsub"), "bhsd"),
        .. SimdRow.Signed<Of2, CompareGreater>(P(0, "00110"), "CMGT (register)", T("cmgt"), "bhsd"),
        .. SimdRow.Unsigned<Of2, CompareGreater>(P(1, "00110"), "CMHI (register)", T("cmhi"), "bhsd"),
        .. SimdRow.Signed<Of2, CompareGreaterOrEqual>(P(0, "00111"), "CMGE (register)", T("cmge"), "bhsd"),
        .. SimdRow.Unsigned<Of2, CompareGreaterOrEqual>(P(1, "00111"), "CMHS (register)", T("cmhs"), "bhsd"),
        .. SimdRow.Signed<Of2, OneByOne<ShiftByElement<Truncating>>>(P(0, "01000"), "SSHL", T("sshl"), "bhsd"),
        .. SimdRow.Unsigned<Of2, OneByOne<ShiftByElement<Truncating>>>(P(1, "01000"), "USHL", T("ushl"), "bhsd"),
        .. SimdRow.SignedSaturating<Saturates2, SaturatingOneByOne<SaturatingShiftByElement<Truncating>>>(P(0, "01001"), "SQSHL (register)", T("sqshl"), "bhsd"),
        .. SimdRow.UnsignedSaturating<Saturates2, SaturatingOneByOne<SaturatingShiftByElement<Truncating>>>(P(1, "01001"), "UQSHL (register)", T("uqshl"), "bhsd"),
        .. SimdRow.Signed<Of2, OneByOne<ShiftByElement<Rounding>>>(P(0, "01010"), "SRSHL", T("srshl"), "bhsd"),
        .. SimdRow.Unsigned<Of2, OneByOne<ShiftByElement<Rounding>>>(P(1, "01010"), "URSHL", T("urshl"), "bhsd"),
        .. SimdRow.SignedSaturating<Saturates2, SaturatingOneByOne<SaturatingShiftByElement<Rounding>>>(P(0, "01011"), "SQRSHL", T("sqrshl"), "bhsd"),
        .. SimdRow.UnsignedSaturating<Saturates2, SaturatingOneByOne<SaturatingShiftByElement<Rounding>>>(P(1, "01011"), "UQRSHL", T("uqrshl"), "bhsd"),
        .. SimdRow.Signed<Of2, Maximum>(P(0, "01100"), "SMAX", T("smax"), "bhs"),
        .. SimdRow.Unsigned<Of2, Maximum>(P(1, "01100"), "UMAX", T("umax"), "bhs"),
        .. SimdRow.Signed<Of2, Minimum>(P(0, "01101"), "SMIN", T("smin"), "bhs"),
        .. SimdRow.Unsigned<Of2, Minimum>(P(1, "01101"), "UMIN", T("umin"), "bhs"),
        .. SimdRow.Signed<Of2, AbsoluteDifference>(P(0, "01110"), "SABD", T("sabd"), "bhs"),
        .. SimdRow.Unsigned<Of2, AbsoluteDifference>(P(1, "01110"), "UABD", T("uabd"), "bhs"),
        .. SimdRow.Signed<Of3, AbsoluteDifferenceAdd>(P(0, "01111"), "SABA", T("saba"), "bhs"),
        .. SimdRow.Unsigned<Of3, AbsoluteDifferenceAdd>(P(1, "01111"), "UABA", T("uaba"), "bhs"),
        .. SimdRow.Unsigned<Of2, Add>(P(0, "10000"), "ADD (vector)", T("add"), "bhsd"),
        .. SimdRow.Unsigned<Of2, Subtract>(P(1, "10000"), "SUB (vector)", T("sub"), "bhsd"),
        .. SimdRow.Unsigned<Of2, CompareBits>(P(0, "10001"), "CMTST", T("cmtst"), "bhsd"),
        .. SimdRow.Unsigned<Of2, CompareEqual>(P(1, "10001"), "CMEQ (register)", T("cmeq"), "bhsd"),
        .. SimdRow.Unsigned<Of3, MultiplyAdd>(P(0, "10010"), "MLA (vector)", T("mla"), "bhs"),
        .. SimdRow.Unsigned<Of3, MultiplySubtract>(P(1, "10010"), "MLS (vector)", T("mls"), "bhs"),
        .. SimdRow.Unsigned<Of2, Multiply>(P(0, "10011"), "MUL (vector)", T("mul"), "bhs"),
        .. SimdRow.Unsigned<Of2, MultiplyPolynomial>(P(1, "10011"), "PMUL", T("pmul"), "b"),
        .. Pairs<Maximum, sbyte, short, int>(P(0, "10100"), "SMAXP", T("smaxp")),
        .. Pairs<Maximum, byte, ushort, uint>(P(1, "10100"), "UMAXP", T("umaxp")),
        .. Pairs<Minimum, sbyte, short, int>(P(0, "10101"), "SMINP", T("sminp")),
        .. Pairs<Minimum, byte, ushort, uint>(P(1, "10101"), "UMINP", T("uminp")),
        .. SimdRow.SignedSaturating<Saturates2, SaturatingOneByOne<DoublingHigh<Truncating>>>(P(0, "10110"), "SQDMULH (vector)", T("sqdmulh"), "hs"),
        .. SimdRow.SignedSaturating<Saturates2, SaturatingOneByOne<DoublingHigh<Rounding>>>(P(1, "10110"), "SQRDMULH (vector)", T("sqrdmulh"), "hs"),
        .. Pairs<Add, byte, ushort, uint>(P(0, "10111"), "ADDP (vector)", T("addp")),
        Of2Row<Pairwise<ulong, Add>>(SimdRow.Pattern(P(0, "10111"), 'd'), "ADDP (vector), D", "addp {v.d}, {u.d}, {w.d}"),
        .. Logic(),
    ];

    public static Row[] Scalar() =>
    [
        .. SimdRow.SignedScalar<Saturates2, SaturatingAdd>(S(0, "00001"), "SQADD (scalar)", TS("sqadd"), "bhsd"),
        .. SimdRow.UnsignedScalar<Saturates2, SaturatingAdd>(S(1, "00001"), "UQADD (scalar)", TS("uqadd"), "bhsd"),
        .. SimdRow.SignedScalar<Saturates2, SaturatingSubtract>(S(0, "00101"), "SQSUB (scalar)", TS("sqsub"), "bhsd"),
        .. SimdRow.UnsignedScalar<Saturates2, SaturatingSubtract>(S(1, "00101"), "UQSUB (scalar)", TS("uqsub"), "bhsd"),
        .. SimdRow.SignedScalar<Saturates2, SaturatingOneByOne<SaturatingShiftByElement<Truncating>>>(S(0, "01001"), "SQSHL (register, scalar)", TS("sqshl"), "bhsd"),
        .. SimdRow.UnsignedScalar<Saturates2, SaturatingOneByOne<SaturatingShiftByElement<Truncating>>>(S(1, "01001"), "UQSHL (register, scalar)", TS("uqshl"), "bhsd"),
        .. SimdRow.SignedScalar<Saturates2, SaturatingOneByOne<SaturatingShiftByElement<Rounding>>>(S(0, "01011"), "SQRSHL (scalar)", TS("sqrshl"), "bhsd"),
        .. SimdRow.UnsignedScalar<Saturates2, SaturatingOneByOne<SaturatingShiftByElement<Rounding>>>(S(1, "01011"), "UQRSHL (scalar)", TS("uqrshl"), "bhsd"),
        .. SimdRow.SignedScalar<Saturates2, SaturatingOneByOne<DoublingHigh<Truncating>>>(S(0, "10110"), "SQDMULH (vector, scalar)", TS("sqdmulh"), "hs"),
        .. SimdRow.SignedScalar<Saturates2, SaturatingOneByOne<DoublingHigh<Rounding>>>(S(1, "10110"), "SQRDMULH (vector, scalar)", TS("sqrdmulh"), "hs"),
        .. SimdRow.Signed<OfScalar2, CompareGreater>(S(0, "00110"), "CMGT (register, scalar)", TS("cmgt"), "d"),
        .. SimdRow.Unsigned<OfScalar2, CompareGreater>(S(1, "00110"), "CMHI (register, scalar)", TS("cmhi"), "d"),
        .. SimdRow.Signed<OfScalar2, CompareGreaterOrEqual>(S(0, "00111"), "CMGE (register, scalar)", TS("cmge"), "d"),
        .. SimdRow.Unsigned<OfScalar2, CompareGreaterOrEqual>(S(1, "00111"), "CMHS (register, scalar)", TS("cmhs"), "d"),
        .. SimdRow.Signed<OfScalar2, OneByOne<ShiftByElement<Truncating>>>(S(0, "01000"), "SSHL (scalar)", TS("sshl"), "d"),
        .. SimdRow.Unsigned<OfScalar2, OneByOne<ShiftByElement<Truncating>>>(S(1, "01000"), "USHL (scalar)", TS("ushl"), "d"),
        .. SimdRow.Signed<OfScalar2, OneByOne<ShiftByElement<Rounding>>>(S(0, "01010"), "SRSHL (scalar)", TS("srshl"), "d"),
        .. SimdRow.Unsigned<OfScalar2, OneByOne<ShiftByElement<Rounding>>>(S(1, "01010"), "URSHL (scalar)", TS("urshl"), "d"),
        .. SimdRow.Unsigned<OfScalar2, Add>(S(0, "10000"), "ADD (vector, scalar)", TS("add"), "d"),
        .. SimdRow.Unsigned<OfScalar2, Subtract>(S(1, "10000"), "SUB (vector, scalar)", TS("sub"), "d"),
        .. SimdRow.Unsigned<OfScalar2, CompareBits>(S(0, "10001"), "CMTST (scalar)", TS("cmtst"), "d"),
        .. SimdRow.Unsigned<OfScalar2, CompareEqual>(S(1, "10001"), "CMEQ (register, scalar)", TS("cmeq"), "d"),
    ];

    // "Advanced SIMD three-register extension" (C4.1.94): RDM, DotProd, I8MM.
    public static Row[] Extension() =>
    [
        .. SimdRow.SignedSaturating<Saturates3, SaturatingOneByOne<DoublingHighAccumulate<Plus>>>("0z101110ss0wwwww100001uuuuuvvvvv", "SQRDMLAH (vector)", T("sqrdmlah"), "hs").Of(Feature.RDM),
        .. SimdRow.SignedSaturating<Saturates3, SaturatingOneByOne<DoublingHighAccumulate<Minus>>>("0z101110ss0wwwww100011uuuuuvvvvv", "SQRDMLSH (vector)", T("sqrdmlsh"), "hs").Of(Feature.RDM),
        Of3Row<Dot<sbyte, sbyte>>("0z001110100wwwww100101uuuuuvvvvv", "SDOT (vector)", "sdot {v.s}, {u.b}, {w.b}").Of(Feature.DotProd),
        Of3Row<Dot<byte, byte>>("0z101110100wwwww100101uuuuuvvvvv", "UDOT (vector)", "udot {v.s}, {u.b}, {w.b}").Of(Feature.DotProd),
        Of3Row<Dot<byte, sbyte>>("0z001110100wwwww100111uuuuuvvvvv", "USDOT (vector)", "usdot {v.s}, {u.b}, {w.b}").Of(Feature.I8MM),
        Of3Row<MatrixMultiply<sbyte, sbyte>>("01001110100wwwww101001uuuuuvvvvv", "SMMLA (vector)", "smmla {v.4s}, {u.16b}, {w.16b}").Of(Feature.I8MM),
        Of3Row<MatrixMultiply<byte, byte>>("01101110100wwwww101001uuuuuvvvvv", "UMMLA (vector)", "ummla {v.4s}, {u.16b}, {w.16b}").Of(Feature.I8MM),
        Of3Row<MatrixMultiply<byte, sbyte>>("01001110100wwwww101011uuuuuvvvvv", "USMMLA (vector)", "usmmla {v.4s}, {u.16b}, {w.16b}").Of(Feature.I8MM),
    ];

    public static Row[] ScalarExtension() =>
    [
        .. SimdRow.SignedScalar<Saturates3, SaturatingOneByOne<DoublingHighAccumulate<Plus>>>("01111110ss0wwwww100001uuuuuvvvvv", "SQRDMLAH (vector, scalar)", TS("sqrdmlah"), "hs").Of(Feature.RDM),
        .. SimdRow.SignedScalar<Saturates3, SaturatingOneByOne<DoublingHighAccumulate<Minus>>>("01111110ss0wwwww100011uuuuuvvvvv", "SQRDMLSH (vector, scalar)", TS("sqrdmlsh"), "hs").Of(Feature.RDM),
    ];

    private static IEnumerable<Row> Logic() =>
    [
        Of2Row<And>("0z001110001wwwww000111uuuuuvvvvv", "AND (vector)", "and {v.b}, {u.b}, {w.b}"),
        Of2Row<BitClear>("0z001110011wwwww000111uuuuuvvvvv", "BIC (vector, register)", "bic {v.b}, {u.b}, {w.b}"),
        Of2Row<Or>("0z001110101wwwww000111uuuuuvvvvv", "ORR (vector, register)", "?ror mov {v.b}, {u.b} | orr {v.b}, {u.b}, {w.b}"),
        Of2Row<OrNot>("0z001110111wwwww000111uuuuuvvvvv", "ORN (vector)", "orn {v.b}, {u.b}, {w.b}"),
        Of2Row<ExclusiveOr>("0z101110001wwwww000111uuuuuvvvvv", "EOR (vector)", "eor {v.b}, {u.b}, {w.b}"),
        Of3Row<BitSelect>("0z101110011wwwww000111uuuuuvvvvv", "BSL", "bsl {v.b}, {u.b}, {w.b}"),
        Of3Row<BitInsertIfTrue>("0z101110101wwwww000111uuuuuvvvvv", "BIT", "bit {v.b}, {u.b}, {w.b}"),
        Of3Row<BitInsertIfFalse>("0z101110111wwwww000111uuuuuvvvvv", "BIF", "bif {v.b}, {u.b}, {w.b}"),
    ];

    private static IEnumerable<Row> Pairs<TLanes, TB, TH, TS>(string pattern, string name, string text)
        where TLanes : struct, ILanes
        where TB : unmanaged, System.Numerics.IBinaryInteger<TB>, System.Numerics.IMinMaxValue<TB>
        where TH : unmanaged, System.Numerics.IBinaryInteger<TH>, System.Numerics.IMinMaxValue<TH>
        where TS : unmanaged, System.Numerics.IBinaryInteger<TS>, System.Numerics.IMinMaxValue<TS> =>
    [
        Of2Row<Pairwise<TB, TLanes>>(SimdRow.Pattern(pattern, 'b'), SimdRow.Name(name, 'b'), SimdRow.Text(text, 'b')),
        Of2Row<Pairwise<TH, TLanes>>(SimdRow.Pattern(pattern, 'h'), SimdRow.Name(name, 'h'), SimdRow.Text(text, 'h')),
        Of2Row<Pairwise<TS, TLanes>>(SimdRow.Pattern(pattern, 's'), SimdRow.Name(name, 's'), SimdRow.Text(text, 's')),
    ];

    private static string P(int u, string opcode) => $"0z{u}01110ss1wwwww{opcode}1uuuuuvvvvv";

    private static string S(int u, string opcode) => $"01{u}11110ss1wwwww{opcode}1uuuuuvvvvv";

    private static string T(string mnemonic) => mnemonic + " {v.$}, {u.$}, {w.$}";

    private static string TS(string mnemonic) => mnemonic + " {v%}, {u%}, {w%}";

    private static RowOf<Vector2<TOperation>> Of2Row<TOperation>(string pattern, string name, string text) where TOperation : struct, IVectorOperation
        => new() { Pattern = pattern, Name = name, Text = text };

    private static RowOf<Vector3<TOperation>> Of3Row<TOperation>(string pattern, string name, string text) where TOperation : struct, IVectorOperation
        => new() { Pattern = pattern, Name = name, Text = text };

    private readonly struct And : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => n & m;
    }

    private readonly struct BitClear : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => n & ~m;
    }

    private readonly struct Or : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => n | m;
    }

    private readonly struct OrNot : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => n | ~m;
    }

    private readonly struct ExclusiveOr : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => n ^ m;
    }

    private readonly struct BitSelect : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.ConditionalSelect(d, n, m);
    }

    private readonly struct BitInsertIfTrue : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.ConditionalSelect(m, n, d);
    }

    private readonly struct BitInsertIfFalse : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.ConditionalSelect(m, d, n);
    }
}
