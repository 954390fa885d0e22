using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>Move wide, PC-relative, bitfield and extract (Arm ARM C4.1.92).</summary>
internal static class MoveAndBitfield
{
    public static Row[] MoveWide() =>
    [
        new RowOf<Constant<Negated>> { Pattern = "z00100101hhiiiiiiiiiiiiiiiiddddd", Name = "MOVN", Text = "?movn mov {d}, #{imm:x} | movn {d}, #{i:x}{lsl16}" },
        new RowOf<Constant<Plain>> { Pattern = "z10100101hhiiiiiiiiiiiiiiiiddddd", Name = "MOVZ", Text = "?movz mov {d}, #{imm:x} | movz {d}, #{i:x}{lsl16}" },
        new RowOf<Keep> { Pattern = "z11100101hhiiiiiiiiiiiiiiiibbbbb", Name = "MOVK", Text = "movk {d}, #{i:x}{lsl16}" },
    ];

    public static Row[] PcRelative() =>
    [
        new RowOf<Adr> { Pattern = "0jj10000iiiiiiiiiiiiiiiiiiiddddd", Name = "ADR", Text = "adr {d}, {target}" },
        new RowOf<Adrp> { Pattern = "1jj10000iiiiiiiiiiiiiiiiiiiddddd", Name = "ADRP", Text = "adrp {d}, {target}" },
    ];

    public static Row[] Bitfield() =>
    [
        new RowOf<Extracted<Signed>> { Pattern = "z00100110jrrrrrriiiiiinnnnnddddd", Name = "SBFM", Text = "?asr asr {d}, {n}, #{r:d} | ?sxtb sxtb {d}, {wn} | ?sxth sxth {d}, {wn} | ?sxtw sxtw {d}, {wn} | ?bfiz sbfiz {d}, {n}, #{lsb:d}, #{width:d} | sbfx {d}, {n}, #{r:d}, #{width:d}" },
        new RowOf<Extracted<Unsigned>> { Pattern = "z10100110jrrrrrriiiiiinnnnnddddd", Name = "UBFM", Text = "?lsl lsl {d}, {n}, #{lsb:d} | ?lsr lsr {d}, {n}, #{r:d} | ?uxtb uxtb {d}, {wn} | ?uxth uxth {d}, {wn} | ?bfiz ubfiz {d}, {n}, #{lsb:d}, #{width:d} | ubfx {d}, {n}, #{r:d}, #{width:d}" },
        new RowOf<Inserted> { Pattern = "z01100110jrrrrrriiiiiinnnnnbbbbb", Name = "BFM", Text = "?bfc bfc {d}, #{lsb:d}, #{width:d} | ?bfiz bfi {d}, {n}, #{lsb:d}, #{width:d} | bfxil {d}, {n}, #{r:d}, #{width:d}" },
    ];

    public static Row[] Extract() =>
    [
        new RowOf<Extr> { Pattern = "z00100111j0mmmmmiiiiiinnnnnddddd", Name = "EXTR", Text = "?ror ror {d}, {n}, #{i:d} | extr {d}, {n}, {m}, #{i:d}" },
    ];

    private interface IConstant
    {
        static abstract ulong Of(ulong value);
    }

    private readonly struct Plain : IConstant
    {
        static ulong IConstant.Of(ulong value) => value;
    }

    private readonly struct Negated : IConstant
    {
        static ulong IConstant.Of(ulong value) => ~value;
    }

    private static bool DecodeWide(uint word, ref Operands o)
    {
        o.Aux = 16 * (int)Bits.Field(word, 22, 21);
        o.Imm = (long)((ulong)Bits.Field(word, 20, 5) << o.Aux);
        return o.Is64 || o.Aux < 32;
    }

    // C6.2.252, C6.2.253
    private readonly struct Constant<TConstant> : IInstruction where TConstant : struct, IConstant
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, m.Imm<T>(o.Imm));

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            if (!DecodeWide(word, ref o)) return false;
            ulong value = TConstant.Of((ulong)o.Imm);
            o.Imm = (long)(o.Is64 ? value : (uint)value);
            return true;
        }
    }

    // C6.2.251
    private readonly struct Keep : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, (m.X<T>(o.Ra) & m.Imm<T>(~(0xffffL << o.Aux))) | m.Imm<T>(o.Imm));

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeWide(word, ref o);
    }

    private static long RelativeImmediate(uint word) => (Bits.SignedField(word, 23, 5) << 2) | Bits.Field(word, 30, 29);

    // C6.2.11
    private readonly struct Adr : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, m.Imm<X>(o.Imm));

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = (long)o.Pc + RelativeImmediate(word);
            return true;
        }
    }

    // C6.2.12
    private readonly struct Adrp : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, m.Imm<X>(o.Imm));

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = ((long)o.Pc & ~0xfffL) + (RelativeImmediate(word) << 12);
            return true;
        }
    }

    private static bool DecodeBitfield(uint word, ref Operands o, out int immr, out int imms)
    {
        immr = (int)Bits.Field(word, 21, 16);
        imms = (int)Bits.Field(word, 15, 10);
        bool wide = Bits.Field(word, 22, 22) != 0;
        return wide == o.Is64 && (o.Is64 || (immr < 32 && imms < 32));
    }

    private interface ISign
    {
        static abstract T ShiftRight<T>(T value, int amount) where T : struct, IWord<T>;
    }

    private readonly struct Signed : ISign
    {
        static T ISign.ShiftRight<T>(T value, int amount) => value >> amount;
    }

    private readonly struct Unsigned : ISign
    {
        static T ISign.ShiftRight<T>(T value, int amount) => value >>> amount;
    }

    // C6.2.326, C6.2.462: a field moved to the top and back down; imms < immr leaves it above bit 0.
    private readonly struct Extracted<TSign> : IInstruction where TSign : struct, ISign
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, TSign.ShiftRight(m.X<T>(o.Rn) << o.Option, o.Aux));

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            if (!DecodeBitfield(word, ref o, out int immr, out int imms)) return false;
            int bits = o.Is64 ? 64 : 32;
            o.Option = (byte)(bits - 1 - imms);
            o.Aux = imms >= immr ? o.Option + immr : o.Option + immr - bits;
            return true;
        }
    }

    // C6.2.33: the field's bits replace those of Rd, the others stay.
    private readonly struct Inserted : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            T mask = m.Imm<T>(o.Imm);
            m.SetX(o.Rd, (m.X<T>(o.Ra) & ~mask) | (T.RotateRight(m.X<T>(o.Rn), o.Aux) & mask));
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            if (!DecodeBitfield(word, ref o, out int immr, out int imms)) return false;
            int bits = o.Is64 ? 64 : 32;
            o.Aux = immr;
            int width = imms >= immr ? imms - immr + 1 : imms + 1;
            ulong ones = width == 64 ? ulong.MaxValue : (1ul << width) - 1;
            o.Imm = (long)(imms >= immr ? ones : ones << (bits - immr));
            return true;
        }
    }

    // C6.2.149
    private readonly struct Extr : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            T low = m.X<T>(o.Rm) >>> o.Aux;
            if (o.Aux == 0) m.SetX(o.Rd, low);
            else m.SetX(o.Rd, low | (m.X<T>(o.Rn) << (T.Bits - o.Aux)));
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Aux = (int)Bits.Field(word, 15, 10);
            return Bits.Field(word, 22, 22) != 0 == o.Is64 && (o.Is64 || o.Aux < 32);
        }
    }
}
