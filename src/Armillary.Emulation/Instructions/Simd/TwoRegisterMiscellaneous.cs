using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>One source register (Arm ARM C4.1.94, "Advanced SIMD two-register miscellaneous" and "across lanes", and their scalar forms).</summary>
internal static class TwoRegisterMiscellaneous
{
    public static Row[] Rows() =>
    [
        Row<Vector1<Reverse8In8>>("0z00111000100000000010uuuuuvvvvv", "REV64, B", "rev64 {v.b}, {u.b}"),
        Row<Vector1<Reverse8In16>>("0z00111001100000000010uuuuuvvvvv", "REV64, H", "rev64 {v.h}, {u.h}"),
        Row<Vector1<Reverse8In32>>("0z00111010100000000010uuuuuvvvvv", "REV64, S", "rev64 {v.s}, {u.s}"),
        Row<Vector1<Reverse4In8>>("0z10111000100000000010uuuuuvvvvv", "REV32 (vector), B", "rev32 {v.b}, {u.b}"),
        Row<Vector1<Reverse4In16>>("0z10111001100000000010uuuuuvvvvv", "REV32 (vector), H", "rev32 {v.h}, {u.h}"),
        Row<Vector1<Reverse2In8>>("0z00111000100000000110uuuuuvvvvv", "REV16 (vector)", "rev16 {v.b}, {u.b}"),
        .. Neighbours<Vector1<Each<short, AddNeighbours>>, Vector1<Each<int, AddNeighbours>>, Vector1<Each<long, AddNeighbours>>>("0", "00010", "saddlp"),
        .. Neighbours<Vector1<Each<ushort, AddNeighbours>>, Vector1<Each<uint, AddNeighbours>>, Vector1<Each<ulong, AddNeighbours>>>("1", "00010", "uaddlp"),
        .. Neighbours<Accumulate<Each<short, AddNeighboursAccumulate>>, Accumulate<Each<int, AddNeighboursAccumulate>>, Accumulate<Each<long, AddNeighboursAccumulate>>>("0", "00110", "sadalp"),
        .. Neighbours<Accumulate<Each<ushort, AddNeighboursAccumulate>>, Accumulate<Each<uint, AddNeighboursAccumulate>>, Accumulate<Each<ulong, AddNeighboursAccumulate>>>("1", "00110", "uadalp"),
        .. SimdRow.SignedSaturating<SaturatesAccumulate, SaturatingOneByOne<SaturatingAccumulate>>(P(0, "00011"), "SUQADD", T("suqadd"), "bhsd"),
        .. SimdRow.UnsignedSaturating<SaturatesAccumulate, SaturatingOneByOne<SaturatingAccumulate>>(P(1, "00011"), "USQADD", T("usqadd"), "bhsd"),
        .. SimdRow.Signed<Of1, OneByOne<LeadingSigns>>(P(0, "00100"), "CLS (vector)", T("cls"), "bhs"),
        .. SimdRow.Unsigned<Of1, OneByOne<LeadingZeros>>(P(1, "00100"), "CLZ (vector)", T("clz"), "bhs"),
        .. SimdRow.Unsigned<Of1, PopulationCount>(P(0, "00101"), "CNT", T("cnt"), "b"),
        Row<Vector1<Not>>("0z10111000100000010110uuuuuvvvvv", "NOT", "mvn {v.b}, {u.b}"),
        Row<Vector1<ReverseBits>>("0z10111001100000010110uuuuuvvvvv", "RBIT (vector)", "rbit {v.b}, {u.b}"),
        .. SimdRow.SignedSaturating<Saturates1, SaturatingAbsolute>(P(0, "00111"), "SQABS", T("sqabs"), "bhsd"),
        .. SimdRow.SignedSaturating<Saturates1, SaturatingNegate>(P(1, "00111"), "SQNEG", T("sqneg"), "bhsd"),
        .. SimdRow.Signed<Of1, WithZero<CompareGreater>>(P(0, "01000"), "CMGT (zero)", TZ("cmgt"), "bhsd"),
        .. SimdRow.Signed<Of1, WithZero<CompareGreaterOrEqual>>(P(1, "01000"), "CMGE (zero)", TZ("cmge"), "bhsd"),
        .. SimdRow.Signed<Of1, WithZero<CompareEqual>>(P(0, "01001"), "CMEQ (zero)", TZ("cmeq"), "bhsd"),
        .. SimdRow.Signed<Of1, ZeroWith<CompareGreaterOrEqual>>(P(1, "01001"), "CMLE (zero)", TZ("cmle"), "bhsd"),
        .. SimdRow.Signed<Of1, ZeroWith<CompareGreater>>(P(0, "01010"), "CMLT (zero)", TZ("cmlt"), "bhsd"),
        .. SimdRow.Signed<Of1, Absolute>(P(0, "01011"), "ABS", T("abs"), "bhsd"),
        .. SimdRow.Signed<Of1, Negate>(P(1, "01011"), "NEG (vector)", T("neg"), "bhsd"),
        .. Narrowing<WholeAccumulate<Narrow<ushort, ExtractNarrow>>, WholeAccumulate<Narrow<uint, ExtractNarrow>>, WholeAccumulate<Narrow<ulong, ExtractNarrow>>>("0", "10010", "xtn"),
        .. Narrowing<SaturateAccumulate<SaturatingNarrow<short, sbyte, Truncating, ExtractVector>>, SaturateAccumulate<SaturatingNarrow<int, short, Truncating, ExtractVector>>, SaturateAccumulate<SaturatingNarrow<long, int, Truncating, ExtractVector>>>("0", "10100", "sqxtn"),
        .. Narrowing<SaturateAccumulate<SaturatingNarrow<ushort, byte, Truncating, ExtractVector>>, SaturateAccumulate<SaturatingNarrow<uint, ushort, Truncating, ExtractVector>>, SaturateAccumulate<SaturatingNarrow<ulong, uint, Truncating, ExtractVector>>>("1", "10100", "uqxtn"),
        .. Narrowing<SaturateAccumulate<SaturatingNarrow<short, byte, Truncating, ExtractVector>>, SaturateAccumulate<SaturatingNarrow<int, ushort, Truncating, ExtractVector>>, SaturateAccumulate<SaturatingNarrow<long, uint, Truncating, ExtractVector>>>("1", "10010", "sqxtun"),
        Row<Whole1<Long<byte, ushort, ShiftLeftHalf>>>("0z10111000100001001110uuuuuvvvvv", "SHLL, B", "shll{?z:2} {v.8h}, {u.b}, #8"),
        Row<Whole1<Long<ushort, uint, ShiftLeftHalf>>>("0z10111001100001001110uuuuuvvvvv", "SHLL, H", "shll{?z:2} {v.4s}, {u.h}, #16"),
        Row<Whole1<Long<uint, ulong, ShiftLeftHalf>>>("0z10111010100001001110uuuuuvvvvv", "SHLL, S", "shll{?z:2} {v.2d}, {u.s}, #32"),
    ];

    public static Row[] Scalar() =>
    [
        .. SimdRow.SignedScalar<SaturatesAccumulate, SaturatingOneByOne<SaturatingAccumulate>>(S(0, "00011"), "SUQADD (scalar)", TS("suqadd"), "bhsd"),
        .. SimdRow.UnsignedScalar<SaturatesAccumulate, SaturatingOneByOne<SaturatingAccumulate>>(S(1, "00011"), "USQADD (scalar)", TS("usqadd"), "bhsd"),
        .. SimdRow.SignedScalar<Saturates1, SaturatingAbsolute>(S(0, "00111"), "SQABS (scalar)", TS("sqabs"), "bhsd"),
        .. SimdRow.SignedScalar<Saturates1, SaturatingNegate>(S(1, "00111"), "SQNEG (scalar)", TS("sqneg"), "bhsd"),
        .. SimdRow.Signed<OfScalar1, WithZero<CompareGreater>>(S(0, "01000"), "CMGT (zero, scalar)", TS("cmgt") + ", #0", "d"),
        .. SimdRow.Signed<OfScalar1, WithZero<CompareGreaterOrEqual>>(S(1, "01000"), "CMGE (zero, scalar)", TS("cmge") + ", #0", "d"),
        .. SimdRow.Signed<OfScalar1, WithZero<CompareEqual>>(S(0, "01001"), "CMEQ (zero, scalar)", TS("cmeq") + ", #0", "d"),
        .. SimdRow.Signed<OfScalar1, ZeroWith<CompareGreaterOrEqual>>(S(1, "01001"), "CMLE (zero, scalar)", TS("cmle") + ", #0", "d"),
        .. SimdRow.Signed<OfScalar1, ZeroWith<CompareGreater>>(S(0, "01010"), "CMLT (zero, scalar)", TS("cmlt") + ", #0", "d"),
        .. SimdRow.Signed<OfScalar1, Absolute>(S(0, "01011"), "ABS (scalar)", TS("abs"), "d"),
        .. SimdRow.Signed<OfScalar1, Negate>(S(1, "01011"), "NEG (vector, scalar)", TS("neg"), "d"),
        .. NarrowingScalar<SaturateAccumulate<SaturatingNarrow<short, sbyte, Truncating, ExtractScalar>>, SaturateAccumulate<SaturatingNarrow<int, short, Truncating, ExtractScalar>>, SaturateAccumulate<SaturatingNarrow<long, int, Truncating, ExtractScalar>>>("0", "10100", "sqxtn"),
        .. NarrowingScalar<SaturateAccumulate<SaturatingNarrow<ushort, byte, Truncating, ExtractScalar>>, SaturateAccumulate<SaturatingNarrow<uint, ushort, Truncating, ExtractScalar>>, SaturateAccumulate<SaturatingNarrow<ulong, uint, Truncating, ExtractScalar>>>("1", "10100", "uqxtn"),
        .. NarrowingScalar<SaturateAccumulate<SaturatingNarrow<short, byte, Truncating, ExtractScalar>>, SaturateAccumulate<SaturatingNarrow<int, ushort, Truncating, ExtractScalar>>, SaturateAccumulate<SaturatingNarrow<long, uint, Truncating, ExtractScalar>>>("1", "10010", "sqxtun"),
    ];

    public static Row[] AcrossLanes() =>
    [
        .. Across<Vector1<AcrossLong<sbyte>>, Vector1<AcrossLong<short>>, Whole1<AcrossLong<int>>>("0", "00011", "saddlv", "hsd"),
        .. Across<Vector1<AcrossLong<byte>>, Vector1<AcrossLong<ushort>>, Whole1<AcrossLong<uint>>>("1", "00011", "uaddlv", "hsd"),
        .. Across<Vector1<Across<sbyte, Maximum>>, Vector1<Across<short, Maximum>>, Whole1<Across<int, Maximum>>>("0", "01010", "smaxv", "bhs"),
        .. Across<Vector1<Across<byte, Maximum>>, Vector1<Across<ushort, Maximum>>, Whole1<Across<uint, Maximum>>>("1", "01010", "umaxv", "bhs"),
        .. Across<Vector1<Across<sbyte, Minimum>>, Vector1<Across<short, Minimum>>, Whole1<Across<int, Minimum>>>("0", "11010", "sminv", "bhs"),
        .. Across<Vector1<Across<byte, Minimum>>, Vector1<Across<ushort, Minimum>>, Whole1<Across<uint, Minimum>>>("1", "11010", "uminv", "bhs"),
        .. Across<Vector1<Across<byte, Add>>, Vector1<Across<ushort, Add>>, Whole1<Across<uint, Add>>>("0", "11011", "addv", "bhs"),
    ];

    public static Row[] ScalarPairwise() =>
    [
        Row<Whole1<Across<ulong, Add>>>("0101111011110001101110uuuuuvvvvv", "ADDP (scalar)", "addp {vD}, {u.2d}"),
    ];

    private static Row[] Neighbours<TB, TH, TS>(string u, string opcode, string mnemonic) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TB>($"0z{u}011100010000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", B", mnemonic + " {v.h}, {u.b}"),
        Row<TH>($"0z{u}011100110000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", H", mnemonic + " {v.s}, {u.h}"),
        Row<TS>($"0z{u}011101010000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", S", mnemonic + " {v.d}, {u.s}"),
    ];

    private static Row[] Narrowing<TB, TH, TS>(string u, string opcode, string mnemonic) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TB>($"0z{u}011100010000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", B", mnemonic + "{?z:2} {v.b}, {u.8h}"),
        Row<TH>($"0z{u}011100110000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", H", mnemonic + "{?z:2} {v.h}, {u.4s}"),
        Row<TS>($"0z{u}011101010000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", S", mnemonic + "{?z:2} {v.s}, {u.2d}"),
    ];

    private static Row[] NarrowingScalar<TB, TH, TS>(string u, string opcode, string mnemonic) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TB>($"01{u}111100010000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (scalar), B", mnemonic + " {vB}, {uH}"),
        Row<TH>($"01{u}111100110000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (scalar), H", mnemonic + " {vH}, {uS}"),
        Row<TS>($"01{u}111101010000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (scalar), S", mnemonic + " {vS}, {uD}"),
    ];

    // A vector of two words is not reduced.
    private static Row[] Across<TB, TH, TS>(string u, string opcode, string mnemonic, string results) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction
    {
        string Text(int size, string from) => $"{mnemonic} {{v{char.ToUpperInvariant(results[size])}}}, {{u.{from}}}";
        return
        [
            Row<TB>($"0z{u}011100011000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", B", Text(0, "b")),
            Row<TH>($"0z{u}011100111000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", H", Text(1, "h")),
            Row<TS>($"01{u}011101011000{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", S", Text(2, "4s")),
        ];
    }

    private static string P(int u, string opcode) => $"0z{u}01110ss10000{opcode}10uuuuuvvvvv";

    private static string S(int u, string opcode) => $"01{u}11110ss10000{opcode}10uuuuuvvvvv";

    private static string T(string mnemonic) => mnemonic + " {v.$}, {u.$}";

    private static string TZ(string mnemonic) => mnemonic + " {v.$}, {u.$}, #0";

    private static string TS(string mnemonic) => mnemonic + " {v%}, {u%}";

    private static RowOf<I> Row<I>(string pattern, string name, string text) where I : struct, IInstruction => new() { Pattern = pattern, Name = name, Text = text };

    /// <summary>SADDLV, UADDLV: all elements, widened, added.</summary>
    private readonly struct AcrossLong<N> : IVectorOperation where N : unmanaged, System.Numerics.IBinaryInteger<N>
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<N> all = n.As<byte, N>();
            int count = o.Is64 ? Vector128<N>.Count : Vector128<N>.Count / 2;
            long sum = 0;
            for (int i = 0; i < count; i++) sum += long.CreateTruncating(Lane.At(ref all, i));

            // The result is twice as wide as the elements.
            int unused = 64 - (16 * System.Runtime.CompilerServices.Unsafe.SizeOf<N>());
            return Vector128.CreateScalar(((ulong)sum << unused) >> unused).AsByte();
        }
    }

    private readonly struct Not : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => ~n;
    }

    private readonly struct ReverseBits : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<byte> nibbles = Vector128.Create((byte)0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15);
            Vector128<byte> low = Vector128.Shuffle(nibbles, n & Vector128.Create((byte)15)), high = Vector128.Shuffle(nibbles, n >>> 4);
            return (low << 4) | high;
        }
    }

    private readonly struct Reverse8In8 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.Shuffle(n, Permutation.Reversed(8, 1));
    }

    private readonly struct Reverse8In16 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.Shuffle(n, Permutation.Reversed(8, 2));
    }

    private readonly struct Reverse8In32 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.Shuffle(n, Permutation.Reversed(8, 4));
    }

    private readonly struct Reverse4In8 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.Shuffle(n, Permutation.Reversed(4, 1));
    }

    private readonly struct Reverse4In16 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.Shuffle(n, Permutation.Reversed(4, 2));
    }

    private readonly struct Reverse2In8 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.Shuffle(n, Permutation.Reversed(2, 1));
    }
}
