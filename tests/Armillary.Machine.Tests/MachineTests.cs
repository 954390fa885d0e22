using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Machine.Tests.Boot;
using static Armillary.Arm64.A64;

namespace Armillary.Machine.Tests;

/// <summary>Whole machines whose kernel is a few instructions behind a Linux header.</summary>
public sealed class MachineTests
{
    private const uint SystemOff = 0x8400_0008, SystemReset = 0x8400_0009, CpuOn = 0xc400_0003, CpuOff = 0x8400_0002, AffinityInfo = 0xc400_0004;

    [Theory]
    [InlineData(SystemOff, MachineExitReason.PowerOff)]
    [InlineData(SystemReset, MachineExitReason.Reset)]
    public void PSCI_ends_the_machine(uint function, MachineExitReason reason)
        => Assert.Equal(reason, Run(1, [.. Call(function)]).Exit.Reason);

    [Fact]
    public void The_console_shows_what_the_guest_sends()
    {
        (MachineExit exit, string output) = Run(1, [.. Print(X5, 'h'), .. Print(X5, 'i'), .. Call(SystemOff)]);
        Assert.Equal((MachineExitReason.PowerOff, "hi"), (exit.Reason, output));
    }

    [Fact]
    public void The_kernel_finds_the_device_tree_in_X0()
        => Assert.Equal("\u00d0", Run(1, [Ldr(W1, Mem(X0)), .. Address(X5, MemoryMap.Uart), Str(W1, Mem(X5)), .. Call(SystemOff)], System.Text.Encoding.Latin1).Output);

    [Fact]
    public void A_second_CPU_is_switched_on_with_its_entry_and_context()
    {
        // CPU 1 prints its context and switches off; CPU 0 waits until AFFINITY_INFO says so.
        Instruction[] second = [.. Address(X5, MemoryMap.Uart), Str(W0, Mem(X5)), .. Call(CpuOff)];
        Instruction[] first =
        [
            .. Address(X2, MemoryMap.Ram + 0x20_0000 + 0x400), Movz(X1, 1), Movz(X3, 'c'), .. Call(CpuOn),
            Movz(X1, 1), Movz(X2, 0), .. Call(AffinityInfo), Cmp(X0, 1), B(Condition.Ne, Here(-24)),
            .. Call(SystemOff),
        ];
        (MachineExit exit, string output) = Run(2, first, second: second);
        Assert.Equal((MachineExitReason.PowerOff, "c"), (exit.Reason, output));
    }

    [Fact]
    public void A_guest_that_leaves_memory_is_a_fault_with_its_place()
    {
        (MachineExit exit, _) = Run(1, [.. Address(X1, 0x1_0000_0000), Br(X1)]);
        Assert.Equal(MachineExitReason.Fault, exit.Reason);
        Assert.Contains("0x100000000", exit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fetch_from_where_nothing_is_is_an_external_abort_of_a_guest_that_has_vectors()
    {
        const ulong Vectors = MemoryMap.Ram + 0x20_0000 + 0x800;
        MachineOptions options = Options(1, [.. Address(X1, Vectors), Msr(SystemRegister.VBAR_EL1, X1), .. Address(X1, 0x1_0000_0000), Br(X1)], []);
        byte[] image = options.Kernel.ToArray();
        Put(image, 0xa00, [Mrs(X1, SystemRegister.ESR_EL1), Mrs(X2, SystemRegister.FAR_EL1), Mrs(X3, SystemRegister.ELR_EL1), Sub(X2, X2, X3), Lsr(X1, X1, 25), Add(X1, X1, X2), .. Address(X5, MemoryMap.Uart), Str(W1, Mem(X5)), .. Call(SystemOff)]);
        using var output = new MemoryStream();
        using var machine = new Machine(options with { Kernel = image, ConsoleOutput = output });
        Assert.Equal(MachineExitReason.PowerOff, machine.Run(TestContext.Current.CancellationToken).Reason);
        Assert.Equal((byte)((0x21 << 1) | 1), Assert.Single(output.ToArray())); // an instruction abort of its own level, IL set
    }

    [Fact]
    public void A_guest_that_sleeps_for_ever_can_be_cancelled()
    {
        using var machine = new Machine(Options(1, [Wfi(), B(Here(-4))], []));
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.Equal(MachineExitReason.Canceled, machine.Run(soon.Token).Reason);
        Assert.Throws<InvalidOperationException>(() => machine.Run());
    }

    [Theory]
    [InlineData(0, 512ul << 20)]
    [InlineData(33, 512ul << 20)]
    [InlineData(1, 1ul << 20)]
    [InlineData(1, (512ul << 20) + 4096)]
    public void A_machine_that_cannot_be_is_refused(int cpus, ulong memory)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new Machine(Options(1, [Nop()], []) with { Cpus = cpus, Memory = memory }));

    [Fact]
    public void A_RAM_disk_that_does_not_fit_is_refused_with_the_sizes()
    {
        MachineOptions options = Options(1, [Nop()], []) with { Memory = 16ul << 20, Initrd = new byte[16 << 20] };
        Assert.Contains("give it more memory", Assert.Throws<ArmillaryException>(() => new Machine(options)).Message, StringComparison.Ordinal);
    }

    private static (MachineExit Exit, string Output) Run(int cpus, Instruction[] first, System.Text.Encoding? encoding = null, Instruction[]? second = null)
    {
        using var output = new MemoryStream();
        using var machine = new Machine(Options(cpus, first, second ?? []) with { ConsoleOutput = output });
        using var hang = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        MachineExit exit = machine.Run(hang.Token);
        return (exit, (encoding ?? System.Text.Encoding.UTF8).GetString(output.ToArray()));
    }

    // The header's first word branches over it.
    private static MachineOptions Options(int cpus, Instruction[] first, Instruction[] second)
    {
        byte[] image = LinuxImageTests.Image(0, 0x4000);
        Put(image, 0, [B(Here(64))]);
        Put(image, 64, first);
        Put(image, 0x400, second);
        return new() { Engine = new SoftwareBackend(), Kernel = image, Cpus = cpus, Memory = 16ul << 20 };
    }

    private static void Put(byte[] image, int offset, Instruction[] program)
        => MemoryMarshal.AsBytes(Assemble(MemoryMap.Ram + 0x20_0000 + (ulong)offset, program).AsSpan()).CopyTo(image.AsSpan(offset));

    private static Instruction[] Call(uint function) => [Movz(X0, (int)(function & 0xffff)), Movk(X0, (int)(function >> 16), 16), Hvc(0)];

    private static Instruction[] Address(Register register, ulong address)
        => [Movz(register, (int)(address & 0xffff)), Movk(register, (int)(address >> 16 & 0xffff), 16), Movk(register, (int)(address >> 32), 32)];

    private static Instruction[] Print(Register register, char character) => [.. Address(register, MemoryMap.Uart), Movz(W1, character), Str(W1, Mem(register))];
}
