using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>The smaller and the larger of two numbers: FEAT_CSSC (Arm ARM C6.2, SMAX to UMIN).</summary>
internal static class MinimumMaximum
{
    public static Row[] Immediate() =>
    [
        new RowOf<WithImmediate<Signed, Maximum>> { Pattern = "z0010001110000iiiiiiiinnnnnddddd", Name = "SMAX (immediate)", Text = "smax {d}, {n}, #{imm:d}" },
        new RowOf<WithImmediate<Unsigned, Maximum>> { Pattern = "z0010001110001iiiiiiiinnnnnddddd", Name = "UMAX (immediate)", Text = "umax {d}, {n}, #{imm:d}" },
        new RowOf<WithImmediate<Signed, Minimum>> { Pattern = "z0010001110010iiiiiiiinnnnnddddd", Name = "SMIN (immediate)", Text = "smin {d}, {n}, #{imm:d}" },
        new RowOf<WithImmediate<Unsigned, Minimum>> { Pattern = "z0010001110011iiiiiiiinnnnnddddd", Name = "UMIN (immediate)", Text = "umin {d}, {n}, #{imm:d}" },
    ];

    public static Row[] Register() =>
    [
        new RowOf<WithRegister<Signed, Maximum>> { Pattern = "z0011010110mmmmm011000nnnnnddddd", Name = "SMAX (register)", Text = "smax {d}, {n}, {m}" },
        new RowOf<WithRegister<Unsigned, Maximum>> { Pattern = "z0011010110mmmmm011001nnnnnddddd", Name = "UMAX (register)", Text = "umax {d}, {n}, {m}" },
        new RowOf<WithRegister<Signed, Minimum>> { Pattern = "z0011010110mmmmm011010nnnnnddddd", Name = "SMIN (register)", Text = "smin {d}, {n}, {m}" },
        new RowOf<WithRegister<Unsigned, Minimum>> { Pattern = "z0011010110mmmmm011011nnnnnddddd", Name = "UMIN (register)", Text = "umin {d}, {n}, {m}" },
    ];

    private interface IOrder
    {
        static abstract bool IsSigned { get; }

        static abstract Flag IsLess<M, T, X>(ref M m, T a, T b) where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>;
    }

    private readonly struct Signed : IOrder
    {
        static bool IOrder.IsSigned => true;

        static Flag IOrder.IsLess<M, T, X>(ref M m, T a, T b) => m.LessSigned(a, b);
    }

    private readonly struct Unsigned : IOrder
    {
        static bool IOrder.IsSigned => false;

        static Flag IOrder.IsLess<M, T, X>(ref M m, T a, T b) => m.LessUnsigned(a, b);
    }

    private interface IChoice
    {
        static abstract T Of<M, T, X>(ref M m, Flag isLess, T a, T b) where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>;
    }

    private readonly struct Minimum : IChoice
    {
        static T IChoice.Of<M, T, X>(ref M m, Flag isLess, T a, T b) => m.Select(isLess, a, b);
    }

    private readonly struct Maximum : IChoice
    {
        static T IChoice.Of<M, T, X>(ref M m, Flag isLess, T a, T b) => m.Select(isLess, b, a);
    }

    private static T Choose<TOrder, TChoice, M, T, X>(ref M m, T a, T b)
        where TOrder : struct, IOrder where TChoice : struct, IChoice where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>
        => TChoice.Of<M, T, X>(ref m, TOrder.IsLess<M, T, X>(ref m, a, b), a, b);

    private readonly struct WithRegister<TOrder, TChoice> : IInstruction where TOrder : struct, IOrder where TChoice : struct, IChoice
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            T result = Choose<TOrder, TChoice, M, T, X>(ref m, m.X<T>(o.Rn), m.X<T>(o.Rm));
            m.SetX(o.Rd, result);
        }
    }

    private readonly struct WithImmediate<TOrder, TChoice> : IInstruction where TOrder : struct, IOrder where TChoice : struct, IChoice
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            T result = Choose<TOrder, TChoice, M, T, X>(ref m, m.X<T>(o.Rn), m.Imm<T>(o.Imm));
            m.SetX(o.Rd, result);
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = TOrder.IsSigned ? Bits.SignedField(word, 17, 10) : Bits.Field(word, 17, 10);
            return true;
        }
    }
}
