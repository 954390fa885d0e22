using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Armillary.Emulation.Machines;

/// <summary>A 32-bit guest value of the interpreter.</summary>
internal readonly struct W32(uint value) : IWord<W32>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly uint Value = value;

    public static int Bits => 32;

    [MethodImpl(Inline)] public static W32 operator +(W32 a, W32 b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static W32 operator -(W32 a, W32 b) => new(a.Value - b.Value);
    [MethodImpl(Inline)] public static W32 operator *(W32 a, W32 b) => new(a.Value * b.Value);
    [MethodImpl(Inline)] public static W32 operator &(W32 a, W32 b) => new(a.Value & b.Value);
    [MethodImpl(Inline)] public static W32 operator |(W32 a, W32 b) => new(a.Value | b.Value);
    [MethodImpl(Inline)] public static W32 operator ^(W32 a, W32 b) => new(a.Value ^ b.Value);
    [MethodImpl(Inline)] public static W32 operator ~(W32 a) => new(~a.Value);
    [MethodImpl(Inline)] public static W32 operator <<(W32 a, int amount) => new(a.Value << amount);
    [MethodImpl(Inline)] public static W32 operator >>(W32 a, int amount) => new((uint)((int)a.Value >> amount));
    [MethodImpl(Inline)] public static W32 operator >>>(W32 a, int amount) => new(a.Value >> amount);
    [MethodImpl(Inline)] public static W32 RotateRight(W32 a, int amount) => new(BitOperations.RotateRight(a.Value, amount));
    [MethodImpl(Inline)] public static W32 ShiftLeft(W32 a, W32 amount) => new(a.Value << (int)amount.Value);
    [MethodImpl(Inline)] public static W32 ShiftRightLogical(W32 a, W32 amount) => new(a.Value >> (int)amount.Value);
    [MethodImpl(Inline)] public static W32 ShiftRightArithmetic(W32 a, W32 amount) => new((uint)((int)a.Value >> (int)amount.Value));
    [MethodImpl(Inline)] public static W32 RotateRight(W32 a, W32 amount) => new(BitOperations.RotateRight(a.Value, (int)amount.Value));

    [MethodImpl(Inline)]
    public static W32 DivideSigned(W32 a, W32 b)
    {
        // -1 apart: the host traps on the most negative number divided by it.
        if (b.Value + 1 <= 1) return new(b.Value == 0 ? 0 : 0 - a.Value);
        return new((uint)((int)a.Value / (int)b.Value));
    }

    [MethodImpl(Inline)] public static W32 DivideUnsigned(W32 a, W32 b) => new(b.Value == 0 ? 0 : a.Value / b.Value);
    [MethodImpl(Inline)] public static W32 MultiplyHighSigned(W32 a, W32 b) => new((uint)(((long)(int)a.Value * (int)b.Value) >> 32));
    [MethodImpl(Inline)] public static W32 MultiplyHighUnsigned(W32 a, W32 b) => new((uint)(((ulong)a.Value * b.Value) >> 32));
    [MethodImpl(Inline)] public static W32 CountLeadingZeros(W32 a) => new((uint)BitOperations.LeadingZeroCount(a.Value));
    [MethodImpl(Inline)] public static W32 ReverseBits(W32 a) => new((uint)(X64.ReverseBits(new(a.Value)).Value >> 32));
    [MethodImpl(Inline)] public static W32 ReverseBytes(W32 a) => new(BinaryPrimitives.ReverseEndianness(a.Value));
}

/// <summary>A 64-bit guest value of the interpreter.</summary>
internal readonly struct X64(ulong value) : IWord<X64>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public readonly ulong Value = value;

    public static int Bits => 64;

    [MethodImpl(Inline)] public static X64 operator +(X64 a, X64 b) => new(a.Value + b.Value);
    [MethodImpl(Inline)] public static X64 operator -(X64 a, X64 b) => new(a.Value - b.Value);
    [MethodImpl(Inline)] public static X64 operator *(X64 a, X64 b) => new(a.Value * b.Value);
    [MethodImpl(Inline)] public static X64 operator &(X64 a, X64 b) => new(a.Value & b.Value);
    [MethodImpl(Inline)] public static X64 operator |(X64 a, X64 b) => new(a.Value | b.Value);
    [MethodImpl(Inline)] public static X64 operator ^(X64 a, X64 b) => new(a.Value ^ b.Value);
    [MethodImpl(Inline)] public static X64 operator ~(X64 a) => new(~a.Value);
    [MethodImpl(Inline)] public static X64 operator <<(X64 a, int amount) => new(a.Value << amount);
    [MethodImpl(Inline)] public static X64 operator >>(X64 a, int amount) => new((ulong)((long)a.Value >> amount));
    [MethodImpl(Inline)] public static X64 operator >>>(X64 a, int amount) => new(a.Value >> amount);
    [MethodImpl(Inline)] public static X64 RotateRight(X64 a, int amount) => new(BitOperations.RotateRight(a.Value, amount));
    [MethodImpl(Inline)] public static X64 ShiftLeft(X64 a, X64 amount) => new(a.Value << (int)amount.Value);
    [MethodImpl(Inline)] public static X64 ShiftRightLogical(X64 a, X64 amount) => new(a.Value >> (int)amount.Value);
    [MethodImpl(Inline)] public static X64 ShiftRightArithmetic(X64 a, X64 amount) => new((ulong)((long)a.Value >> (int)amount.Value));
    [MethodImpl(Inline)] public static X64 RotateRight(X64 a, X64 amount) => new(BitOperations.RotateRight(a.Value, (int)amount.Value));

    [MethodImpl(Inline)]
    public static X64 DivideSigned(X64 a, X64 b)
    {
        if (b.Value + 1 <= 1) return new(b.Value == 0 ? 0 : 0 - a.Value);
        return new((ulong)((long)a.Value / (long)b.Value));
    }

    [MethodImpl(Inline)] public static X64 DivideUnsigned(X64 a, X64 b) => new(b.Value == 0 ? 0 : a.Value / b.Value);
    [MethodImpl(Inline)] public static X64 MultiplyHighSigned(X64 a, X64 b) => new((ulong)(Math.BigMul((long)a.Value, (long)b.Value) >> 64));
    [MethodImpl(Inline)] public static X64 MultiplyHighUnsigned(X64 a, X64 b) => new((ulong)(Math.BigMul(a.Value, b.Value) >> 64));
    [MethodImpl(Inline)] public static X64 CountLeadingZeros(X64 a) => new((ulong)BitOperations.LeadingZeroCount(a.Value));

    [MethodImpl(Inline)]
    public static X64 ReverseBits(X64 a)
    {
        ulong v = a.Value;
        v = ((v >> 1) & 0x5555_5555_5555_5555) | ((v & 0x5555_5555_5555_5555) << 1);
        v = ((v >> 2) & 0x3333_3333_3333_3333) | ((v & 0x3333_3333_3333_3333) << 2);
        v = ((v >> 4) & 0x0f0f_0f0f_0f0f_0f0f) | ((v & 0x0f0f_0f0f_0f0f_0f0f) << 4);
        return new(BinaryPrimitives.ReverseEndianness(v));
    }

    [MethodImpl(Inline)] public static X64 ReverseBytes(X64 a) => new(BinaryPrimitives.ReverseEndianness(a.Value));
}
