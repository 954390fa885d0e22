using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Whole vectors by the host, under the conditions of <see cref="HostArithmetic"/> and once IXC is set.</summary>
internal static class HostVectors
{
    /// <summary>False if the operation is none of those here, or if an element of the result needs a closer look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Apply<F, TOperation>(in FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o, out Vector128<byte> result)
        where F : struct, IFormat where TOperation : struct, IElementOperation
    {
        result = default;
        if (!IsKnown<TOperation>() || F.Bits == 16) return false;
        if (!HostArithmetic.IsUsable(fp) || !HostArithmetic.IsInexactKnown(fp)) return false;
        if (F.Bits == 64)
        {
            Vector128<double> wide = Compute<TOperation, double>(n.AsDouble(), m.AsDouble(), d.AsDouble());
            if (typeof(TOperation) == typeof(MultiplyAdd)) wide = Vector128.FusedMultiplyAdd(n.AsDouble(), m.AsDouble(), d.AsDouble());
            if (typeof(TOperation) == typeof(MultiplySubtract)) wide = Vector128.FusedMultiplyAdd(-n.AsDouble(), m.AsDouble(), d.AsDouble());
            result = wide.AsByte();
            Vector128<double> magnitude = Vector128.Abs(wide);
            return Vector128.GreaterThanAll(magnitude, Vector128.Create(HostArithmetic.MinNormal64))
                && Vector128.LessThanOrEqualAll(magnitude, Vector128.Create(double.MaxValue));
        }

        if (!o.Is64) return false;
        Vector128<float> single = Compute<TOperation, float>(n.AsSingle(), m.AsSingle(), d.AsSingle());
        if (typeof(TOperation) == typeof(MultiplyAdd)) single = Vector128.FusedMultiplyAdd(n.AsSingle(), m.AsSingle(), d.AsSingle());
        if (typeof(TOperation) == typeof(MultiplySubtract)) single = Vector128.FusedMultiplyAdd(-n.AsSingle(), m.AsSingle(), d.AsSingle());
        result = single.AsByte();
        Vector128<float> magnitudes = Vector128.Abs(single);
        return Vector128.GreaterThanAll(magnitudes, Vector128.Create(HostArithmetic.MinNormal32))
            && Vector128.LessThanOrEqualAll(magnitudes, Vector128.Create(float.MaxValue));
    }

    private static bool IsKnown<TOperation>()
        => typeof(TOperation) == typeof(Add) || typeof(TOperation) == typeof(Subtract) || typeof(TOperation) == typeof(Multiply)
        || typeof(TOperation) == typeof(Divide) || typeof(TOperation) == typeof(MultiplyAdd) || typeof(TOperation) == typeof(MultiplySubtract);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<E> Compute<TOperation, E>(Vector128<E> n, Vector128<E> m, Vector128<E> d)
    {
        if (typeof(TOperation) == typeof(Add)) return n + m;
        if (typeof(TOperation) == typeof(Subtract)) return n - m;
        if (typeof(TOperation) == typeof(Multiply)) return n * m;
        return typeof(TOperation) == typeof(Divide) ? n / m : d;
    }
}
