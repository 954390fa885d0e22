using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions;

/// <summary>Conditional select and compare, and the flag manipulation instructions (Arm ARM C4.1.93).</summary>
internal static class Conditional
{
    public static Row[] Select() =>
    [
        new RowOf<SelectOf<Unchanged>> { Pattern = "z0011010100mmmmmkkkk00nnnnnddddd", Name = "CSEL", Text = "csel {d}, {n}, {m}, {cond}" },
        new RowOf<SelectOf<Incremented>> { Pattern = "z0011010100mmmmmkkkk01nnnnnddddd", Name = "CSINC", Text = "?cset cset {d}, {invcond} | ?cinc cinc {d}, {n}, {invcond} | csinc {d}, {n}, {m}, {cond}" },
        new RowOf<SelectOf<Complemented>> { Pattern = "z1011010100mmmmmkkkk00nnnnnddddd", Name = "CSINV", Text = "?cset csetm {d}, {invcond} | ?cinc cinv {d}, {n}, {invcond} | csinv {d}, {n}, {m}, {cond}" },
        new RowOf<SelectOf<Negated>> { Pattern = "z1011010100mmmmmkkkk01nnnnnddddd", Name = "CSNEG", Text = "?cneg cneg {d}, {n}, {invcond} | csneg {d}, {n}, {m}, {cond}" },
    ];

    public static Row[] Compare() =>
    [
        new RowOf<CompareWith<Plus, Register>> { Pattern = "z0111010010mmmmmkkkk00nnnnn0ffff", Name = "CCMN (register)", Text = "ccmn {n}, {m}, #{f:x}, {cond}" },
        new RowOf<CompareWith<Plus, Imm5>> { Pattern = "z0111010010iiiiikkkk10nnnnn0ffff", Name = "CCMN (immediate)", Text = "ccmn {n}, #{i:x}, #{f:x}, {cond}" },
        new RowOf<CompareWith<Minus, Register>> { Pattern = "z1111010010mmmmmkkkk00nnnnn0ffff", Name = "CCMP (register)", Text = "ccmp {n}, {m}, #{f:x}, {cond}" },
        new RowOf<CompareWith<Minus, Imm5>> { Pattern = "z1111010010iiiiikkkk10nnnnn0ffff", Name = "CCMP (immediate)", Text = "ccmp {n}, #{i:x}, #{f:x}, {cond}" },
    ];

    public static Row[] FlagManipulation() =>
    [
        new RowOf<Rmif> { Pattern = "10111010000iiiiii00001nnnnn0ffff", Name = "RMIF", Text = "rmif {n}, #{i:d}, #{f:d}", Feature = Feature.FlagM },
        new RowOf<Setf<U8>> { Pattern = "0011101000000000000010nnnnn01101", Name = "SETF8", Is64 = false, Text = "setf8 {n}", Feature = Feature.FlagM },
        new RowOf<Setf<U16>> { Pattern = "0011101000000000010010nnnnn01101", Name = "SETF16", Is64 = false, Text = "setf16 {n}", Feature = Feature.FlagM },
    ];

    private interface IElse
    {
        static abstract T Of<M, T, X>(ref M m, T value) where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>;
    }

    private readonly struct Unchanged : IElse
    {
        static T IElse.Of<M, T, X>(ref M m, T value) => value;
    }

    private readonly struct Incremented : IElse
    {
        static T IElse.Of<M, T, X>(ref M m, T value) => value + m.Imm<T>(1);
    }

    private readonly struct Complemented : IElse
    {
        static T IElse.Of<M, T, X>(ref M m, T value) => ~value;
    }

    private readonly struct Negated : IElse
    {
        static T IElse.Of<M, T, X>(ref M m, T value) => m.Imm<T>(0) - value;
    }

    // C6.2.119 to C6.2.123
    private readonly struct SelectOf<TElse> : IInstruction where TElse : struct, IElse
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            Flag holds = m.Condition(o.Option);
            T otherwise = TElse.Of<M, T, X>(ref m, m.X<T>(o.Rm));
            m.SetX(o.Rd, m.Select(holds, m.X<T>(o.Rn), otherwise));
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Option = Bits.Condition(word);
            return true;
        }
    }

    private readonly struct Imm5 : IOperand2
    {
        static T IOperand2.Get<M, T, X>(ref M m, in Operands o) => m.Imm<T>(o.Imm);

        static bool IOperand2.Decode(uint word, ref Operands o)
        {
            o.Imm = Bits.Field(word, 20, 16);
            return true;
        }
    }

    // C6.2.48, C6.2.50: NZCV of the comparison, or the immediate's if the condition fails.
    private readonly struct CompareWith<TOperation, TOperand> : IInstruction where TOperation : struct, IOperation where TOperand : struct, IOperand2
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            T a = m.X<T>(o.Rn), b = TOperand.Get<M, T, X>(ref m, o);
            Flag holds = m.Condition(o.Option);
            X compared;
            if (TOperation.Flags == FlagRule.Add) compared = m.NzcvOfAdd(a, b);
            else compared = m.NzcvOfSub(a, b);
            m.SetNzcv(m.Select(holds, compared, m.Imm<X>(o.Aux)));
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Option = Bits.Condition(word);
            o.Aux = (int)(Bits.Field(word, 3, 0) << 28);
            return TOperand.Decode(word, ref o);
        }
    }

    // C6.2.304: bits of a rotated register into the flags that the mask names.
    private readonly struct Rmif : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            X rotated = X.RotateRight(m.X<X>(o.Rn), o.Aux) << 28;
            X mask = m.Imm<X>(o.Imm);
            m.SetNzcv((m.Nzcv() & ~mask) | (rotated & mask));
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Aux = (int)Bits.Field(word, 20, 15);
            o.Imm = Bits.Field(word, 3, 0) << 28;
            return true;
        }
    }

    // C6.2.333: N, Z and V as of an 8- or 16-bit value; C stays.
    private readonly struct Setf<TSize> : IInstruction where TSize : struct, IAccess
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            const int Bits8 = 8;
            T value = m.X<T>(o.Rn);
            int top = (TSize.Bytes * Bits8) - 1;
            X zero = m.Imm<X>(0);
            X n = m.Select(m.Bit(value, top), m.Imm<X>(1L << 31), zero);
            X z = m.Select(m.IsZero(Word.ZeroExtend(value, top + 1)), m.Imm<X>(1L << 30), zero);
            X v = m.Select(m.Bit(value ^ (value >>> 1), top), m.Imm<X>(1L << 28), zero);
            m.SetNzcv((m.Nzcv() & m.Imm<X>(1L << 29)) | n | z | v);
        }
    }
}
