using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>Self-hosted debug: software step, breakpoints and watchpoints (Arm ARM D2).</summary>
public sealed class DebugTests
{
    private const ulong SS = 1, KDE = 1 << 13, MDE = 1 << 15;

    // DBGBCR and DBGWCR: enabled at EL0 and EL1, all bytes.
    private const ulong Break = 1 | (3 << 1) | (15 << 5), Load = 1 | (3 << 1) | (1 << 3), Store = 1 | (3 << 1) | (2 << 3);

    private static Guest At(uint mode, params ReadOnlySpan<Instruction> program)
    {
        var guest = new Guest(program);
        guest.Cpu.TrapDebugExceptions = false;
        for (ulong vector = 0; vector < 0x800; vector += 0x80) guest.Write(Guest.Vectors + vector, Hvc(7));
        guest.Set(SystemRegister.OSLAR_EL1, 0);
        guest.Cpu.Pstate = mode;
        return guest;
    }

    private static void Expect(Guest guest, ulong vector, ulong esr, ulong elr)
    {
        Assert.Equal(ExceptionClass.Hvc64, guest.Run().ExceptionClass);
        Assert.Equal($"vector 0x{vector:x} ESR 0x{esr:x} ELR 0x{elr:x}", $"vector 0x{guest.Cpu.Pc - 4 - Guest.Vectors:x} ESR 0x{guest.Get(SystemRegister.ESR_EL1):x} ELR 0x{guest.Get(SystemRegister.ELR_EL1):x}");
    }

    [Theory]
    [InlineData(Pstate.EL0t, 0ul, 0x400ul, 0xc200_0022ul)]
    [InlineData(Pstate.EL1h, KDE, 0x200ul, 0xc600_0022ul)]
    public void A_breakpoint_comes_before_its_instruction(uint mode, ulong control, ulong vector, ulong esr)
    {
        using Guest guest = At(mode, Movz(X0, 1), Movz(X0, 2), Movz(X0, 3));
        guest.Set(SystemRegister.DBGBVR2_EL1, Guest.Code + 8);
        guest.Set(SystemRegister.DBGBCR2_EL1, Break);
        guest.Set(SystemRegister.MDSCR_EL1, MDE | control);
        Expect(guest, vector, esr, Guest.Code + 8);
        Assert.Equal((2ul, 2ul), (guest.X(0), guest.Cpu.InstructionCount - 1));
    }

    [Theory]
    [InlineData(MDE, Pstate.EL1h, Break)]                     // EL1 without KDE
    [InlineData(MDE | KDE, Pstate.EL1h | Pstate.D, Break)]    // masked
    [InlineData(KDE, Pstate.EL1h, Break)]                     // without MDE
    [InlineData(MDE | KDE, Pstate.EL1h, Break & ~2ul)]        // for EL0 alone
    [InlineData(MDE | KDE, Pstate.EL1h, Break & ~1ul)]        // not enabled
    [InlineData(MDE | KDE, Pstate.EL1h, Break | (2ul << 14))] // the secure state's
    public void A_breakpoint_that_does_not_apply_is_none(ulong control, uint mode, ulong breakpoint)
    {
        using Guest guest = At(mode, Movz(X0, 1), Hvc(9));
        guest.Set(SystemRegister.DBGBVR0_EL1, Guest.Code);
        guest.Set(SystemRegister.DBGBCR0_EL1, breakpoint);
        guest.Set(SystemRegister.MDSCR_EL1, control);
        Assert.Equal(9u, guest.Run().Syndrome.Immediate);
    }

    [Fact]
    public void The_OS_lock_holds_debug_exceptions_back()
    {
        using Guest guest = At(Pstate.EL0t, Movz(X0, 1), Svc(0));
        guest.Set(SystemRegister.DBGBVR0_EL1, Guest.Code);
        guest.Set(SystemRegister.DBGBCR0_EL1, Break);
        guest.Set(SystemRegister.MDSCR_EL1, MDE);
        guest.Set(SystemRegister.OSLAR_EL1, 1);
        Expect(guest, 0x400, 0x5600_0000, Guest.Code + 8);
    }

    [Theory]
    [InlineData(0x1234u, true)]
    [InlineData(0x1235u, false)]
    public void A_linked_breakpoint_asks_for_its_context_too(uint context, bool hits)
    {
        using Guest guest = At(Pstate.EL0t, Movz(X0, 1), Svc(0));
        guest.Set(SystemRegister.CONTEXTIDR_EL1, 0x1234);
        guest.Set(SystemRegister.DBGBVR0_EL1, Guest.Code);
        guest.Set(SystemRegister.DBGBCR0_EL1, Break | (5ul << 16) | (1ul << 20));
        guest.Set(SystemRegister.DBGBVR5_EL1, context);
        guest.Set(SystemRegister.DBGBCR5_EL1, Break | (3ul << 20));
        guest.Set(SystemRegister.MDSCR_EL1, MDE);
        Expect(guest, 0x400, hits ? 0xc200_0022 : 0x5600_0000u, hits ? Guest.Code : Guest.Code + 8);
    }

    [Theory]
    [InlineData(Load | (0xfful << 5), 0ul, true, 0ul)]
    [InlineData(Store | (0xfful << 5), 0ul, false, 0ul)]
    [InlineData(Load | (0x10ul << 5), 0ul, true, 4ul)]        // a byte in the middle
    [InlineData(Load | (0x01ul << 5), 4ul, true, 4ul)]        // a word's value, bytes counted from there
    [InlineData(Load | (6ul << 24) | (0xfful << 5), 0ul, true, 0ul)]
    public void A_watchpoint_comes_before_the_effect(ulong control, ulong value, bool hits, ulong at)
    {
        using Guest guest = At(Pstate.EL0t, Ldr(X0, Mem(X1)), Svc(0));
        guest.Cpu.SetX(1, Guest.Data + 0x40);
        guest.Cpu.SetX(0, 77);
        guest.Set(SystemRegister.DBGWVR3_EL1, Guest.Data + 0x40 + value);
        guest.Set(SystemRegister.DBGWCR3_EL1, control);
        guest.Set(SystemRegister.MDSCR_EL1, MDE);
        Expect(guest, 0x400, hits ? 0xd200_0022u : 0x5600_0000u, hits ? Guest.Code : Guest.Code + 8);
        Assert.Equal(hits ? 77ul : 0, guest.X(0));
        if (hits) Assert.Equal(Guest.Data + 0x40 + at, guest.Get(SystemRegister.FAR_EL1));
    }

    [Fact]
    public void A_store_to_a_watched_address_is_not_done_and_says_so()
    {
        using Guest guest = At(Pstate.EL0t, Str(X0, Mem(X1)));
        guest.Cpu.SetX(1, Guest.Data);
        guest.Cpu.SetX(0, 77);
        guest.Set(SystemRegister.DBGWVR0_EL1, Guest.Data);
        guest.Set(SystemRegister.DBGWCR0_EL1, Store | (0xfful << 5));
        guest.Set(SystemRegister.MDSCR_EL1, MDE);
        Expect(guest, 0x400, 0xd200_0062, Guest.Code);
        Assert.Equal(0ul, guest.Memory.Read<ulong>(Guest.Data));
    }

    [Fact]
    public void A_memory_set_stops_at_the_watched_byte_and_goes_on_from_there()
    {
        using Guest guest = At(Pstate.EL1h, 0x19c2_0461, 0x19c2_4461, 0x19c2_8461, Hvc(9)); // setp, setm, sete [x1]!, x3!, x2
        guest.Cpu.SetX(1, Guest.Data);
        guest.Cpu.SetX(2, 0x5a);
        guest.Cpu.SetX(3, 0x100);
        guest.Set(SystemRegister.DBGWVR0_EL1, Guest.Data + 0x40);
        guest.Set(SystemRegister.DBGWCR0_EL1, Store | (0x08ul << 5));
        guest.Set(SystemRegister.MDSCR_EL1, MDE | KDE);
        guest.SetControl(0);
        Expect(guest, 0x200, 0xd600_0062, Guest.Code);
        Assert.Equal((Guest.Data + 0x43, 0x5aul, 0ul), (guest.Get(SystemRegister.FAR_EL1), guest.Memory.Read<byte>(Guest.Data + 0x42), guest.Memory.Read<byte>(Guest.Data + 0x43)));
        guest.Set(SystemRegister.MDSCR_EL1, 0);
        guest.Cpu.Pc = guest.Get(SystemRegister.ELR_EL1);
        Assert.Equal(9u, guest.Run().Syndrome.Immediate);
        Assert.Equal((0x5aul, 0ul), (guest.Memory.Read<byte>(Guest.Data + 0xff), guest.Memory.Read<byte>(Guest.Data + 0x100)));
    }

    [Fact]
    public void A_step_by_ERET_executes_one_instruction()
    {
        using Guest guest = At(Pstate.EL1h | Pstate.Daif, Eret());
        const ulong Program = Guest.Code + 0x100;
        guest.Write(Program, Movz(X0, 1), Movz(X0, 2), Movz(X0, 3));
        guest.Set(SystemRegister.MDSCR_EL1, SS);
        guest.Set(SystemRegister.ELR_EL1, Program);
        guest.Set(SystemRegister.SPSR_EL1, Pstate.SS | Pstate.EL0t);
        Expect(guest, 0x400, 0xcb00_0022, Program + 4);
        Assert.Equal((1ul, 0ul), (guest.X(0), guest.Get(SystemRegister.SPSR_EL1) & Pstate.SS));
    }

    [Fact]
    public void Without_the_bit_the_step_is_pending_at_once_and_tells_of_no_instruction()
    {
        using Guest guest = At(Pstate.EL1h | Pstate.Daif, Eret());
        guest.Set(SystemRegister.MDSCR_EL1, SS);
        guest.Set(SystemRegister.ELR_EL1, Guest.Code + 0x100);
        guest.Set(SystemRegister.SPSR_EL1, Pstate.EL0t);
        Expect(guest, 0x400, 0xca00_0022, Guest.Code + 0x100);
    }

    [Fact]
    public void A_stepped_load_exclusive_is_named()
    {
        using Guest guest = At(Pstate.EL1h | Pstate.Daif, Eret());
        guest.Write(Guest.Code + 0x100, Ldxr(X0, Mem(X1)));
        guest.Cpu.SetX(1, Guest.Data);
        guest.Set(SystemRegister.MDSCR_EL1, SS);
        guest.Set(SystemRegister.ELR_EL1, Guest.Code + 0x100);
        guest.Set(SystemRegister.SPSR_EL1, Pstate.SS | Pstate.EL0t);
        Expect(guest, 0x400, 0xcb00_0062, Guest.Code + 0x104);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stepped_SVC_has_done_its_step_and_a_fault_has_not(bool call)
    {
        using Guest guest = At(Pstate.EL1h | Pstate.Daif, Eret());
        guest.Write(Guest.Code + 0x100, call ? Svc(3) : Udf(0));
        guest.Set(SystemRegister.MDSCR_EL1, SS);
        guest.Set(SystemRegister.ELR_EL1, Guest.Code + 0x100);
        guest.Set(SystemRegister.SPSR_EL1, Pstate.SS | Pstate.EL0t);
        Expect(guest, 0x400, call ? 0x5600_0003u : 0x0200_0000u, call ? Guest.Code + 0x104 : Guest.Code + 0x100);
        Assert.Equal(call ? 0ul : Pstate.SS, guest.Get(SystemRegister.SPSR_EL1) & Pstate.SS);
    }

    [Fact]
    public void Trapped_debug_exceptions_end_the_run()
    {
        using Guest guest = At(Pstate.EL0t, Movz(X0, 1), Movz(X0, 2));
        guest.Cpu.TrapDebugExceptions = true;
        guest.Set(SystemRegister.DBGBVR0_EL1, Guest.Code + 4);
        guest.Set(SystemRegister.DBGBCR0_EL1, Break);
        guest.Set(SystemRegister.MDSCR_EL1, MDE);
        VmExit exit = guest.Run();
        Assert.Equal((ExceptionClass.BreakpointLower, Guest.Code + 4, 1ul), (exit.ExceptionClass, guest.Cpu.Pc, guest.X(0)));
    }

    [Fact]
    public void Unmasking_at_EL1_takes_effect_with_the_next_instruction()
    {
        using Guest guest = At(Pstate.EL1h | Pstate.Daif, Msr(PstateField.DAIFClr, 8), Movz(X0, 2), Hvc(9));
        guest.Set(SystemRegister.DBGBVR0_EL1, Guest.Code + 4);
        guest.Set(SystemRegister.DBGBCR0_EL1, Break);
        guest.Set(SystemRegister.MDSCR_EL1, MDE | KDE);
        Expect(guest, 0x200, 0xc600_0022, Guest.Code + 4);
    }

    [Fact]
    public void A_guest_that_is_debugged_all_the_time_can_be_stopped()
    {
        using Guest guest = At(Pstate.EL0t, B(Here(0)));
        guest.Set(SystemRegister.DBGBVR0_EL1, Guest.Code + 0x800);
        guest.Set(SystemRegister.DBGBCR0_EL1, Break);
        guest.Set(SystemRegister.MDSCR_EL1, MDE);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        Assert.Equal(VmExitReason.Canceled, guest.Cpu.Run(soon.Token).Reason);
    }
}
