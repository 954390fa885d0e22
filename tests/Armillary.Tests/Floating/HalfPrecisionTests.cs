using Armillary.Emulation.Cpu;
using Armillary.Emulation.Floating;

namespace Armillary.Tests.Floating;

/// <summary>
/// Half precision against double precision: sums and products of two numbers of 11 bits are exact there, and square roots
/// and quotients are precise enough that rounding them again is harmless.
/// </summary>
public sealed class HalfPrecisionTests
{
    private const int Seed = 16;
    private const uint AllFlags = Fpsr.IOC | Fpsr.DZC | Fpsr.OFC | Fpsr.UFC | Fpsr.IXC | Fpsr.IDC;

    public static TheoryData<int> Modes => [0, 1, 2, 3];

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_number_is_itself_in_wider_formats(int mode)
    {
        for (uint i = 0; i <= ushort.MaxValue; i++)
        {
            var fp = new FloatingState { Control = (uint)mode << 22 };
            if (Values<Binary16>.IsNaN(i)) continue;
            ulong wide = Conversion.Convert<Binary64, Binary16>(ref fp, i), single = Conversion.Convert<Binary32, Binary16>(ref fp, i);
            Assert.Equal(Value(i), BitConverter.UInt64BitsToDouble(wide));
            Assert.Equal(Value(i), BitConverter.UInt32BitsToSingle((uint)single));
            Assert.Equal(i, Conversion.Convert<Binary16, Binary64>(ref fp, wide));
            Assert.Equal(i, Conversion.Convert<Binary16, Binary32>(ref fp, single));
            Assert.Equal(0u, fp.Status);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_square_root_is_the_rounded_one(int mode)
    {
        for (uint i = 0; i < Values<Binary16>.Infinity; i++)
        {
            var fp = new FloatingState { Control = (uint)mode << 22 };
            AssertRounded(Math.Sqrt(Value(i)), Arithmetic.SquareRoot<Binary16>(ref fp, i), fp, mode);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_number_rounds_to_the_right_integer(int mode)
    {
        for (uint i = 0; i <= ushort.MaxValue; i++)
        {
            if (Values<Binary16>.IsNaN(i)) continue;
            FloatingState fp = default;
            double expected = (Rounding)mode switch
            {
                Rounding.TieEven => Math.Round(Value(i)),
                Rounding.PlusInfinity => Math.Ceiling(Value(i)),
                Rounding.MinusInfinity => Math.Floor(Value(i)),
                _ => Math.Truncate(Value(i)),
            };
            ulong actual = Integral.Round<Binary16>(ref fp, i, (Rounding)mode, isExact: true);
            Assert.Equal(BitConverter.DoubleToUInt64Bits(expected), BitConverter.DoubleToUInt64Bits(Value((uint)actual)));
            Assert.Equal(expected == Value(i) ? 0 : Fpsr.IXC, fp.Status);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Sums_and_products_are_the_rounded_ones(int mode)
    {
        var random = new Random(Seed);
        for (int i = 0; i < 300_000; i++)
        {
            ulong a = (ulong)random.Next(65536), b = (ulong)random.Next(65536);
            if (Values<Binary16>.Magnitude(a) >= Values<Binary16>.Infinity || Values<Binary16>.Magnitude(b) >= Values<Binary16>.Infinity) continue;
            var sums = new FloatingState { Control = (uint)mode << 22 };
            AssertRounded(Value((uint)a) + Value((uint)b), Arithmetic.Add<Binary16>(ref sums, a, b), sums, mode);
            var products = new FloatingState { Control = (uint)mode << 22 };
            AssertRounded(Value((uint)a) * Value((uint)b), Arithmetic.Multiply<Binary16>(ref products, a, b), products, mode);
        }
    }

    [Fact]
    public void The_alternative_half_precision_has_numbers_up_to_131008_and_nothing_else()
    {
        for (uint i = 0x7c00; i < 0x8000; i++)
        {
            var fp = new FloatingState { Control = Fpcr.AHP };
            ulong single = Conversion.Convert<Binary32, Binary16>(ref fp, i);
            Assert.Equal((1024 + (i & 1023)) * 64f, BitConverter.UInt32BitsToSingle((uint)single));
            Assert.Equal(i, Conversion.Convert<Binary16, Binary32>(ref fp, single));
            Assert.Equal(0u, fp.Status);
        }

        foreach ((float value, uint expected) in new[] { (131072f, 0x7fffu), (float.NegativeInfinity, 0xffffu), (float.NaN, 0x8000u) })
        {
            var fp = new FloatingState { Control = Fpcr.AHP };
            Assert.Equal(expected, Conversion.Convert<Binary16, Binary32>(ref fp, BitConverter.SingleToUInt32Bits(value)));
            Assert.Equal(Fpsr.IOC, fp.Status);
        }
    }

    // The neighbours decide: directed rounding must have passed the exact value by less than one number.
    private static void AssertRounded(double exact, ulong actual, FloatingState fp, int mode)
    {
        double value = Value((uint)actual);
        bool isExact = value == exact;
        if (isExact) Assert.Equal(0u, fp.Status & AllFlags);
        else Assert.True((fp.Status & Fpsr.IXC) != 0);
        double nearest = (double)(Half)exact;
        double expected = (Rounding)mode switch
        {
            Rounding.TieEven => nearest,
            Rounding.PlusInfinity => nearest >= exact ? nearest : Next(nearest, up: true),
            Rounding.MinusInfinity => nearest <= exact ? nearest : Next(nearest, up: false),
            _ => Math.Abs(nearest) <= Math.Abs(exact) ? nearest : Next(nearest, up: exact < 0),
        };
        Assert.Equal(expected, value);
        bool isTiny = exact != 0 && Math.Abs(exact) < 6.103515625e-05;
        Assert.Equal(isTiny && !isExact, (fp.Status & Fpsr.UFC) != 0);
        Assert.Equal(exact != value && Math.Abs(exact) > 65504 && IsOverflow(exact, mode), (fp.Status & Fpsr.OFC) != 0);
    }

    // Overflow is when the number rounded without a limit to the exponent is 65536 or more.
    private static bool IsOverflow(double exact, int mode)
    {
        double magnitude = Math.Abs(exact);
        bool away = (mode == 1 && exact > 0) || (mode == 2 && exact < 0);
        return mode == 0 ? magnitude >= 65520 : away ? magnitude > 65504 : magnitude >= 65536;
    }

    private static double Next(double value, bool up)
    {
        var half = (Half)value;
        return (double)(up ? Half.BitIncrement(half) : Half.BitDecrement(half));
    }

    private static double Value(uint bits) => (double)BitConverter.UInt16BitsToHalf((ushort)bits);
}
