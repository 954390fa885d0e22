using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Emulation.Models;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>CPUs by name: what they say they are, and that what they lack is not there.</summary>
public sealed class CpuModelTests
{
    private const ulong Undefined = 0x0200_0000, Pauth = 1ul << 31;

    // Of the Technical Reference Manuals (Neoverse N1 100616, Cortex-A72 100095).
    public static TheoryData<string, SystemRegister, ulong> Identities => new()
    {
        { "neoverse-n1", SystemRegister.MIDR_EL1, 0x414f_d0c1 },
        { "neoverse-n1", SystemRegister.REVIDR_EL1, 0 },
        { "neoverse-n1", SystemRegister.CTR_EL0, 0x8444_c004 },
        { "neoverse-n1", SystemRegister.CLIDR_EL1, 0x8200_0023 },
        { "neoverse-n1", SystemRegister.DCZID_EL0, 4 },
        { "neoverse-n1", SystemRegister.ID_AA64ISAR0_EL1, 0x0000_1000_1021_1120 },
        { "cortex-a72", SystemRegister.MIDR_EL1, 0x410f_d083 },
        { "cortex-a72", SystemRegister.CTR_EL0, 0x8444_c004 },
        { "cortex-a72", SystemRegister.CLIDR_EL1, 0x0a20_0023 },
        { "cortex-a72", SystemRegister.DCZID_EL0, 4 },
        { "cortex-a72", SystemRegister.ID_AA64ISAR0_EL1, 0x1_1120 },
        { "cortex-a72", SystemRegister.ID_AA64ISAR1_EL1, 0 },
        { "cortex-a72", SystemRegister.ID_AA64MMFR1_EL1, 0 },
        { "cortex-a72", SystemRegister.ID_AA64MMFR2_EL1, 0 },
        { "cortex-a72", SystemRegister.ID_AA64PFR1_EL1, 0 },
        { "max", SystemRegister.MIDR_EL1, 0x000f_0000 },
    };

    [Theory]
    [MemberData(nameof(Identities))]
    public void A_CPU_has_the_identity_of_its_manual(string cpu, SystemRegister register, ulong value)
    {
        using var guest = new Guest(cpu, Mrs(X0, register), Brk(9));
        guest.RunToBreakpoint(9);
        Assert.Equal((value, value), (guest.X(0), guest.Get(register)));
    }

    // L1 data, L1 instructions, L2; and a cache that is not there.
    [Theory]
    [InlineData("neoverse-n1", 0x701f_e01aul, 0x201f_e01aul, 0x70ff_e03aul)]
    [InlineData("cortex-a72", 0x701f_e00aul, 0x201f_e012ul, 0x707f_e07aul)]
    [InlineData("max", 0ul, 0ul, 0ul)]
    public void CCSIDR_is_of_the_cache_that_CSSELR_selects(string cpu, ulong data, ulong instructions, ulong second)
    {
        using var guest = new Guest(cpu);
        ulong[] found = new ulong[4];
        for (ulong i = 0; i < 4; i++)
        {
            guest.Set(SystemRegister.CSSELR_EL1, i);
            found[i] = guest.Get(SystemRegister.CCSIDR_EL1);
        }

        Assert.Equal([data, instructions, second, 0], found);
    }

    // The unsigned fields of the ID registers; the manuals' values once more, to be independent of the models.
    [Theory]
    [InlineData("neoverse-n1", 0x1100_0000_1011_1112, 0x20, 0x1_1030_5408, 0x1000_1021_1120, 0x10_0001, 0x10_1125, 0x1021_2122, 0x1011)]
    [InlineData("cortex-a72", 0x2222, 0, 0x1030_5106, 0x1_1120, 0, 0x1124, 0, 0)]
    public void No_field_claims_more_than_the_CPU_or_the_engine_has(string cpu, ulong pfr0, ulong pfr1, ulong dfr0, ulong isar0, ulong isar1, ulong mmfr0, ulong mmfr1, ulong mmfr2)
    {
        (SystemRegister Register, ulong Manual)[] registers =
        [
            (SystemRegister.ID_AA64PFR0_EL1, pfr0), (SystemRegister.ID_AA64PFR1_EL1, pfr1), (SystemRegister.ID_AA64DFR0_EL1, dfr0), (SystemRegister.ID_AA64ISAR0_EL1, isar0),
            (SystemRegister.ID_AA64ISAR1_EL1, isar1), (SystemRegister.ID_AA64MMFR0_EL1, mmfr0), (SystemRegister.ID_AA64MMFR1_EL1, mmfr1), (SystemRegister.ID_AA64MMFR2_EL1, mmfr2),
        ];
        using var guest = new Guest(cpu);
        using var max = new Guest();
        foreach ((SystemRegister register, ulong manual) in registers)
        {
            for (int shift = 0; shift < 64; shift += 4)
            {
                ulong Field(ulong value) => value >> shift & 15;
                Assert.Equal(Math.Min(Field(manual), Field(max.Get(register))), Field(guest.Get(register)));
            }
        }
    }

    public static TheoryData<string, uint, bool> Absent => new()
    {
        // The second is true if Neoverse N1 has it; Cortex-A72 has none of them, and max all.
        { "MRS X0, PAN", 0xd538_4260, true },
        { "MSR PAN, #1", 0xd500_419f, true },
        { "MRS X0, UAO", 0xd538_4280, true },
        { "MRS X0, LORC_EL1", 0xd538_a460, true },
        { "AT S1E1RP, X0", 0xd508_7900, true },
        { "CASAL X0, X1, [X2]", 0xc8e0_fc41, true },
        { "LDAPR X0, [X2]", 0xf8bf_c040, true },
        { "SDOT V0.4S, V1.16B, V2.16B", 0x4e82_9420, true },
        { "FADD H0, H1, H2", 0x1ee2_2820, true },
        { "MRS X0, SSBS", 0xd53b_42c0, true },
        { "MSR SSBS, #1", 0xd503_413f, true },
        { "DC CVAP, X2", 0xd50b_7c22, true },
        { "DC CVADP, X2", 0xd50b_7d22, false },
        { "CFP RCTX, X2", 0xd50b_7382, false },
        { "DVP RCTX, X2", 0xd50b_73a2, false },
        { "CPP RCTX, X2", 0xd50b_73e2, false },
        { "MRS X0, DIT", 0xd53b_42a0, false },
        { "MSR DIT, #1", 0xd503_415f, false },
        { "MRS X0, SCXTNUM_EL0", 0xd53b_d0e0, false },
        { "MRS X0, SCXTNUM_EL1", 0xd538_d0e0, false },
        { "MRS X0, RNDR", 0xd53b_2400, false },
        { "MRS X0, RNDRRS", 0xd53b_2420, false },
        { "TLBI VMALLE1OS", 0xd508_811f, false },
        { "TLBI RVAE1, X0", 0xd508_8620, false },
        { "MRS X0, APIAKeyLo_EL1", 0xd538_2100, false },
        { "MSR APGAKeyHi_EL1, X0", 0xd518_2320, false },
        { "PACGA X0, X1, X2", 0x9ac2_3020, false },
        { "XPACI X0", 0xdac1_43e0, false },
        { "BRAAZ X2", 0xd61f_085f, false },
        { "SB", 0xd503_30ff, false },
        { "CFINV", 0xd500_401f, false },
    };

    [Theory]
    [MemberData(nameof(Absent))]
    public void What_a_CPU_lacks_is_undefined(string name, uint word, bool isInN1)
    {
        foreach ((string cpu, bool has) in ((string, bool)[])[("max", true), ("neoverse-n1", isInN1), ("cortex-a72", false)])
        {
            using var guest = new Guest(cpu, word, Brk(9));
            guest.Set(SystemRegister.CPACR_EL1, 3 << 20);
            guest.Cpu.SetX(2, Guest.Data);
            if (word == 0xd61f_085f) guest.Cpu.SetX(2, Guest.Code + 4);
            if (has) guest.RunToBreakpoint(9);
            else guest.RunToVector(0x200, Undefined, Guest.Code);
            Assert.Equal((has, name), (guest.Cpu.InstructionCount == 1, name));
        }
    }

    [Fact]
    public void The_host_finds_no_register_of_what_a_CPU_lacks()
    {
        using var guest = new Guest("neoverse-n1");
        Assert.Throws<SystemRegisterException>(() => guest.Get(SystemRegister.APIAKeyLo_EL1));
        Assert.Throws<SystemRegisterException>(() => guest.Set(SystemRegister.APGAKeyHi_EL1, 1));
        guest.Set(SystemRegister.PAN, 0);
    }

    // PACIASP, AUTIASP, XPACLRI, PACIA1716, BTI jc.
    [Fact]
    public void Hints_of_what_a_CPU_lacks_do_nothing()
    {
        foreach (string cpu in SoftwareBackend.Cpus)
        {
            using var guest = new Guest(cpu, 0xd503_233f, 0xd503_211f, 0xd503_24df, Brk(9));
            guest.Set(SystemRegister.SCTLR_EL1, Pauth);
            guest.Set(SystemRegister.TCR_EL1, 16 | (16 << 16));
            guest.Cpu.SetX(30, 0x1234);
            guest.Cpu.SetX(17, 0x5678);
            guest.RunToBreakpoint(9);
            Assert.Equal((cpu, cpu != "max", cpu != "max"), (cpu, guest.X(30) == 0x1234, guest.X(17) == 0x5678));
        }
    }

    [Fact]
    public void Control_bits_of_what_a_CPU_lacks_are_RES0()
    {
        const ulong Span = 1 << 23, Res1 = 0x3050_0980;
        using var guest = new Guest("cortex-a72");
        guest.Set(SystemRegister.SCTLR_EL1, Pauth | (3ul << 35));
        Assert.Equal(Res1 | Span, guest.Get(SystemRegister.SCTLR_EL1));

        // HA, HD, HPD0, TBID0, E0PD0; and a granule of 16 KiB, which this CPU takes for 4 KiB, in both halves.
        guest.Set(SystemRegister.TCR_EL1, (1ul << 39) | (1ul << 40) | (1ul << 41) | (1ul << 51) | (1ul << 55) | (2ul << 14) | (1ul << 30) | 25);
        Assert.Equal((2ul << 30) | 25, guest.Get(SystemRegister.TCR_EL1));
        guest.Cpu.Pstate = Pstate.PAN | Pstate.UAO | Pstate.BTYPE | Pstate.EL1h;
        Assert.Equal(Pstate.EL1h, guest.Cpu.Pstate);

        using var max = new Guest();
        max.Set(SystemRegister.TCR_EL1, (1ul << 39) | (2ul << 14) | (1ul << 30));
        Assert.Equal((1ul << 39) | (2ul << 14) | (1ul << 30), max.Get(SystemRegister.TCR_EL1));
    }

    // PARange of Cortex-A72 is 44 bits; of the others 48.
    [Theory]
    [InlineData("cortex-a72", true)]
    [InlineData("neoverse-n1", false)]
    [InlineData("max", false)]
    public void Physical_addresses_have_the_bits_of_the_CPU(string cpu, bool faults)
    {
        using var guest = new Guest(cpu, Ldr(X0, Mem(X1)));
        guest.Cpu.SetX(1, 1ul << 44);
        if (faults) guest.RunToVector(0x200, 0x9600_0000, Guest.Code);
        else Assert.Equal(VmExitReason.Mmio, guest.Run().Reason);
    }

    [Fact]
    public void A_name_that_is_none_is_refused_with_those_that_there_are()
    {
        UnknownCpuException error = Assert.Throws<UnknownCpuException>(() => new SoftwareBackend(new SoftwareOptions { Cpu = "cortex-z80" }));
        Assert.Equal(("cortex-z80", "There is no CPU 'cortex-z80': the software engine has max, neoverse-n1, cortex-a72."), (error.Cpu, error.Message));
        Assert.Equal(["max", "neoverse-n1", "cortex-a72"], error.Known);
        Assert.Equal(CpuModels.All.Select(m => m.Name), SoftwareBackend.Cpus);
        using VirtualMachine machine = new SoftwareBackend(new SoftwareOptions { Cpu = "Neoverse-N1" }).CreateVirtualMachine();
        Assert.Equal(0x414f_d0c1ul, machine.CreateVirtualCpu().GetSystemRegister(SystemRegister.MIDR_EL1));
    }
}
