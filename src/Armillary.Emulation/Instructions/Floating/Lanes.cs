using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>A vector as elements of a format.</summary>
internal static class Lane<F> where F : struct, IFormat
{
    /// <summary>How many there are in the operation's width: Is64 is Q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(in Operands o) => (o.Is64 ? 128 : 64) / F.Bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Get(Vector128<byte> vector, int index) => F.Bits switch
    {
        16 => vector.AsUInt16().GetElement(index),
        32 => vector.AsUInt32().GetElement(index),
        _ => vector.AsUInt64().GetElement(index),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Set(Vector128<byte> vector, int index, ulong value) => F.Bits switch
    {
        16 => vector.AsUInt16().WithElement(index, (ushort)value).AsByte(),
        32 => vector.AsUInt32().WithElement(index, (uint)value).AsByte(),
        _ => vector.AsUInt64().WithElement(index, value).AsByte(),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Scalar(Vector128<byte> vector) => F.Bits switch
    {
        16 => vector.AsUInt16().ToScalar(),
        32 => vector.AsUInt32().ToScalar(),
        _ => vector.AsUInt64().ToScalar(),
    };

    /// <summary>The element alone; all above it is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Alone(ulong value) => Vector128.CreateScalar(value).AsByte();
}

/// <summary>A scalar instruction: element 0, and all above it zero.</summary>
internal readonly struct Scalar<F, TOperation> : IFloatingOperation where F : struct, IFormat where TOperation : struct, IElementOperation
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => Lane<F>.Alone(TOperation.Apply<F>(ref fp, Lane<F>.Scalar(n), Lane<F>.Scalar(m), Lane<F>.Scalar(d), o));
}

/// <summary>Each element by itself.</summary>
internal readonly struct Lanes<F, TOperation> : IFloatingOperation where F : struct, IFormat where TOperation : struct, IElementOperation
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        if (HostVectors.Apply<F, TOperation>(fp, n, m, d, o, out Vector128<byte> result)) return result;
        result = Vector128<byte>.Zero;
        for (int i = 0; i < Lane<F>.Count(o); i++)
        {
            result = Lane<F>.Set(result, i, TOperation.Apply<F>(ref fp, Lane<F>.Get(n, i), Lane<F>.Get(m, i), Lane<F>.Get(d, i), o));
        }

        return result;
    }
}

/// <summary>Each element of n with the element of m that Operands.Option names.</summary>
internal readonly struct ByElement<F, TOperation> : IFloatingOperation where F : struct, IFormat where TOperation : struct, IElementOperation
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => Apply<Lanes<F, TOperation>>(ref fp, n, Broadcast(Lane<F>.Get(m, o.Option)), d, o);

    private static Vector128<byte> Apply<TLanes>(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        where TLanes : struct, IFloatingOperation
        => TLanes.Apply(ref fp, n, m, d, o);

    private static Vector128<byte> Broadcast(ulong value) => F.Bits switch
    {
        16 => Vector128.Create((ushort)value).AsByte(),
        32 => Vector128.Create((uint)value).AsByte(),
        _ => Vector128.Create(value).AsByte(),
    };
}

/// <summary>Element 0 of n with the element of m that Operands.Option names.</summary>
internal readonly struct ScalarByElement<F, TOperation> : IFloatingOperation where F : struct, IFormat where TOperation : struct, IElementOperation
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => Lane<F>.Alone(TOperation.Apply<F>(ref fp, Lane<F>.Scalar(n), Lane<F>.Get(m, o.Option), Lane<F>.Scalar(d), o));
}

/// <summary>Neighbours: those of n in the lower half of the result, those of m in the upper.</summary>
internal readonly struct Pairs<F, TOperation> : IFloatingOperation where F : struct, IFormat where TOperation : struct, IElementOperation
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        Vector128<byte> result = Vector128<byte>.Zero;
        int half = Lane<F>.Count(o) / 2;
        for (int i = 0; i < half; i++)
        {
            result = Lane<F>.Set(result, i, TOperation.Apply<F>(ref fp, Lane<F>.Get(n, 2 * i), Lane<F>.Get(n, (2 * i) + 1), 0, o));
        }

        for (int i = 0; i < half; i++)
        {
            result = Lane<F>.Set(result, half + i, TOperation.Apply<F>(ref fp, Lane<F>.Get(m, 2 * i), Lane<F>.Get(m, (2 * i) + 1), 0, o));
        }

        return result;
    }
}

/// <summary>The two lowest elements of n.</summary>
internal readonly struct ScalarPair<F, TOperation> : IFloatingOperation where F : struct, IFormat where TOperation : struct, IElementOperation
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => Lane<F>.Alone(TOperation.Apply<F>(ref fp, Lane<F>.Get(n, 0), Lane<F>.Get(n, 1), 0, o));
}

/// <summary>All elements of n: those of each half, and then the two results (Arm ARM, Reduce).</summary>
internal readonly struct Across<F, TOperation> : IFloatingOperation where F : struct, IFormat where TOperation : struct, IElementOperation
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => Lane<F>.Alone(Reduce(ref fp, n, 0, Lane<F>.Count(o), o));

    private static ulong Reduce(ref FloatingState fp, Vector128<byte> n, int first, int count, in Operands o)
    {
        if (count == 1) return Lane<F>.Get(n, first);
        ulong low = Reduce(ref fp, n, first, count / 2, o), high = Reduce(ref fp, n, first + (count / 2), count / 2, o);
        return TOperation.Apply<F>(ref fp, low, high, 0, o);
    }
}
