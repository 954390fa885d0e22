using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>The orders of elements behind ZIP, UZP, TRN and REV, as byte numbers for a shuffle.</summary>
internal static class Permutation
{
    /// <summary>Elements of the size in bytes: those with even numbers, then those with odd ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> EvensFirst(int size) => size switch
    {
        1 => Vector128.Create((byte)0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15),
        2 => Vector128.Create((byte)0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15),
        4 => Vector128.Create((byte)0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15),
        _ => Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    };

    /// <summary>Elements of the size in bytes: by turns one of the lower half and one of the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ByTurns(int size) => size switch
    {
        1 => Vector128.Create((byte)0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15),
        2 => Vector128.Create((byte)0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15),
        4 => Vector128.Create((byte)0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15),
        _ => Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    };

    /// <summary>Elements of the size in bytes, reversed within containers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Reversed(int container, int size) => (container, size) switch
    {
        (8, 1) => Vector128.Create((byte)7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8),
        (8, 2) => Vector128.Create((byte)6, 7, 4, 5, 2, 3, 0, 1, 14, 15, 12, 13, 10, 11, 8, 9),
        (8, 4) => Vector128.Create((byte)4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11),
        (4, 1) => Vector128.Create((byte)3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12),
        (4, 2) => Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13),
        _ => Vector128.Create((byte)1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14),
    };

    // Ones in the elements with even numbers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Evens(int size) => size switch
    {
        1 => Vector128.Create((ushort)0x00ff).AsByte(),
        2 => Vector128.Create(0x0000_ffffu).AsByte(),
        4 => Vector128.Create(0x0000_0000_ffff_fffful).AsByte(),
        _ => Vector128.Create(ulong.MaxValue, 0ul).AsByte(),
    };

    /// <summary>UZP1, UZP2 (Arm ARM C7.2.391): in a half register unless <paramref name="full"/>; what is above is not defined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Unzip<E>(Vector128<byte> n, Vector128<byte> m, bool odd, bool full) where E : unmanaged
    {
        Vector128<byte> order = EvensFirst(Unsafe.SizeOf<E>());
        if (!full)
        {
            Vector128<byte> both = Vector128.Shuffle(Lane.Lows(n, m), order);
            return odd ? Lane.Highs(both, both) : both;
        }

        Vector128<byte> first = Vector128.Shuffle(n, order), second = Vector128.Shuffle(m, order);
        return odd ? Lane.Highs(first, second) : Lane.Lows(first, second);
    }

    /// <summary>ZIP1, ZIP2 (Arm ARM C7.2.404).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Zip<E>(Vector128<byte> n, Vector128<byte> m, bool upper, bool full) where E : unmanaged
    {
        Vector128<byte> halves = upper && full ? Lane.Highs(n, m) : Lane.Lows(n, m);
        Vector128<byte> zipped = Vector128.Shuffle(halves, ByTurns(Unsafe.SizeOf<E>()));
        return upper && !full ? Lane.Highs(zipped, zipped) : zipped;
    }

    /// <summary>TRN1, TRN2 (Arm ARM C7.2.373).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Transpose<E>(Vector128<byte> n, Vector128<byte> m, bool odd) where E : unmanaged
    {
        int size = Unsafe.SizeOf<E>();
        Vector128<byte> evens = Evens(size);
        return odd
            ? Vector128.ConditionalSelect(evens, Swap(n, size), m)
            : Vector128.ConditionalSelect(evens, n, Swap(m, size));
    }

    // Neighbours change places.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Swap(Vector128<byte> vector, int size) => size == 8
        ? Vector128.Create(vector.GetUpper(), vector.GetLower())
        : Vector128.Shuffle(vector, Reversed(2 * size, size));
}
