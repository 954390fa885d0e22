using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>FMOV, FABS and FNEG of scalars (Arm ARM C4.1.96); they look at no flag of FPCR and set none of FPSR.</summary>
internal static class ScalarMove
{
    public static Row[] Registers() =>
    [
        .. One<Unchanged>("FMOV", "FMOV (register)", "000000"),
        .. One<Absolute>("FABS", "FABS (scalar)", "000001"),
        .. One<Negated>("FNEG", "FNEG (scalar)", "000010"),
    ];

    public static Row[] General() =>
    [
        new RowOf<ToRegister<Binary16>> { Pattern = "z001111011100110000000uuuuuddddd", Name = "FMOV (general), H to W or X", Text = "fmov {d}, {uH}", Feature = Feature.FP16 },
        new RowOf<OfRegister<Binary16>> { Pattern = "z001111011100111000000nnnnnvvvvv", Name = "FMOV (general), W or X to H", Text = "fmov {vH}, {n}", Feature = Feature.FP16 },
        new RowOf<ToRegister<Binary32>> { Pattern = "0001111000100110000000uuuuuddddd", Name = "FMOV (general), S to W", Is64 = false, Text = "fmov {d}, {uS}" },
        new RowOf<OfRegister<Binary32>> { Pattern = "0001111000100111000000nnnnnvvvvv", Name = "FMOV (general), W to S", Is64 = false, Text = "fmov {vS}, {n}" },
        new RowOf<ToRegister<Binary64>> { Pattern = "1001111001100110000000uuuuuddddd", Name = "FMOV (general), D to X", Text = "fmov {d}, {uD}" },
        new RowOf<OfRegister<Binary64>> { Pattern = "1001111001100111000000nnnnnvvvvv", Name = "FMOV (general), X to D", Text = "fmov {vD}, {n}" },
        new RowOf<UpperToRegister> { Pattern = "1001111010101110000000uuuuuddddd", Name = "FMOV (general), upper half to X", Text = "fmov {d}, {u.D}[1]" },
        new RowOf<UpperOfRegister> { Pattern = "1001111010101111000000nnnnnvvvvv", Name = "FMOV (general), X to upper half", Text = "fmov {v.D}[1], {n}" },
    ];

    public static Row[] Immediate() =>
    [
        new RowOf<Constant<Binary32>> { Pattern = "00011110001iiiiiiii10000000vvvvv", Name = "FMOV (scalar, immediate), S", Text = "fmov {vS}, #{scalarfloat}" },
        new RowOf<Constant<Binary64>> { Pattern = "00011110011iiiiiiii10000000vvvvv", Name = "FMOV (scalar, immediate), D", Text = "fmov {vD}, #{scalarfloat}" },
        new RowOf<Constant<Binary16>> { Pattern = "00011110111iiiiiiii10000000vvvvv", Name = "FMOV (scalar, immediate), H", Text = "fmov {vH}, #{scalarfloat}", Feature = Feature.FP16 },
    ];

    private static Row[] One<TChange>(string name, string fullName, string opcode) where TChange : struct, ISignChange
    {
        string Pattern(string type) => $"00011110{type}1{opcode}10000uuuuuvvvvv";
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Simd.Vector1<Alone<Binary32, TChange>>> { Pattern = Pattern("00"), Name = fullName + ", S", Text = text + " {vS}, {uS}" },
            new RowOf<Simd.Vector1<Alone<Binary64, TChange>>> { Pattern = Pattern("01"), Name = fullName + ", D", Text = text + " {vD}, {uD}" },
            new RowOf<Simd.Vector1<Alone<Binary16, TChange>>> { Pattern = Pattern("11"), Name = fullName + ", H", Text = text + " {vH}, {uH}", Feature = Feature.FP16 },
        ];
    }

    private readonly struct Alone<F, TChange> : IVectorOperation where F : struct, IFormat where TChange : struct, ISignChange
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Lane<F>.Alone((Lane<F>.Scalar(n) & ~TChange.Cleared(Values<F>.SignBit)) ^ TChange.Inverted(Values<F>.SignBit));
    }

    // C7.2.131
    private readonly struct ToRegister<F> : IInstruction where F : struct, IFormat
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            X value = Word.ZeroExtend(m.ToX(m.V(o.Rn), 0), F.Bits);
            m.SetX(o.Rd, m.Narrow<T>(value));
        }
    }

    private readonly struct OfRegister<F> : IInstruction where F : struct, IFormat
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            X value = Word.ZeroExtend(m.Widen(m.X<T>(o.Rn)), F.Bits);
            m.SetV(o.Rd, m.FromX(value, m.Imm<X>(0)));
        }
    }

    private readonly struct UpperToRegister : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            m.SetX(o.Rd, m.ToX(m.V(o.Rn), 1));
        }
    }

    private readonly struct UpperOfRegister : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            X low = m.ToX(m.V(o.Rd), 0);
            m.SetV(o.Rd, m.FromX(low, m.X<X>(o.Rn)));
        }
    }

    // C7.2.132
    private readonly struct Constant<F> : IInstruction where F : struct, IFormat
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            m.SetV(o.Rd, m.FromX(m.Imm<X>(o.Imm), m.Imm<X>(0)));
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = (long)Expand(Bits.Field(word, 20, 13));
            return true;
        }

        // VFPExpandImm: sign, an exponent of -3 to 4, four bits of fraction.
        private static ulong Expand(uint imm8)
        {
            int exponent = (int)((imm8 >> 4) & 7 ^ 4) - 3;
            return Values<F>.Signed((imm8 & 0x80) != 0, Values<F>.PowerOfTwo(exponent) | ((ulong)(imm8 & 15) << (F.FractionBits - 4)));
        }
    }
}

/// <summary>What becomes of the sign bit.</summary>
internal interface ISignChange
{
    static virtual ulong Cleared(ulong signBits) => 0;

    static virtual ulong Inverted(ulong signBits) => 0;
}

internal readonly struct Unchanged : ISignChange;

internal readonly struct Absolute : ISignChange
{
    static ulong ISignChange.Cleared(ulong signBits) => signBits;
}

internal readonly struct Negated : ISignChange
{
    static ulong ISignChange.Inverted(ulong signBits) => signBits;
}
