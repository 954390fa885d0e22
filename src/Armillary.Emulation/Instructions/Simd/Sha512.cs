using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>FEAT_SHA512 (Arm ARM C7.2, SHA512H to SHA512SU1; FIPS 180-4).</summary>
internal static class Sha512
{
    public static Row[] Rows() =>
    [
        new RowOf<Vector3<First>> { Pattern = "11001110011wwwww100000uuuuuvvvvv", Name = "SHA512H", Text = "sha512h {vQ}, {uQ}, {w.2d}" },
        new RowOf<Vector3<Second>> { Pattern = "11001110011wwwww100001uuuuuvvvvv", Name = "SHA512H2", Text = "sha512h2 {vQ}, {uQ}, {w.2d}" },
        new RowOf<Accumulate<Schedule0>> { Pattern = "1100111011000000100000uuuuuvvvvv", Name = "SHA512SU0", Text = "sha512su0 {v.2d}, {u.2d}" },
        new RowOf<Vector3<Schedule1>> { Pattern = "11001110011wwwww100010uuuuuvvvvv", Name = "SHA512SU1", Text = "sha512su1 {v.2d}, {u.2d}, {w.2d}" },
    ];

    private static ulong Choose(ulong x, ulong y, ulong z) => ((y ^ z) & x) ^ z;

    private static ulong Majority(ulong x, ulong y, ulong z) => (x & y) | ((x | y) & z);

    private static ulong Sum0(ulong x) => ulong.RotateRight(x, 28) ^ ulong.RotateRight(x, 34) ^ ulong.RotateRight(x, 39);

    private static ulong Sum1(ulong x) => ulong.RotateRight(x, 14) ^ ulong.RotateRight(x, 18) ^ ulong.RotateRight(x, 41);

    // Two rounds of e to h: f and e in Vm, h and g in Vn; Vd has what else is added.
    private readonly struct First : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<ulong> x = n.AsUInt64(), y = m.AsUInt64(), sums = d.AsUInt64();
            ulong high = sums[1] + Sum1(y[1]) + Choose(y[1], x[0], x[1]);
            ulong e = high + y[0];
            return Vector128.Create(sums[0] + Sum1(e) + Choose(e, y[1], x[0]), high).AsByte();
        }
    }

    // Two rounds of a to d: a and b in Vm, c in Vn.
    private readonly struct Second : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<ulong> y = m.AsUInt64(), sums = d.AsUInt64();
            ulong high = sums[1] + Sum0(y[0]) + Majority(n.AsUInt64()[0], y[1], y[0]);
            return Vector128.Create(sums[0] + Sum0(high) + Majority(high, y[0], y[1]), high).AsByte();
        }
    }

    private readonly struct Schedule0 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<ulong> next = Vector128.Create(d.AsUInt64()[1], n.AsUInt64()[0]);
            Vector128<ulong> sigma = ((next >>> 1) | (next << 63)) ^ ((next >>> 8) | (next << 56)) ^ (next >>> 7);
            return (d.AsUInt64() + sigma).AsByte();
        }
    }

    private readonly struct Schedule1 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<ulong> x = n.AsUInt64();
            Vector128<ulong> sigma = ((x >>> 19) | (x << 45)) ^ ((x >>> 61) | (x << 3)) ^ (x >>> 6);
            return (d.AsUInt64() + sigma + m.AsUInt64()).AsByte();
        }
    }
}
