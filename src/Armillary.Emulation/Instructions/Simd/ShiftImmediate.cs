using System.Numerics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>Shifts by an immediate (Arm ARM C4.1.94, "Advanced SIMD shift by immediate" and "scalar shift by immediate").</summary>
internal static class ShiftImmediate
{
    public static Row[] Rows() =>
    [
        .. Signed<Of1, ShiftRight<Truncating>>("0z0", "00000", "sshr"),
        .. Unsigned<Of1, ShiftRight<Truncating>>("0z1", "00000", "ushr"),
        .. Signed<OfAccumulate, ShiftRightAccumulate<Truncating>>("0z0", "00010", "ssra"),
        .. Unsigned<OfAccumulate, ShiftRightAccumulate<Truncating>>("0z1", "00010", "usra"),
        .. Signed<Of1, ShiftRight<Rounding>>("0z0", "00100", "srshr"),
        .. Unsigned<Of1, ShiftRight<Rounding>>("0z1", "00100", "urshr"),
        .. Signed<OfAccumulate, ShiftRightAccumulate<Rounding>>("0z0", "00110", "srsra"),
        .. Unsigned<OfAccumulate, ShiftRightAccumulate<Rounding>>("0z1", "00110", "ursra"),
        .. Unsigned<OfAccumulate, ShiftRightInsert>("0z1", "01000", "sri"),
        .. Unsigned<Of1, ShiftLeft>("0z0", "01010", "shl"),
        .. Unsigned<OfAccumulate, ShiftLeftInsert>("0z1", "01010", "sli"),
        .. SignedSaturating<SaturatingShiftLeftUnsigned>("0z1", "01100", "sqshlu"),
        .. SignedSaturating<SaturatingShiftLeft>("0z0", "01110", "sqshl"),
        .. UnsignedSaturating<SaturatingShiftLeft>("0z1", "01110", "uqshl"),
        .. Narrow<WholeAccumulate<Narrow<ushort, ShiftRightNarrow<Truncating>>>, WholeAccumulate<Narrow<uint, ShiftRightNarrow<Truncating>>>, WholeAccumulate<Narrow<ulong, ShiftRightNarrow<Truncating>>>>("0z0", "10000", "shrn"),
        .. Narrow<WholeAccumulate<Narrow<ushort, ShiftRightNarrow<Rounding>>>, WholeAccumulate<Narrow<uint, ShiftRightNarrow<Rounding>>>, WholeAccumulate<Narrow<ulong, ShiftRightNarrow<Rounding>>>>("0z0", "10001", "rshrn"),
        .. SaturatingNarrow<Truncating, ShiftVector>("0z", "0", NarrowText),
        .. SaturatingNarrow<Rounding, ShiftVector>("0z", "1", NarrowText),
        .. Long<Whole1<Long<sbyte, short, ShiftLeft>>, Whole1<Long<short, int, ShiftLeft>>, Whole1<Long<int, long, ShiftLeft>>>("0z0", "sshll", "sxtl"),
        .. Long<Whole1<Long<byte, ushort, ShiftLeft>>, Whole1<Long<ushort, uint, ShiftLeft>>, Whole1<Long<uint, ulong, ShiftLeft>>>("0z1", "ushll", "uxtl"),
    ];

    public static Row[] Scalar() =>
    [
        ScalarRow<OfScalar1, long, ShiftRight<Truncating>>("010", "00000", "sshr"),
        ScalarRow<OfScalar1, ulong, ShiftRight<Truncating>>("011", "00000", "ushr"),
        ScalarRow<OfScalarAccumulate, long, ShiftRightAccumulate<Truncating>>("010", "00010", "ssra"),
        ScalarRow<OfScalarAccumulate, ulong, ShiftRightAccumulate<Truncating>>("011", "00010", "usra"),
        ScalarRow<OfScalar1, long, ShiftRight<Rounding>>("010", "00100", "srshr"),
        ScalarRow<OfScalar1, ulong, ShiftRight<Rounding>>("011", "00100", "urshr"),
        ScalarRow<OfScalarAccumulate, long, ShiftRightAccumulate<Rounding>>("010", "00110", "srsra"),
        ScalarRow<OfScalarAccumulate, ulong, ShiftRightAccumulate<Rounding>>("011", "00110", "ursra"),
        ScalarRow<OfScalarAccumulate, ulong, ShiftRightInsert>("011", "01000", "sri"),
        ScalarRow<OfScalar1, ulong, ShiftLeft>("010", "01010", "shl"),
        ScalarRow<OfScalarAccumulate, ulong, ShiftLeftInsert>("011", "01010", "sli"),
        .. SaturatingScalars<sbyte, short, int, long, SaturatingShiftLeftUnsigned>("011", "01100", "sqshlu"),
        .. SaturatingScalars<sbyte, short, int, long, SaturatingShiftLeft>("010", "01110", "sqshl"),
        .. SaturatingScalars<byte, ushort, uint, ulong, SaturatingShiftLeft>("011", "01110", "uqshl"),
        .. SaturatingNarrow<Truncating, ShiftScalar>("01", "0", ScalarNarrowText),
        .. SaturatingNarrow<Rounding, ShiftScalar>("01", "1", ScalarNarrowText),
    ];

    private static Row[] Signed<TShape, TLanes>(string start, string opcode, string mnemonic) where TShape : struct, IShape where TLanes : struct, ILanes
        => Four<TShape, sbyte, short, int, long, TLanes>(start, opcode, mnemonic);

    private static Row[] Unsigned<TShape, TLanes>(string start, string opcode, string mnemonic) where TShape : struct, IShape where TLanes : struct, ILanes
        => Four<TShape, byte, ushort, uint, ulong, TLanes>(start, opcode, mnemonic);

    private static Row[] Four<TShape, TB, TH, TS, TD, TLanes>(string start, string opcode, string mnemonic) where TShape : struct, IShape where TLanes : struct, ILanes
        where TB : unmanaged, IBinaryInteger<TB>, IMinMaxValue<TB> where TH : unmanaged, IBinaryInteger<TH>, IMinMaxValue<TH>
        where TS : unmanaged, IBinaryInteger<TS>, IMinMaxValue<TS> where TD : unmanaged, IBinaryInteger<TD>, IMinMaxValue<TD> =>
    [
        TShape.Make<Each<TB, TLanes>>(Pattern(start, 'b', opcode), Name(mnemonic, 'b'), Text(mnemonic, 'b'), is64: true),
        TShape.Make<Each<TH, TLanes>>(Pattern(start, 'h', opcode), Name(mnemonic, 'h'), Text(mnemonic, 'h'), is64: true),
        TShape.Make<Each<TS, TLanes>>(Pattern(start, 's', opcode), Name(mnemonic, 's'), Text(mnemonic, 's'), is64: true),
        TShape.Make<Each<TD, TLanes>>(Pattern(start, 'd', opcode), Name(mnemonic, 'd'), Text(mnemonic, 'd'), is64: true),
    ];

    private static Row[] SignedSaturating<TLanes>(string start, string opcode, string mnemonic) where TLanes : struct, ISaturatingLanes =>
    [
        Row<Saturate1<Saturating<sbyte, TLanes>>>(Pattern(start, 'b', opcode), Name(mnemonic, 'b'), Text(mnemonic, 'b')),
        Row<Saturate1<Saturating<short, TLanes>>>(Pattern(start, 'h', opcode), Name(mnemonic, 'h'), Text(mnemonic, 'h')),
        Row<Saturate1<Saturating<int, TLanes>>>(Pattern(start, 's', opcode), Name(mnemonic, 's'), Text(mnemonic, 's')),
        Row<Saturate1<Saturating<long, TLanes>>>(Pattern(start, 'd', opcode), Name(mnemonic, 'd'), Text(mnemonic, 'd')),
    ];

    private static Row[] UnsignedSaturating<TLanes>(string start, string opcode, string mnemonic) where TLanes : struct, ISaturatingLanes =>
    [
        Row<Saturate1<Saturating<byte, TLanes>>>(Pattern(start, 'b', opcode), Name(mnemonic, 'b'), Text(mnemonic, 'b')),
        Row<Saturate1<Saturating<ushort, TLanes>>>(Pattern(start, 'h', opcode), Name(mnemonic, 'h'), Text(mnemonic, 'h')),
        Row<Saturate1<Saturating<uint, TLanes>>>(Pattern(start, 's', opcode), Name(mnemonic, 's'), Text(mnemonic, 's')),
        Row<Saturate1<Saturating<ulong, TLanes>>>(Pattern(start, 'd', opcode), Name(mnemonic, 'd'), Text(mnemonic, 'd')),
    ];

    private static Row ScalarRow<TShape, E, TLanes>(string start, string opcode, string mnemonic) where TShape : struct, IShape where TLanes : struct, ILanes where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E>
        => TShape.Make<Each<E, TLanes>>(ScalarPattern(start, 'd', opcode), ScalarName(mnemonic, 'd'), ScalarText(mnemonic, 'd'), is64: false);

    private static Row[] SaturatingScalars<TB, TH, TS, TD, TLanes>(string start, string opcode, string mnemonic) where TLanes : struct, ISaturatingLanes
        where TB : unmanaged, IBinaryInteger<TB>, IMinMaxValue<TB> where TH : unmanaged, IBinaryInteger<TH>, IMinMaxValue<TH>
        where TS : unmanaged, IBinaryInteger<TS>, IMinMaxValue<TS> where TD : unmanaged, IBinaryInteger<TD>, IMinMaxValue<TD> =>
    [
        Row<Saturate1<SaturatingScalar<TB, TLanes>>>(ScalarPattern(start, 'b', opcode), ScalarName(mnemonic, 'b'), ScalarText(mnemonic, 'b')),
        Row<Saturate1<SaturatingScalar<TH, TLanes>>>(ScalarPattern(start, 'h', opcode), ScalarName(mnemonic, 'h'), ScalarText(mnemonic, 'h')),
        Row<Saturate1<SaturatingScalar<TS, TLanes>>>(ScalarPattern(start, 's', opcode), ScalarName(mnemonic, 's'), ScalarText(mnemonic, 's')),
        Row<Saturate1<SaturatingScalar<TD, TLanes>>>(ScalarPattern(start, 'd', opcode), ScalarName(mnemonic, 'd'), ScalarText(mnemonic, 'd')),
    ];

    // SQSHRN, UQSHRN, SQSHRUN, or with rounding SQRSHRN, UQRSHRN, SQRSHRUN.
    private static IEnumerable<Row> SaturatingNarrow<TRound, TForm>(string start, string rounds, Func<string, char, char, string> text) where TRound : struct, IRounding where TForm : struct, INarrowForm
    {
        string r = rounds == "1" ? "r" : "";
        return
        [
            .. NarrowRows<SaturateAccumulate<SaturatingNarrow<short, sbyte, TRound, TForm>>, SaturateAccumulate<SaturatingNarrow<int, short, TRound, TForm>>, SaturateAccumulate<SaturatingNarrow<long, int, TRound, TForm>>>(start + "0", "1001" + rounds, $"sq{r}shrn", text),
            .. NarrowRows<SaturateAccumulate<SaturatingNarrow<ushort, byte, TRound, TForm>>, SaturateAccumulate<SaturatingNarrow<uint, ushort, TRound, TForm>>, SaturateAccumulate<SaturatingNarrow<ulong, uint, TRound, TForm>>>(start + "1", "1001" + rounds, $"uq{r}shrn", text),
            .. NarrowRows<SaturateAccumulate<SaturatingNarrow<short, byte, TRound, TForm>>, SaturateAccumulate<SaturatingNarrow<int, ushort, TRound, TForm>>, SaturateAccumulate<SaturatingNarrow<long, uint, TRound, TForm>>>(start + "1", "1000" + rounds, $"sq{r}shrun", text),
        ];
    }

    private static Row[] Narrow<TB, TH, TS>(string start, string opcode, string mnemonic) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction
        => NarrowRows<TB, TH, TS>(start, opcode, mnemonic, NarrowText);

    private static Row[] NarrowRows<TB, TH, TS>(string start, string opcode, string mnemonic, Func<string, char, char, string> text) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction
    {
        bool scalar = start[1] == '1';
        string Encoding(char size) => scalar ? ScalarPattern(start, size, opcode) : Pattern(start, size, opcode);
        string Title(char size) => scalar ? ScalarName(mnemonic, size) : Name(mnemonic, size);
        return
        [
            Row<TB>(Encoding('b'), Title('b'), text(mnemonic, 'b', 'h')),
            Row<TH>(Encoding('h'), Title('h'), text(mnemonic, 'h', 's')),
            Row<TS>(Encoding('s'), Title('s'), text(mnemonic, 's', 'd')),
        ];
    }

    private static Row[] Long<TB, TH, TS>(string start, string mnemonic, string extend) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction =>
    [
        Row<TB>(Pattern(start, 'b', "10100"), Name(mnemonic, 'b'), LongText(mnemonic, extend, "{v.8h}, {u.b}")),
        Row<TH>(Pattern(start, 'h', "10100"), Name(mnemonic, 'h'), LongText(mnemonic, extend, "{v.4s}, {u.h}")),
        Row<TS>(Pattern(start, 's', "10100"), Name(mnemonic, 's'), LongText(mnemonic, extend, "{v.2d}, {u.s}")),
    ];

    // immh is 0001, 001x, 01xx, 1xxx; the last without Q would be a vector of one doubleword.
    private static string Pattern(string start, char size, string opcode) => $"{(size == 'd' ? start.Replace('z', '1') : start)}011110{Amount(size)}{opcode}1uuuuuvvvvv";

    private static string ScalarPattern(string start, char size, string opcode) => $"{start}111110{Amount(size)}{opcode}1uuuuuvvvvv";

    private static string Amount(char size) => size switch { 'b' => "0001iii", 'h' => "001iiii", 's' => "01iiiii", _ => "1iiiiii" };

    private static string Name(string mnemonic, char size) => SimdRow.Name(mnemonic.ToUpperInvariant() + " (immediate)", size);

    private static string ScalarName(string mnemonic, char size) => SimdRow.Name(mnemonic.ToUpperInvariant() + " (immediate, scalar)", size);

    private static string Text(string mnemonic, char size) => SimdRow.Text(mnemonic + " {v.$}, {u.$}, #{aux:d}", size);

    private static string ScalarText(string mnemonic, char size) => SimdRow.Text(mnemonic + " {v%}, {u%}, #{aux:d}", size);

    private static string NarrowText(string mnemonic, char narrow, char wide)
        => mnemonic + "{?z:2} {v." + narrow + "}, {u." + wide switch { 'h' => "8h", 's' => "4s", _ => "2d" } + "}, #{aux:d}";

    private static string ScalarNarrowText(string mnemonic, char narrow, char wide)
        => mnemonic + " {v" + char.ToUpperInvariant(narrow) + "}, {u" + char.ToUpperInvariant(wide) + "}, #{aux:d}";

    private static string LongText(string mnemonic, string extend, string registers) => $"?i=0 {extend}{{?z:2}} {registers} | {mnemonic}{{?z:2}} {registers}, #{{aux:d}}";

    private static RowOf<I> Row<I>(string pattern, string name, string text) where I : struct, IInstruction => new() { Pattern = pattern, Name = name, Text = text };
}
