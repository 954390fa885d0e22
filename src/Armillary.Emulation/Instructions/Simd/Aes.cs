using System.Numerics;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>FEAT_AES (Arm ARM C7.2.9 to C7.2.12; FIPS 197).</summary>
internal static class Aes
{
    private static readonly byte[] s_substitution = MakeSubstitution(), s_inverse = Invert(s_substitution);

    public static Row[] Rows() =>
    [
        new RowOf<Accumulate<Encrypt>> { Pattern = "0100111000101000010010uuuuuvvvvv", Name = "AESE", Text = "aese {v.16b}, {u.16b}" },
        new RowOf<Accumulate<Decrypt>> { Pattern = "0100111000101000010110uuuuuvvvvv", Name = "AESD", Text = "aesd {v.16b}, {u.16b}" },
        new RowOf<Vector1<MixColumns>> { Pattern = "0100111000101000011010uuuuuvvvvv", Name = "AESMC", Text = "aesmc {v.16b}, {u.16b}" },
        new RowOf<Vector1<InverseMixColumns>> { Pattern = "0100111000101000011110uuuuuvvvvv", Name = "AESIMC", Text = "aesimc {v.16b}, {u.16b}" },
    ];

    // ShiftRows: which byte of the state goes where; the state stands column by column.
    private static Vector128<byte> ShiftedRows => Vector128.Create((byte)0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11);

    private static Vector128<byte> InverseRows => Vector128.Create((byte)0, 13, 10, 7, 4, 1, 14, 11, 8, 5, 2, 15, 12, 9, 6, 3);

    private static Vector128<byte> Substitute(Vector128<byte> state, byte[] table)
    {
        Span<byte> bytes = stackalloc byte[16];
        state.CopyTo(bytes);
        for (int i = 0; i < bytes.Length; i++) bytes[i] = table[bytes[i]];
        return Vector128.Create<byte>(bytes);
    }

    private readonly struct Encrypt : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Substitute(Vector128.Shuffle(d ^ n, ShiftedRows), s_substitution);
    }

    private readonly struct Decrypt : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Substitute(Vector128.Shuffle(d ^ n, InverseRows), s_inverse);
    }

    private readonly struct MixColumns : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Mix(n, 2, 3, 1, 1);
    }

    private readonly struct InverseMixColumns : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Mix(n, 14, 11, 13, 9);
    }

    // Each column times the polynomial whose coefficients are given, rotated for each row.
    private static Vector128<byte> Mix(Vector128<byte> state, byte a, byte b, byte c, byte e)
    {
        Span<byte> factors = [a, b, c, e];
        Span<byte> bytes = stackalloc byte[16], mixed = stackalloc byte[16];
        state.CopyTo(bytes);
        for (int i = 0; i < 16; i++)
        {
            int column = i & ~3, row = i & 3, sum = 0;
            for (int k = 0; k < 4; k++) sum ^= Multiply(bytes[column + k], factors[(k - row) & 3]);
            mixed[i] = (byte)sum;
        }

        return Vector128.Create<byte>(mixed);
    }

    // In GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.
    private static byte Multiply(int a, int b)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            if ((b & 1) != 0) product ^= a;
            a <<= 1;
            if ((a & 0x100) != 0) a ^= 0x11b;
        }

        return (byte)product;
    }

    // The inverse in the field, then an affine map (FIPS 197, 5.1.1).
    private static byte[] MakeSubstitution()
    {
        byte[] table = new byte[256];
        for (int x = 0; x < 256; x++)
        {
            int inverse = 0;
            for (int y = 1; y < 256 && inverse == 0; y++)
            {
                if (Multiply(x, y) == 1) inverse = y;
            }

            byte value = (byte)inverse;
            uint doubled = value * 0x0101_0101u;
            table[x] = (byte)(value ^ (byte)BitOperations.RotateLeft(doubled, 1) ^ (byte)BitOperations.RotateLeft(doubled, 2)
                ^ (byte)BitOperations.RotateLeft(doubled, 3) ^ (byte)BitOperations.RotateLeft(doubled, 4) ^ 0x63);
        }

        return table;
    }

    private static byte[] Invert(byte[] table)
    {
        byte[] inverse = new byte[256];
        for (int x = 0; x < 256; x++) inverse[table[x]] = (byte)x;
        return inverse;
    }
}
