using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Tests.Instructions;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

public sealed class InstructionCountTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(700_000)]   // long enough to go over to better handlers on the way
    public void A_loop_is_counted_exactly(int rounds)
    {
        var loop = new Label("loop");
        using var guest = new Guest(loop, Add(X1, X1, 1), Subs(X0, X0, 1), B(Ne, loop), Brk());
        guest.Cpu.SetX(0, (ulong)rounds);
        guest.RunToBreakpoint();
        Assert.Equal((ulong)rounds * 3, guest.Cpu.InstructionCount);
    }

    [Fact]
    public void Calls_exceptions_and_devices_are_counted_exactly()
    {
        // EL0: call over pages, a system call that ERETs, a load of a device, an undefined instruction that the vector skips.
        const int Rounds = 50;
        var loop = new Label("loop");
        using var guest = new Guest(loop, Blr(X2), Svc(), Ldr(X3, Mem(X4)), Udf(), Subs(X0, X0, 1), B(Ne, loop), Brk());
        guest.Write(Guest.Code + 0x1ffc, Nop(), Ret());
        guest.Write(Guest.Vectors + 0x400, Mrs(X10, SystemRegister.ESR_EL1), Lsr(X10, X10, 26), Cbnz(X10, Here(16)),
            Mrs(X11, SystemRegister.ELR_EL1), Add(X11, X11, 4), Msr(SystemRegister.ELR_EL1, X11), Eret());
        guest.Cpu.MmioHandler = new RecordingDevice();
        guest.Cpu.Pstate = Pstate.EL0t;
        guest.Cpu.SetX(0, Rounds);
        guest.Cpu.SetX(2, Guest.Code + 0x1ffc);
        guest.Cpu.SetX(4, Guest.Device);
        guest.RunToBreakpoint();

        // BLR, NOP, RET, SVC with MRS LSR CBNZ ERET, LDR, UDF (not completed) with seven, SUBS, B.
        Assert.Equal(Rounds * (3ul + 5 + 1 + 7 + 2), guest.Cpu.InstructionCount);
    }

    [Fact]
    public void Runs_that_are_cut_short_count_what_they_did()
    {
        var loop = new Label("loop");
        using var guest = new Guest(loop, Add(X1, X1, 1), Str(X1, Mem(X4)), B(loop));
        guest.Cpu.MmioHandler = new RecordingDevice
        {
            Before = _ =>
            {
                guest.Cpu.RequestExit();
                return true;
            },
        };
        guest.Cpu.SetX(4, Guest.Device);
        for (ulong i = 1; i <= 100; i++)
        {
            Assert.Equal(VmExitReason.Canceled, guest.Run().Reason);
            Assert.Equal((i, Guest.Code + 8, (3 * i) - 1), (guest.X(1), guest.Cpu.Pc, guest.Cpu.InstructionCount));
        }
    }

    // Random integer programs with branches, stores into their own code, devices and exceptions: run at once and by steps.
    [Fact]
    public void A_run_counts_what_single_steps_count()
    {
        for (ulong seed = 1; seed <= 150; seed++)
        {
            using Guest run = Program(seed), stepped = Program(seed);
            VmExit end = run.Run(), step;
            do step = stepped.Cpu.Step();
            while (step.ExceptionClass == ExceptionClass.SoftwareStepLower);
            Assert.True(end == step, $"Seed {seed}: {end} and {step}");
            Assert.True(run.Cpu.InstructionCount == stepped.Cpu.InstructionCount && run.Cpu.InstructionCount > 20, $"Seed {seed}: {run.Cpu.InstructionCount} run, {stepped.Cpu.InstructionCount} stepped");
            Assert.True(run.Cpu.Pc == stepped.Cpu.Pc && run.Cpu.Pstate == stepped.Cpu.Pstate, $"Seed {seed}: PC or PSTATE");
            for (int i = 0; i < 31; i++) Assert.True(run.X(i) == stepped.X(i), $"Seed {seed}: X{i} is 0x{run.X(i):x} and 0x{stepped.X(i):x}");
        }
    }

    // A loop of 200 words, 10 times: X20 counts, X21 is data, X22 a device, X23 the code behind the loop.
    private static Guest Program(ulong seed)
    {
        var random = new SplitMix64(seed);
        var guest = new Guest();
        var words = new uint[204];
        for (int i = 0; i < 200; i++)
        {
            uint word = (uint)random.Next();
            int d = (int)(word & 15), n = (int)((word >> 4) & 15), offset = 8 * (int)((word >> 8) & 31);
            words[i] = ((word >> 16) & 15) switch
            {
                0 => Str(X(d), Mem(X21, offset)).Word,
                1 => Ldr(X(d), Mem(X21, offset)).Word,
                2 => Ldr(X(d), Mem(X22, offset)).Word,
                3 => Svc(d).Word,
                4 => Cbz(X(d), Here(4 + (4 * (offset & 7)))).Word,
                5 => Tbnz(X(d), offset & 63, Here(4 + (4 * (n & 3)))).Word,
                6 => Str(W24, Mem(X23, 4 * (n & 7))).Word,
                7 => Blr(X23).Word,
                8 => Stp(X(d), X(n), Mem(X21, offset)).Word,
                9 => Ldaddal(X(d), X(n), Mem(X21)).Word,
                _ => Add(X(d), X(n), X(d), Lsl(offset & 63)).Word,
            };
            if (i >= 190) words[i] = Nop().Word;
        }

        (words[200], words[201], words[202], words[203]) = (Subs(X20, X20, 1).Word, B(Eq, Here(8)).Word, B(Here(-202 * 4)).Word, Brk(1).Word);
        guest.Memory.Write(Guest.Code + 0xe00, MemoryMarshal.AsBytes(words.AsSpan())); // over the end of a page
        guest.Write(Guest.Code + 0x1f00, Nop(), Nop(), Nop(), Nop(), Nop(), Nop(), Nop(), Nop(), Ret());
        guest.Write(Guest.Vectors + 0x200, Eret());
        guest.Cpu.MmioHandler = new RecordingDevice();
        guest.Cpu.Pc = Guest.Code + 0xe00;
        for (int i = 0; i < 16; i++) guest.Cpu.SetX(i, random.Next());
        guest.Cpu.SetX(20, 10);
        guest.Cpu.SetX(21, Guest.Data);
        guest.Cpu.SetX(22, Guest.Device);
        guest.Cpu.SetX(23, Guest.Code + 0x1f00);
        guest.Cpu.SetX(24, Add(X25, X25, 1).Word);
        return guest;
    }
}
