using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>FEAT_SM4 (Arm ARM C7.2, SM4E and SM4EKEY; GB/T 32907).</summary>
internal static class Sm4
{
    // The inverse in GF(2^8) modulo x^8 + x^7 + x^6 + x^5 + x^4 + x^2 + 1 between two equal affine maps.
    private static readonly byte[] s_substitution = MakeSubstitution();

    public static Row[] Rows() =>
    [
        new RowOf<Accumulate<Encrypt>> { Pattern = "1100111011000000100001uuuuuvvvvv", Name = "SM4E", Text = "sm4e {v.4s}, {u.4s}" },
        new RowOf<Vector2<ExpandKey>> { Pattern = "11001110011wwwww110010uuuuuvvvvv", Name = "SM4EKEY", Text = "sm4ekey {v.4s}, {u.4s}, {w.4s}" },
    ];

    private interface ILinear
    {
        static abstract uint Of(uint x);
    }

    private readonly struct Data : ILinear
    {
        static uint ILinear.Of(uint x) => x ^ uint.RotateLeft(x, 2) ^ uint.RotateLeft(x, 10) ^ uint.RotateLeft(x, 18) ^ uint.RotateLeft(x, 24);
    }

    private readonly struct Key : ILinear
    {
        static uint ILinear.Of(uint x) => x ^ uint.RotateLeft(x, 13) ^ uint.RotateLeft(x, 23);
    }

    // Four rounds.
    private static Vector128<byte> Rounds<TLinear>(Vector128<uint> state, Vector128<uint> keys) where TLinear : struct, ILinear
    {
        uint a = state[0], b = state[1], c = state[2], d = state[3];
        for (int i = 0; i < 4; i++) (a, b, c, d) = (b, c, d, a ^ TLinear.Of(Substitute(b ^ c ^ d ^ keys[i])));
        return Vector128.Create(a, b, c, d).AsByte();
    }

    private readonly struct Encrypt : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Rounds<Data>(d.AsUInt32(), n.AsUInt32());
    }

    private readonly struct ExpandKey : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Rounds<Key>(n.AsUInt32(), m.AsUInt32());
    }

    private static uint Substitute(uint x)
    {
        byte[] table = s_substitution;
        return table[(byte)x] | ((uint)table[(byte)(x >> 8)] << 8) | ((uint)table[(byte)(x >> 16)] << 16) | ((uint)table[x >> 24] << 24);
    }

    private static byte[] MakeSubstitution()
    {
        byte[] inverses = GaloisField.Inverses(0x1f5), table = new byte[256];
        for (int x = 0; x < 256; x++) table[x] = Affine(inverses[Affine((byte)x)]);
        return table;
    }

    private static byte Affine(byte x) => (byte)(GaloisField.Circulate(x, 0b1100_1011) ^ 0xd3);
}
