using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>
/// Three registers of different types (Arm ARM C4.1.94, "Advanced SIMD three different" and "scalar three different"). Q
/// chooses the half of the narrow registers, and the mnemonic then ends in 2.
/// </summary>
internal static class ThreeDifferent
{
    public static Row[] Rows() =>
    [
        .. SignedLong<Add>("0000", "saddl"),
        .. UnsignedLong<Add>("0000", "uaddl"),
        .. SignedWide<Add>("0001", "saddw"),
        .. UnsignedWide<Add>("0001", "uaddw"),
        .. SignedLong<Subtract>("0010", "ssubl"),
        .. UnsignedLong<Subtract>("0010", "usubl"),
        .. SignedWide<Subtract>("0011", "ssubw"),
        .. UnsignedWide<Subtract>("0011", "usubw"),
        .. Narrowing<HighHalf<Add, Truncating>>(0, "0100", "addhn"),
        .. Narrowing<HighHalf<Add, Rounding>>(1, "0100", "raddhn"),
        .. Narrowing<HighHalf<Subtract, Truncating>>(0, "0110", "subhn"),
        .. Narrowing<HighHalf<Subtract, Rounding>>(1, "0110", "rsubhn"),
        .. SignedLongAccumulate<AbsoluteDifferenceAdd>("0101", "sabal"),
        .. UnsignedLongAccumulate<AbsoluteDifferenceAdd>("0101", "uabal"),
        .. SignedLong<AbsoluteDifference>("0111", "sabdl"),
        .. UnsignedLong<AbsoluteDifference>("0111", "uabdl"),
        .. SignedLongAccumulate<MultiplyAdd>("1000", "smlal"),
        .. UnsignedLongAccumulate<MultiplyAdd>("1000", "umlal"),
        .. SignedLongAccumulate<MultiplySubtract>("1010", "smlsl"),
        .. UnsignedLongAccumulate<MultiplySubtract>("1010", "umlsl"),
        .. SignedLong<Multiply>("1100", "smull"),
        .. UnsignedLong<Multiply>("1100", "umull"),
        .. Doubling<Saturate3<DoublingLongAccumulate<short, int, LongVector, Plus>>, Saturate3<DoublingLongAccumulate<int, long, LongVector, Plus>>>("1001", "sqdmlal"),
        .. Doubling<Saturate3<DoublingLongAccumulate<short, int, LongVector, Minus>>, Saturate3<DoublingLongAccumulate<int, long, LongVector, Minus>>>("1011", "sqdmlsl"),
        .. Doubling<Saturate2<DoublingLong<short, int, LongVector>>, Saturate2<DoublingLong<int, long, LongVector>>>("1101", "sqdmull"),
        Row<Long2<Long<byte, ushort, MultiplyPolynomial>>>("0z001110001wwwww111000uuuuuvvvvv", "PMULL, B", "pmull{?z:2} {v.8h}, {u.b}, {w.b}"),
        Row<Long2<MultiplyPolynomialLong>>("0z001110111wwwww111000uuuuuvvvvv", "PMULL, D", "pmull{?z:2} {v.1q}, {u.d}, {w.d}").Of(Feature.PMULL),
    ];

    public static Row[] Scalar() =>
    [
        .. DoublingScalar<Saturate3<DoublingLongAccumulate<short, int, LongScalar, Plus>>, Saturate3<DoublingLongAccumulate<int, long, LongScalar, Plus>>>("1001", "sqdmlal"),
        .. DoublingScalar<Saturate3<DoublingLongAccumulate<short, int, LongScalar, Minus>>, Saturate3<DoublingLongAccumulate<int, long, LongScalar, Minus>>>("1011", "sqdmlsl"),
        .. DoublingScalar<Saturate2<DoublingLong<short, int, LongScalar>>, Saturate2<DoublingLong<int, long, LongScalar>>>("1101", "sqdmull"),
    ];

    private static Row[] SignedLong<T>(string opcode, string mnemonic) where T : struct, ILanes
        => Longs<Long2<Long<sbyte, short, T>>, Long2<Long<short, int, T>>, Long2<Long<int, long, T>>>(0, opcode, mnemonic);

    private static Row[] UnsignedLong<T>(string opcode, string mnemonic) where T : struct, ILanes
        => Longs<Long2<Long<byte, ushort, T>>, Long2<Long<ushort, uint, T>>, Long2<Long<uint, ulong, T>>>(1, opcode, mnemonic);

    private static Row[] SignedLongAccumulate<T>(string opcode, string mnemonic) where T : struct, ILanes
        => Longs<Long3<Long<sbyte, short, T>>, Long3<Long<short, int, T>>, Long3<Long<int, long, T>>>(0, opcode, mnemonic);

    private static Row[] UnsignedLongAccumulate<T>(string opcode, string mnemonic) where T : struct, ILanes
        => Longs<Long3<Long<byte, ushort, T>>, Long3<Long<ushort, uint, T>>, Long3<Long<uint, ulong, T>>>(1, opcode, mnemonic);

    private static Row[] SignedWide<T>(string opcode, string mnemonic) where T : struct, ILanes
        => Three<Long2<Wide<sbyte, short, T>>, Long2<Wide<short, int, T>>, Long2<Wide<int, long, T>>>(0, opcode, mnemonic, "{v.8h}, {u.8h}, {w.b}", "{v.4s}, {u.4s}, {w.h}", "{v.2d}, {u.2d}, {w.s}");

    private static Row[] UnsignedWide<T>(string opcode, string mnemonic) where T : struct, ILanes
        => Three<Long2<Wide<byte, ushort, T>>, Long2<Wide<ushort, uint, T>>, Long2<Wide<uint, ulong, T>>>(1, opcode, mnemonic, "{v.8h}, {u.8h}, {w.b}", "{v.4s}, {u.4s}, {w.h}", "{v.2d}, {u.2d}, {w.s}");

    private static Row[] Narrowing<T>(int u, string opcode, string mnemonic) where T : struct, ILanes
        => Three<Long3<Narrow<ushort, T>>, Long3<Narrow<uint, T>>, Long3<Narrow<ulong, T>>>(u, opcode, mnemonic, "{v.b}, {u.8h}, {w.8h}", "{v.h}, {u.4s}, {w.4s}", "{v.s}, {u.2d}, {w.2d}");

    private static Row[] Longs<TB, TH, TS>(int u, string opcode, string mnemonic) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction
        => Three<TB, TH, TS>(u, opcode, mnemonic, "{v.8h}, {u.b}, {w.b}", "{v.4s}, {u.h}, {w.h}", "{v.2d}, {u.s}, {w.s}");

    private static Row[] Three<TB, TH, TS>(int u, string opcode, string mnemonic, string b, string h, string s) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TB>($"0z{u}01110001wwwww{opcode}00uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (vector), B", mnemonic + "{?z:2} " + b),
        Row<TH>($"0z{u}01110011wwwww{opcode}00uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (vector), H", mnemonic + "{?z:2} " + h),
        Row<TS>($"0z{u}01110101wwwww{opcode}00uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (vector), S", mnemonic + "{?z:2} " + s),
    ];

    private static Row[] Doubling<TH, TS>(string opcode, string mnemonic) where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TH>($"0z001110011wwwww{opcode}00uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (vector), H", mnemonic + "{?z:2} {v.4s}, {u.h}, {w.h}"),
        Row<TS>($"0z001110101wwwww{opcode}00uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (vector), S", mnemonic + "{?z:2} {v.2d}, {u.s}, {w.s}"),
    ];

    private static Row[] DoublingScalar<TH, TS>(string opcode, string mnemonic) where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TH>($"01011110011wwwww{opcode}00uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (vector, scalar), H", mnemonic + " {vS}, {uH}, {wH}"),
        Row<TS>($"01011110101wwwww{opcode}00uuuuuvvvvv", mnemonic.ToUpperInvariant() + " (vector, scalar), S", mnemonic + " {vD}, {uS}, {wS}"),
    ];

    private static RowOf<I> Row<I>(string pattern, string name, string text) where I : struct, IInstruction => new() { Pattern = pattern, Name = name, Text = text };
}
