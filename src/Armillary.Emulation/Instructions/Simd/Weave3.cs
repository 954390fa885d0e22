using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

// Structures of three elements in three registers' worth of memory, n, m and d, in halves without Q.

/// <summary>A register of what was loaded: its elements are three apart.</summary>
internal readonly struct Unweave3<E, TPlace> : IVectorOperation where E : unmanaged where TPlace : struct, ICount
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        int count = (o.Is64 ? 16 : 8) / Unsafe.SizeOf<E>();
        Vector128<E> x = n.As<byte, E>(), y = m.As<byte, E>(), z = d.As<byte, E>(), result = default;
        for (int i = 0; i < count; i++)
        {
            (int block, int lane) = int.DivRem((3 * i) + TPlace.Registers - 1, count);
            Lane.At(ref result, i) = block == 0 ? Lane.At(ref x, lane) : block == 1 ? Lane.At(ref y, lane) : Lane.At(ref z, lane);
        }

        return result.AsByte();
    }
}

/// <summary>A register's worth of what is to be stored: by turns an element of each register.</summary>
internal readonly struct Weave3<E, TPlace> : IVectorOperation where E : unmanaged where TPlace : struct, ICount
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        int count = (o.Is64 ? 16 : 8) / Unsafe.SizeOf<E>();
        Vector128<E> x = n.As<byte, E>(), y = m.As<byte, E>(), z = d.As<byte, E>(), result = default;
        for (int i = 0; i < count; i++)
        {
            (int lane, int register) = int.DivRem((count * (TPlace.Registers - 1)) + i, 3);
            Lane.At(ref result, i) = register == 0 ? Lane.At(ref x, lane) : register == 1 ? Lane.At(ref y, lane) : Lane.At(ref z, lane);
        }

        return result.AsByte();
    }
}
