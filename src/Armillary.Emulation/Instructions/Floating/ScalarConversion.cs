using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Conversions between scalars and general registers, as integers and in fixed point (Arm ARM C4.1.96).</summary>
internal static class ScalarConversion
{
    public static Row[] Integer() =>
    [
        .. To<ToNearest, Signed>("FCVTNS", "00", "000"),
        .. To<ToNearest, Unsigned>("FCVTNU", "00", "001"),
        .. Of<Signed>("SCVTF", "010"),
        .. Of<Unsigned>("UCVTF", "011"),
        .. To<ToNearestAway, Signed>("FCVTAS", "00", "100"),
        .. To<ToNearestAway, Unsigned>("FCVTAU", "00", "101"),
        .. To<ToPlusInfinity, Signed>("FCVTPS", "01", "000"),
        .. To<ToPlusInfinity, Unsigned>("FCVTPU", "01", "001"),
        .. To<ToMinusInfinity, Signed>("FCVTMS", "10", "000"),
        .. To<ToMinusInfinity, Unsigned>("FCVTMU", "10", "001"),
        .. To<ToZero, Signed>("FCVTZS", "11", "000"),
        .. To<ToZero, Unsigned>("FCVTZU", "11", "001"),
        new RowOf<JavaScript> { Pattern = "0001111001111110000000uuuuuddddd", Name = "FJCVTZS", Is64 = false, Text = "fjcvtzs {d}, {uD}", Feature = Feature.JSCVT },
    ];

    public static Row[] FixedPoint() =>
    [
        .. OfFixed<Signed>("SCVTF", "010"),
        .. OfFixed<Unsigned>("UCVTF", "011"),
        .. ToFixed<Signed>("FCVTZS", "000"),
        .. ToFixed<Unsigned>("FCVTZU", "001"),
    ];

    private static Row[] To<TRounding, TSign>(string name, string mode, string opcode) where TRounding : struct, IRounding where TSign : struct, ISign
    {
        string Pattern(string type) => $"z0011110{type}1{mode}{opcode}000000uuuuuddddd";
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<ToInteger<ToGeneral<Binary32, TRounding, TSign>>> { Pattern = Pattern("00"), Name = name + " (scalar, integer), S", Text = text + " {d}, {uS}" },
            new RowOf<ToInteger<ToGeneral<Binary64, TRounding, TSign>>> { Pattern = Pattern("01"), Name = name + " (scalar, integer), D", Text = text + " {d}, {uD}" },
            new RowOf<ToInteger<ToGeneral<Binary16, TRounding, TSign>>> { Pattern = Pattern("11"), Name = name + " (scalar, integer), H", Text = text + " {d}, {uH}", Feature = Feature.FP16 },
        ];
    }

    private static Row[] Of<TSign>(string name, string opcode) where TSign : struct, ISign
    {
        string Pattern(string type) => $"z0011110{type}100{opcode}000000nnnnnvvvvv";
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<OfInteger<OfGeneral<Binary32, TSign>>> { Pattern = Pattern("00"), Name = name + " (scalar, integer), S", Text = text + " {vS}, {n}" },
            new RowOf<OfInteger<OfGeneral<Binary64, TSign>>> { Pattern = Pattern("01"), Name = name + " (scalar, integer), D", Text = text + " {vD}, {n}" },
            new RowOf<OfInteger<OfGeneral<Binary16, TSign>>> { Pattern = Pattern("11"), Name = name + " (scalar, integer), H", Text = text + " {vH}, {n}", Feature = Feature.FP16 },
        ];
    }

    private static Row[] ToFixed<TSign>(string name, string opcode) where TSign : struct, ISign
    {
        string Pattern(string type) => $"z0011110{type}011{opcode}iiiiiiuuuuuddddd";
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Scaled<ToInteger<ToGeneral<Binary32, ToZero, TSign>>>> { Pattern = Pattern("00"), Name = name + " (scalar, fixed-point), S", Text = text + " {d}, {uS}, #{imm:d}" },
            new RowOf<Scaled<ToInteger<ToGeneral<Binary64, ToZero, TSign>>>> { Pattern = Pattern("01"), Name = name + " (scalar, fixed-point), D", Text = text + " {d}, {uD}, #{imm:d}" },
            new RowOf<Scaled<ToInteger<ToGeneral<Binary16, ToZero, TSign>>>> { Pattern = Pattern("11"), Name = name + " (scalar, fixed-point), H", Text = text + " {d}, {uH}, #{imm:d}", Feature = Feature.FP16 },
        ];
    }

    private static Row[] OfFixed<TSign>(string name, string opcode) where TSign : struct, ISign
    {
        string Pattern(string type) => $"z0011110{type}000{opcode}iiiiiinnnnnvvvvv";
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Scaled<OfInteger<OfGeneral<Binary32, TSign>>>> { Pattern = Pattern("00"), Name = name + " (scalar, fixed-point), S", Text = text + " {vS}, {n}, #{imm:d}" },
            new RowOf<Scaled<OfInteger<OfGeneral<Binary64, TSign>>>> { Pattern = Pattern("01"), Name = name + " (scalar, fixed-point), D", Text = text + " {vD}, {n}, #{imm:d}" },
            new RowOf<Scaled<OfInteger<OfGeneral<Binary16, TSign>>>> { Pattern = Pattern("11"), Name = name + " (scalar, fixed-point), H", Text = text + " {vH}, {n}, #{imm:d}", Feature = Feature.FP16 },
        ];
    }

    private readonly struct ToInteger<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 operand = m.V(o.Rn);
            V128 result = m.Floating<TOperation>(o, operand, operand, operand);
            m.SetX(o.Rd, m.Narrow<T>(m.ToX(result, 0)));
        }
    }

    private readonly struct OfInteger<TOperation> : IInstruction where TOperation : struct, IFloatingOperation
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 operand = m.FromX(m.Widen(m.X<T>(o.Rn)), m.Imm<X>(0));
            m.SetV(o.Rd, m.Floating<TOperation>(o, operand, operand, operand));
        }
    }

    /// <summary>The instruction with fraction bits, 64 - scale in bits 15:10; more than the integer has are reserved.</summary>
    private readonly struct Scaled<TInstruction> : IInstruction where TInstruction : struct, IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => TInstruction.Execute<M, T, X>(ref m, o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Aux = 64 - (int)Bits.Field(word, 15, 10);
            o.Imm = o.Aux;
            return o.Is64 || o.Aux <= 32;
        }
    }

    // C7.2.116: Z is whether the result is the operand; N, C and V are clear.
    private readonly struct JavaScript : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 operand = m.V(o.Rn);
            V128 result = m.Floating<ToJavaScript>(o, operand, operand, operand);
            m.SetNzcv(m.ToX(result, 1));
            m.SetX(o.Rd, m.Narrow<T>(m.ToX(result, 0)));
        }
    }

    private readonly struct ToJavaScript : IFloatingOperation
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            uint result = Integral.ToJavaScript(ref fp, Lane<Binary64>.Scalar(n), out bool isSame);
            return Vector128.Create(result, isSame ? 1ul << 30 : 0).AsByte();
        }
    }
}
