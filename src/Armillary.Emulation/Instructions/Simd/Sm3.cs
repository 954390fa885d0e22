using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>FEAT_SM3 (Arm ARM C7.2, SM3PARTW1 to SM3TT2B; GB/T 32905).</summary>
internal static class Sm3
{
    public static Row[] Rows() =>
    [
        new RowOf<Vector3<Schedule1>> { Pattern = "11001110011wwwww110000uuuuuvvvvv", Name = "SM3PARTW1", Text = "sm3partw1 {v.4s}, {u.4s}, {w.4s}" },
        new RowOf<Vector3<Schedule2>> { Pattern = "11001110011wwwww110001uuuuuvvvvv", Name = "SM3PARTW2", Text = "sm3partw2 {v.4s}, {u.4s}, {w.4s}" },
        new RowOf<Vector4<Step>> { Pattern = "11001110010wwwww0ggggguuuuuvvvvv", Name = "SM3SS1", Text = "sm3ss1 {v.4s}, {u.4s}, {w.4s}, {g.4s}" },
        new RowOf<Vector3<First<Parity>>> { Pattern = "11001110010wwwww10ii00uuuuuvvvvv", Name = "SM3TT1A", Text = "sm3tt1a {v.4s}, {u.4s}, {w}.s[{i:d}]" },
        new RowOf<Vector3<First<Majority>>> { Pattern = "11001110010wwwww10ii01uuuuuvvvvv", Name = "SM3TT1B", Text = "sm3tt1b {v.4s}, {u.4s}, {w}.s[{i:d}]" },
        new RowOf<Vector3<Second<Parity>>> { Pattern = "11001110010wwwww10ii10uuuuuvvvvv", Name = "SM3TT2A", Text = "sm3tt2a {v.4s}, {u.4s}, {w}.s[{i:d}]" },
        new RowOf<Vector3<Second<Choose>>> { Pattern = "11001110010wwwww10ii11uuuuuvvvvv", Name = "SM3TT2B", Text = "sm3tt2b {v.4s}, {u.4s}, {w}.s[{i:d}]" },
    ];

    private interface IBoolean
    {
        static abstract uint Of(uint x, uint y, uint z);
    }

    private readonly struct Parity : IBoolean
    {
        static uint IBoolean.Of(uint x, uint y, uint z) => x ^ y ^ z;
    }

    private readonly struct Majority : IBoolean
    {
        static uint IBoolean.Of(uint x, uint y, uint z) => (x & y) | ((x | y) & z);
    }

    private readonly struct Choose : IBoolean
    {
        static uint IBoolean.Of(uint x, uint y, uint z) => ((y ^ z) & x) ^ z;
    }

    // P1 of the standard.
    private static uint Permute1(uint x) => x ^ uint.RotateLeft(x, 15) ^ uint.RotateLeft(x, 23);

    private static Vector128<uint> Rotate(Vector128<uint> x, int left) => (x << left) | (x >>> (32 - left));

    private readonly struct Schedule1 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<uint> t = (d ^ n).AsUInt32(), rotated = Rotate(m.AsUInt32(), 15);
            uint first = Permute1(t[0] ^ rotated[1]);
            return Vector128.Create(first, Permute1(t[1] ^ rotated[2]), Permute1(t[2] ^ rotated[3]), Permute1(t[3] ^ uint.RotateLeft(first, 15))).AsByte();
        }
    }

    private readonly struct Schedule2 : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<uint> t = n.AsUInt32() ^ Rotate(m.AsUInt32(), 7), result = d.AsUInt32() ^ t;
            return result.WithElement(3, result[3] ^ Permute1(uint.RotateLeft(t[0], 15))).AsByte();
        }
    }

    private readonly struct Step : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> a, in Operands o)
            => Vector128.Create(0, 0, 0, uint.RotateLeft(uint.RotateLeft(n.AsUInt32()[3], 12) + m.AsUInt32()[3] + a.AsUInt32()[3], 7)).AsByte();
    }

    // A round of a to d, which stand from the top of Vd down. SS1 is the top of Vn.
    private readonly struct First<TBoolean> : IVectorOperation where TBoolean : struct, IBoolean
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<uint> x = d.AsUInt32();
            uint step = n.AsUInt32()[3] ^ uint.RotateLeft(x[3], 12);
            uint sum = TBoolean.Of(x[3], x[2], x[1]) + x[0] + step + m.AsUInt32()[o.Option];
            return Vector128.Create(x[1], uint.RotateLeft(x[2], 9), x[3], sum).AsByte();
        }

        static bool IVectorOperation.Decode(uint word, ref Operands o) => DecodeIndex(word, ref o);
    }

    // A round of e to h.
    private readonly struct Second<TBoolean> : IVectorOperation where TBoolean : struct, IBoolean
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            Vector128<uint> x = d.AsUInt32();
            uint sum = TBoolean.Of(x[3], x[2], x[1]) + x[0] + n.AsUInt32()[3] + m.AsUInt32()[o.Option];
            return Vector128.Create(x[1], uint.RotateLeft(x[2], 19), x[3], sum ^ uint.RotateLeft(sum, 9) ^ uint.RotateLeft(sum, 17)).AsByte();
        }

        static bool IVectorOperation.Decode(uint word, ref Operands o) => DecodeIndex(word, ref o);
    }

    private static bool DecodeIndex(uint word, ref Operands o)
    {
        o.Option = (byte)Bits.Field(word, 13, 12);
        return true;
    }
}
