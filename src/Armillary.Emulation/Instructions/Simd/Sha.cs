using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>FEAT_SHA1 and FEAT_SHA256 (Arm ARM C7.2, SHA1C to SHA256SU1; FIPS 180-4).</summary>
internal static class Sha
{
    public static Row[] ThreeRegisters() =>
    [
        new RowOf<Vector3<Sha1<Choose>>> { Pattern = "01011110000wwwww000000uuuuuvvvvv", Name = "SHA1C", Text = "sha1c {vQ}, {uS}, {w.4s}", Feature = Feature.SHA1 },
        new RowOf<Vector3<Sha1<Parity>>> { Pattern = "01011110000wwwww000100uuuuuvvvvv", Name = "SHA1P", Text = "sha1p {vQ}, {uS}, {w.4s}", Feature = Feature.SHA1 },
        new RowOf<Vector3<Sha1<Majority>>> { Pattern = "01011110000wwwww001000uuuuuvvvvv", Name = "SHA1M", Text = "sha1m {vQ}, {uS}, {w.4s}", Feature = Feature.SHA1 },
        new RowOf<Vector3<Sha1Schedule0>> { Pattern = "01011110000wwwww001100uuuuuvvvvv", Name = "SHA1SU0", Text = "sha1su0 {v.4s}, {u.4s}, {w.4s}", Feature = Feature.SHA1 },
        new RowOf<Vector3<Sha256First>> { Pattern = "01011110000wwwww010000uuuuuvvvvv", Name = "SHA256H", Text = "sha256h {vQ}, {uQ}, {w.4s}", Feature = Feature.SHA256 },
        new RowOf<Vector3<Sha256Second>> { Pattern = "01011110000wwwww010100uuuuuvvvvv", Name = "SHA256H2", Text = "sha256h2 {vQ}, {uQ}, {w.4s}", Feature = Feature.SHA256 },
        new RowOf<Vector3<Sha256Schedule1>> { Pattern = "01011110000wwwww011000uuuuuvvvvv", Name = "SHA256SU1", Text = "sha256su1 {v.4s}, {u.4s}, {w.4s}", Feature = Feature.SHA256 },
    ];

    public static Row[] TwoRegisters() =>
    [
        new RowOf<Vector1<Sha1Rotate>> { Pattern = "0101111000101000000010uuuuuvvvvv", Name = "SHA1H", Text = "sha1h {vS}, {uS}", Feature = Feature.SHA1 },
        new RowOf<Accumulate<Sha1Schedule1>> { Pattern = "0101111000101000000110uuuuuvvvvv", Name = "SHA1SU1", Text = "sha1su1 {v.4s}, {u.4s}", Feature = Feature.SHA1 },
        new RowOf<Accumulate<Sha256Schedule0>> { Pattern = "0101111000101000001010uuuuuvvvvv", Name = "SHA256SU0", Text = "sha256su0 {v.4s}, {u.4s}", Feature = Feature.SHA256 },
    ];

    private interface IRoundFunction
    {
        static abstract uint Of(uint x, uint y, uint z);
    }

    private readonly struct Choose : IRoundFunction
    {
        static uint IRoundFunction.Of(uint x, uint y, uint z) => ((y ^ z) & x) ^ z;
    }

    private readonly struct Parity : IRoundFunction
    {
        static uint IRoundFunction.Of(uint x, uint y, uint z) => x ^ y ^ z;
    }

    private readonly struct Majority : IRoundFunction
    {
        static uint IRoundFunction.Of(uint x, uint y, uint z) => (x & y) | ((x | y) & z);
    }

    // Four rounds: a to d in Vd, e in Sn, the schedule in Vm.
    private readonly struct Sha1<TFunction> : IVectorOperation where TFunction : struct, IRoundFunction
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<uint> x = d.AsUInt32(), schedule = m.AsUInt32();
            uint a = x[0], b = x[1], c = x[2], e4 = x[3], y = n.AsUInt32()[0];
            for (int i = 0; i < 4; i++)
            {
                y += uint.RotateLeft(a, 5) + TFunction.Of(b, c, e4) + schedule[i];
                (a, b, c, e4, y) = (y, a, uint.RotateLeft(b, 30), c, e4);
            }

            return Vector128.Create(a, b, c, e4).AsByte();
        }
    }

    private readonly struct Sha1Rotate : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Vector128.CreateScalar(uint.RotateLeft(n.AsUInt32()[0], 30)).AsByte();
    }

    private readonly struct Sha1Schedule0 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Vector128.Create(d.AsUInt64()[1], n.AsUInt64()[0]).AsByte() ^ d ^ m;
    }

    private readonly struct Sha1Schedule1 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<uint> x = n.AsUInt32();
            Vector128<uint> t = d.AsUInt32() ^ Vector128.Create(x[1], x[2], x[3], 0);
            Vector128<uint> rotated = (t << 1) | (t >>> 31);
            return rotated.WithElement(3, rotated[3] ^ uint.RotateLeft(t[0], 2)).AsByte();
        }
    }

    private static uint Round<TFunction>(uint x, uint y, uint z) where TFunction : struct, IRoundFunction => TFunction.Of(x, y, z);

    private static (Vector128<uint> X, Vector128<uint> Y) Sha256(Vector128<uint> x, Vector128<uint> y, Vector128<uint> schedule)
    {
        for (int i = 0; i < 4; i++)
        {
            uint t = y[3] + (uint.RotateRight(y[0], 6) ^ uint.RotateRight(y[0], 11) ^ uint.RotateRight(y[0], 25)) + Round<Choose>(y[0], y[1], y[2]) + schedule[i];
            uint e = t + x[3];
            uint a = t + (uint.RotateRight(x[0], 2) ^ uint.RotateRight(x[0], 13) ^ uint.RotateRight(x[0], 22)) + Round<Majority>(x[0], x[1], x[2]);
            (x, y) = (Vector128.Create(a, x[0], x[1], x[2]), Vector128.Create(e, y[0], y[1], y[2]));
        }

        return (x, y);
    }

    private readonly struct Sha256First : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Sha256(d.AsUInt32(), n.AsUInt32(), m.AsUInt32()).X.AsByte();
    }

    private readonly struct Sha256Second : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Sha256(n.AsUInt32(), d.AsUInt32(), m.AsUInt32()).Y.AsByte();
    }

    private readonly struct Sha256Schedule0 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<uint> x = d.AsUInt32();
            Vector128<uint> t = Vector128.Create(x[1], x[2], x[3], n.AsUInt32()[0]);
            Vector128<uint> sigma = ((t >>> 7) | (t << 25)) ^ ((t >>> 18) | (t << 14)) ^ (t >>> 3);
            return (sigma + x).AsByte();
        }
    }

    private readonly struct Sha256Schedule1 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<uint> x = n.AsUInt32(), w = m.AsUInt32();
            Vector128<uint> sum = d.AsUInt32() + Vector128.Create(x[1], x[2], x[3], w[0]);
            uint first = sum[0] + Sigma(w[2]), second = sum[1] + Sigma(w[3]);
            return Vector128.Create(first, second, sum[2] + Sigma(first), sum[3] + Sigma(second)).AsByte();
        }

        private static uint Sigma(uint value) => uint.RotateRight(value, 17) ^ uint.RotateRight(value, 19) ^ (value >> 10);
    }
}
