using Armillary.Arm64;
using static Armillary.Arm64.SystemRegister;

namespace Armillary;

/// <summary>What the native engines have in common: the state that a reset leaves, and registers that are parts of PSTATE.</summary>
internal static class NativeState
{
    /// <summary>SCTLR_EL1 after a reset: its RES1 bits, and SPAN.</summary>
    public const ulong Sctlr = 0x3050_0980 | (1ul << 23);

    /// <summary>Registers that are zero after a reset, whatever the host's hypervisor leaves in them.</summary>
    public static readonly SystemRegister[] Zero =
    [
        CPACR_EL1, TTBR0_EL1, TTBR1_EL1, TCR_EL1, MAIR_EL1, AMAIR_EL1, VBAR_EL1, CONTEXTIDR_EL1, ELR_EL1, SPSR_EL1, ESR_EL1, FAR_EL1, AFSR0_EL1, AFSR1_EL1, PAR_EL1,
        SP_EL0, SP_EL1, TPIDR_EL0, TPIDRRO_EL0, TPIDR_EL1, MDSCR_EL1, CNTKCTL_EL1, CNTV_CTL_EL0, CNTV_CVAL_EL0, CSSELR_EL1,
    ];

    /// <summary>MPIDR_EL1: Aff0 counts to 15, as GICv3 SGIs address at most 16 CPUs by list; bit 31 is RES1.</summary>
    public static ulong Mpidr(int index) => (1ul << 31) | ((ulong)((uint)index >> 4) << 8) | ((uint)index & 15);

    /// <summary>The bits of PSTATE that a register is, or null. SPSel's is bit 0.</summary>
    public static uint? PartOfState(SystemRegister register) => register switch
    {
        NZCV => Pstate.Nzcv,
        DAIF => Pstate.Daif,
        SPSel => 1,
        SystemRegister.PAN => Pstate.PAN,
        SystemRegister.UAO => Pstate.UAO,
        SystemRegister.DIT => Pstate.DIT,
        SystemRegister.SSBS => Pstate.SSBS,
        _ => null,
    };
}
