using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using HostArm = System.Runtime.Intrinsics.Arm.Aes;
using HostX86 = System.Runtime.Intrinsics.X86.Aes;

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

    // x86 has the last round's SubBytes and ShiftRows in one, and takes the key afterwards: zero (Intel SDM 2B, AESENCLAST).
    private readonly struct Encrypt : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => HostX86.IsSupported ? HostX86.EncryptLast(d ^ n, default)
            : HostArm.IsSupported ? HostArm.Encrypt(d, n)
            : EncryptAlone(d ^ n);
    }

    private readonly struct Decrypt : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => HostX86.IsSupported ? HostX86.DecryptLast(d ^ n, default)
            : HostArm.IsSupported ? HostArm.Decrypt(d, n)
            : DecryptAlone(d ^ n);
    }

    // x86 has no MixColumns alone: a whole round behind the inverse of what the round does before it.
    private readonly struct MixColumns : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => HostX86.IsSupported ? HostX86.Encrypt(HostX86.DecryptLast(n, default), default)
            : HostArm.IsSupported ? HostArm.MixColumns(n)
            : MixAlone(n);
    }

    private readonly struct InverseMixColumns : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => HostX86.IsSupported ? HostX86.InverseMixColumns(n)
            : HostArm.IsSupported ? HostArm.InverseMixColumns(n)
            : InverseMixAlone(n);
    }

    // The same on a host without such instructions, and what they are compared with.
    internal static Vector128<byte> EncryptAlone(Vector128<byte> state) => Substitute(Vector128.Shuffle(state, ShiftedRows), s_substitution);

    internal static Vector128<byte> DecryptAlone(Vector128<byte> state) => Substitute(Vector128.Shuffle(state, InverseRows), s_inverse);

    // Each byte of a column becomes 2a + 3b + c + d of itself and those below it, round the column.
    internal static Vector128<byte> MixAlone(Vector128<byte> state)
    {
        Vector128<byte> next = Rotate(state, 8), pair = state ^ next;
        return Double(pair) ^ next ^ Rotate(pair, 16);
    }

    // 14, 11, 13, 9 is the product of 5, 0, 4, 0 and of 2, 3, 1, 1.
    internal static Vector128<byte> InverseMixAlone(Vector128<byte> state)
        => MixAlone(state ^ Double(Double(state ^ Rotate(state, 16))));

    private static Vector128<byte> Substitute(Vector128<byte> state, byte[] table)
    {
        Span<byte> bytes = stackalloc byte[16];
        state.CopyTo(bytes);
        for (int i = 0; i < bytes.Length; i++) bytes[i] = table[bytes[i]];
        return Vector128.Create<byte>(bytes);
    }

    // Rows up, in each column.
    private static Vector128<byte> Rotate(Vector128<byte> state, int bits)
        => (Vector128.ShiftRightLogical(state.AsUInt32(), bits) | Vector128.ShiftLeft(state.AsUInt32(), 32 - bits)).AsByte();

    private static Vector128<byte> Double(Vector128<byte> state)
        => (state + state) ^ (Vector128.LessThan(state.AsSByte(), Vector128<sbyte>.Zero).AsByte() & Vector128.Create((byte)0x1b));

    // The inverse in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1, then an affine map (FIPS 197, 5.1.1).
    private static byte[] MakeSubstitution() => [.. GaloisField.Inverses(0x11b).Select(inverse => (byte)(GaloisField.Circulate(inverse, 0b11111) ^ 0x63))];

    private static byte[] Invert(byte[] table)
    {
        byte[] inverse = new byte[256];
        for (int x = 0; x < 256; x++) inverse[table[x]] = (byte)x;
        return inverse;
    }
}
