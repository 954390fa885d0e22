using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>The bits of PSTATE by name, and random numbers.</summary>
public sealed class ProcessStateTests
{
    private const ulong Dssbs = 1ul << 44;

    [Theory]
    [InlineData(SystemRegister.SSBS, PstateField.SSBS, Pstate.SSBS, Pstate.EL0t)]
    [InlineData(SystemRegister.SSBS, PstateField.SSBS, Pstate.SSBS, Pstate.EL1h)]
    [InlineData(SystemRegister.DIT, PstateField.DIT, Pstate.DIT, Pstate.EL0t)]
    [InlineData(SystemRegister.DIT, PstateField.DIT, Pstate.DIT, Pstate.EL1h)]
    public void A_bit_is_written_and_read_at_every_level(SystemRegister register, PstateField field, uint bit, uint mode)
    {
        using var guest = new Guest(Msr(field, 1), Mrs(X0, register), Msr(field, 0), Mrs(X1, register), Msr(register, X9), Mrs(X2, register), Msr(register, Xzr), Mrs(X3, register), Brk(9));
        guest.Cpu.SetX(9, ulong.MaxValue);
        guest.Cpu.Pstate = mode | Pstate.C;
        guest.RunToBreakpoint(9);
        Assert.Equal((bit, 0ul, bit, 0ul), (guest.X(0), guest.X(1), guest.X(2), guest.X(3)));
        Assert.Equal(mode | Pstate.C, guest.Cpu.Pstate & (Pstate.Nzcv | Pstate.ModeMask | bit));
    }

    [Fact]
    public void EL1_writes_PAN_UAO_and_SPSel()
    {
        using var guest = new Guest(
            Msr(PstateField.PAN, 1), Mrs(X0, SystemRegister.PAN), Msr(PstateField.PAN, 0), Mrs(X1, SystemRegister.PAN),
            Msr(PstateField.UAO, 1), Mrs(X2, SystemRegister.UAO), Msr(PstateField.UAO, 0), Mrs(X3, SystemRegister.UAO),
            Msr(PstateField.SPSel, 0), Mrs(X4, SystemRegister.SPSel), Add(X5, Sp, 0), Msr(PstateField.SPSel, 1), Mrs(X6, SystemRegister.SPSel), Add(X7, Sp, 0), Brk(9));
        guest.RunToBreakpoint(9);
        Assert.Equal((Pstate.PAN, 0ul, Pstate.UAO, 0ul), (guest.X(0), guest.X(1), guest.X(2), guest.X(3)));
        Assert.Equal((0ul, Guest.Data + 0x4000, 1ul, Guest.Data + 0x8000), (guest.X(4), guest.X(5), guest.X(6), guest.X(7)));
    }

    // An exception keeps DIT and takes SSBS from SCTLR_EL1.DSSBS; SPSR_EL1 has both as they were (Arm ARM, AArch64.TakeException()).
    [Theory]
    [InlineData(0, Pstate.DIT | Pstate.SSBS, Pstate.DIT)]
    [InlineData(0, 0, 0)]
    [InlineData(Dssbs, Pstate.DIT, Pstate.DIT | Pstate.SSBS)]
    [InlineData(Dssbs, 0, Pstate.SSBS)]
    public void An_exception_saves_both(ulong control, uint before, uint after)
    {
        const uint Both = Pstate.DIT | Pstate.SSBS;
        using var guest = new Guest(Svc(1));
        guest.SetControl(control);
        guest.Cpu.Pstate = Pstate.EL0t | before;
        guest.Run();
        Assert.Equal((Guest.Vectors + 0x400, 0x5600_0001ul), (guest.Cpu.Pc, guest.Get(SystemRegister.ESR_EL1)));
        Assert.Equal((before, after), ((uint)guest.Get(SystemRegister.SPSR_EL1) & Both, guest.Cpu.Pstate & Both));
    }

    [Fact]
    public void ERET_restores_both()
    {
        using var guest = new Guest(Eret(), Brk(9));
        guest.Set(SystemRegister.SPSR_EL1, Pstate.EL0t | Pstate.DIT | Pstate.SSBS);
        guest.Set(SystemRegister.ELR_EL1, Guest.Code + 4);
        guest.RunToBreakpoint(9);
        Assert.Equal(Pstate.EL0t | Pstate.DIT | Pstate.SSBS, guest.Cpu.Pstate & (Pstate.ModeMask | Pstate.DIT | Pstate.SSBS));
    }

    // RNDR and RNDRRS give what the source gives and clear NZCV, which says that they did; a look by the host changes no flag.
    [Fact]
    public void Random_numbers_are_of_the_source_that_the_host_gives()
    {
        ulong next = 0x1111;
        using VirtualMachine machine = new SoftwareBackend(new SoftwareOptions { Random = () => next++ }).CreateVirtualMachine();
        machine.Memory.Map(0x4000_0000, 0x1000);
        uint[] code = [0xd53b_2400, 0xd53b_2421, Brk(9).Word];
        for (int i = 0; i < code.Length; i++) machine.Memory.Write(0x4000_0000 + (4 * (ulong)i), BitConverter.GetBytes(code[i]));
        VirtualCpu cpu = machine.CreateVirtualCpu();
        (cpu.Pc, cpu.Pstate) = (0x4000_0000, Pstate.EL0t | Pstate.Nzcv);
        cpu.TrapDebugExceptions = true;
        Assert.Equal(ExceptionClass.Brk64, cpu.Run().ExceptionClass);
        Assert.Equal((0x1111ul, 0x1112ul, 0u), (cpu.GetX(0), cpu.GetX(1), cpu.Pstate & Pstate.Nzcv));

        cpu.Pstate = Pstate.EL0t | Pstate.Nzcv;
        Assert.Equal((0x1113ul, Pstate.Nzcv), (cpu.GetSystemRegister(SystemRegister.RNDR), cpu.Pstate & Pstate.Nzcv));
    }
}
