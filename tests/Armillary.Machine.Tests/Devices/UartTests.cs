using Armillary.Machine.Pl011;
using static Armillary.Machine.Pl011.Pl011Registers;

namespace Armillary.Machine.Tests.Devices;

public sealed class UartTests
{
    private readonly List<byte> _sent = [];
    private readonly Uart _uart;
    private bool _asserted;

    public UartTests() => _uart = new(_sent.Add, level => _asserted = level);

    [Fact]
    public void What_is_written_is_sent_and_the_transmit_interrupt_follows()
    {
        _uart.Write(IMSC, 4, TX);
        Assert.False(_asserted);
        _uart.Write(DR, 4, 'x');
        Assert.Equal([(byte)'x'], _sent);
        Assert.True(_asserted);
        _uart.Write(ICR, 4, TX);
        Assert.False(_asserted);
        Assert.Equal(FR_TXFE, (uint)_uart.Read(FR, 4) & (FR_TXFE | FR_TXFF));
    }

    [Fact]
    public void A_character_below_the_trigger_level_raises_the_timeout_and_reading_lowers_it()
    {
        _uart.Write(LCR_H, 4, LCR_H_FEN);
        _uart.Write(IMSC, 4, RX | RT);
        _uart.Receive("ab"u8);
        Assert.True(_asserted);
        Assert.Equal(RT, (uint)_uart.Read(RIS, 4) & (RX | RT));
        Assert.Equal('a', (char)_uart.Read(DR, 4));
        Assert.Equal('b', (char)_uart.Read(DR, 4));
        Assert.False(_asserted);
        Assert.NotEqual(0u, (uint)_uart.Read(FR, 4) & FR_RXFE);
    }

    [Fact]
    public void A_full_FIFO_holds_sixteen_and_what_waits_follows()
    {
        _uart.Write(LCR_H, 4, LCR_H_FEN);
        byte[] characters = [.. Enumerable.Range(0, 40).Select(i => (byte)i)];
        _uart.Receive(characters);
        Assert.Equal(FR_RXFF, (uint)_uart.Read(FR, 4) & FR_RXFF);
        Assert.Equal(RX, (uint)_uart.Read(RIS, 4) & RX);
        Assert.Equal(characters, Enumerable.Range(0, 40).Select(_ => (byte)_uart.Read(DR, 4)));
        Assert.Equal(0u, (uint)_uart.Read(RIS, 4) & (RX | RT));
    }

    [Fact]
    public void Without_FIFOs_each_character_raises_the_receive_interrupt()
    {
        _uart.Receive("ab"u8);
        Assert.Equal(RX, (uint)_uart.Read(RIS, 4) & RX);
        _uart.Read(DR, 4);
        Assert.Equal(RX, (uint)_uart.Read(RIS, 4) & RX);
        _uart.Read(DR, 4);
        Assert.Equal(0u, (uint)_uart.Read(RIS, 4) & RX);
    }

    [Fact]
    public void Loopback_receives_what_is_sent()
    {
        _uart.Write(CR, 4, CR_UARTEN | CR_LBE | CR_TXE | CR_RXE);
        _uart.Write(DR, 4, 'z');
        Assert.Empty(_sent);
        Assert.Equal('z', (char)_uart.Read(DR, 4));
    }

    [Fact]
    public void Input_beyond_all_bounds_is_an_overrun_and_takes_no_memory()
    {
        _uart.Receive(new byte[1 << 20]);
        Assert.Equal(DR_OE, (uint)_uart.Read(DR, 4) & DR_OE);
        Assert.Equal(RSR_OE, (uint)_uart.Read(RSR, 4));
        Assert.True(_uart.Save().Received.Count <= 1 << 17);
    }

    [Fact]
    public void The_identification_is_a_PL011s()
    {
        byte[] id = [.. Enumerable.Range(0, 8).Select(i => (byte)_uart.Read(Identification + (4 * (ulong)i), 4))];
        Assert.Equal([0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1], id);
    }

    [Fact]
    public void A_saved_UART_goes_on_as_another()
    {
        _uart.Write(LCR_H, 4, LCR_H_FEN);
        _uart.Write(IMSC, 4, RX | RT);
        _uart.Receive("hello, and more than sixteen"u8);
        bool asserted = false;
        var other = new Uart(_ => { }, level => asserted = level);
        other.Restore(_uart.Save());
        Assert.True(asserted);
        Assert.Equivalent(_uart.Save(), other.Save(), strict: true);
    }

    [Fact]
    public void Any_access_is_harmless()
    {
        var random = new Random(20261124);
        for (int i = 0; i < 100_000; i++)
        {
            ulong offset = (ulong)random.Next(0x1000);
            if (random.Next(2) == 0) _uart.Read(offset, 1 << random.Next(4));
            else _uart.Write(offset, 1 << random.Next(4), (ulong)random.NextInt64());
            if (random.Next(8) == 0) _uart.Receive("abc"u8);
        }

        Assert.True(_uart.Save().Received.Count <= 1 << 17);
    }
}
