using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>FEAT_SHA3 (Arm ARM C7.2, EOR3, RAX1, XAR and BCAX).</summary>
internal static class Sha3
{
    public static Row[] Rows() =>
    [
        new RowOf<Vector4<ExclusiveOrThree>> { Pattern = "11001110000wwwww0ggggguuuuuvvvvv", Name = "EOR3", Text = "eor3 {v.16b}, {u.16b}, {w.16b}, {g.16b}" },
        new RowOf<Vector4<ClearExclusiveOr>> { Pattern = "11001110001wwwww0ggggguuuuuvvvvv", Name = "BCAX", Text = "bcax {v.16b}, {u.16b}, {w.16b}, {g.16b}" },
        new RowOf<Vector2<RotateExclusiveOr>> { Pattern = "11001110011wwwww100011uuuuuvvvvv", Name = "RAX1", Text = "rax1 {v.2d}, {u.2d}, {w.2d}" },
        new RowOf<Vector2<ExclusiveOrRotate>> { Pattern = "11001110100wwwwwiiiiiiuuuuuvvvvv", Name = "XAR", Text = "xar {v.2d}, {u.2d}, {w.2d}, #{i:d}" },
    ];

    private readonly struct ExclusiveOrThree : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> a, in Operands o) => n ^ m ^ a;
    }

    private readonly struct ClearExclusiveOr : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> a, in Operands o) => n ^ Vector128.AndNot(m, a);
    }

    private readonly struct RotateExclusiveOr : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<ulong> x = m.AsUInt64();
            return n ^ ((x << 1) | (x >>> 63)).AsByte();
        }
    }

    private readonly struct ExclusiveOrRotate : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<ulong> x = (n ^ m).AsUInt64();
            int right = o.Option;
            return (right == 0 ? x : (x >>> right) | (x << (64 - right))).AsByte();
        }

        static bool IVectorOperation.Decode(uint word, ref Operands o)
        {
            o.Option = (byte)Bits.Field(word, 15, 10);
            return true;
        }
    }
}
