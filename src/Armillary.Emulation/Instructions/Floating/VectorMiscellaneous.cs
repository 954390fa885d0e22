using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Floating-point rows of "two registers, miscellaneous" and of shifts by immediate: rounding, conversion, estimates (Arm ARM C4.1.95).</summary>
internal static class VectorMiscellaneous
{
    private const string Zero = ", #0.0";

    public static Row[] Vectors() =>
    [
        .. Forms.TwoMisc<RoundToIntegral<ToNearest>>("FRINTN", '0', '0', "11000"),
        .. Forms.TwoMisc<RoundToIntegral<ToMinusInfinity>>("FRINTM", '0', '0', "11001"),
        .. Forms.TwoMisc<RoundToIntegral<ToPlusInfinity>>("FRINTP", '0', '1', "11000"),
        .. Forms.TwoMisc<RoundToIntegral<ToZero>>("FRINTZ", '0', '1', "11001"),
        .. Forms.TwoMisc<RoundToIntegral<ToNearestAway>>("FRINTA", '1', '0', "11000"),
        .. Forms.TwoMisc<RoundToIntegralExact>("FRINTX", '1', '0', "11001"),
        .. Forms.TwoMisc<RoundToIntegral<ByControl>>("FRINTI", '1', '1', "11001"),
        .. Forms.TwoMiscWide<RoundTo32<ToZero>>("FRINT32Z", '0', '0', "11110").Of(Feature.FRINTTS),
        .. Forms.TwoMiscWide<RoundTo64<ToZero>>("FRINT64Z", '0', '0', "11111").Of(Feature.FRINTTS),
        .. Forms.TwoMiscWide<RoundTo32<ByControl>>("FRINT32X", '1', '0', "11110").Of(Feature.FRINTTS),
        .. Forms.TwoMiscWide<RoundTo64<ByControl>>("FRINT64X", '1', '0', "11111").Of(Feature.FRINTTS),
        .. Forms.TwoMisc<ToSigned<ToNearest>>("FCVTNS", '0', '0', "11010"),
        .. Forms.TwoMisc<ToSigned<ToMinusInfinity>>("FCVTMS", '0', '0', "11011"),
        .. Forms.TwoMisc<ToSigned<ToNearestAway>>("FCVTAS", '0', '0', "11100"),
        .. Forms.TwoMisc<ToSigned<ToPlusInfinity>>("FCVTPS", '0', '1', "11010"),
        .. Forms.TwoMisc<ToSigned<ToZero>>("FCVTZS", '0', '1', "11011"),
        .. Forms.TwoMisc<ToUnsigned<ToNearest>>("FCVTNU", '1', '0', "11010"),
        .. Forms.TwoMisc<ToUnsigned<ToMinusInfinity>>("FCVTMU", '1', '0', "11011"),
        .. Forms.TwoMisc<ToUnsigned<ToNearestAway>>("FCVTAU", '1', '0', "11100"),
        .. Forms.TwoMisc<ToUnsigned<ToPlusInfinity>>("FCVTPU", '1', '1', "11010"),
        .. Forms.TwoMisc<ToUnsigned<ToZero>>("FCVTZU", '1', '1', "11011"),
        .. Forms.TwoMisc<OfSigned>("SCVTF", '0', '0', "11101"),
        .. Forms.TwoMisc<OfUnsigned>("UCVTF", '1', '0', "11101"),
        .. Forms.TwoMisc<WithZero<CompareGreater>>("FCMGT", '0', '1', "01100", Zero),
        .. Forms.TwoMisc<WithZero<CompareEqual>>("FCMEQ", '0', '1', "01101", Zero),
        .. Forms.TwoMisc<OnZero<CompareGreater>>("FCMLT", '0', '1', "01110", Zero),
        .. Forms.TwoMisc<WithZero<CompareGreaterOrEqual>>("FCMGE", '1', '1', "01100", Zero),
        .. Forms.TwoMisc<OnZero<CompareGreaterOrEqual>>("FCMLE", '1', '1', "01101", Zero),
        .. Forms.TwoMisc<ReciprocalEstimate>("FRECPE", '0', '1', "11101"),
        .. Forms.TwoMisc<ReciprocalRootEstimate>("FRSQRTE", '1', '1', "11101"),
        .. Forms.TwoMisc<SquareRoot>("FSQRT", '1', '1', "11111"),
        new RowOf<Simd.Vector1<UnsignedEstimate<Reciprocal>>> { Pattern = "0z00111010100001110010uuuuuvvvvv", Name = "URECPE", Text = "urecpe {v.s}, {u.s}" },
        new RowOf<Simd.Vector1<UnsignedEstimate<ReciprocalRoot>>> { Pattern = "0z10111010100001110010uuuuuvvvvv", Name = "URSQRTE", Text = "ursqrte {v.s}, {u.s}" },
        new RowOf<Floating1<Lengthen<Binary32, Binary16>>> { Pattern = "0z00111000100001011110uuuuuvvvvv", Name = "FCVTL, H to S", Text = "fcvtl{?z:2} {v.4s}, {u.h}" },
        new RowOf<Floating1<Lengthen<Binary64, Binary32>>> { Pattern = "0z00111001100001011110uuuuuvvvvv", Name = "FCVTL, S to D", Text = "fcvtl{?z:2} {v.2d}, {u.s}" },
        new RowOf<Floating3<Narrow<Binary16, Binary32, ByControl>>> { Pattern = "0z00111000100001011010uuuuuvvvvv", Name = "FCVTN, S to H", Text = "fcvtn{?z:2} {v.h}, {u.4s}" },
        new RowOf<Floating3<Narrow<Binary32, Binary64, ByControl>>> { Pattern = "0z00111001100001011010uuuuuvvvvv", Name = "FCVTN, D to S", Text = "fcvtn{?z:2} {v.s}, {u.2d}" },
        new RowOf<Floating3<Narrow<Binary32, Binary64, ToOdd>>> { Pattern = "0z10111001100001011010uuuuuvvvvv", Name = "FCVTXN (vector)", Text = "fcvtxn{?z:2} {v.s}, {u.2d}" },
        new RowOf<Floating3<Narrow<BFloat16, Binary32, ByControl>>> { Pattern = "0z00111010100001011010uuuuuvvvvv", Name = "BFCVTN", Text = "bfcvtn{?z:2} {v.h}, {u.4s}", Feature = Feature.BF16 },
        .. SignChange<Absolute>("FABS", '0'),
        .. SignChange<Negated>("FNEG", '1'),
    ];

    public static Row[] Scalars() =>
    [
        .. Forms.ScalarTwoMisc<ToSigned<ToNearest>>("FCVTNS", '0', '0', "11010"),
        .. Forms.ScalarTwoMisc<ToSigned<ToMinusInfinity>>("FCVTMS", '0', '0', "11011"),
        .. Forms.ScalarTwoMisc<ToSigned<ToNearestAway>>("FCVTAS", '0', '0', "11100"),
        .. Forms.ScalarTwoMisc<ToSigned<ToPlusInfinity>>("FCVTPS", '0', '1', "11010"),
        .. Forms.ScalarTwoMisc<ToSigned<ToZero>>("FCVTZS", '0', '1', "11011"),
        .. Forms.ScalarTwoMisc<ToUnsigned<ToNearest>>("FCVTNU", '1', '0', "11010"),
        .. Forms.ScalarTwoMisc<ToUnsigned<ToMinusInfinity>>("FCVTMU", '1', '0', "11011"),
        .. Forms.ScalarTwoMisc<ToUnsigned<ToNearestAway>>("FCVTAU", '1', '0', "11100"),
        .. Forms.ScalarTwoMisc<ToUnsigned<ToPlusInfinity>>("FCVTPU", '1', '1', "11010"),
        .. Forms.ScalarTwoMisc<ToUnsigned<ToZero>>("FCVTZU", '1', '1', "11011"),
        .. Forms.ScalarTwoMisc<OfSigned>("SCVTF", '0', '0', "11101"),
        .. Forms.ScalarTwoMisc<OfUnsigned>("UCVTF", '1', '0', "11101"),
        .. Forms.ScalarTwoMisc<WithZero<CompareGreater>>("FCMGT", '0', '1', "01100", Zero),
        .. Forms.ScalarTwoMisc<WithZero<CompareEqual>>("FCMEQ", '0', '1', "01101", Zero),
        .. Forms.ScalarTwoMisc<OnZero<CompareGreater>>("FCMLT", '0', '1', "01110", Zero),
        .. Forms.ScalarTwoMisc<WithZero<CompareGreaterOrEqual>>("FCMGE", '1', '1', "01100", Zero),
        .. Forms.ScalarTwoMisc<OnZero<CompareGreaterOrEqual>>("FCMLE", '1', '1', "01101", Zero),
        .. Forms.ScalarTwoMisc<ReciprocalEstimate>("FRECPE", '0', '1', "11101"),
        .. Forms.ScalarTwoMisc<ReciprocalRootEstimate>("FRSQRTE", '1', '1', "11101"),
        .. Forms.ScalarTwoMisc<ReciprocalExponent>("FRECPX", '0', '1', "11111"),
        new RowOf<Floating1<ConvertToOdd>> { Pattern = "0111111001100001011010uuuuuvvvvv", Name = "FCVTXN (scalar)", Text = "fcvtxn {vS}, {uD}" },
    ];

    public static Row[] FixedPoint() =>
    [
        .. Fixed<OfSigned>("SCVTF", '0', "11100"),
        .. Fixed<OfUnsigned>("UCVTF", '1', "11100"),
        .. Fixed<ToSigned<ToZero>>("FCVTZS", '0', "11111"),
        .. Fixed<ToUnsigned<ToZero>>("FCVTZU", '1', "11111"),
    ];

    // immh says the size by its highest bit.
    private static Row[] Fixed<TOperation>(string name, char u, string opcode) where TOperation : struct, IElementOperation
    {
        string text = Names.Mnemonic(name);
        return
        [
            new RowOf<Fraction<Binary16, Floating1<Lanes<Binary16, TOperation>>>> { Pattern = $"0z{u}011110001iiii{opcode}1uuuuuvvvvv", Name = name + " (vector, fixed-point), H", Text = text + " {v.h}, {u.h}, #{imm:d}", Feature = Feature.FP16 },
            new RowOf<Fraction<Binary32, Floating1<Lanes<Binary32, TOperation>>>> { Pattern = $"0z{u}01111001iiiii{opcode}1uuuuuvvvvv", Name = name + " (vector, fixed-point), S", Text = text + " {v.s}, {u.s}, #{imm:d}" },
            new RowOf<Fraction<Binary64, Floating1<Lanes<Binary64, TOperation>>>> { Pattern = $"01{u}0111101iiiiii{opcode}1uuuuuvvvvv", Name = name + " (vector, fixed-point), D", Text = text + " {v.2d}, {u.2d}, #{imm:d}" },
            new RowOf<Fraction<Binary16, Floating1<Scalar<Binary16, TOperation>>>> { Pattern = $"01{u}111110001iiii{opcode}1uuuuuvvvvv", Name = name + " (vector scalar, fixed-point), H", Text = text + " {vH}, {uH}, #{imm:d}", Feature = Feature.FP16 },
            new RowOf<Fraction<Binary32, Floating1<Scalar<Binary32, TOperation>>>> { Pattern = $"01{u}11111001iiiii{opcode}1uuuuuvvvvv", Name = name + " (vector scalar, fixed-point), S", Text = text + " {vS}, {uS}, #{imm:d}" },
            new RowOf<Fraction<Binary64, Floating1<Scalar<Binary64, TOperation>>>> { Pattern = $"01{u}1111101iiiiii{opcode}1uuuuuvvvvv", Name = name + " (vector scalar, fixed-point), D", Text = text + " {vD}, {uD}, #{imm:d}" },
        ];
    }

    private static Row[] SignChange<TChange>(string name, char u) where TChange : struct, ISignChange =>
    [
        new RowOf<Simd.Vector1<SignOfLanes<Binary16, TChange>>> { Pattern = $"0z{u}0111011111000111110uuuuuvvvvv", Name = name + " (vector), H", Text = Names.Mnemonic(name) + " {v.h}, {u.h}", Feature = Feature.FP16 },
        new RowOf<Simd.Vector1<SignOfLanes<Binary32, TChange>>> { Pattern = $"0z{u}0111010100000111110uuuuuvvvvv", Name = name + " (vector), S", Text = Names.Mnemonic(name) + " {v.s}, {u.s}" },
        new RowOf<Simd.Vector1<SignOfLanes<Binary64, TChange>>> { Pattern = $"01{u}0111011100000111110uuuuuvvvvv", Name = name + " (vector), D", Text = Names.Mnemonic(name) + " {v.2d}, {u.2d}" },
    ];

    /// <summary>The instruction with fraction bits: twice the element's bits - immh:immb.</summary>
    private readonly struct Fraction<F, TInstruction> : IInstruction where F : struct, IFormat where TInstruction : struct, IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => TInstruction.Execute<M, T, X>(ref m, o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Aux = (2 * F.Bits) - (int)Bits.Field(word, 22, 16);
            o.Imm = o.Aux;
            return true;
        }
    }

    private readonly struct SignOfLanes<F, TChange> : IVectorOperation where F : struct, IFormat where TChange : struct, ISignChange
    {
        // The sign bits of 64 bits of elements.
        private static ulong Signs => F.Bits switch { 16 => 0x8000_8000_8000_8000, 32 => 0x8000_0000_8000_0000, _ => 0x8000_0000_0000_0000 };

        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Vector128.AndNot(n, Vector128.Create(TChange.Cleared(Signs)).AsByte()) ^ Vector128.Create(TChange.Inverted(Signs)).AsByte();
    }

    private interface IEstimate
    {
        static abstract uint Of(uint value);
    }

    private readonly struct Reciprocal : IEstimate
    {
        static uint IEstimate.Of(uint value) => Estimate.UnsignedReciprocal(value);
    }

    private readonly struct ReciprocalRoot : IEstimate
    {
        static uint IEstimate.Of(uint value) => Estimate.UnsignedReciprocalRoot(value);
    }

    private readonly struct UnsignedEstimate<TEstimate> : IVectorOperation where TEstimate : struct, IEstimate
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<uint> a = n.AsUInt32();
            return Vector128.Create(TEstimate.Of(a[0]), TEstimate.Of(a[1]), TEstimate.Of(a[2]), TEstimate.Of(a[3])).AsByte();
        }
    }

    // FCVTL: from the lower half, FCVTL2 from the upper.
    private readonly struct Lengthen<TTo, TFrom> : IFloatingOperation where TTo : struct, IFormat where TFrom : struct, IFormat
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            int count = 128 / TTo.Bits, first = o.Is64 ? count : 0;
            Vector128<byte> result = default;
            for (int i = 0; i < count; i++)
            {
                result = Lane<TTo>.Set(result, i, Conversion.Convert<TTo, TFrom>(ref fp, Lane<TFrom>.Get(n, first + i)));
            }

            return result;
        }
    }

    // FCVTN and its kin: to the lower half, which clears the upper; those with 2 to the upper, which keeps the lower.
    private readonly struct Narrow<TTo, TFrom, TRounding> : IFloatingOperation where TTo : struct, IFormat where TFrom : struct, IFormat where TRounding : struct, IRounding
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            int count = 128 / TFrom.Bits, first = o.Is64 ? count : 0;
            Vector128<byte> result = o.Is64 ? d : default;
            for (int i = 0; i < count; i++)
            {
                result = Lane<TTo>.Set(result, first + i, Conversion.Convert<TTo, TFrom>(ref fp, Lane<TFrom>.Get(n, i), TRounding.Mode(fp)));
            }

            return result;
        }
    }

    private readonly struct ConvertToOdd : IFloatingOperation
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Lane<Binary32>.Alone(Conversion.Convert<Binary32, Binary64>(ref fp, Lane<Binary64>.Scalar(n), Rounding.Odd));
    }

    private readonly struct ToOdd : IRounding
    {
        static Rounding IRounding.Mode(in FloatingState fp) => Rounding.Odd;
    }
}
