namespace Armillary.Emulation.Machines;

/// <summary>
/// A guest integer of 32 or 64 bits as instruction bodies see it: a number to the interpreter, a node to the translator.
/// It has no conversion to <c>bool</c> or to host integers, so an <c>if</c> on guest data does not compile.
/// </summary>
internal interface IWord<T> where T : struct, IWord<T>
{
    static abstract int Bits { get; }

    static abstract T operator +(T a, T b);
    static abstract T operator -(T a, T b);
    static abstract T operator *(T a, T b);
    static abstract T operator &(T a, T b);
    static abstract T operator |(T a, T b);
    static abstract T operator ^(T a, T b);
    static abstract T operator ~(T a);

    // The amount is a constant below Bits.
    static abstract T operator <<(T a, int amount);
    static abstract T operator >>(T a, int amount);
    static abstract T operator >>>(T a, int amount);
    static abstract T RotateRight(T a, int amount);

    // The amount is taken modulo Bits, as LSLV and its kin do.
    static abstract T ShiftLeft(T a, T amount);
    static abstract T ShiftRightLogical(T a, T amount);
    static abstract T ShiftRightArithmetic(T a, T amount);
    static abstract T RotateRight(T a, T amount);

    // Division by zero gives 0, and the most negative number by -1 gives itself (Arm ARM C6.2.362, C6.2.467).
    static abstract T DivideSigned(T a, T b);
    static abstract T DivideUnsigned(T a, T b);
    static abstract T MultiplyHighSigned(T a, T b);
    static abstract T MultiplyHighUnsigned(T a, T b);

    static abstract T CountLeadingZeros(T a);
    static abstract T ReverseBits(T a);
    static abstract T ReverseBytes(T a);
}

/// <summary>A truth value about guest data; only <c>Select</c>, <c>BranchIf</c> and flag logic take it.</summary>
internal readonly struct Flag
{
    internal readonly int Raw; // interpreter: 0 or 1; translator: a value's number

    internal Flag(int raw) => Raw = raw;

    internal Flag(bool value) => Raw = value ? 1 : 0;
}

internal static class Word
{
    /// <summary>Sign-extends the low <paramref name="bits"/> bits.</summary>
    public static T SignExtend<T>(T value, int bits) where T : struct, IWord<T>
        => bits == T.Bits ? value : (value << (T.Bits - bits)) >> (T.Bits - bits);

    /// <summary>Keeps the low <paramref name="bits"/> bits.</summary>
    public static T ZeroExtend<T>(T value, int bits) where T : struct, IWord<T>
        => bits == T.Bits ? value : (value << (T.Bits - bits)) >>> (T.Bits - bits);
}
