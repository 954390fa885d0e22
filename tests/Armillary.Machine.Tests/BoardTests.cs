using System.Runtime.InteropServices;
using System.Text;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Machine.Tests.Boot;
using static Armillary.Arm64.A64;

namespace Armillary.Machine.Tests;

/// <summary>Boards whose devices are replaced by fresh ones in the same state, while the guest runs.</summary>
public sealed class BoardTests
{
    private const ulong Flat = MemoryMap.Ram + 0x8_0000;
    private const int Ticks = 200;

    // Two CPUs take their timers' interrupts and count; CPU 0 prints a letter each, and switches off when both have all.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_guest_of_two_CPUs_sees_nothing_of_it(int gic)
    {
        using var output = new MemoryStream();
        using Machine machine = Machine.CreateBuilder().WithEngine(new SoftwareBackend()).WithKernel(Program(gic)).WithCpus(2)
            .WithConsoleOutput(output).With(options => options with { GicVersion = gic }).Build();
        using var hang = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Task<MachineExit> run = machine.RunAsync(hang.Token);
        int renewed = 0;
        for (; !run.IsCompleted; renewed++) machine.RenewBoard();
        MachineExit exit = await run;
        Assert.Equal((MachineExitReason.PowerOff, string.Concat(Enumerable.Range(0, Ticks).Select(i => (char)('a' + (i % 16))))), (exit.Reason, Encoding.ASCII.GetString(output.ToArray())));
        Assert.True(renewed > 10, $"{renewed}");
    }

    [Fact]
    public void States_of_other_boards_are_refused()
    {
        using var machine = new SoftwareBackend().CreateVirtualMachine();
        MachineOptions options = DeviceTreeTests.Options(2);
        using var board = new Board(options, machine, _ => { });
        BoardState state = board.Save();
        using var other = new Board(options with { GicVersion = 2 }, machine, _ => { });
        Assert.Throws<ArgumentException>(() => other.Restore(state));
        using var bare = new Board(options with { Entropy = null }, machine, _ => { });
        Assert.Throws<ArgumentException>(() => bare.Restore(state));
        using var same = new Board(options, machine, _ => { });
        same.Restore(state);
        Assert.Equivalent(state, same.Save());
    }

    private static ReadOnlyMemory<byte> Program(int gic)
    {
        const int Timer = 27;
        const SystemRegister ICC_PMR_EL1 = SystemRegister.ICC_PMR_EL1, ICC_IGRPEN1_EL1 = SystemRegister.ICC_IGRPEN1_EL1, ICC_IAR1_EL1 = SystemRegister.ICC_IAR1_EL1, ICC_EOIR1_EL1 = SystemRegister.ICC_EOIR1_EL1;
        Label cpu = new("cpu"), next = new("next"), wait = new("wait"), others = new("others"), off = new("off");
        Instruction[] turnOn = [Movz(X1, 1), Adr(X2, cpu), Movz(X3, 1), Movz(X0, 3), Movk(X0, 0xc400, 16), Hvc(0), Movz(X0, 0)];

        // X0: the CPU. X8: its redistributor's second frame or the distributor, where its timer is enabled.
        Instruction[] start = gic == 2
            ? [Movz(X10, 0x0800, 16), Movz(X11, 0x0801, 16), Movz(X1, 1), Str(W1, Mem(X10)), Mov(X8, X10), Movz(X1, 0xf8), Str(W1, Mem(X11, 4)), Movz(X1, 1), Str(W1, Mem(X11))]
            : [Movz(X10, 0x0800, 16), Movz(X1, 2), Str(W1, Mem(X10)), Movz(X8, 0x080b, 16), Movz(X1, 0x2, 16), Madd(X8, X0, X1, X8),
                Movz(X1, 0xffff), Movk(X1, 0xffff, 16), Str(W1, Mem(X8, 0x80)), Movz(X1, 0xf8), Msr(ICC_PMR_EL1, X1), Movz(X1, 1), Msr(ICC_IGRPEN1_EL1, X1)];
        Instruction[] acknowledge = gic == 2 ? [Ldr(W1, Mem(X11, 0xc))] : [Mrs(X1, ICC_IAR1_EL1)];
        Instruction[] end = gic == 2 ? [Str(W1, Mem(X11, 0x10))] : [Msr(ICC_EOIR1_EL1, X1)];
        Instruction[] program =
        [
            .. turnOn,
            cpu,
            .. start,
            Movz(X1, 1 << (Timer - 16), 16), Str(W1, Mem(X8, 0x100)),
            Movz(X5, 0x0900, 16), Movz(X6, 0), Movz(X7, Ticks), Movz(X12, 1),
            next,
            Mrs(X1, SystemRegister.CNTVCT_EL0), Add(X1, X1, 1000), Msr(SystemRegister.CNTV_CVAL_EL0, X1), Msr(SystemRegister.CNTV_CTL_EL0, X12),
            wait, Wfi(), .. acknowledge, Movz(X2, Timer), Cmp(X1, X2), B(Condition.Ne, wait),
            Msr(SystemRegister.CNTV_CTL_EL0, Xzr), .. end,
            Cbnz(X0, others),
            And(X3, X6, 15), Add(X3, X3, 'a'), Str(W3, Mem(X5)),
            others, Add(X6, X6, 1), Cmp(X6, X7), B(Condition.Ne, next),
            Cbz(X0, off),
            Movz(X0, 2), Movk(X0, 0x8400, 16), Hvc(0),
            off, Movz(X1, 1), Movz(X2, 0), Movz(X0, 4), Movk(X0, 0xc400, 16), Hvc(0), Cmp(X0, 1), B(Condition.Ne, off),
            Movz(X0, 8), Movk(X0, 0x8400, 16), Hvc(0),
        ];
        return MemoryMarshal.AsBytes(Assemble(Flat, program).AsSpan()).ToArray();
    }
}
