using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

public sealed class StepTests
{
    // EC 0x32 with IL and the debug fault status (Arm ARM D2.12.4).
    private const ulong Stepped = 0xca00_0022;

    [Fact]
    public void A_step_is_one_instruction()
    {
        var label = new Label("called");
        using var guest = new Guest(Mov(X0, 5), Bl(label), Cbz(X0, label), Brk(), label, Sub(X0, X0, 5), Ret());
        foreach (ulong offset in (ulong[])[4, 16, 20, 8, 16, 20])
        {
            VmExit exit = guest.Cpu.Step();
            Assert.Equal((VmExitReason.Exception, Stepped, Guest.Code + offset), (exit.Reason, exit.Syndrome.Value, guest.Cpu.Pc));
        }

        Assert.Equal(6ul, guest.Cpu.InstructionCount);
    }

    public static TheoryData<string, uint, uint, ulong, ulong> Exceptions => new()
    {
        { "SVC", Svc(3).Word, Pstate.EL0t, 0x400, 0x5600_0003 },
        { "UDF", Udf().Word, Pstate.EL1t, 0x000, 0x0200_0000 },
        { "unaligned LDR", Ldr(X0, Mem(X1, 256)).Word, Pstate.EL1h, 0x200, 0x9600_0021 },
        { "MRS", Mrs(X0, SystemRegister.CTR_EL0).Word, Pstate.EL0t, 0x400, 0x6232_c001 },
        { "WFI", Wfi().Word, Pstate.EL0t, 0x400, 0x07e0_0000 },
        { "LDR from SP", Ldr(X0, Mem(Sp)).Word, Pstate.EL0t, 0x400, 0x9a00_0000 },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void A_step_that_takes_an_exception_ends_at_the_vector(string name, uint word, uint mode, ulong vector, ulong esr)
    {
        using var guest = new Guest(word);
        guest.Cpu.Pstate = mode;
        guest.Cpu.SetX(1, Guest.Data + 1);
        guest.Cpu.Sp = Guest.Data + 4;
        guest.SetControl(0x18);
        VmExit exit = guest.Cpu.Step();
        Assert.Equal((name, Stepped, Guest.Vectors + vector, esr), (name, exit.Syndrome.Value, guest.Cpu.Pc, guest.Get(SystemRegister.ESR_EL1)));
        Assert.Equal(name == "SVC" ? 1ul : 0ul, guest.Cpu.InstructionCount);
    }

    [Fact]
    public void A_step_over_ERET_ends_where_it_returns_to()
    {
        using var guest = new Guest(Eret());
        guest.Set(SystemRegister.ELR_EL1, Guest.Code + 0x80);
        guest.Set(SystemRegister.SPSR_EL1, Pstate.C | Pstate.EL0t);
        Assert.Equal(Stepped, guest.Cpu.Step().Syndrome.Value);
        Assert.Equal((Guest.Code + 0x80, Pstate.C | Pstate.EL0t, 1ul), (guest.Cpu.Pc, guest.Cpu.Pstate, guest.Cpu.InstructionCount));
    }

    [Fact]
    public void A_step_from_a_misaligned_PC_takes_the_exception()
    {
        using var guest = new Guest();
        guest.Cpu.Pc = Guest.Code + 1;
        Assert.Equal(Stepped, guest.Cpu.Step().Syndrome.Value);
        Assert.Equal((Guest.Vectors + 0x200, 0ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
    }

    [Fact]
    public void What_ends_a_run_ends_a_step_the_same_way()
    {
        using var guest = new Guest(Brk(3), Hvc(4), Wfi(), Ldr(X0, Mem(X1)), Str(X0, Mem(X1)), Br(X1));
        guest.Cpu.SetX(1, Guest.Device);
        Assert.Equal((0xf200_0003ul, Guest.Code), (guest.Cpu.Step().Syndrome.Value, guest.Cpu.Pc));
        guest.Cpu.Pc += 4;
        Assert.Equal((0x5a00_0004ul, Guest.Code + 8), (guest.Cpu.Step().Syndrome.Value, guest.Cpu.Pc));
        Assert.Equal((0x07e0_0000ul, Guest.Code + 12), (guest.Cpu.Step().Syndrome.Value, guest.Cpu.Pc));
        Assert.Equal((VmExitReason.Mmio, Guest.Code + 12), (guest.Cpu.Step().Reason, guest.Cpu.Pc));
        guest.Cpu.CompleteMmioRead(6);
        Assert.Equal((Stepped, Guest.Code + 16, 6ul), (guest.Cpu.Step().Syndrome.Value, guest.Cpu.Pc, guest.X(0)));
        Assert.Equal((VmExitReason.Mmio, Guest.Code + 16), (guest.Cpu.Step().Reason, guest.Cpu.Pc));
        Assert.Equal((Stepped, Guest.Code + 20), (guest.Cpu.Step().Syndrome.Value, guest.Cpu.Pc));
        Assert.Equal((Stepped, Guest.Device), (guest.Cpu.Step().Syndrome.Value, guest.Cpu.Pc));
        Assert.Equal((0x8200_0005ul, Guest.Device, 5ul), (guest.Cpu.Step().Syndrome.Value, guest.Cpu.Pc, guest.Cpu.InstructionCount));
    }

    [Fact]
    public void A_step_goes_over_the_end_of_a_page()
    {
        using var guest = new Guest();
        guest.Write(Guest.Code + 0xff8, Mov(X0, 1), Mov(X1, 2), Mov(X2, 3));
        guest.Cpu.Pc = Guest.Code + 0xff8;
        for (ulong i = 1; i <= 3; i++)
        {
            guest.Cpu.Step();
            Assert.Equal((Guest.Code + 0xff8 + (4 * i), i), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
        }
    }

    [Fact]
    public void A_request_ends_a_step_before_its_instruction()
    {
        using var guest = new Guest(Mov(X0, 1));
        guest.Cpu.RequestExit();
        Assert.Equal((VmExitReason.Canceled, Guest.Code), (guest.Cpu.Step().Reason, guest.Cpu.Pc));
        Assert.Equal((Stepped, 1ul), (guest.Cpu.Step().Syndrome.Value, guest.X(0)));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Equal(VmExitReason.Canceled, guest.Cpu.Step(cancelled.Token).Reason);
    }
}
