using System.Runtime.CompilerServices;
using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>
/// The host's arithmetic, where it gives the bits and the flags that <see cref="Arithmetic"/> gives. That is so in
/// round-to-nearest without flushing if the result is a normal number: then no operand was a NaN, nothing overflowed, and
/// the only flag that can be set is IXC. The smallest normal number is left out, because a result that is tiny before
/// rounding may round to it. Once IXC is set nothing is left to find out; before that, the rounding error says it.
/// </summary>
/// <remarks>A method returns false if it does not know the result.</remarks>
internal static class HostArithmetic
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Above it the rounding error of a product or quotient is a number, so that computing it is exact.
    private const double ErrorIsExact = 1e-280;

    public const double MinNormal64 = 2.2250738585072014e-308;
    public const float MinNormal32 = 1.17549435e-38f;

    /// <summary>True in round-to-nearest without flushing to zero.</summary>
    [MethodImpl(Inline)]
    public static bool IsUsable(in FloatingState fp) => ((fp.Control & (Fpcr.RModeMask | Fpcr.FZ)) | fp.WithoutHost) == 0;

    /// <summary>True if flags can no longer change but by overflow, tininess and NaNs.</summary>
    [MethodImpl(Inline)]
    public static bool IsInexactKnown(in FloatingState fp) => (fp.Status & Fpsr.IXC) != 0;

    [MethodImpl(Inline)]
    public static bool Add<F>(ref FloatingState fp, ulong a, ulong b, out ulong result) where F : struct, IFormat
    {
        result = 0;
        if (typeof(F) == typeof(Binary64)) return Add(ref fp, Double(a), Double(b), out result);
        return typeof(F) == typeof(Binary32) && Add(ref fp, Single(a), Single(b), out result);
    }

    [MethodImpl(Inline)]
    public static bool Multiply<F>(ref FloatingState fp, ulong a, ulong b, out ulong result) where F : struct, IFormat
    {
        result = 0;
        if (typeof(F) == typeof(Binary64)) return Multiply(ref fp, Double(a), Double(b), out result);
        return typeof(F) == typeof(Binary32) && Multiply(ref fp, Single(a), Single(b), out result);
    }

    [MethodImpl(Inline)]
    public static bool Divide<F>(ref FloatingState fp, ulong a, ulong b, out ulong result) where F : struct, IFormat
    {
        result = 0;
        if (typeof(F) == typeof(Binary64)) return Divide(ref fp, Double(a), Double(b), out result);
        return typeof(F) == typeof(Binary32) && Divide(ref fp, Single(a), Single(b), out result);
    }

    [MethodImpl(Inline)]
    public static bool SquareRoot<F>(ref FloatingState fp, ulong a, out ulong result) where F : struct, IFormat
    {
        result = 0;
        if (typeof(F) == typeof(Binary64)) return SquareRoot(ref fp, Double(a), out result);
        return typeof(F) == typeof(Binary32) && SquareRoot(ref fp, Single(a), out result);
    }

    [MethodImpl(Inline)]
    public static bool MultiplyAdd<F>(ref FloatingState fp, ulong addend, ulong a, ulong b, out ulong result) where F : struct, IFormat
    {
        result = 0;
        if (typeof(F) == typeof(Binary64)) return MultiplyAdd(ref fp, Double(addend), Double(a), Double(b), out result);
        return typeof(F) == typeof(Binary32) && MultiplyAdd(ref fp, Single(addend), Single(a), Single(b), out result);
    }

    /// <summary>A comparison as NZCV; false if an operand is a NaN.</summary>
    [MethodImpl(Inline)]
    public static bool Compare<F>(in FloatingState fp, ulong a, ulong b, out uint nzcv) where F : struct, IFormat
    {
        nzcv = Comparison.Unordered;
        if (typeof(F) == typeof(Binary16) || ((fp.Control & Fpcr.FZ) | fp.WithoutHost) != 0) return false;
        double x = typeof(F) == typeof(Binary64) ? Double(a) : Single(a), y = typeof(F) == typeof(Binary64) ? Double(b) : Single(b);
        if (x < y) nzcv = Comparison.Less;
        else if (x > y) nzcv = Comparison.Greater;
        else if (x == y) nzcv = Comparison.Equal;
        else return false;
        return true;
    }

    /// <summary>True if the result is a number above the smallest normal one; it is the operation's, then.</summary>
    [MethodImpl(Inline)]
    public static bool IsSafe(double result)
    {
        double magnitude = Math.Abs(result);
        return magnitude > MinNormal64 && magnitude <= double.MaxValue;
    }

    /// <inheritdoc cref="IsSafe(double)"/>
    [MethodImpl(Inline)]
    public static bool IsSafe(float result)
    {
        float magnitude = Math.Abs(result);
        return magnitude > MinNormal32 && magnitude <= float.MaxValue;
    }

    [MethodImpl(Inline)] public static double Double(ulong value) => BitConverter.UInt64BitsToDouble(value);
    [MethodImpl(Inline)] public static float Single(ulong value) => BitConverter.UInt32BitsToSingle((uint)value);
    [MethodImpl(Inline)] public static ulong Word(double value) => BitConverter.DoubleToUInt64Bits(value);
    [MethodImpl(Inline)] public static ulong Word(float value) => BitConverter.SingleToUInt32Bits(value);

    [MethodImpl(Inline)]
    private static bool Add(ref FloatingState fp, double a, double b, out ulong result)
    {
        double sum = a + b;
        result = Word(sum);
        if (!IsUsable(fp) || !IsSafe(sum)) return false;
        if (!IsInexactKnown(fp) && ErrorOfSum(a, b, sum) != 0) fp.Status |= Fpsr.IXC;
        return true;
    }

    [MethodImpl(Inline)]
    private static bool Add(ref FloatingState fp, float a, float b, out ulong result)
    {
        float sum = a + b;
        result = Word(sum);
        if (!IsUsable(fp) || !IsSafe(sum)) return false;
        if (!IsInexactKnown(fp) && !IsSum(a, b, sum)) fp.Status |= Fpsr.IXC;
        return true;
    }

    [MethodImpl(Inline)]
    private static bool Multiply(ref FloatingState fp, double a, double b, out ulong result)
    {
        double product = a * b;
        result = Word(product);
        if (!IsUsable(fp) || !IsSafe(product)) return false;
        if (IsInexactKnown(fp)) return true;
        if (Math.Abs(product) < ErrorIsExact) return false;
        if (Math.FusedMultiplyAdd(a, b, -product) != 0) fp.Status |= Fpsr.IXC;
        return true;
    }

    [MethodImpl(Inline)]
    private static bool Multiply(ref FloatingState fp, float a, float b, out ulong result)
    {
        float product = a * b;
        result = Word(product);
        if (!IsUsable(fp) || !IsSafe(product)) return false;
        if (!IsInexactKnown(fp) && (double)a * b != product) fp.Status |= Fpsr.IXC;
        return true;
    }

    [MethodImpl(Inline)]
    private static bool Divide(ref FloatingState fp, double a, double b, out ulong result)
    {
        double quotient = a / b;
        result = Word(quotient);
        if (!IsUsable(fp) || !IsSafe(quotient)) return false;
        if (IsInexactKnown(fp)) return true;
        if (Math.Abs(a) < ErrorIsExact) return false;
        if (Math.FusedMultiplyAdd(quotient, b, -a) != 0) fp.Status |= Fpsr.IXC;
        return true;
    }

    [MethodImpl(Inline)]
    private static bool Divide(ref FloatingState fp, float a, float b, out ulong result)
    {
        float quotient = a / b;
        result = Word(quotient);
        if (!IsUsable(fp) || !IsSafe(quotient)) return false;
        if (!IsInexactKnown(fp) && (double)quotient * b != a) fp.Status |= Fpsr.IXC;
        return true;
    }

    [MethodImpl(Inline)]
    private static bool SquareRoot(ref FloatingState fp, double a, out ulong result)
    {
        double root = Math.Sqrt(a);
        result = Word(root);
        if (!IsUsable(fp) || !IsSafe(root)) return false;
        if (IsInexactKnown(fp)) return true;
        if (a < ErrorIsExact) return false;
        if (Math.FusedMultiplyAdd(root, root, -a) != 0) fp.Status |= Fpsr.IXC;
        return true;
    }

    [MethodImpl(Inline)]
    private static bool SquareRoot(ref FloatingState fp, float a, out ulong result)
    {
        float root = MathF.Sqrt(a);
        result = Word(root);
        if (!IsUsable(fp) || !IsSafe(root)) return false;
        if (!IsInexactKnown(fp) && (double)root * root != a) fp.Status |= Fpsr.IXC;
        return true;
    }

    [MethodImpl(Inline)]
    private static bool MultiplyAdd(ref FloatingState fp, double addend, double a, double b, out ulong result)
    {
        double sum = Math.FusedMultiplyAdd(a, b, addend);
        result = Word(sum);
        // The rounding error of three operands is not one number; this path begins when it no longer matters.
        return IsUsable(fp) && IsInexactKnown(fp) && IsSafe(sum);
    }

    [MethodImpl(Inline)]
    private static bool MultiplyAdd(ref FloatingState fp, float addend, float a, float b, out ulong result)
    {
        float sum = MathF.FusedMultiplyAdd(a, b, addend);
        result = Word(sum);
        if (!IsUsable(fp) || !IsSafe(sum)) return false;
        if (!IsInexactKnown(fp) && !IsSum((double)a * b, addend, sum)) fp.Status |= Fpsr.IXC;
        return true;
    }

    private static bool IsSum(double a, double b, float sum)
    {
        double wide = a + b;
        return wide == sum && ErrorOfSum(a, b, wide) == 0;
    }

    // Knuth's TwoSum, exact where nothing overflows.
    private static double ErrorOfSum(double a, double b, double sum)
    {
        double partOfB = sum - a;
        return (a - (sum - partOfB)) + (b - partOfB);
    }
}
