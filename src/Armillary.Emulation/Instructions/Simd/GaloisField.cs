using System.Numerics;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>GF(2^8), in which the substitutions of AES and SM4 are inverses between affine maps.</summary>
internal static class GaloisField
{
    /// <summary>The inverse of each element, and 0 for 0, modulo a polynomial.</summary>
    public static byte[] Inverses(int polynomial)
    {
        byte[] inverses = new byte[256];
        for (int x = 1; x < 256; x++)
        {
            for (int y = 1; y < 256 && inverses[x] == 0; y++)
            {
                if (Multiply(x, y, polynomial) == 1) inverses[x] = (byte)y;
            }
        }

        return inverses;
    }

    /// <summary>The sum of a byte's rotations to the left by the amounts that are bits of <paramref name="rotations"/>.</summary>
    public static byte Circulate(byte value, int rotations)
    {
        uint copies = value * 0x0101_0101u;
        byte sum = 0;
        for (int i = 0; i < 8; i++)
        {
            if ((rotations & (1 << i)) != 0) sum ^= (byte)BitOperations.RotateLeft(copies, i);
        }

        return sum;
    }

    private static byte Multiply(int a, int b, int polynomial)
    {
        int product = 0;
        for (; b != 0; b >>= 1)
        {
            if ((b & 1) != 0) product ^= a;
            a <<= 1;
            if ((a & 0x100) != 0) a ^= polynomial;
        }

        return (byte)product;
    }
}
