using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Products of half-precision numbers added to single-precision ones (FEAT_FHM; Arm ARM C4.1.95).</summary>
internal static class LengtheningProducts
{
    public static Row[] Vectors() =>
    [
        .. Long<Lower, Added>("FMLAL", "0z001110001", "11101"),
        .. Long<Upper, Added>("FMLAL2", "0z101110001", "11001"),
        .. Long<Lower, Subtracted>("FMLSL", "0z001110101", "11101"),
        .. Long<Upper, Subtracted>("FMLSL2", "0z101110101", "11001"),
    ];

    public static Row[] Indexed() =>
    [
        LongIndexed<Lower, Added>("FMLAL", '0', "0000"),
        LongIndexed<Upper, Added>("FMLAL2", '1', "1000"),
        LongIndexed<Lower, Subtracted>("FMLSL", '0', "0100"),
        LongIndexed<Upper, Subtracted>("FMLSL2", '1', "1100"),
    ];

    private static Row[] Long<TPart, TSign>(string name, string head, string opcode) where TPart : struct, IPart where TSign : struct, IProductSign
        => [new RowOf<Floating3<MultiplyLong<TPart, TSign>>> { Pattern = $"{head}wwwww{opcode}1uuuuuvvvvv", Name = name + " (vector)", Text = LongText(name, "{w.2h}", "{w.4h}") }];

    private static RowOf<Element16<Floating3<MultiplyLongByElement<TPart, TSign>>>> LongIndexed<TPart, TSign>(string name, char u, string opcode)
        where TPart : struct, IPart where TSign : struct, IProductSign
        => new() { Pattern = $"0z{u}0111110ljwwww{opcode}h0uuuuuvvvvv", Name = name + " (by element)", Text = LongText(name, "{w.H}[{option:d}]", "{w.H}[{option:d}]") };

    private static string LongText(string name, string narrow, string wide)
    {
        string text = Names.Mnemonic(name);
        return $"?z=0 {text} {{v.2s}}, {{u.2h}}, {narrow} | {text} {{v.4s}}, {{u.4h}}, {wide}";
    }

    /// <summary>Which half of the operands.</summary>
    private interface IPart
    {
        static abstract int Number { get; }
    }

    private readonly struct Lower : IPart
    {
        public static int Number => 0;
    }

    private readonly struct Upper : IPart
    {
        public static int Number => 1;
    }

    private interface IProductSign
    {
        static abstract ulong Bit { get; }
    }

    private readonly struct Added : IProductSign
    {
        public static ulong Bit => 0;
    }

    private readonly struct Subtracted : IProductSign
    {
        public static ulong Bit => 0x8000;
    }

    // C7.2.123, C7.2.128
    private readonly struct MultiplyLong<TPart, TSign> : IFloatingOperation where TPart : struct, IPart where TSign : struct, IProductSign
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            int count = Lane<Binary32>.Count(o);
            Vector128<byte> result = default;
            for (int i = 0; i < count; i++)
            {
                int from = (TPart.Number * count) + i;
                ulong sum = FusedMultiply.MultiplyAddLong(ref fp, Lane<Binary32>.Get(d, i), Lane<Binary16>.Get(n, from) ^ TSign.Bit, Lane<Binary16>.Get(m, from));
                result = Lane<Binary32>.Set(result, i, sum);
            }

            return result;
        }
    }

    private readonly struct MultiplyLongByElement<TPart, TSign> : IFloatingOperation where TPart : struct, IPart where TSign : struct, IProductSign
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            int count = Lane<Binary32>.Count(o);
            ulong factor = Lane<Binary16>.Get(m, o.Option);
            Vector128<byte> result = default;
            for (int i = 0; i < count; i++)
            {
                int from = (TPart.Number * count) + i;
                ulong sum = FusedMultiply.MultiplyAddLong(ref fp, Lane<Binary32>.Get(d, i), Lane<Binary16>.Get(n, from) ^ TSign.Bit, factor);
                result = Lane<Binary32>.Set(result, i, sum);
            }

            return result;
        }
    }
}
