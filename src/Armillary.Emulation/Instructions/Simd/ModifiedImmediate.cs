using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>A constant made of eight bits (Arm ARM C4.1.94, "Advanced SIMD modified immediate").</summary>
internal static class ModifiedImmediate
{
    public static Row[] Rows() =>
    [
        Row<Move>("0z00111100000iii0kk001jjjjjvvvvv", "MOVI, S shifted", "movi {v.s}, #{imm8:x}{lslword}"),
        Row<Or>("0z00111100000iii0kk101jjjjjvvvvv", "ORR (vector, immediate), S", "orr {v.s}, #{imm8:x}{lslword}"),
        Row<Move>("0z00111100000iii10k001jjjjjvvvvv", "MOVI, H shifted", "movi {v.h}, #{imm8:x}{lslword}"),
        Row<Or>("0z00111100000iii10k101jjjjjvvvvv", "ORR (vector, immediate), H", "orr {v.h}, #{imm8:x}{lslword}"),
        Row<Move>("0z00111100000iii110k01jjjjjvvvvv", "MOVI, S with ones shifted in", "movi {v.s}, #{imm8:x}{msl}"),
        Row<Move>("0z00111100000iii111001jjjjjvvvvv", "MOVI, B", "movi {v.b}, #{imm8:x}"),
        Row<Move>("0z00111100000iii111101jjjjjvvvvv", "FMOV (vector, immediate), S", "fmov {v.s}, #{vectorfloat}"),
        Row<Move>("0z00111100000iii111111jjjjjvvvvv", "FMOV (vector, immediate), H", "fmov {v.h}, #{vectorfloat}").Of(Feature.FP16),
        Row<Move>("0z10111100000iii0kk001jjjjjvvvvv", "MVNI, S shifted", "mvni {v.s}, #{imm8:x}{lslword}"),
        Row<Clear>("0z10111100000iii0kk101jjjjjvvvvv", "BIC (vector, immediate), S", "bic {v.s}, #{imm8:x}{lslword}"),
        Row<Move>("0z10111100000iii10k001jjjjjvvvvv", "MVNI, H shifted", "mvni {v.h}, #{imm8:x}{lslword}"),
        Row<Clear>("0z10111100000iii10k101jjjjjvvvvv", "BIC (vector, immediate), H", "bic {v.h}, #{imm8:x}{lslword}"),
        Row<Move>("0z10111100000iii110k01jjjjjvvvvv", "MVNI, S with ones shifted in", "mvni {v.s}, #{imm8:x}{msl}"),
        Row<Move>("0010111100000iii111001jjjjjvvvvv", "MOVI, D scalar", "movi {vD}, #{imm:x}", is64: false),
        Row<Move>("0110111100000iii111001jjjjjvvvvv", "MOVI, D", "movi {v.2d}, #{imm:x}"),
        Row<Move>("0110111100000iii111101jjjjjvvvvv", "FMOV (vector, immediate), D", "fmov {v.2d}, #{vectorfloat}"),
    ];

    private static RowOf<I> Row<I>(string pattern, string name, string text, bool is64 = true) where I : struct, IInstruction => new() { Pattern = pattern, Name = name, Text = text, Is64 = is64 };

    /// <summary>Sets Imm to the 64 bits of which the vector is made; for MVNI inverted.</summary>
    private static bool DecodeImmediate(uint word, ref Operands o)
    {
        uint cmode = Bits.Field(word, 15, 12);
        bool op = Bits.Field(word, 29, 29) != 0;
        ulong immediate = Expand(Bits.Field(word, 29, 29), cmode, Bits.Field(word, 11, 11), (Bits.Field(word, 18, 16) << 5) | Bits.Field(word, 9, 5));
        bool inverts = op && ((cmode & 1) == 0 || cmode == 13) && cmode != 14; // MVNI
        o.Imm = (long)(inverts ? ~immediate : immediate);
        return true;
    }

    // AdvSIMDExpandImm (Arm ARM J1.1.3) with FEAT_FP16's halfword.
    private static ulong Expand(uint op, uint cmode, uint o2, uint imm8) => (cmode >> 1) switch
    {
        < 4 => Words(imm8 << (int)(8 * (cmode >> 1))),
        4 => Halfwords(imm8),
        5 => Halfwords(imm8 << 8),
        6 => Words((cmode & 1) == 0 ? (imm8 << 8) | 0xff : (imm8 << 16) | 0xffff),
        _ => (cmode & 1, op) switch
        {
            (0, 0) => Halfwords(imm8 * 0x101),
            (0, _) => Bytes(imm8),
            (_, 0) => o2 == 0 ? Words((uint)Float(imm8, 8, 32)) : Halfwords((uint)Float(imm8, 5, 16)),
            _ => Float(imm8, 11, 64),
        },
    };

    private static ulong Words(uint word) => word * 0x1_0000_0001ul;

    private static ulong Halfwords(uint halfword) => halfword * 0x0001_0001_0001_0001ul;

    // Each bit is a byte.
    private static ulong Bytes(uint bits)
    {
        ulong bytes = 0;
        for (int i = 0; i < 8; i++) bytes |= (((bits >> i) & 1) * 0xfful) << (8 * i);
        return bytes;
    }

    // VFPExpandImm: sign, inverted top bit of the exponent and copies of it, two bits of exponent and four of fraction.
    private static ulong Float(uint imm8, int exponentBits, int size)
    {
        ulong sign = imm8 >> 7, top = (imm8 >> 6) & 1;
        ulong exponent = ((top ^ 1) << (exponentBits - 1)) | (top * ((1ul << (exponentBits - 3)) - 1) << 2) | ((imm8 >> 4) & 3);
        int fractionBits = size - exponentBits - 1;
        return (sign << (size - 1)) | (exponent << fractionBits) | ((ulong)(imm8 & 15) << (fractionBits - 4));
    }

    private readonly struct Move : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            long upper = T.Bits == 64 ? o.Imm : 0;
            m.SetV(o.Rd, m.FromX(m.Imm<X>(o.Imm), m.Imm<X>(upper)));
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeImmediate(word, ref o);
    }

    private readonly struct Or : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 d = m.V(o.Rd);
            X low = m.ToX(d, 0) | m.Imm<X>(o.Imm), high = m.Imm<X>(0);
            if (T.Bits == 64) high = m.ToX(d, 1) | m.Imm<X>(o.Imm);
            m.SetV(o.Rd, m.FromX(low, high));
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeImmediate(word, ref o);
    }

    private readonly struct Clear : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 d = m.V(o.Rd);
            X low = m.ToX(d, 0) & m.Imm<X>(~o.Imm), high = m.Imm<X>(0);
            if (T.Bits == 64) high = m.ToX(d, 1) & m.Imm<X>(~o.Imm);
            m.SetV(o.Rd, m.FromX(low, high));
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeImmediate(word, ref o);
    }
}
