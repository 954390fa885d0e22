using System.Runtime.InteropServices;
using System.Text;
using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Machine.Tests;

/// <summary>Machines from a builder, with their console as a stream.</summary>
public sealed class MachineBuilderTests
{
    private const ulong Flat = MemoryMap.Ram + 0x8_0000;

    private static readonly Instruction[] s_off = [Movz(X0, 8), Movk(X0, 0x8400, 16), Hvc(0)];

    [Fact]
    public async Task The_console_is_a_stream_each_way()
    {
        // Prints '?', then what it is sent, until a line's end.
        Label poll = new("poll");
        using Machine machine = Builder([
            Movz(X5, 0x0900, 16), Movz(X1, '?'), Str(W1, Mem(X5)),
            poll, Ldr(W1, Mem(X5, 0x18)), Tbnz(X1, 4, poll), Ldr(W1, Mem(X5)), Str(W1, Mem(X5)), Cmp(W1, '\n'), B(Condition.Ne, poll),
            .. s_off]).Build();
        Task<MachineExit> run = machine.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal('?', machine.Console.ReadByte());
        machine.Console.Write("hello\n"u8);
        using var reader = new StreamReader(machine.Console);
        Assert.Equal("hello\n", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(MachineExitReason.PowerOff, (await run).Reason);
    }

    [Fact]
    public void A_guest_that_nobody_reads_loses_its_oldest_characters_and_waits_for_nobody()
    {
        // A megabyte and 16 characters, of which the last are its own.
        Label next = new("next");
        using Machine machine = Builder([
            Movz(X5, 0x0900, 16), Movz(X2, 0x10, 16), Movz(X1, 'a'), next, Str(W1, Mem(X5)), Sub(X2, X2, 1), Cbnz(X2, next),
            Movz(X1, 'b'), Str(W1, Mem(X5)), .. s_off]).Build();
        machine.Run(TestContext.Current.CancellationToken);
        using var all = new MemoryStream();
        machine.Console.CopyTo(all);
        Assert.Equal(1 << 20, all.Length);
        Assert.EndsWith("aab", Encoding.ASCII.GetString(all.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_ends_a_run()
    {
        Machine machine = Builder([Movz(X5, 0x0900, 16), Movz(X1, '?'), Str(W1, Mem(X5)), B(Here(0))]).Build();
        Task<MachineExit> run = machine.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal('?', machine.Console.ReadByte());
        machine.Dispose();
        machine.Dispose();
        Assert.Equal((MachineExitReason.Canceled, "The machine was disposed."), ((await run).Reason, (await run).Message));
        Assert.Equal(-1, machine.Console.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => machine.Run());
    }

    [Fact]
    public void Parts_that_are_missing_are_named()
    {
        Assert.Contains("WithEngine", Assert.Throws<InvalidOperationException>(() => Machine.CreateBuilder().Build()).Message, StringComparison.Ordinal);
        Assert.Contains("WithKernel", Assert.Throws<InvalidOperationException>(() => Machine.CreateBuilder().WithEngine(new SoftwareBackend()).Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_builder_is_told_is_in_the_machine()
    {
        using var output = new MemoryStream();
        using Machine machine = Builder([.. s_off]).WithCommandLine("quiet").WithInitrd(new byte[32]).WithRandomSeed(new byte[32]).WithCpus(2).WithMemory(64 << 20)
            .WithConsoleOutput(output).WithTime(TimeProvider.System).With(options => options with { Entropy = null }).Build();
        ReadOnlySpan<byte> tree = machine.DeviceTree.Span;
        Assert.True(tree.IndexOf("quiet\0"u8) > 0 && tree.IndexOf("cpu@1\0"u8) > 0 && tree.IndexOf("kaslr-seed\0"u8) > 0 && tree.IndexOf("linux,initrd-end\0"u8) > 0);
        Assert.True(tree.IndexOf("virtio,mmio\0"u8) < 0);
        Assert.Same(Stream.Null, machine.Console);
        using Machine copy = Builder([.. s_off]).WithDeviceTree(machine.DeviceTree).Build();
        Assert.Equal(machine.DeviceTree.ToArray(), copy.DeviceTree.ToArray());
    }

    [Fact]
    public async Task Virtual_CPUs_are_located_while_they_run()
    {
        // CPU 0 starts CPU 1, which waits in WFI, and loops; CPU 2 is off.
        using Machine machine = Builder([
            Movz(X1, 1), Movz(X2, (int)(Flat >> 16), 16), Movk(X2, 0x100), Movz(X3, 0), Movz(X0, 3), Movk(X0, 0xc400, 16), Hvc(0), B(Here(0)),
            .. Enumerable.Repeat(Nop(), 0x40 - 8), Wfi(), B(Here(-4))]).WithCpus(3).Build();
        using var stop = new CancellationTokenSource();
        Task<MachineExit> run = machine.RunAsync(stop.Token);
        IReadOnlyList<CpuPlace> places;
        do places = machine.Locate();
        while (!places[1].IsOn || !places[1].IsWaiting || places[0].Pc != Flat + 28);
        Assert.Equal(new CpuPlace(0, true, Flat + 28, 1, false), places[0]);
        Assert.Equal(1, places[1].ExceptionLevel);
        Assert.InRange(places[1].Pc, Flat + 0x100, Flat + 0x104);
        Assert.Equal("CPU 2 is off", places[2].ToString());
        await stop.CancelAsync();
        MachineExit exit = await run;
        Assert.Equal((MachineExitReason.Canceled, 3), (exit.Reason, exit.Places.Count));
        Assert.Equal(Flat + 28, exit.Places[0].Pc);
        Assert.True(exit.Places[1].IsWaiting);
    }

    private static MachineBuilder Builder(Instruction[] program)
        => Machine.CreateBuilder().WithEngine(new SoftwareBackend()).WithKernel(MemoryMarshal.AsBytes(Assemble(Flat, program).AsSpan()).ToArray());
}
