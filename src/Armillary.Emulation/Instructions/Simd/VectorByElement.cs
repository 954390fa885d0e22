using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>Vm is one of its elements (Arm ARM C4.1.94, "Advanced SIMD vector x indexed element" and "scalar x indexed element").</summary>
internal static class VectorByElement
{
    public static Row[] Rows() =>
    [
        .. Both<Vector3<ByElement<ushort, MultiplyAdd>>, Vector3<ByElement<uint, MultiplyAdd>>>("0z1", "0000", "mla"),
        .. Both<Vector3<ByElement<ushort, MultiplySubtract>>, Vector3<ByElement<uint, MultiplySubtract>>>("0z1", "0100", "mls"),
        .. Both<Vector2<ByElement<ushort, Multiply>>, Vector2<ByElement<uint, Multiply>>>("0z0", "1000", "mul"),
        .. Long<Long3<LongByElement<short, int, MultiplyAdd>>, Long3<LongByElement<int, long, MultiplyAdd>>>("0z0", "0010", "smlal"),
        .. Long<Long3<LongByElement<ushort, uint, MultiplyAdd>>, Long3<LongByElement<uint, ulong, MultiplyAdd>>>("0z1", "0010", "umlal"),
        .. Long<Long3<LongByElement<short, int, MultiplySubtract>>, Long3<LongByElement<int, long, MultiplySubtract>>>("0z0", "0110", "smlsl"),
        .. Long<Long3<LongByElement<ushort, uint, MultiplySubtract>>, Long3<LongByElement<uint, ulong, MultiplySubtract>>>("0z1", "0110", "umlsl"),
        .. Long<Long2<LongByElement<short, int, Multiply>>, Long2<LongByElement<int, long, Multiply>>>("0z0", "1010", "smull"),
        .. Long<Long2<LongByElement<ushort, uint, Multiply>>, Long2<LongByElement<uint, ulong, Multiply>>>("0z1", "1010", "umull"),
        .. Long<Saturate3<DoublingLongAccumulate<short, int, LongVectorByElement, Plus>>, Saturate3<DoublingLongAccumulate<int, long, LongVectorByElement, Plus>>>("0z0", "0011", "sqdmlal"),
        .. Long<Saturate3<DoublingLongAccumulate<short, int, LongVectorByElement, Minus>>, Saturate3<DoublingLongAccumulate<int, long, LongVectorByElement, Minus>>>("0z0", "0111", "sqdmlsl"),
        .. Long<Saturate2<DoublingLong<short, int, LongVectorByElement>>, Saturate2<DoublingLong<int, long, LongVectorByElement>>>("0z0", "1011", "sqdmull"),
        .. Both<Saturate2<SaturatingByElement<short, Saturating<short, SaturatingOneByOne<DoublingHigh<Truncating>>>>>, Saturate2<SaturatingByElement<int, Saturating<int, SaturatingOneByOne<DoublingHigh<Truncating>>>>>>("0z0", "1100", "sqdmulh"),
        .. Both<Saturate2<SaturatingByElement<short, Saturating<short, SaturatingOneByOne<DoublingHigh<Rounding>>>>>, Saturate2<SaturatingByElement<int, Saturating<int, SaturatingOneByOne<DoublingHigh<Rounding>>>>>>("0z0", "1101", "sqrdmulh"),
        .. Both<Saturate3<SaturatingByElement<short, Saturating<short, SaturatingOneByOne<DoublingHighAccumulate<Plus>>>>>, Saturate3<SaturatingByElement<int, Saturating<int, SaturatingOneByOne<DoublingHighAccumulate<Plus>>>>>>("0z1", "1101", "sqrdmlah").Of(Feature.RDM),
        .. Both<Saturate3<SaturatingByElement<short, Saturating<short, SaturatingOneByOne<DoublingHighAccumulate<Minus>>>>>, Saturate3<SaturatingByElement<int, Saturating<int, SaturatingOneByOne<DoublingHighAccumulate<Minus>>>>>>("0z1", "1111", "sqrdmlsh").Of(Feature.RDM),
        Row<Vector3<DotByElement<Dot<sbyte, sbyte>>>>(Word("0z0", "10", "1110"), "SDOT (by element)", "sdot {v.s}, {u.b}, {w}.4b[{option:d}]").Of(Feature.DotProd),
        Row<Vector3<DotByElement<Dot<byte, byte>>>>(Word("0z1", "10", "1110"), "UDOT (by element)", "udot {v.s}, {u.b}, {w}.4b[{option:d}]").Of(Feature.DotProd),
        Row<Vector3<DotByElement<Dot<sbyte, byte>>>>(Word("0z0", "00", "1111"), "SUDOT (by element)", "sudot {v.s}, {u.b}, {w}.4b[{option:d}]").Of(Feature.I8MM),
        Row<Vector3<DotByElement<Dot<byte, sbyte>>>>(Word("0z0", "10", "1111"), "USDOT (by element)", "usdot {v.s}, {u.b}, {w}.4b[{option:d}]").Of(Feature.I8MM),
    ];

    public static Row[] Scalar() =>
    [
        .. LongScalar<Saturate3<DoublingLongAccumulate<short, int, LongScalarByElement, Plus>>, Saturate3<DoublingLongAccumulate<int, long, LongScalarByElement, Plus>>>("0011", "sqdmlal"),
        .. LongScalar<Saturate3<DoublingLongAccumulate<short, int, LongScalarByElement, Minus>>, Saturate3<DoublingLongAccumulate<int, long, LongScalarByElement, Minus>>>("0111", "sqdmlsl"),
        .. LongScalar<Saturate2<DoublingLong<short, int, LongScalarByElement>>, Saturate2<DoublingLong<int, long, LongScalarByElement>>>("1011", "sqdmull"),
        .. BothScalar<Saturate2<SaturatingByElement<short, SaturatingScalar<short, SaturatingOneByOne<DoublingHigh<Truncating>>>>>, Saturate2<SaturatingByElement<int, SaturatingScalar<int, SaturatingOneByOne<DoublingHigh<Truncating>>>>>>("010", "1100", "sqdmulh"),
        .. BothScalar<Saturate2<SaturatingByElement<short, SaturatingScalar<short, SaturatingOneByOne<DoublingHigh<Rounding>>>>>, Saturate2<SaturatingByElement<int, SaturatingScalar<int, SaturatingOneByOne<DoublingHigh<Rounding>>>>>>("010", "1101", "sqrdmulh"),
        .. BothScalar<Saturate3<SaturatingByElement<short, SaturatingScalar<short, SaturatingOneByOne<DoublingHighAccumulate<Plus>>>>>, Saturate3<SaturatingByElement<int, SaturatingScalar<int, SaturatingOneByOne<DoublingHighAccumulate<Plus>>>>>>("011", "1101", "sqrdmlah").Of(Feature.RDM),
        .. BothScalar<Saturate3<SaturatingByElement<short, SaturatingScalar<short, SaturatingOneByOne<DoublingHighAccumulate<Minus>>>>>, Saturate3<SaturatingByElement<int, SaturatingScalar<int, SaturatingOneByOne<DoublingHighAccumulate<Minus>>>>>>("011", "1111", "sqrdmlsh").Of(Feature.RDM),
    ];

    // Halfwords have M as part of the lane and four bits of Rm.
    private static string Half(string start, string opcode) => $"{start}0111101lkwwww{opcode}h0uuuuuvvvvv";

    private static string Word(string start, string size, string opcode) => $"{start}01111{size}lwwwww{opcode}h0uuuuuvvvvv";

    private static string HalfScalar(string start, string opcode) => $"{start}1111101lkwwww{opcode}h0uuuuuvvvvv";

    private static string WordScalar(string start, string opcode) => $"{start}1111110lwwwww{opcode}h0uuuuuvvvvv";

    private static Row[] Both<TH, TS>(string start, string opcode, string mnemonic) where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TH>(Half(start, opcode), mnemonic.ToUpperInvariant() + " (by element), H", mnemonic + " {v.h}, {u.h}, {w}.h[{option:d}]"),
        Row<TS>(Word(start, "10", opcode), mnemonic.ToUpperInvariant() + " (by element), S", mnemonic + " {v.s}, {u.s}, {w}.s[{option:d}]"),
    ];

    private static Row[] Long<TH, TS>(string start, string opcode, string mnemonic) where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TH>(Half(start, opcode), mnemonic.ToUpperInvariant() + " (by element), H", mnemonic + "{?z:2} {v.4s}, {u.h}, {w}.h[{option:d}]"),
        Row<TS>(Word(start, "10", opcode), mnemonic.ToUpperInvariant() + " (by element), S", mnemonic + "{?z:2} {v.2d}, {u.s}, {w}.s[{option:d}]"),
    ];

    private static Row[] BothScalar<TH, TS>(string start, string opcode, string mnemonic) where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TH>(HalfScalar(start, opcode), mnemonic.ToUpperInvariant() + " (by element, scalar), H", mnemonic + " {vH}, {uH}, {w}.h[{option:d}]"),
        Row<TS>(WordScalar(start, opcode), mnemonic.ToUpperInvariant() + " (by element, scalar), S", mnemonic + " {vS}, {uS}, {w}.s[{option:d}]"),
    ];

    private static Row[] LongScalar<TH, TS>(string opcode, string mnemonic) where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TH>(HalfScalar("010", opcode), mnemonic.ToUpperInvariant() + " (by element, scalar), H", mnemonic + " {vS}, {uH}, {w}.h[{option:d}]"),
        Row<TS>(WordScalar("010", opcode), mnemonic.ToUpperInvariant() + " (by element, scalar), S", mnemonic + " {vD}, {uS}, {w}.s[{option:d}]"),
    ];

    private static RowOf<I> Row<I>(string pattern, string name, string text) where I : struct, IInstruction => new() { Pattern = pattern, Name = name, Text = text };
}
