using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>Add and subtract (Arm ARM C4.1.92, C4.1.93): immediate, shifted and extended register, with carry.</summary>
internal static class AddSubtract
{
    public static Row[] Immediate() =>
    [
        new RowOf<Alu<Plus, Imm12>> { Pattern = "z00100010hiiiiiiiiiiiiNNNNNDDDDD", Name = "ADD (immediate)", Text = "?movsp mov {d}, {n} | add {d}, {n}, #{i:x}{lsl12}" },
        new RowOf<AluFlags<Plus, Imm12>> { Pattern = "z01100010hiiiiiiiiiiiiNNNNNddddd", Name = "ADDS (immediate)", Text = "?d=31 cmn {n}, #{i:x}{lsl12} | adds {d}, {n}, #{i:x}{lsl12}" },
        new RowOf<Alu<Minus, Imm12>> { Pattern = "z10100010hiiiiiiiiiiiiNNNNNDDDDD", Name = "SUB (immediate)", Text = "sub {d}, {n}, #{i:x}{lsl12}" },
        new RowOf<AluFlags<Minus, Imm12>> { Pattern = "z11100010hiiiiiiiiiiiiNNNNNddddd", Name = "SUBS (immediate)", Text = "?d=31 cmp {n}, #{i:x}{lsl12} | subs {d}, {n}, #{i:x}{lsl12}" },
    ];

    public static Row[] ShiftedRegister() =>
    [
        new RowOf<Alu<Plus, Lsl>> { Pattern = "z0001011000mmmmmiiiiiinnnnnddddd", Name = "ADD (shifted register), LSL", Text = Add },
        new RowOf<Alu<Plus, Lsr>> { Pattern = "z0001011010mmmmmiiiiiinnnnnddddd", Name = "ADD (shifted register), LSR", Text = Add },
        new RowOf<Alu<Plus, Asr>> { Pattern = "z0001011100mmmmmiiiiiinnnnnddddd", Name = "ADD (shifted register), ASR", Text = Add },
        new RowOf<AluFlags<Plus, Lsl>> { Pattern = "z0101011000mmmmmiiiiiinnnnnddddd", Name = "ADDS (shifted register), LSL", Text = Adds },
        new RowOf<AluFlags<Plus, Lsr>> { Pattern = "z0101011010mmmmmiiiiiinnnnnddddd", Name = "ADDS (shifted register), LSR", Text = Adds },
        new RowOf<AluFlags<Plus, Asr>> { Pattern = "z0101011100mmmmmiiiiiinnnnnddddd", Name = "ADDS (shifted register), ASR", Text = Adds },
        new RowOf<Alu<Minus, Lsl>> { Pattern = "z1001011000mmmmmiiiiiinnnnnddddd", Name = "SUB (shifted register), LSL", Text = Sub },
        new RowOf<Alu<Minus, Lsr>> { Pattern = "z1001011010mmmmmiiiiiinnnnnddddd", Name = "SUB (shifted register), LSR", Text = Sub },
        new RowOf<Alu<Minus, Asr>> { Pattern = "z1001011100mmmmmiiiiiinnnnnddddd", Name = "SUB (shifted register), ASR", Text = Sub },
        new RowOf<AluFlags<Minus, Lsl>> { Pattern = "z1101011000mmmmmiiiiiinnnnnddddd", Name = "SUBS (shifted register), LSL", Text = Subs },
        new RowOf<AluFlags<Minus, Lsr>> { Pattern = "z1101011010mmmmmiiiiiinnnnnddddd", Name = "SUBS (shifted register), LSR", Text = Subs },
        new RowOf<AluFlags<Minus, Asr>> { Pattern = "z1101011100mmmmmiiiiiinnnnnddddd", Name = "SUBS (shifted register), ASR", Text = Subs },
    ];

    public static Row[] ExtendedRegister() =>
    [
        new RowOf<Alu<Plus, Extended>> { Pattern = "z0001011001mmmmmoooiiiNNNNNDDDDD", Name = "ADD (extended register)", Text = "add {d}, {n}, {extended}" },
        new RowOf<AluFlags<Plus, Extended>> { Pattern = "z0101011001mmmmmoooiiiNNNNNddddd", Name = "ADDS (extended register)", Text = "?d=31 cmn {n}, {extended} | adds {d}, {n}, {extended}" },
        new RowOf<Alu<Minus, Extended>> { Pattern = "z1001011001mmmmmoooiiiNNNNNDDDDD", Name = "SUB (extended register)", Text = "sub {d}, {n}, {extended}" },
        new RowOf<AluFlags<Minus, Extended>> { Pattern = "z1101011001mmmmmoooiiiNNNNNddddd", Name = "SUBS (extended register)", Text = "?d=31 cmp {n}, {extended} | subs {d}, {n}, {extended}" },
    ];

    public static Row[] WithCarry() =>
    [
        new RowOf<Carry<Same>> { Pattern = "z0011010000mmmmm000000nnnnnddddd", Name = "ADC", Text = "adc {d}, {n}, {m}" },
        new RowOf<CarryFlags<Same>> { Pattern = "z0111010000mmmmm000000nnnnnddddd", Name = "ADCS", Text = "adcs {d}, {n}, {m}" },
        new RowOf<Carry<Inverted>> { Pattern = "z1011010000mmmmm000000nnnnnddddd", Name = "SBC", Text = "?n=31 ngc {d}, {m} | sbc {d}, {n}, {m}" },
        new RowOf<CarryFlags<Inverted>> { Pattern = "z1111010000mmmmm000000nnnnnddddd", Name = "SBCS", Text = "?n=31 ngcs {d}, {m} | sbcs {d}, {n}, {m}" },
    ];

    private const string Add = "add {d}, {n}, {m}{shift}";
    private const string Adds = "?d=31 cmn {n}, {m}{shift} | adds {d}, {n}, {m}{shift}";
    private const string Sub = "?n=31 neg {d}, {m}{shift} | sub {d}, {n}, {m}{shift}";
    private const string Subs = "?d=31 cmp {n}, {m}{shift} | ?n=31 negs {d}, {m}{shift} | subs {d}, {n}, {m}{shift}";

    private interface ISense
    {
        static abstract T Of<T>(T value) where T : struct, IWord<T>;
    }

    private readonly struct Same : ISense
    {
        static T ISense.Of<T>(T value) => value;
    }

    private readonly struct Inverted : ISense
    {
        static T ISense.Of<T>(T value) => ~value;
    }

    // C6.2.1; SBC adds the complement (C6.2.325).
    private readonly struct Carry<TSense> : IInstruction where TSense : struct, ISense
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, m.AddWithCarry(m.X<T>(o.Rn), TSense.Of(m.X<T>(o.Rm))));
    }

    private readonly struct CarryFlags<TSense> : IInstruction where TSense : struct, ISense
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            T a = m.X<T>(o.Rn), b = TSense.Of(m.X<T>(o.Rm));
            T result = m.AddWithCarry(a, b);
            m.SetFlagsOfAddWithCarry(a, b);
            m.SetX(o.Rd, result);
        }
    }
}
