using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Machine.Tests;

/// <summary>Guests whose CPUs all do the machine what harm they can: nothing is thrown, nobody hangs, and the machine can be stopped.</summary>
public sealed class HostileGuestTests
{
    private const ulong Flat = MemoryMap.Ram + 0x8_0000;
    private const int Rounds = 3000;

    // Each CPU switches others on and off, asks after them, calls what there is not, sends SGIs to anybody, ends interrupts that are none, and
    // pokes the frames of the GIC, the UART, the clock, the GPIO, the first virtio device and addresses where nothing is.
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void Calls_and_accesses_by_chance_from_four_CPUs(int gic, ulong seed)
    {
        using Machine machine = Machine.CreateBuilder().WithEngine(new SoftwareBackend()).WithKernel(Program(gic, seed)).WithCpus(4).WithMemory(16 << 20)
            .WithConsoleOutput(Stream.Null).WithPort(new ConsolePort("port", Stream.Null)).With(options => options with { GicVersion = gic }).Build();
        using var hang = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        MachineExit exit = machine.Run(hang.Token);
        Assert.Equal(MachineExitReason.PowerOff, exit.Reason);
        Assert.Contains(exit.Places.Skip(1), place => place.IsOn);
    }

    private static ReadOnlyMemory<byte> Program(int gic, ulong seed)
    {
        const int CpuOn = 3, AffinityInfo = 4;
        Label start = new("start"), next = new("next"), stay = new("stay"), last = new("last"), begin = new("begin");
        ulong[] frames = [MemoryMap.GicDistributor, MemoryMap.GicCpuInterface, MemoryMap.GicRedistributors + 0x1_0000, MemoryMap.Uart, MemoryMap.RealTimeClock, MemoryMap.Gpio, MemoryMap.Virtio, 0x0b00_0000];
        Instruction[] table = [.. frames.SelectMany(frame => (Instruction[])[(uint)frame, (uint)(frame >> 32)])];
        Instruction[] random = [Eor(X20, X20, X20, Lsl(13)), Eor(X20, X20, X20, Lsr(7)), Eor(X20, X20, X20, Lsl(17))];
        Instruction[] registers = gic == 2 ? [] :
        [
            .. random, Msr(SystemRegister.ICC_SGI1R_EL1, X20), .. random, Msr(SystemRegister.ICC_EOIR1_EL1, X20), .. random, Msr(SystemRegister.ICC_PMR_EL1, X20),
            Msr(SystemRegister.ICC_IGRPEN1_EL1, X20), Mrs(X1, SystemRegister.ICC_IAR1_EL1), Msr(SystemRegister.ICC_DIR_EL1, X1), Msr(SystemRegister.ICC_CTLR_EL1, X20),
        ];

        // X22: the address of the table of frames, X21: rounds left of CPU 0, X19: the CPU's number of its own.
        Instruction[] program =
        [
            B(begin), Nop(), .. table,
            begin, Movz(X0, 0), Movz(X20, (int)seed), Movz(X21, Rounds), B(start),
            start,
            Mov(X19, X0), Add(X20, X20, X0), Add(X20, X20, 77), Movz(X22, (int)(Flat >> 16), 16), Movk(X22, 8),
            next,
            .. random, And(X1, X20, 7), Adr(X2, start), Mov(X3, X1), Movz(X0, CpuOn), Movk(X0, 0xc400, 16), Hvc(0),
            .. random, And(X1, X20, 7), Lsr(X2, X20, 60), Movz(X0, AffinityInfo), Movk(X0, 0xc400, 16), Hvc(0),
            .. random, Mov(X1, X20), Lsr(X2, X20, 3), And(X0, X20, 0x1f), Add(X0, X0, 0x20), Movk(X0, 0x8400, 16), Hvc(0), // nothing below 0x20 but by the two above
            .. registers,

            // One of the frames, a word of it, four kinds of access.
            .. random, And(X1, X20, 7), Lsl(X1, X1, 3), Add(X1, X1, X22), Ldr(X1, Mem(X1)), Lsr(X2, X20, 8), And(X2, X2, 0xffc), Add(X1, X1, X2),
            .. random, Str(W20, Mem(X1)), Ldr(W2, Mem(X1)), Strb(W20, Mem(X1)), Ldrb(W2, Mem(X1)),
            Lsr(X2, X20, 50), And(X2, X2, 63), Cbnz(X2, stay), Cbz(X19, stay),
            Movz(X0, 2), Movk(X0, 0x8400, 16), Hvc(0),
            stay,
            Cbnz(X19, next), Sub(X21, X21, 1), Cbnz(X21, next),
            last, Movz(X0, 8), Movk(X0, 0x8400, 16), Hvc(0), B(last),
        ];
        return MemoryMarshal.AsBytes(Assemble(Flat, program).AsSpan()).ToArray();
    }
}
