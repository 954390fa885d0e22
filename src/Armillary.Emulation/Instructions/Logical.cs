using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Instructions;

/// <summary>Logical operations (Arm ARM C4.1.92, C4.1.93): bitmask immediate and shifted register.</summary>
internal static class Logical
{
    public static Row[] Immediate() =>
    [
        new RowOf<Alu<And, BitmaskImmediate>> { Pattern = "z00100100jrrrrrriiiiiinnnnnDDDDD", Name = "AND (immediate)", Text = "and {d}, {n}, #{imm:x}" },
        new RowOf<Alu<Or, BitmaskImmediate>> { Pattern = "z01100100jrrrrrriiiiiinnnnnDDDDD", Name = "ORR (immediate)", Text = "?movbitmask mov {d}, #{imm:x} | orr {d}, {n}, #{imm:x}" },
        new RowOf<Alu<Xor, BitmaskImmediate>> { Pattern = "z10100100jrrrrrriiiiiinnnnnDDDDD", Name = "EOR (immediate)", Text = "eor {d}, {n}, #{imm:x}" },
        new RowOf<AluFlags<And, BitmaskImmediate>> { Pattern = "z11100100jrrrrrriiiiiinnnnnddddd", Name = "ANDS (immediate)", Text = "?d=31 tst {n}, #{imm:x} | ands {d}, {n}, #{imm:x}" },
    ];

    public static Row[] ShiftedRegister() =>
    [
        new RowOf<Alu<And, Lsl>> { Pattern = "z0001010000mmmmmiiiiiinnnnnddddd", Name = "AND (shifted register), LSL", Text = "and {d}, {n}, {m}{shift}" },
        new RowOf<Alu<And, Lsr>> { Pattern = "z0001010010mmmmmiiiiiinnnnnddddd", Name = "AND (shifted register), LSR", Text = "and {d}, {n}, {m}{shift}" },
        new RowOf<Alu<And, Asr>> { Pattern = "z0001010100mmmmmiiiiiinnnnnddddd", Name = "AND (shifted register), ASR", Text = "and {d}, {n}, {m}{shift}" },
        new RowOf<Alu<And, Ror>> { Pattern = "z0001010110mmmmmiiiiiinnnnnddddd", Name = "AND (shifted register), ROR", Text = "and {d}, {n}, {m}{shift}" },
        new RowOf<Alu<AndNot, Lsl>> { Pattern = "z0001010001mmmmmiiiiiinnnnnddddd", Name = "BIC (shifted register), LSL", Text = "bic {d}, {n}, {m}{shift}" },
        new RowOf<Alu<AndNot, Lsr>> { Pattern = "z0001010011mmmmmiiiiiinnnnnddddd", Name = "BIC (shifted register), LSR", Text = "bic {d}, {n}, {m}{shift}" },
        new RowOf<Alu<AndNot, Asr>> { Pattern = "z0001010101mmmmmiiiiiinnnnnddddd", Name = "BIC (shifted register), ASR", Text = "bic {d}, {n}, {m}{shift}" },
        new RowOf<Alu<AndNot, Ror>> { Pattern = "z0001010111mmmmmiiiiiinnnnnddddd", Name = "BIC (shifted register), ROR", Text = "bic {d}, {n}, {m}{shift}" },
        new RowOf<Alu<Or, Lsl>> { Pattern = "z0101010000mmmmmiiiiiinnnnnddddd", Name = "ORR (shifted register), LSL", Text = Orr },
        new RowOf<Alu<Or, Lsr>> { Pattern = "z0101010010mmmmmiiiiiinnnnnddddd", Name = "ORR (shifted register), LSR", Text = Orr },
        new RowOf<Alu<Or, Asr>> { Pattern = "z0101010100mmmmmiiiiiinnnnnddddd", Name = "ORR (shifted register), ASR", Text = Orr },
        new RowOf<Alu<Or, Ror>> { Pattern = "z0101010110mmmmmiiiiiinnnnnddddd", Name = "ORR (shifted register), ROR", Text = Orr },
        new RowOf<Alu<OrNot, Lsl>> { Pattern = "z0101010001mmmmmiiiiiinnnnnddddd", Name = "ORN (shifted register), LSL", Text = "?n=31 mvn {d}, {m}{shift} | orn {d}, {n}, {m}{shift}" },
        new RowOf<Alu<OrNot, Lsr>> { Pattern = "z0101010011mmmmmiiiiiinnnnnddddd", Name = "ORN (shifted register), LSR", Text = "?n=31 mvn {d}, {m}{shift} | orn {d}, {n}, {m}{shift}" },
        new RowOf<Alu<OrNot, Asr>> { Pattern = "z0101010101mmmmmiiiiiinnnnnddddd", Name = "ORN (shifted register), ASR", Text = "?n=31 mvn {d}, {m}{shift} | orn {d}, {n}, {m}{shift}" },
        new RowOf<Alu<OrNot, Ror>> { Pattern = "z0101010111mmmmmiiiiiinnnnnddddd", Name = "ORN (shifted register), ROR", Text = "?n=31 mvn {d}, {m}{shift} | orn {d}, {n}, {m}{shift}" },
        new RowOf<Alu<Xor, Lsl>> { Pattern = "z1001010000mmmmmiiiiiinnnnnddddd", Name = "EOR (shifted register), LSL", Text = "eor {d}, {n}, {m}{shift}" },
        new RowOf<Alu<Xor, Lsr>> { Pattern = "z1001010010mmmmmiiiiiinnnnnddddd", Name = "EOR (shifted register), LSR", Text = "eor {d}, {n}, {m}{shift}" },
        new RowOf<Alu<Xor, Asr>> { Pattern = "z1001010100mmmmmiiiiiinnnnnddddd", Name = "EOR (shifted register), ASR", Text = "eor {d}, {n}, {m}{shift}" },
        new RowOf<Alu<Xor, Ror>> { Pattern = "z1001010110mmmmmiiiiiinnnnnddddd", Name = "EOR (shifted register), ROR", Text = "eor {d}, {n}, {m}{shift}" },
        new RowOf<Alu<XorNot, Lsl>> { Pattern = "z1001010001mmmmmiiiiiinnnnnddddd", Name = "EON (shifted register), LSL", Text = "eon {d}, {n}, {m}{shift}" },
        new RowOf<Alu<XorNot, Lsr>> { Pattern = "z1001010011mmmmmiiiiiinnnnnddddd", Name = "EON (shifted register), LSR", Text = "eon {d}, {n}, {m}{shift}" },
        new RowOf<Alu<XorNot, Asr>> { Pattern = "z1001010101mmmmmiiiiiinnnnnddddd", Name = "EON (shifted register), ASR", Text = "eon {d}, {n}, {m}{shift}" },
        new RowOf<Alu<XorNot, Ror>> { Pattern = "z1001010111mmmmmiiiiiinnnnnddddd", Name = "EON (shifted register), ROR", Text = "eon {d}, {n}, {m}{shift}" },
        new RowOf<AluFlags<And, Lsl>> { Pattern = "z1101010000mmmmmiiiiiinnnnnddddd", Name = "ANDS (shifted register), LSL", Text = Ands },
        new RowOf<AluFlags<And, Lsr>> { Pattern = "z1101010010mmmmmiiiiiinnnnnddddd", Name = "ANDS (shifted register), LSR", Text = Ands },
        new RowOf<AluFlags<And, Asr>> { Pattern = "z1101010100mmmmmiiiiiinnnnnddddd", Name = "ANDS (shifted register), ASR", Text = Ands },
        new RowOf<AluFlags<And, Ror>> { Pattern = "z1101010110mmmmmiiiiiinnnnnddddd", Name = "ANDS (shifted register), ROR", Text = Ands },
        new RowOf<AluFlags<AndNot, Lsl>> { Pattern = "z1101010001mmmmmiiiiiinnnnnddddd", Name = "BICS (shifted register), LSL", Text = "bics {d}, {n}, {m}{shift}" },
        new RowOf<AluFlags<AndNot, Lsr>> { Pattern = "z1101010011mmmmmiiiiiinnnnnddddd", Name = "BICS (shifted register), LSR", Text = "bics {d}, {n}, {m}{shift}" },
        new RowOf<AluFlags<AndNot, Asr>> { Pattern = "z1101010101mmmmmiiiiiinnnnnddddd", Name = "BICS (shifted register), ASR", Text = "bics {d}, {n}, {m}{shift}" },
        new RowOf<AluFlags<AndNot, Ror>> { Pattern = "z1101010111mmmmmiiiiiinnnnnddddd", Name = "BICS (shifted register), ROR", Text = "bics {d}, {n}, {m}{shift}" },
    ];

    private const string Orr = "?movregister mov {d}, {m} | orr {d}, {n}, {m}{shift}";
    private const string Ands = "?d=31 tst {n}, {m}{shift} | ands {d}, {n}, {m}{shift}";
}
