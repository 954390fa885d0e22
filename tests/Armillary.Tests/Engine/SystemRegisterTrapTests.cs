using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>
/// Accesses that control bits of EL1 forbid to EL0: EC 0x18 and an ISS of Op0 21:20, Op2 19:17, Op1 16:14, CRn 13:10,
/// Rt 9:5, CRm 4:1, read 0 (Arm ARM D24.2.40).
/// </summary>
public sealed class SystemRegisterTrapTests
{
    private const ulong Uma = 1 << 9, Dze = 1 << 14, Uct = 1 << 15, Uci = 1 << 26, EnRctx = 1 << 10, Tscxt = 1 << 20;

    public static TheoryData<string, uint, ulong, ulong> Trapped => new()
    {
        { "MRS X7, CTR_EL0", Mrs(X7, SystemRegister.CTR_EL0).Word, 0x6232_c0e1, Uct },
        { "IC IVAU, X5", Ic(IcOp.IVAU, X5).Word, 0x6212_dcaa, Uci },
        { "DC CVAU, X2", Dc(DcOp.CVAU, X2).Word, 0x6212_dc56, Uci },
        { "DC CVAC, XZR", Dc(DcOp.CVAC, Xzr).Word, 0x6212_dff4, Uci },
        { "DC CIVAC, X2", Dc(DcOp.CIVAC, X2).Word, 0x6212_dc5c, Uci },
        { "DC CVAP, X2", Dc(DcOp.CVAP, X2).Word, 0x6212_dc58, Uci },
        { "DC CVADP, X2", Dc(DcOp.CVADP, X2).Word, 0x6212_dc5a, Uci },
        { "CFP RCTX, X2", 0xd50b_7382, 0x6218_dc46, EnRctx },
        { "DVP RCTX, X2", 0xd50b_73a2, 0x621a_dc46, EnRctx },
        { "CPP RCTX, X2", 0xd50b_73e2, 0x621e_dc46, EnRctx },
        { "MSR DAIFSet, #3", Msr(PstateField.DAIFSet, 3).Word, 0x620c_d3e6, Uma },
        { "MSR DAIFClr, #15", Msr(PstateField.DAIFClr, 15).Word, 0x620e_d3fe, Uma },
        { "MSR DAIF, X2", Msr(SystemRegister.DAIF, X2).Word, 0x6232_d044, Uma },
        { "MRS X1, DAIF", Mrs(X1, SystemRegister.DAIF).Word, 0x6232_d025, Uma },
    };

    [Theory]
    [MemberData(nameof(Trapped))]
    public void EL0_is_trapped_unless_SCTLR_EL1_lets_it(string name, uint word, ulong esr, ulong permission)
    {
        using var guest = new Guest(word, Brk(9));
        guest.Cpu.SetX(5, Guest.Code);
        guest.Cpu.SetX(2, Guest.Data);
        guest.Cpu.Pstate = Pstate.EL0t;
        guest.SetControl((Uma | Dze | Uct | Uci | EnRctx) & ~permission);
        guest.RunToVector(0x400, esr, Guest.Code);
        Assert.Equal((0ul, name), (guest.Cpu.InstructionCount, name));

        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code, Pstate.EL0t);
        guest.SetControl(permission);
        guest.RunToBreakpoint(9);

        // EL1 needs no permission.
        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code, Pstate.EL1h);
        guest.SetControl(0);
        guest.RunToBreakpoint(9);
    }

    // TSCXT forbids where the others allow; it is RES1 in a CPU without context numbers.
    [Fact]
    public void EL0_has_its_context_number_unless_SCTLR_EL1_takes_it()
    {
        using var guest = new Guest(Msr(SystemRegister.SCXTNUM_EL0, X2), Mrs(X3, SystemRegister.SCXTNUM_EL0), Brk(9));
        guest.Cpu.SetX(2, 0x1234_5678_9abc_def0);
        guest.Cpu.Pstate = Pstate.EL0t;
        guest.SetControl(0);
        guest.RunToBreakpoint(9);
        Assert.Equal(0x1234_5678_9abc_def0ul, guest.X(3));

        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code, Pstate.EL0t);
        guest.SetControl(Tscxt);
        guest.RunToVector(0x400, 0x623e_f440, Guest.Code);

        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code, Pstate.EL1h);
        guest.RunToBreakpoint(9);
        using var plain = new Guest("neoverse-n1");
        plain.SetControl(0);
        Assert.Equal(Tscxt, plain.Get(SystemRegister.SCTLR_EL1) & Tscxt);
    }

    // DC ZVA to Device memory, which all is with the MMU off, is an alignment fault with WnR (D7.5.9.5).
    [Fact]
    public void DC_ZVA_is_trapped_without_DZE_and_an_alignment_fault_with_it()
    {
        using var guest = new Guest(Dc(DcOp.ZVA, X5));
        guest.Cpu.SetX(5, Guest.Data + 0x40);
        guest.Cpu.Pstate = Pstate.EL0t;
        guest.SetControl(Uma | Uct | Uci);
        guest.RunToVector(0x400, 0x6212_dca8, Guest.Code);

        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code, Pstate.EL0t);
        guest.SetControl(Dze);
        guest.RunToVector(0x400, 0x9200_0061, Guest.Code);
        Assert.Equal(Guest.Data + 0x40, guest.Get(SystemRegister.FAR_EL1));

        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code, Pstate.EL1h);
        guest.RunToVector(0x200, 0x9600_0061, Guest.Code);
    }

    [Theory]
    [InlineData(SystemRegister.CNTVCT_EL0, 2ul, 0x6234_f801)]
    [InlineData(SystemRegister.CNTPCT_EL0, 1ul, 0x6232_f801)]
    [InlineData(SystemRegister.CNTFRQ_EL0, 2ul, 0x6230_f801)]
    public void EL0_reads_the_counter_where_CNTKCTL_EL1_lets_it(SystemRegister register, ulong permission, ulong esr)
    {
        using var guest = new Guest(Mrs(X0, register), Brk(9));
        guest.Cpu.Pstate = Pstate.EL0t;
        guest.RunToVector(0x400, esr, Guest.Code);

        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code, Pstate.EL0t);
        guest.Set(SystemRegister.CNTKCTL_EL1, permission);
        guest.RunToBreakpoint(9);
    }

    [Fact]
    public void DAIF_is_changed_by_EL0_with_UMA()
    {
        using var guest = new Guest(Msr(PstateField.DAIFSet, 0b1001), Msr(PstateField.DAIFClr, 0b0001), Mrs(X0, SystemRegister.DAIF), Msr(SystemRegister.DAIF, X1), Brk(9));
        guest.Cpu.Pstate = Pstate.Nzcv | Pstate.EL0t;
        guest.Cpu.SetX(1, ulong.MaxValue & ~(ulong)Pstate.I);
        guest.SetControl(Uma);
        guest.RunToBreakpoint(9);
        Assert.Equal(((ulong)Pstate.D, Pstate.Nzcv | Pstate.D | Pstate.A | Pstate.F), (guest.X(0), guest.Cpu.Pstate));
    }
}
