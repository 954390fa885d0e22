using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>Elements and halves of vectors.</summary>
internal static class Lane
{
    private const uint QC = 1 << 27;

    /// <summary>A reference to an element of a local.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref E At<E>(ref Vector128<E> vector, int lane) where E : unmanaged => ref Unsafe.Add(ref Unsafe.As<Vector128<E>, E>(ref vector), lane);

    public static E Get<E>(Vector128<byte> vector, int lane) where E : unmanaged => vector.As<byte, E>().GetElement(lane);

    /// <summary>The first element with zeros above.</summary>
    public static Vector128<E> First<E>(Vector128<byte> vector) where E : unmanaged => Vector128.CreateScalar(vector.As<byte, E>().ToScalar());

    public static Vector128<byte> LowHalf(Vector128<byte> vector) => Vector128.CreateScalar(vector.AsUInt64().ToScalar()).AsByte();

    /// <summary>The lower half of one and behind it the lower half of the other.</summary>
    public static Vector128<byte> Lows(Vector128<byte> low, Vector128<byte> high) => Vector128.Create(low.GetLower(), high.GetLower());

    public static Vector128<byte> Highs(Vector128<byte> low, Vector128<byte> high) => Vector128.Create(low.GetUpper(), high.GetUpper());

    /// <summary>A narrow result, which is in the lower half of <paramref name="result"/>, to its place.</summary>
    public static Vector128<byte> IntoHalf(Vector128<byte> result, Vector128<byte> d, bool upper) => upper ? Lows(d, result) : LowHalf(result);

    /// <summary>The lower half of each element, packed into the lower half.</summary>
    public static Vector128<byte> Truncate<W>(Vector128<W> wide) where W : unmanaged
        => Vector128.Shuffle(wide.AsByte(), Permutation.EvensFirst(Unsafe.SizeOf<W>() / 2));

    /// <summary>The elements of a half, with the sign or zeros as their type says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<W> Widen<N, W>(Vector128<byte> vector, bool upper) where N : unmanaged where W : unmanaged
    {
        Vector128<byte> v = upper ? Lows(Vector128.Create(vector.GetUpper(), default), default) : vector;
        if (typeof(N) == typeof(byte)) return Vector128.WidenLower(v).As<ushort, W>();
        if (typeof(N) == typeof(sbyte)) return Vector128.WidenLower(v.AsSByte()).As<short, W>();
        if (typeof(N) == typeof(ushort)) return Vector128.WidenLower(v.AsUInt16()).As<uint, W>();
        if (typeof(N) == typeof(short)) return Vector128.WidenLower(v.AsInt16()).As<int, W>();
        if (typeof(N) == typeof(uint)) return Vector128.WidenLower(v.AsUInt32()).As<ulong, W>();
        return Vector128.WidenLower(v.AsInt32()).As<long, W>();
    }

    public static void SetSaturated(ref FloatingState fp, bool saturated)
    {
        if (saturated) fp.Status |= QC;
    }

    /// <summary>The value as an element, at an end of its range if it does not fit.</summary>
    public static E Saturate<E>(long value, ref bool saturated) where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E>
    {
        long min = long.CreateTruncating(E.MinValue), max = Unsafe.SizeOf<E>() == 8 ? long.MaxValue : long.CreateTruncating(E.MaxValue);
        if (value >= min && value <= max) return E.CreateTruncating(value);
        saturated = true;
        return value < min ? E.MinValue : E.MaxValue;
    }

    /// <summary>By element (Arm ARM C4.1.96): the lane is H:L:M for halfwords, whose Vm has four bits, and H:L for words.</summary>
    public static bool DecodeElement<E>(uint word, ref Operands o) where E : unmanaged
    {
        uint h = Bits.Field(word, 11, 11), l = Bits.Field(word, 21, 21), m = Bits.Field(word, 20, 20);
        if (Unsafe.SizeOf<E>() == 2)
        {
            o.Rm &= 15;
            o.Option = (byte)((h << 2) | (l << 1) | m);
        }
        else
        {
            o.Option = (byte)((h << 1) | l);
        }

        return true;
    }
}
