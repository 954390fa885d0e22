using Armillary.Emulation.Cpu;
using Armillary.Emulation.Floating;

namespace Armillary.Tests.Floating;

/// <summary>Integer arithmetic against that of the host, which is IEEE 754's in round-to-nearest.</summary>
public sealed class ArithmeticTests
{
    private const int Seed = 754;
    private const int Count = 100_000;

    private delegate ulong Operation(ref FloatingState fp, ulong a, ulong b, ulong c);

    [Fact]
    public void Double_precision_is_that_of_the_host()
    {
        CheckDouble("+", static (ref fp, a, b, _) => Arithmetic.Add<Binary64>(ref fp, a, b), static (a, b, _) => a + b);
        CheckDouble("-", static (ref fp, a, b, _) => Arithmetic.Subtract<Binary64>(ref fp, a, b), static (a, b, _) => a - b);
        CheckDouble("*", static (ref fp, a, b, _) => Arithmetic.Multiply<Binary64>(ref fp, a, b), static (a, b, _) => a * b);
        CheckDouble("/", static (ref fp, a, b, _) => Arithmetic.Divide<Binary64>(ref fp, a, b), static (a, b, _) => a / b);
        CheckDouble("sqrt", static (ref fp, a, _, _) => Arithmetic.SquareRoot<Binary64>(ref fp, a), static (a, _, _) => Math.Sqrt(a));
        CheckDouble("fma", static (ref fp, a, b, c) => FusedMultiply.MultiplyAdd<Binary64>(ref fp, c, a, b), Math.FusedMultiplyAdd);
        CheckDouble("round", static (ref fp, a, _, _) => Integral.Round<Binary64>(ref fp, a, Rounding.TieEven, isExact: false), static (a, _, _) => Math.Round(a));
        CheckDouble("floor", static (ref fp, a, _, _) => Integral.Round<Binary64>(ref fp, a, Rounding.MinusInfinity, isExact: false), static (a, _, _) => Math.Floor(a));
        CheckDouble("ceiling", static (ref fp, a, _, _) => Integral.Round<Binary64>(ref fp, a, Rounding.PlusInfinity, isExact: false), static (a, _, _) => Math.Ceiling(a));
        CheckDouble("truncate", static (ref fp, a, _, _) => Integral.Round<Binary64>(ref fp, a, Rounding.Zero, isExact: false), static (a, _, _) => Math.Truncate(a));
        CheckDouble("away", static (ref fp, a, _, _) => Integral.Round<Binary64>(ref fp, a, Rounding.TieAway, isExact: false), static (a, _, _) => Math.Round(a, MidpointRounding.AwayFromZero));
        CheckDouble("max", static (ref fp, a, b, _) => Comparison.Max<Binary64>(ref fp, a, b), static (a, b, _) => Math.Max(a, b));
        CheckDouble("min", static (ref fp, a, b, _) => Comparison.Min<Binary64>(ref fp, a, b), static (a, b, _) => Math.Min(a, b));
    }

    [Fact]
    public void Single_precision_is_that_of_the_host()
    {
        CheckSingle("+", static (ref fp, a, b, _) => Arithmetic.Add<Binary32>(ref fp, a, b), static (a, b, _) => a + b);
        CheckSingle("-", static (ref fp, a, b, _) => Arithmetic.Subtract<Binary32>(ref fp, a, b), static (a, b, _) => a - b);
        CheckSingle("*", static (ref fp, a, b, _) => Arithmetic.Multiply<Binary32>(ref fp, a, b), static (a, b, _) => a * b);
        CheckSingle("/", static (ref fp, a, b, _) => Arithmetic.Divide<Binary32>(ref fp, a, b), static (a, b, _) => a / b);
        CheckSingle("sqrt", static (ref fp, a, _, _) => Arithmetic.SquareRoot<Binary32>(ref fp, a), static (a, _, _) => MathF.Sqrt(a));
        CheckSingle("fma", static (ref fp, a, b, c) => FusedMultiply.MultiplyAdd<Binary32>(ref fp, c, a, b), MathF.FusedMultiplyAdd);
    }

    [Fact]
    public void Conversions_between_formats_are_those_of_the_library()
    {
        var numbers = new FloatingNumbers(Seed);
        for (int i = 0; i < Count; i++)
        {
            FloatingState fp = default;
            ulong wide = numbers.Next<Binary64>(), single = numbers.Next<Binary32>();
            double d = BitConverter.UInt64BitsToDouble(wide);
            float s = BitConverter.UInt32BitsToSingle((uint)single);
            AssertSame<Binary32>(BitConverter.SingleToUInt32Bits((float)d), Conversion.Convert<Binary32, Binary64>(ref fp, wide));
            AssertSame<Binary64>(BitConverter.DoubleToUInt64Bits(s), Conversion.Convert<Binary64, Binary32>(ref fp, single));
            AssertSame<Binary16>(BitConverter.HalfToUInt16Bits((Half)d), Conversion.Convert<Binary16, Binary64>(ref fp, wide));
            AssertSame<Binary16>(BitConverter.HalfToUInt16Bits((Half)s), Conversion.Convert<Binary16, Binary32>(ref fp, single));
        }
    }

    [Fact]
    public void Conversions_of_integers_are_those_of_the_library()
    {
        var random = new Random(Seed);
        for (int i = 0; i < Count; i++)
        {
            FloatingState fp = default;
            long value = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            Assert.Equal(BitConverter.DoubleToUInt64Bits(value), Integral.OfFixed<Binary64>(ref fp, (ulong)value, 0, 64, isUnsigned: false));
            Assert.Equal(BitConverter.DoubleToUInt64Bits((ulong)value), Integral.OfFixed<Binary64>(ref fp, (ulong)value, 0, 64, isUnsigned: true));
            Assert.Equal(BitConverter.SingleToUInt32Bits(value), Integral.OfFixed<Binary32>(ref fp, (ulong)value, 0, 64, isUnsigned: false));
            Assert.Equal(BitConverter.SingleToUInt32Bits((uint)value), Integral.OfFixed<Binary32>(ref fp, (ulong)value, 0, 32, isUnsigned: true));
        }
    }

    [Fact]
    public void Conversions_to_integers_saturate_as_those_of_the_library()
    {
        var numbers = new FloatingNumbers(Seed);
        for (int i = 0; i < Count; i++)
        {
            FloatingState fp = default;
            ulong bits = numbers.Next<Binary64>();
            double value = BitConverter.UInt64BitsToDouble(bits);
            Assert.Equal((ulong)(long)value, Integral.ToFixed<Binary64>(ref fp, bits, 0, 64, isUnsigned: false, Rounding.Zero));
            Assert.Equal((ulong)value, Integral.ToFixed<Binary64>(ref fp, bits, 0, 64, isUnsigned: true, Rounding.Zero));
            Assert.Equal((uint)(int)value, (uint)Integral.ToFixed<Binary64>(ref fp, bits, 0, 32, isUnsigned: false, Rounding.Zero));
        }
    }

    private static void CheckDouble(string what, Operation ours, Func<double, double, double, double> theirs)
    {
        var numbers = new FloatingNumbers(Seed);
        for (int i = 0; i < Count; i++)
        {
            ulong a = numbers.Next<Binary64>(), b = numbers.Next<Binary64>(), c = numbers.Next<Binary64>();
            var fp = new FloatingState { WithoutHost = 1 };
            ulong expected = BitConverter.DoubleToUInt64Bits(theirs(BitConverter.UInt64BitsToDouble(a), BitConverter.UInt64BitsToDouble(b), BitConverter.UInt64BitsToDouble(c)));
            ulong actual = ours(ref fp, a, b, c);
            if (!IsSame<Binary64>(expected, actual)) Assert.Fail($"{what}, seed {Seed}, case {i}: {a:x} {b:x} {c:x}: expected {expected:x}, found {actual:x}");
        }
    }

    private static void CheckSingle(string what, Operation ours, Func<float, float, float, float> theirs)
    {
        var numbers = new FloatingNumbers(Seed);
        for (int i = 0; i < Count; i++)
        {
            ulong a = numbers.Next<Binary32>(), b = numbers.Next<Binary32>(), c = numbers.Next<Binary32>();
            var fp = new FloatingState { WithoutHost = 1 };
            ulong expected = BitConverter.SingleToUInt32Bits(theirs(BitConverter.UInt32BitsToSingle((uint)a), BitConverter.UInt32BitsToSingle((uint)b), BitConverter.UInt32BitsToSingle((uint)c)));
            ulong actual = ours(ref fp, a, b, c);
            if (!IsSame<Binary32>(expected, actual)) Assert.Fail($"{what}, seed {Seed}, case {i}: {a:x} {b:x} {c:x}: expected {expected:x}, found {actual:x}");
        }
    }

    private static void AssertSame<F>(ulong expected, ulong actual) where F : struct, IFormat
    {
        if (!IsSame<F>(expected, actual)) Assert.Equal(expected.ToString("x", null), actual.ToString("x", null));
    }

    // Which NaN it is differs between hosts.
    private static bool IsSame<F>(ulong expected, ulong actual) where F : struct, IFormat
        => expected == actual || (Values<F>.IsNaN(expected) && Values<F>.IsNaN(actual));
}
