using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Between formats: element 0 (FCVT, BFCVT).</summary>
internal readonly struct ConvertScalar<TTo, TFrom> : IFloatingOperation where TTo : struct, IFormat where TFrom : struct, IFormat
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => Lane<TTo>.Alone(Conversion.Convert<TTo, TFrom>(ref fp, Lane<TFrom>.Scalar(n)));
}

/// <summary>Floating point to an integer of the general register's width, times 2 to the power of Operands.Aux.</summary>
internal readonly struct ToGeneral<F, TRounding, TSign> : IFloatingOperation where F : struct, IFormat where TRounding : struct, IRounding where TSign : struct, ISign
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => Vector128.CreateScalar(Integral.ToFixed<F>(ref fp, Lane<F>.Scalar(n), o.Aux, o.Is64 ? 64 : 32, TSign.IsUnsigned, TRounding.Mode(fp))).AsByte();
}

/// <summary>The other way.</summary>
internal readonly struct OfGeneral<F, TSign> : IFloatingOperation where F : struct, IFormat where TSign : struct, ISign
{
    static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => Lane<F>.Alone(Integral.OfFixed<F>(ref fp, n.AsUInt64().ToScalar(), o.Aux, o.Is64 ? 64 : 32, TSign.IsUnsigned));
}

internal interface ISign
{
    static abstract bool IsUnsigned { get; }
}

internal readonly struct Signed : ISign
{
    public static bool IsUnsigned => false;
}

internal readonly struct Unsigned : ISign
{
    public static bool IsUnsigned => true;
}
