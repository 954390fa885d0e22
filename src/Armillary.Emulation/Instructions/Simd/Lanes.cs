using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

// From operations on elements to operations on registers.

/// <summary>The operation on elements of the type given.</summary>
internal readonly struct Each<E, TLanes> : IVectorOperation where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E> where TLanes : struct, ILanes
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => TLanes.Of(n.As<byte, E>(), m.As<byte, E>(), d.As<byte, E>(), o).AsByte();

    static bool IVectorOperation.Decode(uint word, ref Operands o) => TLanes.Decode<E>(word, ref o);
}

/// <summary>Vm is one of its elements, all over: lane <see cref="Operands.Option"/>.</summary>
internal readonly struct ByElement<E, TLanes> : IVectorOperation where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E> where TLanes : struct, ILanes
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => TLanes.Of(n.As<byte, E>(), Vector128.Create(Lane.Get<E>(m, o.Option)), d.As<byte, E>(), o).AsByte();

    static bool IVectorOperation.Decode(uint word, ref Operands o) => Lane.DecodeElement<E>(word, ref o);
}

/// <summary>Elements of type N of a half of Vn and Vm, the upper half if Q, widened to W.</summary>
internal readonly struct Long<N, W, TLanes> : IVectorOperation where N : unmanaged where W : unmanaged, IBinaryInteger<W>, IMinMaxValue<W> where TLanes : struct, ILanes
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => TLanes.Of(Lane.Widen<N, W>(n, o.Is64), Lane.Widen<N, W>(m, o.Is64), d.As<byte, W>(), o).AsByte();

    static bool IVectorOperation.Decode(uint word, ref Operands o) => TLanes.Decode<N>(word, ref o);
}

/// <summary>The same where Vm is one of its elements.</summary>
internal readonly struct LongByElement<N, W, TLanes> : IVectorOperation where N : unmanaged where W : unmanaged, IBinaryInteger<W>, IMinMaxValue<W> where TLanes : struct, ILanes
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        Vector128<byte> all = Vector128.Create(Lane.Get<N>(m, o.Option)).AsByte();
        return TLanes.Of(Lane.Widen<N, W>(n, o.Is64), Lane.Widen<N, W>(all, false), d.As<byte, W>(), o).AsByte();
    }

    static bool IVectorOperation.Decode(uint word, ref Operands o) => Lane.DecodeElement<N>(word, ref o);
}

/// <summary>Wide elements of Vn, and narrow ones of a half of Vm.</summary>
internal readonly struct Wide<N, W, TLanes> : IVectorOperation where N : unmanaged where W : unmanaged, IBinaryInteger<W>, IMinMaxValue<W> where TLanes : struct, ILanes
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => TLanes.Of(n.As<byte, W>(), Lane.Widen<N, W>(m, o.Is64), d.As<byte, W>(), o).AsByte();
}

/// <summary>The lower halves of the wide results: into the upper half of Vd if Q, else into the lower with zeros above.</summary>
internal readonly struct Narrow<W, TLanes> : IVectorOperation where W : unmanaged, IBinaryInteger<W>, IMinMaxValue<W> where TLanes : struct, ILanes
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => Lane.IntoHalf(Lane.Truncate(TLanes.Of(n.As<byte, W>(), m.As<byte, W>(), default, o)), d, o.Is64);

    static bool IVectorOperation.Decode(uint word, ref Operands o) => TLanes.Decode<W>(word, ref o);
}

/// <summary>The operation on pairs of neighbours, those of Vm behind those of Vn.</summary>
internal readonly struct Pairwise<E, TLanes> : IVectorOperation where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E> where TLanes : struct, ILanes
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        Vector128<byte> even = Permutation.Unzip<E>(n, m, odd: false, o.Is64), odd = Permutation.Unzip<E>(n, m, odd: true, o.Is64);
        return TLanes.Of(even.As<byte, E>(), odd.As<byte, E>(), default, o).AsByte();
    }
}

/// <summary>The operation between all elements: one element, and zeros.</summary>
internal readonly struct Across<E, TLanes> : IVectorOperation where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E> where TLanes : struct, ILanes
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        Vector128<E> all = n.As<byte, E>();
        int count = o.Is64 ? Vector128<E>.Count : Vector128<E>.Count / 2;
        for (; count > 1; count /= 2)
        {
            all = TLanes.Of(Permutation.Unzip<E>(all.AsByte(), all.AsByte(), odd: false, full: true).As<byte, E>(), Permutation.Unzip<E>(all.AsByte(), all.AsByte(), odd: true, full: true).As<byte, E>(), default, o);
        }

        return Vector128.CreateScalar(all.ToScalar()).AsByte();
    }
}

/// <summary>An element operation, one after the other.</summary>
internal readonly struct OneByOne<TElement> : ILanes where TElement : struct, IElement
{
    // Not inlined: a handler with a local in memory could not end in a jump (docs/decisions/0001).
    [MethodImpl(MethodImplOptions.NoInlining)]
    static Vector128<E> ILanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o)
    {
        Vector128<E> result = default;
        for (int i = 0; i < Vector128<E>.Count; i++) Lane.At(ref result, i) = TElement.Of(Lane.At(ref n, i), Lane.At(ref m, i), Lane.At(ref d, i), o);
        return result;
    }
}

/// <summary>The saturating operation; without Q, on the lower halves.</summary>
internal readonly struct Saturating<E, TLanes> : IFloatingOperation where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E> where TLanes : struct, ISaturatingLanes
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        bool saturated = false;
        if (!o.Is64) (n, m, d) = (Lane.LowHalf(n), Lane.LowHalf(m), Lane.LowHalf(d));
        Vector128<byte> result = TLanes.Of(n.As<byte, E>(), m.As<byte, E>(), d.As<byte, E>(), o, ref saturated).AsByte();
        Lane.SetSaturated(ref fp, saturated);
        return result;
    }

    static bool IFloatingOperation.Decode(uint word, ref Operands o) => TLanes.Decode<E>(word, ref o);
}

/// <summary>The saturating operation on the first elements.</summary>
internal readonly struct SaturatingScalar<E, TLanes> : IFloatingOperation where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E> where TLanes : struct, ISaturatingLanes
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        bool saturated = false;
        Vector128<byte> result = TLanes.Of(Lane.First<E>(n), Lane.First<E>(m), Lane.First<E>(d), o, ref saturated).AsByte();
        Lane.SetSaturated(ref fp, saturated);
        return result;
    }

    static bool IFloatingOperation.Decode(uint word, ref Operands o) => TLanes.Decode<E>(word, ref o);
}

/// <summary>The saturating operation where Vm is one of its elements; TShape is <see cref="Saturating{E, T}"/> or <see cref="SaturatingScalar{E, T}"/>.</summary>
internal readonly struct SaturatingByElement<E, TShape> : IFloatingOperation where E : unmanaged where TShape : struct, IFloatingOperation
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => TShape.Apply(ref fp, n, Vector128.Create(Lane.Get<E>(m, o.Option)).AsByte(), d, o);

    static bool IFloatingOperation.Decode(uint word, ref Operands o) => Lane.DecodeElement<E>(word, ref o);
}

/// <summary>A saturating element operation, one after the other.</summary>
internal readonly struct SaturatingOneByOne<TElement> : ISaturatingLanes where TElement : struct, ISaturatingElement
{
    static Vector128<E> ISaturatingLanes.Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o, ref bool saturated)
    {
        Vector128<E> result = default;
        for (int i = 0; i < Vector128<E>.Count; i++) Lane.At(ref result, i) = TElement.Of(Lane.At(ref n, i), Lane.At(ref m, i), Lane.At(ref d, i), o, ref saturated);
        return result;
    }
}
