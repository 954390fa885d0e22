using Armillary.Cli;

namespace Armillary.Tests.Cli;

public sealed class NumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("42", 42)]
    [InlineData("0x2a", 42)]
    [InlineData("0X2A", 42)]
    [InlineData("0x4000_0000", 0x4000_0000)]
    [InlineData("18446744073709551615", ulong.MaxValue)]
    [InlineData("0xffffffffffffffff", ulong.MaxValue)]
    public void A_number_is_decimal_or_hexadecimal(string text, ulong expected)
    {
        Assert.True(Number.TryParse(text, out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("_1")]
    [InlineData("1_")]
    [InlineData("2a")]
    [InlineData("0xg")]
    [InlineData("18446744073709551616")]
    [InlineData("0x10000000000000000")]
    public void Anything_else_is_none(string text) => Assert.False(Number.TryParse(text, out _));

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("64M", 64ul << 20)]
    [InlineData("64m", 64ul << 20)]
    [InlineData("1k", 1024)]
    [InlineData("0x10K", 16384)]
    [InlineData("3G", 3ul << 30)]
    [InlineData("1T", 1ul << 40)]
    [InlineData("0M", 0)]
    public void A_size_may_have_a_suffix(string text, ulong expected)
    {
        Assert.True(Number.TryParseSize(text, out ulong value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("1MB")]
    [InlineData("-1M")]
    [InlineData("17179869184G")]
    [InlineData("18446744073709551615K")]
    public void A_size_that_is_none_or_too_large_is_refused(string text) => Assert.False(Number.TryParseSize(text, out _));

    [Theory]
    [InlineData("-1", ulong.MaxValue)]
    [InlineData("-0x8000000000000000", 1ul << 63)]
    [InlineData("5", 5)]
    public void A_registers_value_may_be_negative(string text, ulong expected)
    {
        Assert.True(Number.TryParseRegister(text, out ulong value));
        Assert.Equal(expected, value);
        Assert.False(Number.TryParseRegister("-" + "0x8000000000000001", out _));
    }
}
