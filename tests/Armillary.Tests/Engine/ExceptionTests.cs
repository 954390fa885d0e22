using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>
/// Exceptions to EL1 and to the hypervisor. Syndromes are numbers: EC in bits 31:26, IL bit 25, ISS below (Arm ARM D24.2.40);
/// vectors are at 0x000 (EL1t), 0x200 (EL1h) and 0x400 (EL0) of VBAR_EL1 (D1.3.1.5).
/// </summary>
public sealed class ExceptionTests
{
    private const ulong Unknown = 0x0200_0000;

    public static TheoryData<uint, ulong> Modes => new() { { Pstate.EL0t, 0x400 }, { Pstate.EL1t, 0x000 }, { Pstate.EL1h, 0x200 } };

    private static Guest At(uint mode, params ReadOnlySpan<Instruction> program)
    {
        var guest = new Guest(program);
        guest.Cpu.Pstate = Pstate.N | Pstate.V | mode;
        return guest;
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void BRK_ends_the_run_at_itself_when_debug_exceptions_are_trapped(uint mode, ulong vector)
    {
        using Guest guest = At(mode, Nop(), Brk(0x1234));
        VmExit exit = guest.Run();
        Assert.Equal((VmExitReason.Exception, 0xf200_1234ul), (exit.Reason, exit.Syndrome.Value));
        Assert.Equal((Guest.Code + 4, Pstate.N | Pstate.V | mode), (guest.Cpu.Pc, guest.Cpu.Pstate));
        Assert.Equal(1ul, guest.Cpu.InstructionCount);
        Assert.True(vector <= 0x400);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void BRK_goes_to_the_guest_when_they_are_not(uint mode, ulong vector)
    {
        using Guest guest = At(mode, Brk(0xffff));
        guest.Cpu.TrapDebugExceptions = false;
        guest.Write(Guest.Vectors + vector, Hvc(7));
        VmExit exit = guest.Run();
        Assert.Equal(0x5a00_0007ul, exit.Syndrome.Value);
        Assert.Equal((Guest.Vectors + vector + 4, 0xf200_fffful, Guest.Code), (guest.Cpu.Pc, guest.Get(SystemRegister.ESR_EL1), guest.Get(SystemRegister.ELR_EL1)));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void SVC_goes_to_EL1_and_returns_behind_itself(uint mode, ulong vector)
    {
        using Guest guest = At(mode, Svc(0xabcd), Brk(1));
        guest.RunToVector(vector, 0x5600_abcd, Guest.Code + 4);
        Assert.Equal((ulong)(Pstate.N | Pstate.V | mode), guest.Get(SystemRegister.SPSR_EL1));
        Assert.Equal(1ul, guest.Cpu.InstructionCount);
        guest.Write(guest.Cpu.Pc, Eret());
        guest.RunToBreakpoint(1);
        Assert.Equal(Pstate.N | Pstate.V | mode, guest.Cpu.Pstate);
        Assert.Equal(2ul, guest.Cpu.InstructionCount);
    }

    [Theory]
    [InlineData(Pstate.EL1t)]
    [InlineData(Pstate.EL1h)]
    public void HVC_and_SMC_at_EL1_end_the_run_behind_themselves(uint mode)
    {
        using Guest guest = At(mode, Hvc(0x12), Smc(0x34), Brk());
        Assert.Equal(0x5a00_0012ul, guest.Run().Syndrome.Value);
        Assert.Equal((Guest.Code + 4, 1ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
        Assert.Equal(0x5e00_0034ul, guest.Run().Syndrome.Value);
        Assert.Equal((Guest.Code + 8, 2ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
        guest.RunToBreakpoint();
    }

    public static TheoryData<string, uint> UndefinedAtEL0 => new()
    {
        { "HVC", Hvc(1).Word }, { "SMC", Smc(1).Word }, { "ERET", Eret().Word }, { "UDF", Udf(3).Word }, { "HLT", Hlt(3).Word },
        { "DCPS1", Dcps1().Word }, { "DRPS", Drps().Word }, { "MSR SPSel", Msr(PstateField.SPSel, 1).Word },
        { "MRS SCTLR_EL1", Mrs(X0, SystemRegister.SCTLR_EL1).Word }, { "MSR VBAR_EL1", Msr(SystemRegister.VBAR_EL1, X0).Word },
        { "MSR TPIDRRO_EL0", Msr(SystemRegister.TPIDRRO_EL0, X0).Word }, { "TLBI VMALLE1", Tlbi(TlbiOp.VMALLE1).Word },
        { "IC IALLU", Ic(IcOp.IALLU).Word }, { "DC IVAC", Dc(DcOp.IVAC, X0).Word }, { "MRS ELR_EL1", Mrs(X0, SystemRegister.ELR_EL1).Word },
        { "ADD Z0.S (SVE)", 0x04a0_0000 }, { "unallocated", 0xffff_ffff },
    };

    [Theory]
    [MemberData(nameof(UndefinedAtEL0))]
    public void What_EL0_may_not_do_is_undefined(string name, uint word)
    {
        using Guest guest = At(Pstate.EL0t, word);
        guest.RunToVector(0x400, Unknown, Guest.Code);
        Assert.Equal((0ul, name), (guest.Cpu.InstructionCount, name));
    }

    [Theory]
    [InlineData("UDF", 0x0000_0000u)]
    [InlineData("HLT", 0xd440_0060u)]
    [InlineData("DCPS3", 0xd4a0_0003u)]
    [InlineData("DRPS", 0xd6bf_03e0u)]
    [InlineData("MRS X0, S3_0_C15_C0_0", 0xd538_f000u)]
    [InlineData("MRS X0, SP_EL1", 0xd53c_4100u)]
    [InlineData("MSR MIDR_EL1, X0", 0xd518_0000u)]
    [InlineData("SVE PTRUE", 0x2518_e3e0u)]
    public void What_EL1_may_not_do_is_undefined(string name, uint word)
    {
        using Guest guest = At(Pstate.EL1h, word);
        guest.RunToVector(0x200, Unknown, Guest.Code);
        Assert.Equal((0ul, name), (guest.Cpu.InstructionCount, name));
    }

    [Fact]
    public void SP_EL0_has_no_name_while_it_is_the_stack_pointer_in_use()
    {
        using Guest guest = At(Pstate.EL1t, Mrs(X0, SystemRegister.SP_EL0));
        guest.RunToVector(0x000, Unknown, Guest.Code);
    }

    [Fact]
    public void WFI_at_EL1_ends_the_run_behind_itself()
    {
        using Guest guest = At(Pstate.EL1h, Wfi(), Brk());
        VmExit exit = guest.Run();
        Assert.Equal((VmExitReason.Exception, 0x07e0_0000ul), (exit.Reason, exit.Syndrome.Value));
        Assert.Equal((Guest.Code + 4, 1ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
        guest.RunToBreakpoint();
    }

    [Fact]
    public void WFI_and_WFE_at_EL0_are_trapped_unless_nTWI_and_nTWE_are_set()
    {
        using Guest guest = At(Pstate.EL0t, Wfi(), Wfe(), Brk());
        guest.RunToVector(0x400, 0x07e0_0000, Guest.Code);

        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code + 4, Pstate.EL0t);
        guest.RunToVector(0x400, 0x07e0_0001, Guest.Code + 4);

        guest.SetControl((1 << 16) | (1 << 18));
        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code, Pstate.EL0t);
        Assert.Equal(0x07e0_0000ul, guest.Run().Syndrome.Value);
        Assert.Equal((Guest.Code + 4, Pstate.EL0t), (guest.Cpu.Pc, guest.Cpu.Pstate));
        guest.RunToBreakpoint();
    }

    [Fact]
    public void WFE_with_the_event_register_set_is_not_trapped()
    {
        using Guest guest = At(Pstate.EL0t, Sevl(), Wfe(), Wfe(), Brk());
        guest.RunToVector(0x400, 0x07e0_0001, Guest.Code + 8);
        Assert.Equal(2ul, guest.Cpu.InstructionCount);
    }

    [Fact]
    public void Exception_entry_keeps_the_flags_masks_everything_and_takes_SP_EL1()
    {
        using Guest guest = At(Pstate.EL0t, Svc());
        guest.Cpu.Pstate = Pstate.Nzcv | Pstate.F | Pstate.EL0t;
        guest.RunToVector(0x400, 0x5600_0000, Guest.Code + 4);
        Assert.Equal((ulong)(Pstate.Nzcv | Pstate.F), guest.Get(SystemRegister.SPSR_EL1));
        Assert.Equal((Pstate.Nzcv, Guest.Data + 0x8000), (guest.Cpu.Pstate & Pstate.Nzcv, guest.Cpu.Sp));
    }

    [Theory]
    [InlineData(Pstate.NRW)]          // AArch32 User
    [InlineData(Pstate.NRW | 3u)]
    [InlineData(1u)]
    [InlineData(0b0110u)]
    [InlineData(0b1000u)]             // EL2t
    [InlineData(0b1001u)]             // EL2h
    [InlineData(0b1101u)]             // EL3h
    public void An_illegal_exception_return_keeps_the_mode_and_sets_IL(uint mode)
    {
        using Guest guest = At(Pstate.EL1t, Msr(PstateField.SPSel, 1), Msr(SystemRegister.SPSR_EL1, X0), Msr(SystemRegister.ELR_EL1, X1), Eret());
        guest.Cpu.SetX(0, Pstate.Z | Pstate.C | Pstate.A | mode);
        guest.Cpu.SetX(1, Guest.Code + 0x100);
        guest.RunToVector(0x200, 0x3a00_0000, Guest.Code + 0x100); // EC 0x0e at the return address
        Assert.Equal((ulong)(Pstate.Z | Pstate.C | Pstate.A | Pstate.IL | Pstate.EL1h), guest.Get(SystemRegister.SPSR_EL1));
        Assert.Equal(4ul, guest.Cpu.InstructionCount);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void No_instruction_executes_in_the_illegal_state(uint mode, ulong vector)
    {
        using Guest guest = At(mode, Mov(X0, 1), Brk());
        guest.Cpu.Pstate = Pstate.IL | mode;
        guest.Set(SystemRegister.FAR_EL1, 77);
        guest.RunToVector(vector, 0x3a00_0000, Guest.Code);
        Assert.Equal((0ul, 77ul, 0ul), (guest.X(0), guest.Get(SystemRegister.FAR_EL1), guest.Cpu.InstructionCount));
        Assert.Equal((ulong)(Pstate.IL | mode), guest.Get(SystemRegister.SPSR_EL1));
    }

    // D1.3.5.5: a PC alignment fault and an instruction abort come before the illegal state.
    [Fact]
    public void A_fetch_that_fails_comes_before_the_illegal_state()
    {
        using Guest guest = At(Pstate.EL1h);
        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code + 2, Pstate.IL | Pstate.EL1h);
        guest.RunToVector(0x200, 0x8a00_0000, Guest.Code + 2);
        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Device, Pstate.IL | Pstate.EL1h);
        Assert.Equal(0x8200_0005ul, guest.Run().Syndrome.Value);
    }

    [Fact]
    public void An_exception_to_a_vector_that_no_memory_backs_ends_the_run()
    {
        using Guest guest = At(Pstate.EL0t, Svc(5));
        guest.Set(SystemRegister.VBAR_EL1, Guest.Device + 0x7ff); // bits 10:0 are RES0
        VmExit exit = guest.Run();
        Assert.Equal((VmExitReason.Exception, 0x8200_0005ul), (exit.Reason, exit.Syndrome.Value));
        Assert.Equal((Guest.Device + 0x400, Guest.Device + 0x400, Guest.Device + 0x400), (exit.VirtualAddress, exit.PhysicalAddress, guest.Cpu.Pc));
        Assert.Equal((0x5600_0005ul, Guest.Code + 4), (guest.Get(SystemRegister.ESR_EL1), guest.Get(SystemRegister.ELR_EL1)));
        Assert.Equal(Pstate.EL1h, guest.Cpu.Pstate & Pstate.ModeMask);
    }
}
