using System.Buffers.Binary;
using System.Text;
using Armillary.Machine.Virtio.Console;

namespace Armillary.Machine.Tests.Virtio;

/// <summary>A console's ports, from the driver's side and the host's.</summary>
public sealed class ConsoleDeviceTests
{
    [Fact]
    public void Without_MULTIPORT_the_first_port_is_a_line()
    {
        using var output = new MemoryStream();
        var port = new ConsolePort("", output);
        using var driver = new Driver(new ConsoleDevice([port]));
        driver.Start();
        Assert.Equal(0u, driver.Request(1, (driver.Allocate("hello "u8), 6u, false), (driver.Allocate("guest"u8), 5u, false)));
        Assert.Equal("hello guest", Encoding.ASCII.GetString(output.ToArray()));
        ulong buffer = driver.Allocate(new byte[8]);
        driver.Submit(0, (buffer, 8u, true));
        Thread.Sleep(20);
        Assert.Equal(0, driver.Memory.Read<byte>(buffer));
        Assert.Equal(10, port.Send("hello host"u8));
        Assert.Equal(8u, driver.Wait(0));
        Assert.Equal(2u, driver.Request(0, (buffer, 8u, true)));
        Assert.Equal((ushort)(('t' << 8) | 's'), driver.Memory.Read<ushort>(buffer));
    }

    [Fact]
    public void Ports_are_introduced_and_opened()
    {
        var shell = new ConsolePort("", Stream.Null) { IsConsole = true };
        using var output = new MemoryStream();
        var agent = new ConsolePort("org.example.agent", output);
        using var driver = new Driver(new ConsoleDevice([shell, agent]));
        driver.Start(ConsoleRegisters.MULTIPORT);
        Tell(driver, 0, ConsoleRegisters.DEVICE_READY, 1);
        Assert.Equal([(0u, ConsoleRegisters.PORT_ADD, ""), (1u, ConsoleRegisters.PORT_ADD, "")], [Hear(driver), Hear(driver)]);
        Tell(driver, 0, ConsoleRegisters.PORT_READY, 1);
        Assert.Equal([(0u, ConsoleRegisters.CONSOLE_PORT, ""), (0u, ConsoleRegisters.RESIZE, "P\0\u0019\0"), (0u, ConsoleRegisters.PORT_OPEN, "")], [Hear(driver), Hear(driver), Hear(driver)]);
        Tell(driver, 1, ConsoleRegisters.PORT_READY, 1);
        Assert.Equal([(1u, ConsoleRegisters.PORT_NAME, "org.example.agent\0"), (1u, ConsoleRegisters.PORT_OPEN, "")], [Hear(driver), Hear(driver)]);

        // Port 1 has queues 4 and 5; what comes before the guest opens it waits.
        agent.Send("x"u8);
        ulong buffer = driver.Allocate(new byte[4]);
        driver.Submit(4, (buffer, 4u, true));
        Thread.Sleep(20);
        Assert.Equal(0, driver.Memory.Read<byte>(buffer));
        Tell(driver, 1, ConsoleRegisters.PORT_OPEN, 1);
        Assert.Equal(1u, driver.Wait(4));
        Assert.Equal((byte)'x', driver.Memory.Read<byte>(buffer));
        driver.Request(5, (driver.Allocate("y"u8), 1u, false));
        Assert.Equal("y"u8.ToArray(), output.ToArray());
    }

    [Fact]
    public void The_terminals_size_is_told()
    {
        var device = new ConsoleDevice([new ConsolePort("", Stream.Null) { IsConsole = true }, new ConsolePort("agent", Stream.Null)]);
        using var driver = new Driver(device);
        driver.Start(ConsoleRegisters.MULTIPORT | ConsoleRegisters.SIZE);
        device.Resize(132, 50);
        Assert.Equal(132ul | (50ul << 16), driver.Transport.Read(Armillary.Machine.Virtio.VirtioRegisters.Config, 4));
        Assert.Equal(Armillary.Machine.Virtio.VirtioRegisters.ConfigurationChange, driver.WaitForInterrupt());
        Assert.Equal((0u, ConsoleRegisters.RESIZE, "\u0084\0" + "2\0"), Hear(driver));
    }

    [Fact]
    public void One_console_alone_has_its_size_in_the_configuration()
    {
        var device = new ConsoleDevice([new ConsolePort("", Stream.Null) { IsConsole = true }]);
        Assert.Equal(0ul, device.Features & ConsoleRegisters.MULTIPORT);
        using var driver = new Driver(device);
        driver.Start(ConsoleRegisters.SIZE);
        device.Resize(132, 50);
        Assert.Equal(132ul | (50ul << 16), driver.Transport.Read(Armillary.Machine.Virtio.VirtioRegisters.Config, 4));
        Assert.Equal(Armillary.Machine.Virtio.VirtioRegisters.ConfigurationChange, driver.WaitForInterrupt());
    }

    [Fact]
    public void A_driver_that_asks_and_does_not_listen_gets_bounded_answers()
    {
        var device = new ConsoleDevice([new ConsolePort("name", Stream.Null)]);
        using var driver = new Driver(device);
        driver.Start(ConsoleRegisters.MULTIPORT);
        for (int i = 0; i < 1000; i++) Tell(driver, 0, ConsoleRegisters.PORT_READY, 1);
        Assert.Equal(256, ((ConsoleState)device.Save()).Messages.Count);
        foreach (uint port in (uint[])[1, uint.MaxValue]) Tell(driver, port, ConsoleRegisters.PORT_OPEN, 1);
    }

    [Fact]
    public void What_waits_for_the_guest_is_bounded_and_moves_with_the_state()
    {
        var port = new ConsolePort("", Stream.Null);
        using var driver = new Driver(new ConsoleDevice([port]));
        driver.Start();
        Assert.Equal(1 << 16, port.Send(new byte[100_000]));
        Assert.Equal(0, port.Send([1]));
        Assert.Equal(0x1000u, driver.Request(0, (driver.Allocate(new byte[0x2000]), 0x2000u, true)));
        Assert.Equal(1, port.Send([7]));
        var fresh = new ConsolePort("", Stream.Null);
        driver.Replace(new ConsoleDevice([fresh]));
        ulong buffer = driver.Allocate(new byte[0x1000]);
        uint[] lengths = [.. Enumerable.Range(0, 15).Select(_ => driver.Request(0, (buffer, 0x1000u, true)))];
        Assert.All(lengths, length => Assert.Equal(0x1000u, length));
        Assert.Equal(1u, driver.Request(0, (buffer, 0x1000u, true)));
        Assert.Equal(7, driver.Memory.Read<byte>(buffer));
    }

    private static void Tell(Driver driver, uint port, ushort what, ushort value)
    {
        byte[] message = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(message, port);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), what);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), value);
        driver.Memory.Write(Driver.Buffers + 0xf_0000, message);
        driver.Request(ConsoleRegisters.ControlTransmit, (Driver.Buffers + 0xf_0000, 8u, false));
    }

    private static (uint Port, ushort What, string Text) Hear(Driver driver)
    {
        ulong buffer = driver.Allocate(new byte[64]);
        byte[] message = new byte[driver.Request(ConsoleRegisters.ControlReceive, (buffer, 64u, true))];
        driver.Memory.Read(buffer, message);
        return (BinaryPrimitives.ReadUInt32LittleEndian(message), BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(4)), Encoding.Latin1.GetString(message.AsSpan(8)));
    }
}
