using System.Diagnostics.CodeAnalysis;

namespace Armillary.Arm64;

/// <summary>
/// System registers by Arm's names. The value packs the MRS/MSR encoding as Hypervisor.framework and KVM do:
/// op0 in bits 15:14, op1 in 13:11, CRn in 10:7, CRm in 6:3, op2 in 2:0. Any packed value is a register, named here or not.
/// </summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "Arm's names.")]
[SuppressMessage("Design", "CA1028:Enum Storage should be Int32", Justification = "The encoding has 16 bits.")]
[SuppressMessage("Design", "CA1008:Enums should have zero value", Justification = "Encoding 0 is no register.")]
public enum SystemRegister : ushort
{
    /// <summary>Main ID: op0 3, op1 0, CRn 0, CRm 0, op2 0.</summary>
    MIDR_EL1 = 0xc000,
    /// <summary>Multiprocessor affinity: op0 3, op1 0, CRn 0, CRm 0, op2 5.</summary>
    MPIDR_EL1 = 0xc005,
    /// <summary>Revision ID: op0 3, op1 0, CRn 0, CRm 0, op2 6.</summary>
    REVIDR_EL1 = 0xc006,
    /// <summary>Processor features 0: op0 3, op1 0, CRn 0, CRm 4, op2 0.</summary>
    ID_AA64PFR0_EL1 = 0xc020,
    /// <summary>Processor features 1: op0 3, op1 0, CRn 0, CRm 4, op2 1.</summary>
    ID_AA64PFR1_EL1 = 0xc021,
    /// <summary>SVE features: op0 3, op1 0, CRn 0, CRm 4, op2 4.</summary>
    ID_AA64ZFR0_EL1 = 0xc024,
    /// <summary>Debug features 0: op0 3, op1 0, CRn 0, CRm 5, op2 0.</summary>
    ID_AA64DFR0_EL1 = 0xc028,
    /// <summary>Debug features 1: op0 3, op1 0, CRn 0, CRm 5, op2 1.</summary>
    ID_AA64DFR1_EL1 = 0xc029,
    /// <summary>Auxiliary features 0: op0 3, op1 0, CRn 0, CRm 5, op2 4.</summary>
    ID_AA64AFR0_EL1 = 0xc02c,
    /// <summary>Auxiliary features 1: op0 3, op1 0, CRn 0, CRm 5, op2 5.</summary>
    ID_AA64AFR1_EL1 = 0xc02d,
    /// <summary>Instruction set attributes 0: op0 3, op1 0, CRn 0, CRm 6, op2 0.</summary>
    ID_AA64ISAR0_EL1 = 0xc030,
    /// <summary>Instruction set attributes 1: op0 3, op1 0, CRn 0, CRm 6, op2 1.</summary>
    ID_AA64ISAR1_EL1 = 0xc031,
    /// <summary>Instruction set attributes 2: op0 3, op1 0, CRn 0, CRm 6, op2 2.</summary>
    ID_AA64ISAR2_EL1 = 0xc032,
    /// <summary>Memory model features 0: op0 3, op1 0, CRn 0, CRm 7, op2 0.</summary>
    ID_AA64MMFR0_EL1 = 0xc038,
    /// <summary>Memory model features 1: op0 3, op1 0, CRn 0, CRm 7, op2 1.</summary>
    ID_AA64MMFR1_EL1 = 0xc039,
    /// <summary>Memory model features 2: op0 3, op1 0, CRn 0, CRm 7, op2 2.</summary>
    ID_AA64MMFR2_EL1 = 0xc03a,
    /// <summary>System control: op0 3, op1 0, CRn 1, CRm 0, op2 0.</summary>
    SCTLR_EL1 = 0xc080,
    /// <summary>Auxiliary control: op0 3, op1 0, CRn 1, CRm 0, op2 1.</summary>
    ACTLR_EL1 = 0xc081,
    /// <summary>Architectural feature access control: op0 3, op1 0, CRn 1, CRm 0, op2 2.</summary>
    CPACR_EL1 = 0xc082,
    /// <summary>Translation table base 0: op0 3, op1 0, CRn 2, CRm 0, op2 0.</summary>
    TTBR0_EL1 = 0xc100,
    /// <summary>Translation table base 1: op0 3, op1 0, CRn 2, CRm 0, op2 1.</summary>
    TTBR1_EL1 = 0xc101,
    /// <summary>Translation control: op0 3, op1 0, CRn 2, CRm 0, op2 2.</summary>
    TCR_EL1 = 0xc102,
    /// <summary>Pointer authentication key A for instructions, bits 63:0: op0 3, op1 0, CRn 2, CRm 1, op2 0.</summary>
    APIAKeyLo_EL1 = 0xc108,
    /// <summary>Pointer authentication key A for instructions, bits 127:64: op0 3, op1 0, CRn 2, CRm 1, op2 1.</summary>
    APIAKeyHi_EL1 = 0xc109,
    /// <summary>Pointer authentication key B for instructions, bits 63:0: op0 3, op1 0, CRn 2, CRm 1, op2 2.</summary>
    APIBKeyLo_EL1 = 0xc10a,
    /// <summary>Pointer authentication key B for instructions, bits 127:64: op0 3, op1 0, CRn 2, CRm 1, op2 3.</summary>
    APIBKeyHi_EL1 = 0xc10b,
    /// <summary>Pointer authentication key A for data, bits 63:0: op0 3, op1 0, CRn 2, CRm 2, op2 0.</summary>
    APDAKeyLo_EL1 = 0xc110,
    /// <summary>Pointer authentication key A for data, bits 127:64: op0 3, op1 0, CRn 2, CRm 2, op2 1.</summary>
    APDAKeyHi_EL1 = 0xc111,
    /// <summary>Pointer authentication key B for data, bits 63:0: op0 3, op1 0, CRn 2, CRm 2, op2 2.</summary>
    APDBKeyLo_EL1 = 0xc112,
    /// <summary>Pointer authentication key B for data, bits 127:64: op0 3, op1 0, CRn 2, CRm 2, op2 3.</summary>
    APDBKeyHi_EL1 = 0xc113,
    /// <summary>Pointer authentication key for generic authentication, bits 63:0: op0 3, op1 0, CRn 2, CRm 3, op2 0.</summary>
    APGAKeyLo_EL1 = 0xc118,
    /// <summary>Pointer authentication key for generic authentication, bits 127:64: op0 3, op1 0, CRn 2, CRm 3, op2 1.</summary>
    APGAKeyHi_EL1 = 0xc119,
    /// <summary>Saved program status: op0 3, op1 0, CRn 4, CRm 0, op2 0.</summary>
    SPSR_EL1 = 0xc200,
    /// <summary>Exception link: op0 3, op1 0, CRn 4, CRm 0, op2 1.</summary>
    ELR_EL1 = 0xc201,
    /// <summary>Stack pointer of EL0: op0 3, op1 0, CRn 4, CRm 1, op2 0.</summary>
    SP_EL0 = 0xc208,
    /// <summary>Stack pointer select: op0 3, op1 0, CRn 4, CRm 2, op2 0.</summary>
    SPSel = 0xc210,
    /// <summary>Current exception level: op0 3, op1 0, CRn 4, CRm 2, op2 2.</summary>
    CurrentEL = 0xc212,
    /// <summary>Privileged access never: op0 3, op1 0, CRn 4, CRm 2, op2 3.</summary>
    PAN = 0xc213,
    /// <summary>User access override: op0 3, op1 0, CRn 4, CRm 2, op2 4.</summary>
    UAO = 0xc214,
    /// <summary>Interrupt controller, priority mask: op0 3, op1 0, CRn 4, CRm 6, op2 0.</summary>
    ICC_PMR_EL1 = 0xc230,
    /// <summary>Auxiliary fault status 0: op0 3, op1 0, CRn 5, CRm 1, op2 0.</summary>
    AFSR0_EL1 = 0xc288,
    /// <summary>Auxiliary fault status 1: op0 3, op1 0, CRn 5, CRm 1, op2 1.</summary>
    AFSR1_EL1 = 0xc289,
    /// <summary>Exception syndrome: op0 3, op1 0, CRn 5, CRm 2, op2 0.</summary>
    ESR_EL1 = 0xc290,
    /// <summary>Fault address: op0 3, op1 0, CRn 6, CRm 0, op2 0.</summary>
    FAR_EL1 = 0xc300,
    /// <summary>Physical address: op0 3, op1 0, CRn 7, CRm 4, op2 0.</summary>
    PAR_EL1 = 0xc3a0,
    /// <summary>Performance monitors, interrupt enable set: op0 3, op1 0, CRn 9, CRm 14, op2 1.</summary>
    PMINTENSET_EL1 = 0xc4f1,
    /// <summary>Performance monitors, interrupt enable clear: op0 3, op1 0, CRn 9, CRm 14, op2 2.</summary>
    PMINTENCLR_EL1 = 0xc4f2,
    /// <summary>Performance monitors, machine identification: op0 3, op1 0, CRn 9, CRm 14, op2 6.</summary>
    PMMIR_EL1 = 0xc4f6,
    /// <summary>Memory attribute indirection: op0 3, op1 0, CRn 10, CRm 2, op2 0.</summary>
    MAIR_EL1 = 0xc510,
    /// <summary>Auxiliary memory attribute indirection: op0 3, op1 0, CRn 10, CRm 3, op2 0.</summary>
    AMAIR_EL1 = 0xc518,
    /// <summary>LORegion start address: op0 3, op1 0, CRn 10, CRm 4, op2 0.</summary>
    LORSA_EL1 = 0xc520,
    /// <summary>LORegion end address: op0 3, op1 0, CRn 10, CRm 4, op2 1.</summary>
    LOREA_EL1 = 0xc521,
    /// <summary>LORegion number: op0 3, op1 0, CRn 10, CRm 4, op2 2.</summary>
    LORN_EL1 = 0xc522,
    /// <summary>LORegion control: op0 3, op1 0, CRn 10, CRm 4, op2 3.</summary>
    LORC_EL1 = 0xc523,
    /// <summary>LORegion ID: op0 3, op1 0, CRn 10, CRm 4, op2 7.</summary>
    LORID_EL1 = 0xc527,
    /// <summary>Vector base address: op0 3, op1 0, CRn 12, CRm 0, op2 0.</summary>
    VBAR_EL1 = 0xc600,
    /// <summary>Reset vector base address: op0 3, op1 0, CRn 12, CRm 0, op2 1.</summary>
    RVBAR_EL1 = 0xc601,
    /// <summary>Interrupt status: op0 3, op1 0, CRn 12, CRm 1, op2 0.</summary>
    ISR_EL1 = 0xc608,
    /// <summary>Interrupt controller, acknowledge, group 0: op0 3, op1 0, CRn 12, CRm 8, op2 0.</summary>
    ICC_IAR0_EL1 = 0xc640,
    /// <summary>Interrupt controller, end, group 0: op0 3, op1 0, CRn 12, CRm 8, op2 1.</summary>
    ICC_EOIR0_EL1 = 0xc641,
    /// <summary>Interrupt controller, highest pending, group 0: op0 3, op1 0, CRn 12, CRm 8, op2 2.</summary>
    ICC_HPPIR0_EL1 = 0xc642,
    /// <summary>Interrupt controller, binary point, group 0: op0 3, op1 0, CRn 12, CRm 8, op2 3.</summary>
    ICC_BPR0_EL1 = 0xc643,
    /// <summary>Interrupt controller, active priorities, group 0: op0 3, op1 0, CRn 12, CRm 8, op2 4.</summary>
    ICC_AP0R0_EL1 = 0xc644,
    /// <summary>Interrupt controller, active priorities, group 1: op0 3, op1 0, CRn 12, CRm 9, op2 0.</summary>
    ICC_AP1R0_EL1 = 0xc648,
    /// <summary>Interrupt controller, deactivate: op0 3, op1 0, CRn 12, CRm 11, op2 1.</summary>
    ICC_DIR_EL1 = 0xc659,
    /// <summary>Interrupt controller, running priority: op0 3, op1 0, CRn 12, CRm 11, op2 3.</summary>
    ICC_RPR_EL1 = 0xc65b,
    /// <summary>Interrupt controller, send to group 1: op0 3, op1 0, CRn 12, CRm 11, op2 5.</summary>
    ICC_SGI1R_EL1 = 0xc65d,
    /// <summary>Interrupt controller, send to the other security state's group 1: op0 3, op1 0, CRn 12, CRm 11, op2 6.</summary>
    ICC_ASGI1R_EL1 = 0xc65e,
    /// <summary>Interrupt controller, send to group 0: op0 3, op1 0, CRn 12, CRm 11, op2 7.</summary>
    ICC_SGI0R_EL1 = 0xc65f,
    /// <summary>Interrupt controller, acknowledge, group 1: op0 3, op1 0, CRn 12, CRm 12, op2 0.</summary>
    ICC_IAR1_EL1 = 0xc660,
    /// <summary>Interrupt controller, end, group 1: op0 3, op1 0, CRn 12, CRm 12, op2 1.</summary>
    ICC_EOIR1_EL1 = 0xc661,
    /// <summary>Interrupt controller, highest pending, group 1: op0 3, op1 0, CRn 12, CRm 12, op2 2.</summary>
    ICC_HPPIR1_EL1 = 0xc662,
    /// <summary>Interrupt controller, binary point, group 1: op0 3, op1 0, CRn 12, CRm 12, op2 3.</summary>
    ICC_BPR1_EL1 = 0xc663,
    /// <summary>Interrupt controller, control: op0 3, op1 0, CRn 12, CRm 12, op2 4.</summary>
    ICC_CTLR_EL1 = 0xc664,
    /// <summary>Interrupt controller, system register enable: op0 3, op1 0, CRn 12, CRm 12, op2 5.</summary>
    ICC_SRE_EL1 = 0xc665,
    /// <summary>Interrupt controller, enable, group 0: op0 3, op1 0, CRn 12, CRm 12, op2 6.</summary>
    ICC_IGRPEN0_EL1 = 0xc666,
    /// <summary>Interrupt controller, enable, group 1: op0 3, op1 0, CRn 12, CRm 12, op2 7.</summary>
    ICC_IGRPEN1_EL1 = 0xc667,
    /// <summary>Context ID: op0 3, op1 0, CRn 13, CRm 0, op2 1.</summary>
    CONTEXTIDR_EL1 = 0xc681,
    /// <summary>Software thread ID of EL1: op0 3, op1 0, CRn 13, CRm 0, op2 4.</summary>
    TPIDR_EL1 = 0xc684,
    /// <summary>Software context number of EL1: op0 3, op1 0, CRn 13, CRm 0, op2 7.</summary>
    SCXTNUM_EL1 = 0xc687,
    /// <summary>Counter-timer kernel control: op0 3, op1 0, CRn 14, CRm 1, op2 0.</summary>
    CNTKCTL_EL1 = 0xc708,
    /// <summary>Current cache size ID: op0 3, op1 1, CRn 0, CRm 0, op2 0.</summary>
    CCSIDR_EL1 = 0xc800,
    /// <summary>Cache level ID: op0 3, op1 1, CRn 0, CRm 0, op2 1.</summary>
    CLIDR_EL1 = 0xc801,
    /// <summary>Auxiliary ID: op0 3, op1 1, CRn 0, CRm 0, op2 7.</summary>
    AIDR_EL1 = 0xc807,
    /// <summary>Cache size selection: op0 3, op1 2, CRn 0, CRm 0, op2 0.</summary>
    CSSELR_EL1 = 0xd000,
    /// <summary>Cache type: op0 3, op1 3, CRn 0, CRm 0, op2 1.</summary>
    CTR_EL0 = 0xd801,
    /// <summary>Data cache zero ID: op0 3, op1 3, CRn 0, CRm 0, op2 7.</summary>
    DCZID_EL0 = 0xd807,
    /// <summary>Random number: op0 3, op1 3, CRn 2, CRm 4, op2 0.</summary>
    RNDR = 0xd920,
    /// <summary>Random number, reseeded: op0 3, op1 3, CRn 2, CRm 4, op2 1.</summary>
    RNDRRS = 0xd921,
    /// <summary>Condition flags: op0 3, op1 3, CRn 4, CRm 2, op2 0.</summary>
    NZCV = 0xda10,
    /// <summary>Interrupt masks: op0 3, op1 3, CRn 4, CRm 2, op2 1.</summary>
    DAIF = 0xda11,
    /// <summary>Data independent timing: op0 3, op1 3, CRn 4, CRm 2, op2 5.</summary>
    DIT = 0xda15,
    /// <summary>Speculative store bypass safe: op0 3, op1 3, CRn 4, CRm 2, op2 6.</summary>
    SSBS = 0xda16,
    /// <summary>Floating-point control: op0 3, op1 3, CRn 4, CRm 4, op2 0.</summary>
    FPCR = 0xda20,
    /// <summary>Floating-point status: op0 3, op1 3, CRn 4, CRm 4, op2 1.</summary>
    FPSR = 0xda21,
    /// <summary>Performance monitors, control: op0 3, op1 3, CRn 9, CRm 12, op2 0.</summary>
    PMCR_EL0 = 0xdce0,
    /// <summary>Performance monitors, count enable set: op0 3, op1 3, CRn 9, CRm 12, op2 1.</summary>
    PMCNTENSET_EL0 = 0xdce1,
    /// <summary>Performance monitors, count enable clear: op0 3, op1 3, CRn 9, CRm 12, op2 2.</summary>
    PMCNTENCLR_EL0 = 0xdce2,
    /// <summary>Performance monitors, overflow status clear: op0 3, op1 3, CRn 9, CRm 12, op2 3.</summary>
    PMOVSCLR_EL0 = 0xdce3,
    /// <summary>Performance monitors, software increment: op0 3, op1 3, CRn 9, CRm 12, op2 4.</summary>
    PMSWINC_EL0 = 0xdce4,
    /// <summary>Performance monitors, counter selection: op0 3, op1 3, CRn 9, CRm 12, op2 5.</summary>
    PMSELR_EL0 = 0xdce5,
    /// <summary>Performance monitors, common event identification 0: op0 3, op1 3, CRn 9, CRm 12, op2 6.</summary>
    PMCEID0_EL0 = 0xdce6,
    /// <summary>Performance monitors, common event identification 1: op0 3, op1 3, CRn 9, CRm 12, op2 7.</summary>
    PMCEID1_EL0 = 0xdce7,
    /// <summary>Performance monitors, cycle counter: op0 3, op1 3, CRn 9, CRm 13, op2 0.</summary>
    PMCCNTR_EL0 = 0xdce8,
    /// <summary>Performance monitors, type of the selected counter: op0 3, op1 3, CRn 9, CRm 13, op2 1.</summary>
    PMXEVTYPER_EL0 = 0xdce9,
    /// <summary>Performance monitors, selected counter: op0 3, op1 3, CRn 9, CRm 13, op2 2.</summary>
    PMXEVCNTR_EL0 = 0xdcea,
    /// <summary>Performance monitors, access from EL0: op0 3, op1 3, CRn 9, CRm 14, op2 0.</summary>
    PMUSERENR_EL0 = 0xdcf0,
    /// <summary>Performance monitors, overflow status set: op0 3, op1 3, CRn 9, CRm 14, op2 3.</summary>
    PMOVSSET_EL0 = 0xdcf3,
    /// <summary>Software thread ID of EL0: op0 3, op1 3, CRn 13, CRm 0, op2 2.</summary>
    TPIDR_EL0 = 0xde82,
    /// <summary>Software thread ID of EL0, read-only: op0 3, op1 3, CRn 13, CRm 0, op2 3.</summary>
    TPIDRRO_EL0 = 0xde83,
    /// <summary>Software context number of EL0: op0 3, op1 3, CRn 13, CRm 0, op2 7.</summary>
    SCXTNUM_EL0 = 0xde87,
    /// <summary>Counter frequency: op0 3, op1 3, CRn 14, CRm 0, op2 0.</summary>
    CNTFRQ_EL0 = 0xdf00,
    /// <summary>Physical count: op0 3, op1 3, CRn 14, CRm 0, op2 1.</summary>
    CNTPCT_EL0 = 0xdf01,
    /// <summary>Virtual count: op0 3, op1 3, CRn 14, CRm 0, op2 2.</summary>
    CNTVCT_EL0 = 0xdf02,
    /// <summary>Physical timer value: op0 3, op1 3, CRn 14, CRm 2, op2 0.</summary>
    CNTP_TVAL_EL0 = 0xdf10,
    /// <summary>Physical timer control: op0 3, op1 3, CRn 14, CRm 2, op2 1.</summary>
    CNTP_CTL_EL0 = 0xdf11,
    /// <summary>Physical timer compare value: op0 3, op1 3, CRn 14, CRm 2, op2 2.</summary>
    CNTP_CVAL_EL0 = 0xdf12,
    /// <summary>Virtual timer value: op0 3, op1 3, CRn 14, CRm 3, op2 0.</summary>
    CNTV_TVAL_EL0 = 0xdf18,
    /// <summary>Virtual timer control: op0 3, op1 3, CRn 14, CRm 3, op2 1.</summary>
    CNTV_CTL_EL0 = 0xdf19,
    /// <summary>Virtual timer compare value: op0 3, op1 3, CRn 14, CRm 3, op2 2.</summary>
    CNTV_CVAL_EL0 = 0xdf1a,
    /// <summary>Performance monitors, counter 0: op0 3, op1 3, CRn 14, CRm 8, op2 0.</summary>
    PMEVCNTR0_EL0 = 0xdf40,
    /// <summary>Performance monitors, counter 1: op0 3, op1 3, CRn 14, CRm 8, op2 1.</summary>
    PMEVCNTR1_EL0 = 0xdf41,
    /// <summary>Performance monitors, counter 2: op0 3, op1 3, CRn 14, CRm 8, op2 2.</summary>
    PMEVCNTR2_EL0 = 0xdf42,
    /// <summary>Performance monitors, counter 3: op0 3, op1 3, CRn 14, CRm 8, op2 3.</summary>
    PMEVCNTR3_EL0 = 0xdf43,
    /// <summary>Performance monitors, counter 4: op0 3, op1 3, CRn 14, CRm 8, op2 4.</summary>
    PMEVCNTR4_EL0 = 0xdf44,
    /// <summary>Performance monitors, counter 5: op0 3, op1 3, CRn 14, CRm 8, op2 5.</summary>
    PMEVCNTR5_EL0 = 0xdf45,
    /// <summary>Performance monitors, type of counter 0: op0 3, op1 3, CRn 14, CRm 12, op2 0.</summary>
    PMEVTYPER0_EL0 = 0xdf60,
    /// <summary>Performance monitors, type of counter 1: op0 3, op1 3, CRn 14, CRm 12, op2 1.</summary>
    PMEVTYPER1_EL0 = 0xdf61,
    /// <summary>Performance monitors, type of counter 2: op0 3, op1 3, CRn 14, CRm 12, op2 2.</summary>
    PMEVTYPER2_EL0 = 0xdf62,
    /// <summary>Performance monitors, type of counter 3: op0 3, op1 3, CRn 14, CRm 12, op2 3.</summary>
    PMEVTYPER3_EL0 = 0xdf63,
    /// <summary>Performance monitors, type of counter 4: op0 3, op1 3, CRn 14, CRm 12, op2 4.</summary>
    PMEVTYPER4_EL0 = 0xdf64,
    /// <summary>Performance monitors, type of counter 5: op0 3, op1 3, CRn 14, CRm 12, op2 5.</summary>
    PMEVTYPER5_EL0 = 0xdf65,
    /// <summary>Performance monitors, filter of the cycle counter: op0 3, op1 3, CRn 14, CRm 15, op2 7.</summary>
    PMCCFILTR_EL0 = 0xdf7f,
    /// <summary>Stack pointer of EL1: op0 3, op1 4, CRn 4, CRm 1, op2 0.</summary>
    SP_EL1 = 0xe208,
    /// <summary>Debug interrupt enable: op0 2, op1 0, CRn 0, CRm 2, op2 0.</summary>
    MDCCINT_EL1 = 0x8010,
    /// <summary>Monitor debug system control: op0 2, op1 0, CRn 0, CRm 2, op2 2.</summary>
    MDSCR_EL1 = 0x8012,
    /// <summary>OS lock access: op0 2, op1 0, CRn 1, CRm 0, op2 4.</summary>
    OSLAR_EL1 = 0x8084,
    /// <summary>OS lock status: op0 2, op1 0, CRn 1, CRm 1, op2 4.</summary>
    OSLSR_EL1 = 0x808c,
    /// <summary>OS double lock: op0 2, op1 0, CRn 1, CRm 3, op2 4.</summary>
    OSDLR_EL1 = 0x809c,
    /// <summary>Debug data transfer, receive, for the OS lock: op0 2, op1 0, CRn 0, CRm 0, op2 2.</summary>
    OSDTRRX_EL1 = 0x8002,
    /// <summary>Breakpoint 0, value: op0 2, op1 0, CRn 0, CRm 0, op2 4.</summary>
    DBGBVR0_EL1 = 0x8004,
    /// <summary>Breakpoint 0, control: op0 2, op1 0, CRn 0, CRm 0, op2 5.</summary>
    DBGBCR0_EL1 = 0x8005,
    /// <summary>Watchpoint 0, value: op0 2, op1 0, CRn 0, CRm 0, op2 6.</summary>
    DBGWVR0_EL1 = 0x8006,
    /// <summary>Watchpoint 0, control: op0 2, op1 0, CRn 0, CRm 0, op2 7.</summary>
    DBGWCR0_EL1 = 0x8007,
    /// <summary>Breakpoint 1, value: op0 2, op1 0, CRn 0, CRm 1, op2 4.</summary>
    DBGBVR1_EL1 = 0x800c,
    /// <summary>Breakpoint 1, control: op0 2, op1 0, CRn 0, CRm 1, op2 5.</summary>
    DBGBCR1_EL1 = 0x800d,
    /// <summary>Watchpoint 1, value: op0 2, op1 0, CRn 0, CRm 1, op2 6.</summary>
    DBGWVR1_EL1 = 0x800e,
    /// <summary>Watchpoint 1, control: op0 2, op1 0, CRn 0, CRm 1, op2 7.</summary>
    DBGWCR1_EL1 = 0x800f,
    /// <summary>Breakpoint 2, value: op0 2, op1 0, CRn 0, CRm 2, op2 4.</summary>
    DBGBVR2_EL1 = 0x8014,
    /// <summary>Breakpoint 2, control: op0 2, op1 0, CRn 0, CRm 2, op2 5.</summary>
    DBGBCR2_EL1 = 0x8015,
    /// <summary>Watchpoint 2, value: op0 2, op1 0, CRn 0, CRm 2, op2 6.</summary>
    DBGWVR2_EL1 = 0x8016,
    /// <summary>Watchpoint 2, control: op0 2, op1 0, CRn 0, CRm 2, op2 7.</summary>
    DBGWCR2_EL1 = 0x8017,
    /// <summary>Debug data transfer, transmit, for the OS lock: op0 2, op1 0, CRn 0, CRm 3, op2 2.</summary>
    OSDTRTX_EL1 = 0x801a,
    /// <summary>Breakpoint 3, value: op0 2, op1 0, CRn 0, CRm 3, op2 4.</summary>
    DBGBVR3_EL1 = 0x801c,
    /// <summary>Breakpoint 3, control: op0 2, op1 0, CRn 0, CRm 3, op2 5.</summary>
    DBGBCR3_EL1 = 0x801d,
    /// <summary>Watchpoint 3, value: op0 2, op1 0, CRn 0, CRm 3, op2 6.</summary>
    DBGWVR3_EL1 = 0x801e,
    /// <summary>Watchpoint 3, control: op0 2, op1 0, CRn 0, CRm 3, op2 7.</summary>
    DBGWCR3_EL1 = 0x801f,
    /// <summary>Breakpoint 4, value: op0 2, op1 0, CRn 0, CRm 4, op2 4.</summary>
    DBGBVR4_EL1 = 0x8024,
    /// <summary>Breakpoint 4, control: op0 2, op1 0, CRn 0, CRm 4, op2 5.</summary>
    DBGBCR4_EL1 = 0x8025,
    /// <summary>Breakpoint 5, value: op0 2, op1 0, CRn 0, CRm 5, op2 4.</summary>
    DBGBVR5_EL1 = 0x802c,
    /// <summary>Breakpoint 5, control: op0 2, op1 0, CRn 0, CRm 5, op2 5.</summary>
    DBGBCR5_EL1 = 0x802d,
    /// <summary>External debug exception catch, for the OS lock: op0 2, op1 0, CRn 0, CRm 6, op2 2.</summary>
    OSECCR_EL1 = 0x8032,
    /// <summary>Address of the debug ROM: op0 2, op1 0, CRn 1, CRm 0, op2 0.</summary>
    MDRAR_EL1 = 0x8080,
    /// <summary>Debug power control: op0 2, op1 0, CRn 1, CRm 4, op2 4.</summary>
    DBGPRCR_EL1 = 0x80a4,
    /// <summary>Debug claim tags, set: op0 2, op1 0, CRn 7, CRm 8, op2 6.</summary>
    DBGCLAIMSET_EL1 = 0x83c6,
    /// <summary>Debug claim tags, clear: op0 2, op1 0, CRn 7, CRm 9, op2 6.</summary>
    DBGCLAIMCLR_EL1 = 0x83ce,
    /// <summary>Debug authentication status: op0 2, op1 0, CRn 7, CRm 14, op2 6.</summary>
    DBGAUTHSTATUS_EL1 = 0x83f6,
    /// <summary>Monitor debug communication status: op0 2, op1 3, CRn 0, CRm 1, op2 0.</summary>
    MDCCSR_EL0 = 0x9808,
    /// <summary>Debug data transfer, both halves: op0 2, op1 3, CRn 0, CRm 4, op2 0.</summary>
    DBGDTR_EL0 = 0x9820,
    /// <summary>Debug data transfer: read receives, write transmits: op0 2, op1 3, CRn 0, CRm 5, op2 0.</summary>
    DBGDTRTX_EL0 = 0x9828,
}
