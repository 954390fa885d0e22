using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>The rounding mode of an instruction.</summary>
internal interface IRounding
{
    static abstract Rounding Mode(in FloatingState fp);
}

internal readonly struct ByControl : IRounding
{
    static Rounding IRounding.Mode(in FloatingState fp) => Fpcr.RoundingOf(fp);
}

internal readonly struct ToNearest : IRounding
{
    static Rounding IRounding.Mode(in FloatingState fp) => Rounding.TieEven;
}

internal readonly struct ToPlusInfinity : IRounding
{
    static Rounding IRounding.Mode(in FloatingState fp) => Rounding.PlusInfinity;
}

internal readonly struct ToMinusInfinity : IRounding
{
    static Rounding IRounding.Mode(in FloatingState fp) => Rounding.MinusInfinity;
}

internal readonly struct ToZero : IRounding
{
    static Rounding IRounding.Mode(in FloatingState fp) => Rounding.Zero;
}

internal readonly struct ToNearestAway : IRounding
{
    static Rounding IRounding.Mode(in FloatingState fp) => Rounding.TieAway;
}

/// <summary>FRINTN and its kin, but for FRINTX.</summary>
internal readonly struct RoundToIntegral<TRounding> : IElementOperation where TRounding : struct, IRounding
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Integral.Round<F>(ref fp, n, TRounding.Mode(fp), isExact: false);
}

/// <summary>FRINTX.</summary>
internal readonly struct RoundToIntegralExact : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Integral.Round<F>(ref fp, n, Fpcr.RoundingOf(fp), isExact: true);
}

/// <summary>FRINT32X, FRINT32Z.</summary>
internal readonly struct RoundTo32<TRounding> : IElementOperation where TRounding : struct, IRounding
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Integral.RoundToSize<F>(ref fp, n, TRounding.Mode(fp), 32);
}

/// <summary>FRINT64X, FRINT64Z.</summary>
internal readonly struct RoundTo64<TRounding> : IElementOperation where TRounding : struct, IRounding
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o) => Integral.RoundToSize<F>(ref fp, n, TRounding.Mode(fp), 64);
}

/// <summary>To a signed integer of the element's size, times 2 to the power of Operands.Aux.</summary>
internal readonly struct ToSigned<TRounding> : IElementOperation where TRounding : struct, IRounding
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Integral.ToFixed<F>(ref fp, n, o.Aux, F.Bits, isUnsigned: false, TRounding.Mode(fp));
}

/// <summary>The same to an unsigned integer.</summary>
internal readonly struct ToUnsigned<TRounding> : IElementOperation where TRounding : struct, IRounding
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Integral.ToFixed<F>(ref fp, n, o.Aux, F.Bits, isUnsigned: true, TRounding.Mode(fp));
}

/// <summary>From a signed integer of the element's size, divided by 2 to the power of Operands.Aux.</summary>
internal readonly struct OfSigned : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Integral.OfFixed<F>(ref fp, n, o.Aux, F.Bits, isUnsigned: false);
}

/// <summary>The same from an unsigned integer.</summary>
internal readonly struct OfUnsigned : IElementOperation
{
    static ulong IElementOperation.Apply<F>(ref FloatingState fp, ulong n, ulong m, ulong d, in Operands o)
        => Integral.OfFixed<F>(ref fp, n, o.Aux, F.Bits, isUnsigned: true);
}
