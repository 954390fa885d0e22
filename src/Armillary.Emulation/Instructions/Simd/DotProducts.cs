using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>SDOT and its kin: four products of bytes added to each word. TN and TM are sbyte or byte.</summary>
internal readonly struct Dot<TN, TM> : IVectorOperation where TN : unmanaged, IBinaryInteger<TN> where TM : unmanaged, IBinaryInteger<TM>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        Vector128<TN> x = n.As<byte, TN>();
        Vector128<TM> y = m.As<byte, TM>();
        Vector128<int> sum = d.AsInt32();
        for (int i = 0; i < 16; i++) Lane.At(ref sum, i / 4) += int.CreateTruncating(Lane.At(ref x, i)) * int.CreateTruncating(Lane.At(ref y, i));
        return sum.AsByte();
    }
}

/// <summary>The same with one word of four bytes of Vm.</summary>
internal readonly struct DotByElement<TDot> : IVectorOperation where TDot : struct, IVectorOperation
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        => TDot.Apply(n, Vector128.Create(Lane.Get<uint>(m, o.Option)).AsByte(), d, o);

    static bool IVectorOperation.Decode(uint word, ref Operands o) => Lane.DecodeElement<uint>(word, ref o);
}

/// <summary>SMMLA and its kin: matrices of 2 by 8 and 8 by 2 bytes; the product is added to one of 2 by 2 words.</summary>
internal readonly struct MatrixMultiply<TN, TM> : IVectorOperation where TN : unmanaged, IBinaryInteger<TN> where TM : unmanaged, IBinaryInteger<TM>
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        Vector128<TN> x = n.As<byte, TN>();
        Vector128<TM> y = m.As<byte, TM>();
        Vector128<int> sum = d.AsInt32();
        for (int i = 0; i < 32; i++)
        {
            int row = i >> 4, column = (i >> 3) & 1, k = i & 7;
            Lane.At(ref sum, (2 * row) + column) += int.CreateTruncating(Lane.At(ref x, (8 * row) + k)) * int.CreateTruncating(Lane.At(ref y, (8 * column) + k));
        }

        return sum.AsByte();
    }
}

/// <summary>PMULL, PMULL2 of doublewords: a product of polynomials over {0, 1} of 128 bits.</summary>
internal readonly struct MultiplyPolynomialLong : IVectorOperation
{
    static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
    {
        if (Pclmulqdq.IsSupported)
        {
            return o.Is64
                ? Pclmulqdq.CarrylessMultiply(n.AsUInt64(), m.AsUInt64(), 0x11).AsByte()
                : Pclmulqdq.CarrylessMultiply(n.AsUInt64(), m.AsUInt64(), 0x00).AsByte();
        }

        int lane = o.Is64 ? 1 : 0;
        return ArmAes.IsSupported
            ? ArmAes.PolynomialMultiplyWideningLower(Vector64.Create(n.AsUInt64()[lane]), Vector64.Create(m.AsUInt64()[lane])).AsByte()
            : Multiply(n.AsUInt64()[lane], m.AsUInt64()[lane]).AsByte();
    }

    /// <summary>The product without an instruction of the host.</summary>
    public static Vector128<ulong> Multiply(ulong x, ulong y)
    {
        UInt128 product = 0, shifted = x;
        for (; y != 0; y >>= 1, shifted <<= 1)
        {
            if ((y & 1) != 0) product ^= shifted;
        }

        return Vector128.Create((ulong)product, (ulong)(product >> 64));
    }
}
