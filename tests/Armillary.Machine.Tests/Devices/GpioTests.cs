using Armillary.Machine.Pl061;
using static Armillary.Machine.Pl061.Pl061Registers;

namespace Armillary.Machine.Tests.Devices;

/// <summary>The PL061 of Arm DDI 0190B.</summary>
public sealed class GpioTests
{
    private readonly Gpio _gpio;
    private bool _interrupt;

    public GpioTests() => _gpio = new Gpio(level => _interrupt = level);

    private ulong this[int offset]
    {
        get => _gpio.Read((ulong)offset, 4);
        set => _gpio.Write((ulong)offset, 4, value);
    }

    [Fact]
    public void The_address_is_the_mask_of_the_data()
    {
        this[GPIODIR] = 0x0f;
        this[0x3fc] = 0xff;
        Assert.Equal(0x0ful, this[0x3fc]);
        this[0x3 << 2] = 0;
        Assert.Equal(0x0cul, this[0x3fc]);
        Assert.Equal(0x04ul, this[0x4 << 2]);
        _gpio.Set(7, high: true);
        _gpio.Set(0, high: true); // an output: the guest's
        Assert.Equal(0x8cul, this[0x3fc]);
    }

    [Theory]
    [InlineData(0, 1, true, false)] // rising
    [InlineData(0, 0, false, true)] // falling
    [InlineData(1, 0, true, true)] // both
    public void Edges_raise_the_interrupt_until_they_are_cleared(int both, int events, bool atRise, bool atFall)
    {
        this[GPIOIE] = 8;
        this[GPIOIBE] = both == 1 ? 8u : 0;
        this[GPIOIEV] = events == 1 ? 8u : 0;
        _gpio.Set(3, high: true);
        Assert.Equal(atRise, _interrupt);
        this[GPIOIC] = 8;
        Assert.False(_interrupt);
        _gpio.Set(3, high: true);
        Assert.False(_interrupt);
        _gpio.Set(3, high: false);
        Assert.Equal(atFall, _interrupt);
        Assert.Equal(atFall ? 8ul : 0, this[GPIOMIS]);
    }

    [Fact]
    public void A_level_is_there_while_it_lasts()
    {
        (this[GPIOIS], this[GPIOIEV], this[GPIOIE]) = (2, 2, 0);
        _gpio.Set(1, high: true);
        Assert.Equal((2ul, 0ul, false), (this[GPIORIS], this[GPIOMIS], _interrupt));
        this[GPIOIE] = 2;
        Assert.True(_interrupt);
        this[GPIOIC] = 2;
        Assert.True(_interrupt);
        _gpio.Set(1, high: false);
        Assert.False(_interrupt);
        this[GPIOIEV] = 0;
        Assert.True(_interrupt);
    }

    [Fact]
    public void It_says_what_it_is_and_offsets_without_a_register_are_zero()
        => Assert.Equal([0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1, 0, 0], new[] { 0xfe0, 0xfe4, 0xfe8, 0xfec, 0xff0, 0xff4, 0xff8, 0xffc, 0x424, 0x401 }.Select(offset => (int)this[offset]));

    [Fact]
    public void Its_state_moves()
    {
        (this[GPIODIR], this[0x3fc], this[GPIOIE], this[GPIOIEV], this[GPIOAFSEL]) = (0xf0, 0xa0, 0x0f, 0x0f, 1);
        _gpio.Set(2, high: true);
        bool interrupt = false;
        var fresh = new Gpio(level => interrupt = level);
        fresh.Restore(_gpio.Save());
        Assert.True(interrupt);
        Assert.Equal(_gpio.Save(), fresh.Save());
        Assert.Equal(this[0x3fc], fresh.Read(0x3fc, 4));
    }
}
