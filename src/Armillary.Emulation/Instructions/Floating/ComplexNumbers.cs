using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Arithmetic of complex numbers: pairs of a real and an imaginary part (FEAT_FCMA; Arm ARM C4.1.95).</summary>
internal static class ComplexNumbers
{
    public static Row[] Vectors() =>
    [
        new RowOf<Rotated12<Floating3<ComplexMultiplyAdd<Binary16>>>> { Pattern = "0z101110010wwwww110rr1uuuuuvvvvv", Name = "FCMLA, H", Text = "fcmla {v.h}, {u.h}, {w.h}, #{imm:d}" },
        new RowOf<Rotated12<Floating3<ComplexMultiplyAdd<Binary32>>>> { Pattern = "0z101110100wwwww110rr1uuuuuvvvvv", Name = "FCMLA, S", Text = "fcmla {v.s}, {u.s}, {w.s}, #{imm:d}" },
        new RowOf<Rotated12<Floating3<ComplexMultiplyAdd<Binary64>>>> { Pattern = "01101110110wwwww110rr1uuuuuvvvvv", Name = "FCMLA, D", Text = "fcmla {v.2d}, {u.2d}, {w.2d}, #{imm:d}" },
        new RowOf<RotatedOnce<Floating3<ComplexAdd<Binary16>>>> { Pattern = "0z101110010wwwww111r01uuuuuvvvvv", Name = "FCADD, H", Text = "fcadd {v.h}, {u.h}, {w.h}, #{imm:d}" },
        new RowOf<RotatedOnce<Floating3<ComplexAdd<Binary32>>>> { Pattern = "0z101110100wwwww111r01uuuuuvvvvv", Name = "FCADD, S", Text = "fcadd {v.s}, {u.s}, {w.s}, #{imm:d}" },
        new RowOf<RotatedOnce<Floating3<ComplexAdd<Binary64>>>> { Pattern = "01101110110wwwww111r01uuuuuvvvvv", Name = "FCADD, D", Text = "fcadd {v.2d}, {u.2d}, {w.2d}, #{imm:d}" },
    ];

    public static Row[] Indexed() =>
    [
        new RowOf<ComplexElement16> { Pattern = "0z10111101lwwwww0rr1h0uuuuuvvvvv", Name = "FCMLA (by element), H", Text = "fcmla {v.h}, {u.h}, {w.H}[{option:d}], #{imm:d}" },
        new RowOf<ComplexElement32> { Pattern = "01101111100wwwww0rr1h0uuuuuvvvvv", Name = "FCMLA (by element), S", Text = "fcmla {v.4s}, {u.4s}, {w.S}[{option:d}], #{imm:d}" },
    ];

    /// <summary>An instruction with a rotation in quarter turns in bits 12:11.</summary>
    private readonly struct Rotated12<TInstruction> : IInstruction where TInstruction : struct, IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => TInstruction.Execute<M, T, X>(ref m, o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Aux = (int)Bits.Field(word, 12, 11);
            o.Imm = 90 * o.Aux;
            return true;
        }
    }

    /// <summary>An instruction with a rotation of 90 or 270 degrees, bit 12.</summary>
    private readonly struct RotatedOnce<TInstruction> : IInstruction where TInstruction : struct, IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => TInstruction.Execute<M, T, X>(ref m, o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Aux = Bits.Field(word, 12, 12) != 0 ? 3 : 1;
            o.Imm = 90 * o.Aux;
            return true;
        }
    }

    // C7.2.60: the rotation in bits 14:13; a pair beyond a 64-bit vector is reserved.
    private readonly struct ComplexElement16 : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => Execute<Floating3<ComplexMultiplyAddByElement<Binary16>>, M, T, X>(ref m, o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            DecodeRotation(word, ref o);
            o.Option = (byte)((Bits.Field(word, 11, 11) << 1) | Bits.Field(word, 21, 21));
            return o.Is64 || o.Option < 2;
        }
    }

    private readonly struct ComplexElement32 : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => Execute<Floating3<ComplexMultiplyAddByElement<Binary32>>, M, T, X>(ref m, o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            DecodeRotation(word, ref o);
            o.Option = (byte)Bits.Field(word, 11, 11);
            return true;
        }
    }

    private static void Execute<TInstruction, M, T, X>(ref M m, in Operands o)
        where TInstruction : struct, IInstruction where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>
        => TInstruction.Execute<M, T, X>(ref m, o);

    private static void DecodeRotation(uint word, ref Operands o)
    {
        o.Aux = (int)Bits.Field(word, 14, 13);
        o.Imm = 90 * o.Aux;
    }

    // C7.2.61: an odd rotation multiplies by the imaginary part and takes the other part of m; signs change as the turn says.
    private static Vector128<byte> MultiplyAddComplex<F>(
        ref FloatingState fp, Vector128<byte> result, int pair, Vector128<byte> n, Vector128<byte> m, int pairOfM, Vector128<byte> d, int rotation) where F : struct, IFormat
    {
        ulong sign = Values<F>.SignBit;
        ulong real = Lane<F>.Get(m, 2 * pairOfM), imaginary = Lane<F>.Get(m, (2 * pairOfM) + 1);
        (ulong first, ulong second) = rotation switch
        {
            0 => (real, imaginary),
            1 => (imaginary ^ sign, real),
            2 => (real ^ sign, imaginary ^ sign),
            _ => (imaginary, real ^ sign),
        };
        ulong factor = Lane<F>.Get(n, (2 * pair) + (rotation & 1));
        result = Lane<F>.Set(result, 2 * pair, FusedMultiply.MultiplyAdd<F>(ref fp, Lane<F>.Get(d, 2 * pair), factor, first));
        return Lane<F>.Set(result, (2 * pair) + 1, FusedMultiply.MultiplyAdd<F>(ref fp, Lane<F>.Get(d, (2 * pair) + 1), factor, second));
    }

    private readonly struct ComplexMultiplyAdd<F> : IFloatingOperation where F : struct, IFormat
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<byte> result = default;
            for (int i = 0; i < Lane<F>.Count(o) / 2; i++) result = MultiplyAddComplex<F>(ref fp, result, i, n, m, i, d, o.Aux);
            return result;
        }
    }

    private readonly struct ComplexMultiplyAddByElement<F> : IFloatingOperation where F : struct, IFormat
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<byte> result = default;
            for (int i = 0; i < Lane<F>.Count(o) / 2; i++) result = MultiplyAddComplex<F>(ref fp, result, i, n, m, o.Option, d, o.Aux);
            return result;
        }
    }

    // C7.2.50: m turned by 90 or 270 degrees.
    private readonly struct ComplexAdd<F> : IFloatingOperation where F : struct, IFormat
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            ulong signOfReal = o.Aux == 1 ? Values<F>.SignBit : 0, signOfImaginary = o.Aux == 3 ? Values<F>.SignBit : 0;
            Vector128<byte> result = default;
            for (int i = 0; i < Lane<F>.Count(o); i += 2)
            {
                result = Lane<F>.Set(result, i, Arithmetic.Add<F>(ref fp, Lane<F>.Get(n, i), Lane<F>.Get(m, i + 1) ^ signOfReal));
                result = Lane<F>.Set(result, i + 1, Arithmetic.Add<F>(ref fp, Lane<F>.Get(n, i + 1), Lane<F>.Get(m, i) ^ signOfImaginary));
            }

            return result;
        }
    }
}
