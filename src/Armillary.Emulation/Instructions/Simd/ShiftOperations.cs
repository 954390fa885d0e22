using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Instructions.Simd;

// Shifts by an immediate, which is Aux, and by the elements of Vm.

/// <summary>immh:immb (Arm ARM C4.1.98): the element's size in bits and the amount, or twice the size less the amount.</summary>
internal static class ShiftAmount
{
    public static bool DecodeLeft<E>(uint word, ref Operands o) where E : unmanaged
    {
        int bits = Unsafe.SizeOf<E>() * 8;
        o.Aux = (int)Bits.Field(word, 22, 16) & (bits - 1);
        return true;
    }

    public static bool DecodeRight<E>(uint word, ref Operands o) where E : unmanaged
    {
        int bits = Unsafe.SizeOf<E>() * 8;
        o.Aux = bits - ((int)Bits.Field(word, 22, 16) & (bits - 1));
        return true;
    }
}

// By 1 to the element's size; a vector's own shift takes amounts modulo the size.
internal readonly struct ShiftRight<TRound> : ILanes where TRound : struct, IRounding
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
    {
        int last = (Unsafe.SizeOf<E>() * 8) - 1;
        Vector128<E> shifted = o.Aux <= last ? n >> o.Aux : E.MinValue < E.Zero ? n >> last : Vector128<E>.Zero;
        return TRound.Rounds ? shifted + ((n >> (o.Aux - 1)) & Vector128<E>.One) : shifted;
    }

    static bool ILanes.Decode<E>(uint word, ref Operands o) => ShiftAmount.DecodeRight<E>(word, ref o);
}

internal readonly struct ShiftRightAccumulate<TRound> : ILanes where TRound : struct, IRounding
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => d + Shift<ShiftRight<TRound>, E>(n, o);

    static bool ILanes.Decode<E>(uint word, ref Operands o) => ShiftAmount.DecodeRight<E>(word, ref o);

    private static Vector128<E> Shift<TShift, E>(Vector128<E> n, in Operands o) where TShift : struct, ILanes where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E>
        => TShift.Of(n, default, default, o);
}

internal readonly struct ShiftRightInsert : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
        => o.Aux == Unsafe.SizeOf<E>() * 8 ? d : (d & ~(Vector128<E>.AllBitsSet >>> o.Aux)) | (n >>> o.Aux);

    static bool ILanes.Decode<E>(uint word, ref Operands o) => ShiftAmount.DecodeRight<E>(word, ref o);
}

internal readonly struct ShiftLeft : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => n << o.Aux;

    static bool ILanes.Decode<E>(uint word, ref Operands o) => ShiftAmount.DecodeLeft<E>(word, ref o);
}

internal readonly struct ShiftLeftInsert : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
        => (d & ~(Vector128<E>.AllBitsSet << o.Aux)) | (n << o.Aux);

    static bool ILanes.Decode<E>(uint word, ref Operands o) => ShiftAmount.DecodeLeft<E>(word, ref o);
}

// SHLL: of wide elements, by the size of the narrow ones.
internal readonly struct ShiftLeftHalf : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => n << (Unsafe.SizeOf<E>() * 4);
}

// SHRN, RSHRN: of wide elements, by 1 to the size of the narrow ones. XTN: by none.
internal readonly struct ShiftRightNarrow<TRound> : ILanes where TRound : struct, IRounding
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
    {
        Vector128<E> shifted = n >>> o.Aux;
        return TRound.Rounds ? shifted + ((n >>> (o.Aux - 1)) & Vector128<E>.One) : shifted;
    }

    static bool ILanes.Decode<E>(uint word, ref Operands o)
    {
        int bits = Unsafe.SizeOf<E>() * 4;
        o.Aux = bits - ((int)Bits.Field(word, 22, 16) & (bits - 1));
        return true;
    }
}

internal readonly struct ExtractNarrow : ILanes
{
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) => n;
}

/// <summary>SSHL and its kin: to the left by the signed low byte of Vm's element, to the right if it is negative.</summary>
internal readonly struct ShiftByElement<TRound> : IElement where TRound : struct, IRounding
{
    static E IElement.Of<E>(E n, E m, E d, in Operands o)
    {
        bool ignored = false;
        return Shift<E>(n, sbyte.CreateTruncating(m), saturates: false, ref ignored);
    }

    public static E Shift<E>(E n, int amount, bool saturates, ref bool saturated) where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E>
    {
        int bits = Unsafe.SizeOf<E>() * 8;
        if (amount < 0) return Right<E>(n, -amount);
        E result = amount < bits ? n << amount : E.Zero;
        if (!saturates || (amount < bits && result >> amount == n) || n == E.Zero) return result;
        saturated = true;
        return n < E.Zero ? E.MinValue : E.MaxValue;
    }

    private static E Right<E>(E n, int amount) where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E>
    {
        int bits = Unsafe.SizeOf<E>() * 8;
        E sign = n < E.Zero ? E.Zero - E.One : E.Zero;
        E shifted = amount < bits ? n >> amount : sign;
        if (!TRound.Rounds) return shifted;
        return amount > bits ? E.Zero : shifted + ((n >> (amount - 1)) & E.One);
    }
}
