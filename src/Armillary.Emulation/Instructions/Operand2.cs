using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>The second operand of a data-processing instruction.</summary>
internal interface IOperand2
{
    static abstract T Get<M, T, X>(ref M m, in Operands o) where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>;

    static virtual bool Decode(uint word, ref Operands o) => true;
}

/// <summary>A 12-bit immediate, shifted left by 12 if sh is set.</summary>
internal readonly struct Imm12 : IOperand2
{
    static T IOperand2.Get<M, T, X>(ref M m, in Operands o) => m.Imm<T>(o.Imm);

    static bool IOperand2.Decode(uint word, ref Operands o)
    {
        o.Imm = (long)Bits.Field(word, 21, 10) << ((word & (1 << 22)) != 0 ? 12 : 0);
        return true;
    }
}

/// <summary>A bitmask immediate (Arm ARM J1.1.3, DecodeBitMasks).</summary>
internal readonly struct BitmaskImmediate : IOperand2
{
    static T IOperand2.Get<M, T, X>(ref M m, in Operands o) => m.Imm<T>(o.Imm);

    static bool IOperand2.Decode(uint word, ref Operands o)
    {
        if (!Bits.TryDecodeBitmask(word, o.Is64, out ulong mask)) return false;
        o.Imm = (long)mask;
        return true;
    }
}

/// <summary>Rm as it is.</summary>
internal readonly struct Register : IOperand2
{
    static T IOperand2.Get<M, T, X>(ref M m, in Operands o) => m.X<T>(o.Rm);
}

internal readonly struct Lsl : IOperand2
{
    static T IOperand2.Get<M, T, X>(ref M m, in Operands o) => m.X<T>(o.Rm) << o.Aux;

    static bool IOperand2.Decode(uint word, ref Operands o) => Bits.DecodeShiftAmount(word, ref o);
}

internal readonly struct Lsr : IOperand2
{
    static T IOperand2.Get<M, T, X>(ref M m, in Operands o) => m.X<T>(o.Rm) >>> o.Aux;

    static bool IOperand2.Decode(uint word, ref Operands o) => Bits.DecodeShiftAmount(word, ref o);
}

internal readonly struct Asr : IOperand2
{
    static T IOperand2.Get<M, T, X>(ref M m, in Operands o) => m.X<T>(o.Rm) >> o.Aux;

    static bool IOperand2.Decode(uint word, ref Operands o) => Bits.DecodeShiftAmount(word, ref o);
}

internal readonly struct Ror : IOperand2
{
    static T IOperand2.Get<M, T, X>(ref M m, in Operands o) => T.RotateRight(m.X<T>(o.Rm), o.Aux);

    static bool IOperand2.Decode(uint word, ref Operands o) => Bits.DecodeShiftAmount(word, ref o);
}

/// <summary>Rm extended from 8, 16, 32 or 64 bits and shifted left by 0 to 4.</summary>
internal readonly struct Extended : IOperand2
{
    static T IOperand2.Get<M, T, X>(ref M m, in Operands o) => Extend<M, T, X>(ref m, o) << o.Aux;

    static bool IOperand2.Decode(uint word, ref Operands o)
    {
        o.Option = (byte)Bits.Field(word, 15, 13);
        o.Aux = (int)Bits.Field(word, 12, 10);
        return o.Aux <= 4;
    }

    // UXTB, UXTH, UXTW, UXTX, SXTB, SXTH, SXTW, SXTX.
    internal static T Extend<M, T, X>(ref M m, in Operands o) where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>
    {
        T value = m.X<T>(o.Rm);
        int bits = Math.Min(8 << (o.Option & 3), T.Bits);
        if ((o.Option & 4) != 0) return Word.SignExtend(value, bits);
        return Word.ZeroExtend(value, bits);
    }
}
