using Armillary.Arm64;
using Armillary.Tests.Engine;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Core;

public sealed class VirtualCpuStateTests : IDisposable
{
    private readonly Guest _guest = new();

    private VirtualCpu Cpu => _guest.Cpu;

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void A_new_CPU_is_as_reset_leaves_it()
    {
        using VirtualCpu cpu = _guest.Machine.CreateVirtualCpu();
        Assert.Equal((1, 0ul, 0ul, Pstate.Daif | Pstate.EL1h, 0ul, false, false), (cpu.Index, cpu.Pc, cpu.Sp, cpu.Pstate, cpu.InstructionCount, cpu.IsRunning, cpu.TrapDebugExceptions));
        for (int i = 0; i < 31; i++) Assert.Equal(0ul, cpu.GetX(i));
        for (int i = 0; i < 32; i++) Assert.Equal(UInt128.Zero, cpu.GetV(i));
        Assert.Equal(0ul, cpu.GetSystemRegister(SystemRegister.SCTLR_EL1) & 1);
        Assert.Equal(0x8000_0001ul, cpu.GetSystemRegister(SystemRegister.MPIDR_EL1));
    }

    [Fact]
    public void MPIDR_counts_Aff0_to_15()
    {
        for (int i = 1; i <= 17; i++) _guest.Machine.CreateVirtualCpu();
        Assert.Equal([0x8000_0000ul, 0x8000_000f, 0x8000_0100, 0x8000_0101], ((int[])[0, 15, 16, 17]).Select(i => _guest.Machine.VirtualCpus[i].GetSystemRegister(SystemRegister.MPIDR_EL1)));
    }

    [Fact]
    public void Registers_hold_what_is_written()
    {
        for (int i = 0; i < 31; i++) Cpu.SetX(i, 0x0101_0101_0101_0101ul * (ulong)(i + 1));
        for (int i = 0; i < 32; i++) Cpu.SetV(i, new UInt128((ulong)i, ~(ulong)i));
        Cpu.Pc = 0xdead_beef_0000_0003;
        for (int i = 0; i < 31; i++) Assert.Equal(0x0101_0101_0101_0101ul * (ulong)(i + 1), Cpu.GetX(i));
        for (int i = 0; i < 32; i++) Assert.Equal(new UInt128((ulong)i, ~(ulong)i), Cpu.GetV(i));
        Assert.Equal(0xdead_beef_0000_0003, Cpu.Pc);
    }

    [Theory]
    [InlineData(-1, -1)]
    [InlineData(31, 32)]
    [InlineData(int.MaxValue, int.MinValue)]
    public void Registers_that_do_not_exist_are_refused(int x, int v)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Cpu.GetX(x));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cpu.SetX(x, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cpu.GetV(v));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cpu.SetV(v, 1));
    }

    [Fact]
    public void The_two_stack_pointers_are_kept_apart()
    {
        Cpu.Pstate = Pstate.EL1h;
        Cpu.Sp = 0x1110;
        Cpu.Pstate = Pstate.EL1t;
        Cpu.Sp = 0x2220;
        Assert.Equal((0x1110ul, 0x2220ul), (_guest.Get(SystemRegister.SP_EL1), _guest.Get(SystemRegister.SP_EL0)));
        Cpu.Pstate = Pstate.EL0t;
        Assert.Equal(0x2220ul, Cpu.Sp);
        _guest.Set(SystemRegister.SP_EL0, 0x3330);
        _guest.Set(SystemRegister.SP_EL1, 0x4440);
        Assert.Equal(0x3330ul, Cpu.Sp);
        Cpu.Pstate = Pstate.EL1h;
        Assert.Equal(0x4440ul, Cpu.Sp);
        _guest.Set(SystemRegister.SPSel, 0);
        Assert.Equal((0x3330ul, Pstate.EL1t), (Cpu.Sp, Cpu.Pstate));
    }

    [Fact]
    public void SPSel_has_no_effect_at_EL0()
    {
        Cpu.Pstate = Pstate.EL0t;
        _guest.Set(SystemRegister.SPSel, 1);
        Assert.Equal((Guest.Data + 0x4000, Pstate.EL0t), (Cpu.Sp, Cpu.Pstate));
        _guest.Write(Guest.Code, Mov(X0, Sp), Brk());
        _guest.RunToBreakpoint();
        Assert.Equal(Guest.Data + 0x4000, _guest.X(0));
        Cpu.Pstate = Pstate.EL1h;
        Assert.Equal(Guest.Data + 0x8000, Cpu.Sp);
    }

    [Theory]
    [InlineData(Pstate.EL0t)]
    [InlineData(Pstate.EL1t)]
    [InlineData(Pstate.EL1h)]
    public void PSTATE_holds_its_fields_and_nothing_else(uint mode)
    {
        const uint Fields = Pstate.Nzcv | Pstate.DIT | Pstate.UAO | Pstate.PAN | Pstate.SS | Pstate.IL | Pstate.SSBS | Pstate.BTYPE | Pstate.Daif;
        for (int bit = 5; bit < 32; bit++)
        {
            Cpu.Pstate = (1u << bit) | mode;
            Assert.Equal(((1u << bit) & Fields) | mode, Cpu.Pstate);
        }

        Cpu.Pstate = (0xffff_ffe0 & ~0x10u) | mode;
        Assert.Equal(Fields | mode, Cpu.Pstate);
    }

    [Fact]
    public void PSTATE_of_another_mode_is_refused_and_changes_nothing()
    {
        for (uint mode = 0; mode < 32; mode++)
        {
            if (mode is Pstate.EL0t or Pstate.EL1t or Pstate.EL1h) continue;
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => Cpu.Pstate = Pstate.N | mode);
            Assert.Contains($"0x{Pstate.N | mode:x}", error.Message, StringComparison.Ordinal);
            Assert.Equal(Pstate.Daif | Pstate.EL1h, Cpu.Pstate);
        }
    }

    [Fact]
    public void The_flags_that_the_host_sets_are_those_that_the_guest_sees()
    {
        for (uint nzcv = 0; nzcv < 16; nzcv++)
        {
            _guest.Write(Guest.Code, Mrs(X0, SystemRegister.NZCV), Cset(X1, Mi), Cset(X2, Eq), Cset(X3, Cs), Cset(X4, Vs), Msr(SystemRegister.NZCV, X5), Brk());
            Cpu.Pc = Guest.Code;
            Cpu.Pstate = (nzcv << 28) | Pstate.EL1h;
            Cpu.SetX(5, ~((ulong)nzcv << 28));
            _guest.RunToBreakpoint();
            Assert.Equal((ulong)nzcv << 28, _guest.X(0));
            Assert.Equal(nzcv, (_guest.X(1) << 3) | (_guest.X(2) << 2) | (_guest.X(3) << 1) | _guest.X(4));
            Assert.Equal(~nzcv & 15, Cpu.Pstate >> 28);
        }
    }

    [Theory]
    [InlineData(SystemRegister.TPIDR_EL0, ulong.MaxValue, ulong.MaxValue)]
    [InlineData(SystemRegister.TPIDRRO_EL0, 0x1234, 0x1234)]
    [InlineData(SystemRegister.TPIDR_EL1, ulong.MaxValue, ulong.MaxValue)]
    [InlineData(SystemRegister.ELR_EL1, ulong.MaxValue, ulong.MaxValue)]
    [InlineData(SystemRegister.VBAR_EL1, ulong.MaxValue, 0xffff_ffff_ffff_f800)]
    [InlineData(SystemRegister.NZCV, ulong.MaxValue, 0xf000_0000)]
    [InlineData(SystemRegister.DAIF, ulong.MaxValue, 0x3c0)]
    [InlineData(SystemRegister.TTBR0_EL1, 0x4000_0001, 0x4000_0001)]
    [InlineData(SystemRegister.CONTEXTIDR_EL1, ulong.MaxValue, 0xffff_ffff)]
    public void System_registers_hold_what_is_written_but_for_fixed_bits(SystemRegister register, ulong written, ulong read)
    {
        _guest.Set(register, written);
        Assert.Equal(read, _guest.Get(register));
        _guest.Set(register, 0);
        Assert.Equal(0ul, _guest.Get(register));
    }

    [Fact]
    public void System_registers_that_are_not_there_or_read_only_are_typed_errors()
    {
        var unknown = SystemRegisters.Encode(3, 0, 15, 15, 7);
        SystemRegisterException error = Assert.Throws<SystemRegisterException>(() => _guest.Get(unknown));
        Assert.Equal((unknown, true), (error.Register, error.Message.Contains("S3_0_C15_C15_7", StringComparison.Ordinal)));
        Assert.Throws<SystemRegisterException>(() => _guest.Set(unknown, 1));
        Assert.Throws<SystemRegisterException>(() => _guest.Set(SystemRegister.MIDR_EL1, 1));
        Assert.Throws<SystemRegisterException>(() => _guest.Set(SystemRegister.CurrentEL, 4));
        Assert.Throws<SystemRegisterException>(() => _guest.Get(SystemRegister.OSLAR_EL1));
    }
}
