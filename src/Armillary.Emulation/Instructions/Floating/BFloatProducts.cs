using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Products of BFloat16 numbers added to single-precision ones (FEAT_BF16; Arm ARM C4.1.95).</summary>
internal static class BFloatProducts
{
    public static Row[] Vectors() =>
    [
        new RowOf<Floating3<Dot>> { Pattern = "0z101110010wwwww111111uuuuuvvvvv", Name = "BFDOT (vector)", Text = "bfdot {v.s}, {u.h}, {w.h}" },
        new RowOf<Floating3<MatrixMultiply>> { Pattern = "01101110010wwwww111011uuuuuvvvvv", Name = "BFMMLA", Text = "bfmmla {v.4s}, {u.8h}, {w.8h}" },
        new RowOf<Floating3<BFloatMultiplyAdd>> { Pattern = "0z101110110wwwww111111uuuuuvvvvv", Name = "BFMLALB, BFMLALT (vector)", Text = "?z=0 bfmlalb {v.4s}, {u.8h}, {w.8h} | bfmlalt {v.4s}, {u.8h}, {w.8h}" },
    ];

    public static Row[] Indexed() =>
    [
        new RowOf<Element32<Floating3<DotByElement>>> { Pattern = "0z00111101lwwwww1111h0uuuuuvvvvv", Name = "BFDOT (by element)", Text = "bfdot {v.s}, {u.h}, {w.2H}[{option:d}]" },
        new RowOf<Element16<Floating3<BFloatMultiplyAddByElement>>> { Pattern = "0z00111111ljwwww1111h0uuuuuvvvvv", Name = "BFMLALB, BFMLALT (by element)", Text = "?z=0 bfmlalb {v.4s}, {u.8h}, {w.H}[{option:d}] | bfmlalt {v.4s}, {u.8h}, {w.H}[{option:d}]" },
    ];

    private static uint DotAdd(ulong addend, Vector128<byte> n, int pair, Vector128<byte> m, int pairOfM)
    {
        Vector128<ushort> a = n.AsUInt16(), b = m.AsUInt16();
        return BFloatDot.Add((uint)addend, a[2 * pair], b[2 * pairOfM], a[(2 * pair) + 1], b[(2 * pairOfM) + 1]);
    }

    private readonly struct Dot : IFloatingOperation
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<byte> result = default;
            for (int i = 0; i < Lane<Binary32>.Count(o); i++) result = Lane<Binary32>.Set(result, i, DotAdd(Lane<Binary32>.Get(d, i), n, i, m, i));
            return result;
        }
    }

    private readonly struct DotByElement : IFloatingOperation
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<byte> result = default;
            for (int i = 0; i < Lane<Binary32>.Count(o); i++) result = Lane<Binary32>.Set(result, i, DotAdd(Lane<Binary32>.Get(d, i), n, i, m, o.Option));
            return result;
        }
    }

    // C7.2.22: a 2x4 matrix by the transpose of another, added to a 2x2 one.
    private readonly struct MatrixMultiply : IFloatingOperation
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<byte> result = default;
            for (int i = 0; i < 4; i++)
            {
                int row = i >> 1, column = i & 1;
                uint sum = DotAdd(Lane<Binary32>.Get(d, i), n, 2 * row, m, 2 * column);
                result = Lane<Binary32>.Set(result, i, DotAdd(sum, n, (2 * row) + 1, m, (2 * column) + 1));
            }

            return result;
        }
    }

    // C7.2.20: even elements (B), or odd ones (T, where Q is 1), as the upper halves of single-precision numbers.
    private readonly struct BFloatMultiplyAdd : IFloatingOperation
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            int odd = o.Is64 ? 1 : 0;
            Vector128<byte> result = default;
            for (int i = 0; i < 4; i++)
            {
                ulong a = Lane<BFloat16>.Get(n, (2 * i) + odd) << 16, b = Lane<BFloat16>.Get(m, (2 * i) + odd) << 16;
                result = Lane<Binary32>.Set(result, i, FusedMultiply.MultiplyAdd<Binary32>(ref fp, Lane<Binary32>.Get(d, i), a, b));
            }

            return result;
        }
    }

    private readonly struct BFloatMultiplyAddByElement : IFloatingOperation
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            int odd = o.Is64 ? 1 : 0;
            ulong factor = Lane<BFloat16>.Get(m, o.Option) << 16;
            Vector128<byte> result = default;
            for (int i = 0; i < 4; i++)
            {
                ulong a = Lane<BFloat16>.Get(n, (2 * i) + odd) << 16;
                result = Lane<Binary32>.Set(result, i, FusedMultiply.MultiplyAdd<Binary32>(ref fp, Lane<Binary32>.Get(d, i), a, factor));
            }

            return result;
        }
    }
}
