using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Models;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Emulation.SystemRegisters;

/// <summary>The system registers of the software CPU, a row each. What has no row is an undefined instruction.</summary>
internal static class SystemRegisterTable
{
    private const ulong SctlrRes1 = 0x3050_0980, SctlrSpan = 1ul << 23;

    // SCTLR_EL1 bits (Arm ARM D24.2.175).
    private const ulong SctlrUma = 1ul << 9, SctlrUct = 1ul << 15, SctlrTscxt = 1ul << 20;

    // ID_AA64PFR0_EL1.GIC: the system registers of a GICv3.
    private const ulong GicSystemRegisters = 1ul << 24;

    // CPACR_EL1.FPEN.
    private const ulong CpacrFpen = 3ul << 20;

    // AHP, DN, FZ, RMode and FZ16; QC, IDC, IXC, UFC, OFC, DZC and IOC. Trapping of floating-point exceptions is not there.
    private const uint FpcrMask = 0x07c8_0000, FpsrMask = 0x0800_009f;

    // CNTKCTL_EL1.EL0PCTEN and EL0VCTEN (D24.2.41).
    private const ulong El0PctEn = 1, El0VctEn = 2, El0VtEn = 1 << 8, El0PtEn = 1 << 9;

    public static IReadOnlyList<SystemRegisterRow> Rows { get; } =
    [
        // Identification, of the model that has all features. They claim what the CPU does and nothing else.
        Identification(MIDR_EL1, 0x000f_0000),                                    // implementer 0: reserved for software
        Stored(MPIDR_EL1, write: false),
        Identification(REVIDR_EL1, 0),
        new(ID_AA64PFR0_EL1)                                                // EL0 and EL1 in AArch64 only; FP and SIMD with half precision; DIT, CSV2_2, CSV3
        {
            Identification = 0x11 | (1ul << 16) | (1ul << 20) | (1ul << 48) | (2ul << 56) | (1ul << 60),
            Read = cpu => cpu.Model.Identification(ID_AA64PFR0_EL1) | (cpu.GicCpuInterface is null ? 0 : GicSystemRegisters),
        },
        Constant(ID_AA64PFR1_EL1, 1 | (2ul << 4)),                          // BTI, SSBS2
        Constant(ID_AA64ZFR0_EL1, 0),
        Constant(ID_AA64DFR0_EL1, 0x6 | (6ul << 8) | (5ul << 12) | (3ul << 20) | (1ul << 28)), // Armv8 debug, PMUv3p5: 6 breakpoints, of which 2 know contexts, and 4 watchpoints
        Constant(ID_AA64DFR1_EL1, 0),
        Constant(ID_AA64AFR0_EL1, 0),
        Constant(ID_AA64AFR1_EL1, 0),
        Constant(ID_AA64ISAR0_EL1,                                          // PMULL, SHA1, SHA512, CRC32, Atomic, RDM, SHA3, SM3, SM4, DP, FHM, TS (FlagM2), TLB (range), RNDR
            (2ul << 4) | (1ul << 8) | (2ul << 12) | (1ul << 16) | (2ul << 20) | (1ul << 28) | (1ul << 32) | (1ul << 36) | (1ul << 40) | (1ul << 44)
            | (1ul << 48) | (2ul << 52) | (2ul << 56) | (1ul << 60)),
        Constant(ID_AA64ISAR1_EL1,                                          // DPB2, APA (FPACCOMBINE, QARMA5), JSCVT, FCMA, LRCPC2, GPA, FRINTTS, SB, SPECRES, BF16, I8MM
            2 | (5ul << 4) | (1ul << 24) | (1ul << 12) | (1ul << 16) | (2ul << 20) | (1ul << 32) | (1ul << 36) | (1ul << 40) | (1ul << 44) | (1ul << 52)),
        Constant(ID_AA64ISAR2_EL1, 2 | (1ul << 16) | (1ul << 20) | (1ul << 52)), // WFxT, MOPS, BC, CSSC
        Constant(ID_AA64MMFR0_EL1, 0x5 | (2ul << 4) | (1ul << 20)),         // 48-bit physical addresses, 16-bit ASIDs, granules of 4, 16 and 64 KiB
        Constant(ID_AA64MMFR1_EL1, 2 | (1ul << 12) | (1ul << 16) | (2ul << 20)), // HAFDBS with dirty state, HPDS, LO, PAN2
        Constant(ID_AA64MMFR2_EL1,                                          // CnP, UAO, ST (TTST), AT (LSE2), TTL, BBM, E0PD
            1 | (1ul << 4) | (1ul << 28) | (1ul << 32) | (1ul << 48) | (2ul << 52) | (1ul << 60)),
        Constant(AIDR_EL1, 0),
        Identification(CLIDR_EL1, 0),
        new(CCSIDR_EL1) { Read = cpu => cpu.Model.CacheSize(cpu.Registers[CSSELR_EL1]) },
        Stored(CSSELR_EL1, mask: 0xf),
        new(CTR_EL0) { Read = cpu => cpu.Model.Identification(CTR_EL0), Identification = 0x8444_c004, ReadLevel = 0, AllowedAtEL0 = cpu => Has(cpu, SCTLR_EL1, SctlrUct) },
        new(DCZID_EL0) { Read = cpu => cpu.Model.Identification(DCZID_EL0), Identification = 4, ReadLevel = 0 },                  // DC ZVA of 64 bytes

        // Process state.
        new(NZCV) { Read = cpu => cpu.ReadPstate() & Pstate.Nzcv, Write = (cpu, v) => cpu.WritePstate((cpu.ReadPstate() & ~Pstate.Nzcv) | ((uint)v & Pstate.Nzcv)) },
        new(DAIF)
        {
            Read = cpu => cpu.PstateBits & Pstate.Daif,
            Write = (cpu, v) => cpu.PstateBits = (cpu.PstateBits & ~Pstate.Daif) | ((uint)v & Pstate.Daif),
            AllowedAtEL0 = cpu => Has(cpu, SCTLR_EL1, SctlrUma),
        },
        new(PAN) { Read = cpu => cpu.PstateBits & Pstate.PAN, Write = (cpu, v) => WritePstateBit(cpu, Pstate.PAN, v) },
        new(UAO) { Read = cpu => cpu.PstateBits & Pstate.UAO, Write = (cpu, v) => WritePstateBit(cpu, Pstate.UAO, v) },
        new(DIT) { Read = cpu => cpu.PstateBits & Pstate.DIT, Write = (cpu, v) => WritePstateBit(cpu, Pstate.DIT, v) },
        new(SSBS) { Read = cpu => cpu.PstateBits & Pstate.SSBS, Write = (cpu, v) => WritePstateBit(cpu, Pstate.SSBS, v) },
        new(FPCR) { IsFloating = true, Read = cpu => cpu.Floating.Control, Write = (cpu, v) => cpu.Floating.Control = (uint)v & FpcrMask },
        new(FPSR) { IsFloating = true, Read = cpu => cpu.Floating.Status, Write = (cpu, v) => cpu.Floating.Status = (uint)v & FpsrMask },
        new(CurrentEL) { Read = cpu => (ulong)cpu.ExceptionLevel << 2 },
        new(SPSel)
        {
            Read = cpu => cpu.UsesOwnStackPointer ? 1u : 0u,
            Write = (cpu, v) => cpu.SelectStackPointer((v & 1) != 0),
            HostWrite = (cpu, v) => cpu.SelectStackPointer(cpu.ExceptionLevel != 0 && (v & 1) != 0), // EL0 has one stack pointer
        },

        // Exception handling. SP_EL0 is undefined at EL1 while it is the stack pointer in use (C5.2.18).
        new(SP_EL0) { Slot = 0, Read = cpu => cpu.ReadStackPointer(own: false), Write = (cpu, v) => cpu.WriteStackPointer(own: false, v) },
        new(SP_EL1) { Slot = 0, Read = cpu => cpu.ReadStackPointer(own: true), HostWrite = (cpu, v) => cpu.WriteStackPointer(own: true, v), ReadLevel = 2, WriteLevel = 2 },
        Stored(SPSR_EL1, mask: 0xffff_ffff),
        Stored(ELR_EL1),
        Stored(ESR_EL1, mask: 0xff_ffff_ffff),
        Stored(FAR_EL1),
        Stored(AFSR0_EL1, mask: 0),
        Stored(AFSR1_EL1, mask: 0),
        Stored(VBAR_EL1, mask: ~0x7fful),
        new(ISR_EL1) { Read = cpu => cpu.PendingLines },
        Constant(RVBAR_EL1, 0),

        // Control.
        new(SCTLR_EL1) { Slot = 0, Reset = SctlrRes1 | SctlrSpan, Read = cpu => cpu.Registers[SCTLR_EL1], Write = WriteSctlr },
        Stored(ACTLR_EL1, mask: 0),
        new(CPACR_EL1) { Slot = 0, Read = cpu => cpu.Registers[CPACR_EL1], Write = WriteCpacr },
        Stored(CONTEXTIDR_EL1, mask: 0xffff_ffff),
        Stored(TPIDR_EL1),
        Stored(TPIDR_EL0),
        new(TPIDRRO_EL0) { Slot = 0, Read = cpu => cpu.Registers[TPIDRRO_EL0], Write = (cpu, v) => cpu.Registers[TPIDRRO_EL0] = v, WriteLevel = 1 },

        // Software context numbers: values for the guest to tell contexts apart by.
        Stored(SCXTNUM_EL1),
        new(SCXTNUM_EL0)
        {
            Slot = 0,
            Read = cpu => cpu.Registers[SCXTNUM_EL0],
            Write = (cpu, v) => cpu.Registers[SCXTNUM_EL0] = v,
            AllowedAtEL0 = cpu => !Has(cpu, SCTLR_EL1, SctlrTscxt),
        },

        // Random numbers, from the source that the host chose.
        new(RNDR) { Read = cpu => cpu.Machine.Random() },
        new(RNDRRS) { Read = cpu => cpu.Machine.Random() },

        // Translation.
        AddressSpace(TTBR0_EL1),
        AddressSpace(TTBR1_EL1),
        new(TCR_EL1) { Slot = 0, Read = cpu => cpu.Registers[TCR_EL1], Write = WriteTcr },
        new(MAIR_EL1) { Slot = 0, Read = cpu => cpu.Registers[MAIR_EL1], Write = WriteMair },
        Stored(AMAIR_EL1, mask: 0),
        Stored(PAR_EL1),

        // Pointer authentication: the lower and the upper half of five keys.
        .. Enumerable.Range(0, 10).Select(KeyHalf),

        // Limited ordering regions: none (D24.2.83).
        Constant(LORID_EL1, 0),
        Stored(LORSA_EL1, mask: 0),
        Stored(LOREA_EL1, mask: 0),
        Stored(LORN_EL1, mask: 0),
        Stored(LORC_EL1, mask: 0),

        // Time.
        Constant(CNTFRQ_EL0, SoftwareVirtualMachine.CounterFrequency, cpu => Has(cpu, CNTKCTL_EL1, El0PctEn | El0VctEn)),
        new(CNTVCT_EL0) { Read = cpu => cpu.Counter, AllowedAtEL0 = cpu => Has(cpu, CNTKCTL_EL1, El0VctEn) },
        new(CNTPCT_EL0) { Read = cpu => cpu.Counter, AllowedAtEL0 = cpu => Has(cpu, CNTKCTL_EL1, El0PctEn) },
        Stored(CNTKCTL_EL1, mask: 0x3ff),
        .. Timer(CNTV_TVAL_EL0, CNTV_CTL_EL0, CNTV_CVAL_EL0, cpu => cpu.VirtualTimer, El0VtEn),
        .. Timer(CNTP_TVAL_EL0, CNTP_CTL_EL0, CNTP_CVAL_EL0, cpu => cpu.PhysicalTimer, El0PtEn),

        .. DebugRegisters.Rows(),
        .. PerformanceRegisters.Rows(),
    ];

    private static readonly FrozenDictionary<SystemRegister, SystemRegisterRow> s_rows = Number();

    /// <summary>Number of storage places.</summary>
    public static int SlotCount => Rows.Count;

    public static bool TryFind(SystemRegister register, [NotNullWhen(true)] out SystemRegisterRow? row) => s_rows.TryGetValue(register, out row);

    public static int Slot(SystemRegister register) => s_rows[register].Slot;

    private static FrozenDictionary<SystemRegister, SystemRegisterRow> Number()
    {
        for (int i = 0; i < Rows.Count; i++)
        {
            if (Rows[i].Slot >= 0) Rows[i].Slot = i;
        }

        return Rows.ToFrozenDictionary(r => r.Register);
    }

    // The registers of features, from ID_AA64PFR0_EL1 on, are each model's own.
    private static SystemRegisterRow Constant(SystemRegister register, ulong value, Func<SoftwareVirtualCpu, bool>? allowedAtEL0 = null)
        => register is >= ID_AA64PFR0_EL1 and < SCTLR_EL1 ? Identification(register, value) : new(register) { Read = _ => value, AllowedAtEL0 = allowedAtEL0 };

    private static SystemRegisterRow Identification(SystemRegister register, ulong value) => new(register) { Read = cpu => cpu.Model.Identification(register), Identification = value };

    private static SystemRegisterRow Stored(SystemRegister register, ulong mask = ulong.MaxValue, bool write = true) => new(register)
    {
        Slot = 0,
        Read = cpu => cpu.Registers[register],
        Write = write ? (cpu, v) => cpu.Registers[register] = v & mask : null,
    };

    private static void WriteSctlr(SoftwareVirtualCpu cpu, ulong value)
    {
        // Without PAN, SPAN is RES1; without CSV2_2, TSCXT is.
        ulong res1 = cpu.Model.Has(Feature.CSV2_2) ? SctlrRes1 & ~SctlrTscxt : SctlrRes1;
        cpu.Registers[SCTLR_EL1] = (value & ~cpu.Model.AbsentControl) | res1 | (cpu.Model.Has(Feature.PAN) ? 0 : SctlrSpan);
        cpu.UpdateAlignment();
        cpu.UpdateSigner();
        cpu.FlushTlb();
    }

    private static void WriteTcr(SoftwareVirtualCpu cpu, ulong value)
    {
        value &= ~cpu.Model.AbsentTranslationControl;
        if (!cpu.Model.Has(Feature.TGran16K)) value = WithoutGranule16(value);
        if (cpu.Registers[TCR_EL1] == value) return;
        cpu.Registers[TCR_EL1] = value;
        cpu.UpdateSigner();
        cpu.FlushTlb();
        cpu.ChangeAddressSpace(); // A1 and AS say which ASID counts
    }

    private static SystemRegisterRow KeyHalf(int half) => new((SystemRegister)((int)APIAKeyLo_EL1 + ((half >> 2) << 3) + (half & 3)))
    {
        Read = cpu => cpu.Signer[half],
        Write = (cpu, v) => cpu.Signer[half] = v,
    };

    // A granule that is not there is taken for 4 KiB: TG0 2 is 16 KiB and 0 is 4, TG1 1 and 2 (D24.2.185).
    private static ulong WithoutGranule16(ulong tcr)
    {
        if ((tcr >> 14 & 3) == 2) tcr &= ~(3ul << 14);
        if ((tcr >> 30 & 3) == 1) tcr ^= 3ul << 30;
        return tcr;
    }

    private static SystemRegisterRow AddressSpace(SystemRegister register) => new(register)
    {
        Slot = 0,
        Read = cpu => cpu.Registers[register],
        Write = (cpu, v) =>
        {
            cpu.Registers[register] = v;
            cpu.ChangeAddressSpace();
        },
    };

    private static void WriteMair(SoftwareVirtualCpu cpu, ulong value)
    {
        if (cpu.Registers[MAIR_EL1] == value) return;
        cpu.Registers[MAIR_EL1] = value;
        cpu.FlushTlb();
    }

    private static SystemRegisterRow[] Timer(SystemRegister value, SystemRegister control, SystemRegister compare, Func<SoftwareVirtualCpu, GenericTimer> timer, ulong permission)
    {
        SystemRegisterRow Row(SystemRegister register, Func<GenericTimer, ulong, ulong> read, Action<GenericTimer, ulong, ulong> write) => new(register)
        {
            Read = cpu =>
            {
                // Whoever sees the condition met must find the interrupt pending too, though the alarm may be late.
                ulong now = cpu.Counter;
                if (timer(cpu).Fires(now) && !timer(cpu).Output) cpu.UpdateTimers();
                return read(timer(cpu), now);
            },
            Write = (cpu, v) =>
            {
                write(timer(cpu), v, cpu.Counter);
                cpu.UpdateTimers();
            },
            AllowedAtEL0 = cpu => Has(cpu, CNTKCTL_EL1, permission),
        };
        return
        [
            Row(value, (t, now) => t.ReadValue(now), (t, v, now) => t.WriteValue(v, now)),
            Row(control, (t, now) => t.ReadControl(now), (t, v, _) => t.WriteControl(v)),
            Row(compare, (t, _) => t.CompareValue, (t, v, _) => t.CompareValue = v),
        ];
    }

    private static void WritePstateBit(SoftwareVirtualCpu cpu, uint bit, ulong value)
    {
        cpu.PstateBits = (cpu.PstateBits & ~bit) | ((uint)value & bit);
        cpu.SelectTables();
    }

    private static void WriteCpacr(SoftwareVirtualCpu cpu, ulong value)
    {
        cpu.Registers[CPACR_EL1] = value & CpacrFpen;
        cpu.UpdateFloatingTrap();
    }

    private static bool Has(SoftwareVirtualCpu cpu, SystemRegister register, ulong bits) => (cpu.Registers[register] & bits) != 0;
}
