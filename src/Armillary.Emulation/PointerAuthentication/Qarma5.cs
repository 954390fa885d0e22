using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Armillary.Emulation.PointerAuthentication;

/// <summary>
/// QARMA5-64, the block cipher of pointer authentication (Arm ARM, ComputePAC(); Avanzi, "The QARMA Block Cipher Family", IACR
/// ePrint 2016/444, with S-box sigma 2).
/// </summary>
/// <remarks>
/// The state is the paper's: sixteen cells of four bits, the most significant first. Each cell is a byte of a vector, so that
/// every step, the S-box included, is a shuffle.
/// </remarks>
internal static class Qarma5
{
    private const int Rounds = 5;

    private const ulong Alpha = 0xc0ac_29b7_c97c_50dd;

    private static Vector128<byte> Box => Vector128.Create((byte)11, 6, 8, 15, 12, 0, 9, 14, 3, 7, 4, 5, 13, 2, 1, 10);

    private static Vector128<byte> InverseBox => Vector128.Create((byte)5, 14, 13, 8, 10, 11, 1, 9, 2, 6, 15, 0, 4, 12, 7, 3);

    // Rho: a cell rotated left by one bit.
    private static Vector128<byte> Rho => Vector128.Create((byte)0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15);

    // The inverse of the shuffle tau, which is 0, 11, 6, 13, 10, 1, 12, 7, 5, 14, 3, 8, 15, 4, 9, 2.
    private static Vector128<byte> InverseTau => Vector128.Create((byte)0, 5, 15, 10, 13, 8, 2, 7, 11, 14, 4, 1, 6, 3, 9, 12);

    // The tweak's shuffle h, and its shift register omega, which makes (b3, b2, b1, b0) (b0 ^ b1, b3, b2, b1) in seven of the cells.
    private static Vector128<byte> H => Vector128.Create((byte)6, 5, 14, 15, 0, 1, 2, 3, 7, 12, 13, 4, 8, 9, 10, 11);

    private static Vector128<byte> Omega => Vector128.Create((byte)0, 8, 9, 1, 2, 10, 11, 3, 4, 12, 13, 5, 6, 14, 15, 7);

    private static Vector128<byte> OmegaCells => Vector128.Create((byte)255, 255, 0, 255, 255, 0, 0, 0, 255, 0, 0, 255, 0, 255, 0, 0);

    // The constants c0 to c4 with the state's layout, and with alpha added.
    private static readonly Vector128<byte>[] s_constants = [Cells(0), Cells(0x1319_8a2e_0370_7344), Cells(0xa409_3822_299f_31d0), Cells(0x082e_fa98_ec4e_6c89), Cells(0x4528_21e6_38d0_1377)];
    private static readonly Vector128<byte>[] s_backwardConstants = Array.ConvertAll(s_constants, c => c ^ Cells(Alpha));

    /// <summary>Encrypts a block under a tweak.</summary>
    /// <param name="block">The plain text.</param>
    /// <param name="tweak">The tweak.</param>
    /// <param name="whitening">The key's upper half, w0.</param>
    /// <param name="core">The key's lower half, k0.</param>
    [SkipLocalsInit]
    public static ulong Encrypt(ulong block, ulong tweak, ulong whitening, ulong core)
    {
        Vector128<byte> w0 = Cells(whitening), w1 = Cells(ulong.RotateRight(whitening, 1) ^ (whitening >> 63)), k0 = Cells(core);
        Span<Vector128<byte>> tweaks = stackalloc Vector128<byte>[Rounds];
        Vector128<byte> t = Cells(tweak), s = Cells(block) ^ w0;
        for (int i = 0; i < Rounds; i++)
        {
            tweaks[i] = t;
            s ^= k0 ^ t ^ s_constants[i];
            if (i > 0) s = Forward(s);
            s = Pick(Box, s);
            t = NextTweak(t);
        }

        s = Pick(Box, Forward(s ^ w1 ^ t));
        s = Forward(s) ^ k0;
        s = Pick(InverseBox, Pick(s, InverseTau));
        s = Backward(s) ^ w0 ^ t;
        for (int i = Rounds - 1; i >= 0; i--)
        {
            s = Pick(InverseBox, s);
            if (i > 0) s = Backward(s);
            s ^= k0 ^ tweaks[i] ^ s_backwardConstants[i];
        }

        return FromCells(s ^ w1);
    }

    // Indices and cells are below 16, so the host's own shuffle will do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pick(Vector128<byte> from, Vector128<byte> indices) => Vector128.ShuffleNative(from, indices);

    // Columns are mixed by circ(0, rho, rho^2, rho): a cell becomes the rotations of the three others, which stand four, eight and
    // twelve places on. With the shuffle tau before that, forward, or its inverse behind it, backward, each is still one shuffle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Forward(Vector128<byte> s) => Mix(
        Pick(s, Vector128.Create((byte)10, 1, 12, 7, 5, 14, 3, 8, 15, 4, 9, 2, 0, 11, 6, 13)),
        Pick(s, Vector128.Create((byte)5, 14, 3, 8, 15, 4, 9, 2, 0, 11, 6, 13, 10, 1, 12, 7)),
        Pick(s, Vector128.Create((byte)15, 4, 9, 2, 0, 11, 6, 13, 10, 1, 12, 7, 5, 14, 3, 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Backward(Vector128<byte> s) => Mix(
        Pick(s, Vector128.Create((byte)4, 9, 3, 14, 1, 12, 6, 11, 15, 2, 8, 5, 10, 7, 13, 0)),
        Pick(s, Vector128.Create((byte)8, 13, 7, 2, 5, 0, 10, 15, 3, 6, 12, 9, 14, 11, 1, 4)),
        Pick(s, Vector128.Create((byte)12, 1, 11, 6, 9, 4, 14, 3, 7, 10, 0, 13, 2, 15, 5, 8)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Mix(Vector128<byte> first, Vector128<byte> second, Vector128<byte> third) => Pick(Rho, first ^ third ^ Pick(Rho, second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> NextTweak(Vector128<byte> t)
    {
        t = Pick(t, H);
        return Vector128.ConditionalSelect(OmegaCells, Pick(Omega, t), t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Cells(ulong value)
    {
        // A byte of the number becomes a word, of which the low byte is the upper half.
        Vector128<ushort> bytes = Vector128.WidenLower(Vector128.CreateScalarUnsafe(BinaryPrimitives.ReverseEndianness(value)).AsByte());
        return (((bytes << 8) | (bytes >> 4)) & Vector128.Create((ushort)0x0f0f)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FromCells(Vector128<byte> s)
    {
        Vector128<ushort> words = s.AsUInt16();
        Vector128<ushort> bytes = ((words << 4) | (words >> 8)) & Vector128.Create((ushort)0xff);
        return BinaryPrimitives.ReverseEndianness(Vector128.Narrow(bytes, bytes).AsUInt64()[0]);
    }
}
