using System.Numerics;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>An operation on all elements at once, for every type of element; a signed type is a signed operation.</summary>
internal interface ILanes
{
    static abstract Vector128<E> Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o) where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E>;

    /// <inheritdoc cref="Machines.IVectorOperation.Decode"/>
    static virtual bool Decode<E>(uint word, ref Operands o) where E : unmanaged => true;
}

/// <summary>An operation on one element after the other.</summary>
internal interface IElement
{
    static abstract E Of<E>(E n, E m, E d, in Operands o) where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E>;
}

/// <summary>An operation on all elements at once that may saturate. Of zeros it makes zeros and does not saturate.</summary>
internal interface ISaturatingLanes
{
    static abstract Vector128<E> Of<E>(Vector128<E> n, Vector128<E> m, Vector128<E> d, in Operands o, ref bool saturated) where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E>;

    /// <inheritdoc cref="Machines.IVectorOperation.Decode"/>
    static virtual bool Decode<E>(uint word, ref Operands o) where E : unmanaged => true;
}

/// <summary>The same on one element after the other.</summary>
internal interface ISaturatingElement
{
    static abstract E Of<E>(E n, E m, E d, in Operands o, ref bool saturated) where E : unmanaged, IBinaryInteger<E>, IMinMaxValue<E>;
}
