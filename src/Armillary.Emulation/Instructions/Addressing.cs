using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>How a load or store makes its address from the base register (Arm ARM C1.3.3).</summary>
internal interface IAddressing
{
    /// <summary>The access is at the base, the offset is added afterwards.</summary>
    static virtual bool Post => false;

    /// <summary>The base register is updated.</summary>
    static virtual bool WriteBack => false;

    static abstract X Offset<M, X>(ref M m, in Operands o) where M : struct, IA64Machine<X> where X : struct, IWord<X>;

    static abstract bool Decode(uint word, int size, ref Operands o);
}

/// <summary>imm12 times the access size.</summary>
internal readonly struct UnsignedOffset : IAddressing
{
    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => m.Imm<X>(o.Imm);

    static bool IAddressing.Decode(uint word, int size, ref Operands o)
    {
        o.Imm = (long)Bits.Field(word, 21, 10) * size;
        return true;
    }
}

/// <summary>imm9, signed.</summary>
internal readonly struct Unscaled : IAddressing
{
    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => m.Imm<X>(o.Imm);

    static bool IAddressing.Decode(uint word, int size, ref Operands o) => DecodeImm9(word, ref o);

    internal static bool DecodeImm9(uint word, ref Operands o)
    {
        o.Imm = Bits.SignedField(word, 20, 12);
        return true;
    }
}

internal readonly struct PreIndex : IAddressing
{
    static bool IAddressing.WriteBack => true;

    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => m.Imm<X>(o.Imm);

    static bool IAddressing.Decode(uint word, int size, ref Operands o) => Unscaled.DecodeImm9(word, ref o);
}

internal readonly struct PostIndex : IAddressing
{
    static bool IAddressing.Post => true;

    static bool IAddressing.WriteBack => true;

    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => m.Imm<X>(o.Imm);

    static bool IAddressing.Decode(uint word, int size, ref Operands o) => Unscaled.DecodeImm9(word, ref o);
}

/// <summary>Rm as it is, or shifted by the access size.</summary>
internal readonly struct RegisterOffset : IAddressing
{
    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => m.X<X>(o.Rm) << o.Aux;

    static bool IAddressing.Decode(uint word, int size, ref Operands o) => DecodeShift(word, size, ref o);

    internal static bool DecodeShift(uint word, int size, ref Operands o)
    {
        o.Aux = Bits.Field(word, 12, 12) != 0 ? System.Numerics.BitOperations.Log2((uint)size) : 0;
        return true;
    }
}

/// <summary>The low word of Rm, zero-extended.</summary>
internal readonly struct UxtwOffset : IAddressing
{
    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => Word.ZeroExtend(m.X<X>(o.Rm), 32) << o.Aux;

    static bool IAddressing.Decode(uint word, int size, ref Operands o) => RegisterOffset.DecodeShift(word, size, ref o);
}

/// <summary>The low word of Rm, sign-extended.</summary>
internal readonly struct SxtwOffset : IAddressing
{
    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => Word.SignExtend(m.X<X>(o.Rm), 32) << o.Aux;

    static bool IAddressing.Decode(uint word, int size, ref Operands o) => RegisterOffset.DecodeShift(word, size, ref o);
}

/// <summary>imm7 times the element size, for pairs.</summary>
internal readonly struct PairOffset : IAddressing
{
    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => m.Imm<X>(o.Imm);

    static bool IAddressing.Decode(uint word, int size, ref Operands o) => DecodeImm7(word, size, ref o);

    internal static bool DecodeImm7(uint word, int size, ref Operands o)
    {
        o.Imm = Bits.SignedField(word, 21, 15) * size;
        return true;
    }
}

internal readonly struct PairPreIndex : IAddressing
{
    static bool IAddressing.WriteBack => true;

    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => m.Imm<X>(o.Imm);

    static bool IAddressing.Decode(uint word, int size, ref Operands o) => PairOffset.DecodeImm7(word, size, ref o);
}

internal readonly struct PairPostIndex : IAddressing
{
    static bool IAddressing.Post => true;

    static bool IAddressing.WriteBack => true;

    static X IAddressing.Offset<M, X>(ref M m, in Operands o) => m.Imm<X>(o.Imm);

    static bool IAddressing.Decode(uint word, int size, ref Operands o) => PairOffset.DecodeImm7(word, size, ref o);
}
