using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>Code that changes: by the guest's own stores, by other virtual CPUs, by the host.</summary>
public sealed class SelfModifyingCodeTests
{
    private static ulong Word(Instruction instruction) => instruction.Word;

    [Theory]
    [InlineData(12)]        // the next instruction
    [InlineData(16)]        // the one behind it
    [InlineData(0x800)]     // elsewhere in the page
    [InlineData(0x1000)]    // another page
    public void A_store_to_code_shows_when_it_is_executed(ulong offset)
    {
        using var guest = new Guest();
        guest.Write(Guest.Code, Movz(X3, 1), Nop(), Str(W1, Mem(X2)));
        guest.Write(Guest.Code + 12, Nop(), Nop());
        guest.Write(Guest.Code + 20, B(Here(offset < 20 ? 4 : (long)offset - 20)));
        if (offset < 20) guest.Write(Guest.Code + 24, Brk());
        guest.Write(Guest.Code + offset, Movz(X3, 2));
        if (offset >= 20) guest.Write(Guest.Code + offset + 4, Brk());

        // All of it is decoded before the store happens for the first time.
        guest.Cpu.SetX(2, Guest.Data);
        guest.RunToBreakpoint();
        Assert.Equal(2ul, guest.X(3));
        for (int i = 0; i < 3; i++)
        {
            guest.Cpu.SetX(1, Word(Movz(X3, 3 + i)));
            guest.Cpu.SetX(2, Guest.Code + offset);
            guest.Cpu.Pc = Guest.Code;
            guest.RunToBreakpoint();
            Assert.Equal((ulong)(3 + i), guest.X(3));
        }
    }

    [Fact]
    public void An_instruction_may_overwrite_itself()
    {
        // STP with write-back over itself and its successor: both registers of it, and the base, are the old instruction's.
        using var guest = new Guest(Nop(), Nop(), Stp(W4, W5, PreIndex(X1, 8)), Brk(1), Brk(2));
        guest.Cpu.SetX(1, Guest.Code);
        guest.Cpu.SetX(4, Word(Movz(X7, 4)));
        guest.Cpu.SetX(5, Word(Movz(X8, 5)));
        guest.RunToBreakpoint(2);
        Assert.Equal((Guest.Code + 8, 0ul, 5ul), (guest.X(1), guest.X(7), guest.X(8)));
        guest.Cpu.Pc = Guest.Code;
        guest.RunToBreakpoint(2);
        Assert.Equal((Guest.Code + 8, 4ul), (guest.X(1), guest.X(7)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(500)]
    public void A_page_of_data_may_become_code_again(int stores)
    {
        // X0 times: patch the instruction with the count, call it, add what it gave.
        var loop = new Label("loop");
        using var guest = new Guest(
            loop,
            Bfi(W1, W0, 5, 16), Str(W1, Mem(X2)), Str(W1, Mem(X2, 0x100)), Blr(X2), Add(X4, X4, X3), Subs(X0, X0, 1), B(Ne, loop),
            Brk());
        guest.Write(Guest.Code + 0x1000, Movz(X3, 0), Ret());
        guest.Cpu.SetX(0, (ulong)stores);
        guest.Cpu.SetX(1, Word(Movz(X3, 0)));
        guest.Cpu.SetX(2, Guest.Code + 0x1000);
        guest.RunToBreakpoint();
        Assert.Equal((ulong)(stores * (stores + 1) / 2), guest.X(4));
        Assert.Equal((ulong)(stores * 9), guest.Cpu.InstructionCount);
    }

    [Fact]
    public void Many_stores_beside_the_code_that_makes_them_do_not_confuse_it()
    {
        var loop = new Label("loop");
        using var guest = new Guest(loop, Str(X0, PostIndex(X2, 8)), Sub(X0, X0, 1), Cbnz(X0, loop), Str(W1, Mem(X3)), Nop(), Brk());
        guest.Cpu.SetX(0, 400);
        guest.Cpu.SetX(2, Guest.Code + 0x100);
        guest.Cpu.SetX(1, Word(Movz(X9, 9)));
        guest.Cpu.SetX(3, Guest.Code + 16);
        guest.RunToBreakpoint();
        Assert.Equal((9ul, 1202ul), (guest.X(9), guest.Cpu.InstructionCount));
    }

    [Fact]
    public void What_the_host_writes_between_runs_is_executed()
    {
        using var guest = new Guest(Movz(X0, 1), Brk());
        for (int i = 1; i <= 70; i++)
        {
            guest.Write(Guest.Code, Movz(X0, i));
            guest.Cpu.Pc = Guest.Code;
            guest.RunToBreakpoint();
            Assert.Equal((ulong)i, guest.X(0));
        }

        guest.Memory.Write(Guest.Code, new byte[0x2000]);
        guest.Cpu.Pc = Guest.Code + 0xffc;
        guest.RunToVector(0x200, 0x0200_0000, Guest.Code + 0xffc);
    }

    [Fact]
    public void What_the_host_writes_during_a_run_is_executed_at_last()
    {
        using var guest = new Guest(B(Here()));
        HostThread writer = HostThread.Start(() =>
        {
            SpinWait.SpinUntil(() => guest.Cpu.IsRunning);
            guest.Write(Guest.Code, Brk(5));
        });
        guest.RunToBreakpoint(5);
        writer.Join();
    }

    [Fact]
    public void IC_IVAU_of_one_CPU_shows_on_the_other_after_its_ISB()
    {
        // CPU 0 patches the function that CPU 1 calls, makes that visible, and tells; CPU 1 must then see it.
        const int Rounds = 300;
        using var guest = new Guest();
        var write = new Label("write");
        var wait = new Label("wait");
        var call = new Label("call");
        var told = new Label("told");
        const ulong Function = Guest.Code + 0x1000, Writer = Guest.Code + 0x2000, Caller = Guest.Code + 0x3000;
        guest.Write(Function, Movz(X3, 0), Ret());

        // X0 round, X1 instruction, X2 function, X5 data: [X5] is told, [X5, 64] is answered.
        guest.Write(Writer, write,
            Bfi(W1, W0, 5, 16), Str(W1, Mem(X2)), Dc(DcOp.CVAU, X2), Dsb(Ish), Ic(IcOp.IVAU, X2), Dsb(Ish), Stlr(X0, Mem(X5)),
            wait, Ldr(X6, Mem(X5, 64)), Cmp(X6, X0), B(Ne, wait),
            Add(X0, X0, 1), Cmp(X0, X7), B(Ne, write), Brk());
        guest.Write(Caller, call,
            told, Ldar(X6, Mem(X5)), Cmp(X6, X0), B(Ne, told), Isb(), Blr(X2), Cmp(X3, X0), Cinc(X8, X8, Ne),
            Add(X9, X5, 64), Stlr(X0, Mem(X9)), Add(X0, X0, 1), Cmp(X0, X7), B(Ne, call), Brk());
        CpuThreads.Run(guest.Machine, 2, (number, cpu) =>
        {
            cpu.SetX(0, 1);
            cpu.SetX(1, Word(Movz(X3, 0)));
            cpu.SetX(2, Function);
            cpu.SetX(5, Guest.Data);
            cpu.SetX(7, Rounds);
            cpu.Pc = number == 0 ? Writer : Caller;
            Assert.Equal(ExceptionClass.Brk64, Guest.Run(cpu).ExceptionClass);
            Assert.Equal(0ul, cpu.GetX(8));
        });
    }

    [Fact]
    public void Instruction_cache_maintenance_may_hit_the_code_that_does_it()
    {
        using var guest = new Guest(Ic(IcOp.IVAU, X1), Ic(IcOp.IALLU), Isb(), Tlbi(TlbiOp.VMALLE1), Dsb(Sy), Isb(), Movz(X0, 7), Ic(IcOp.IVAU, X2), Ic(IcOp.IALLUIS), Brk());
        guest.Cpu.SetX(1, Guest.Code + 4);
        guest.Cpu.SetX(2, (1ul << 48) - 1);
        guest.RunToBreakpoint();
        Assert.Equal((7ul, 9ul), (guest.X(0), guest.Cpu.InstructionCount));
    }
}
