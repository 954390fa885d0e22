namespace Armillary.Arm64;

/// <summary>ESR_ELx.EC: the reason for an exception (Arm ARM D24.2.40).</summary>
public enum ExceptionClass
{
    /// <summary>Unknown reason; an undefined instruction.</summary>
    Unknown = 0x00,
    /// <summary>Trapped WFI, WFE, WFIT or WFET.</summary>
    WaitForInterruptOrEvent = 0x01,
    /// <summary>Access to SVE, Advanced SIMD or floating point trapped by CPACR_EL1 or CPTR_EL2.</summary>
    FloatingPoint = 0x07,
    /// <summary>Branch target exception (BTI).</summary>
    BranchTarget = 0x0d,
    /// <summary>Illegal execution state.</summary>
    IllegalState = 0x0e,
    /// <summary>SVC in AArch64 state.</summary>
    Svc64 = 0x15,
    /// <summary>HVC in AArch64 state.</summary>
    Hvc64 = 0x16,
    /// <summary>SMC in AArch64 state.</summary>
    Smc64 = 0x17,
    /// <summary>Trapped MSR, MRS or system instruction.</summary>
    SystemRegister = 0x18,
    /// <summary>A pointer that fails its authentication (FPAC).</summary>
    PointerAuthentication = 0x1c,
    /// <summary>Instruction abort from a lower exception level; at the hypervisor, from the guest.</summary>
    InstructionAbortLower = 0x20,
    /// <summary>Instruction abort without a change of exception level.</summary>
    InstructionAbort = 0x21,
    /// <summary>PC alignment fault.</summary>
    PcAlignment = 0x22,
    /// <summary>Data abort from a lower exception level; at the hypervisor, from the guest.</summary>
    DataAbortLower = 0x24,
    /// <summary>Data abort without a change of exception level.</summary>
    DataAbort = 0x25,
    /// <summary>SP alignment fault.</summary>
    SpAlignment = 0x26,
    /// <summary>A memory copy or set (CPYM, SETE, ...) whose registers are not what its prologue made them (FEAT_MOPS).</summary>
    MemoryCopyOrSet = 0x27,
    /// <summary>Trapped floating-point exception.</summary>
    FloatingPoint64 = 0x2c,
    /// <summary>SError interrupt.</summary>
    SError = 0x2f,
    /// <summary>Hardware breakpoint from a lower exception level.</summary>
    BreakpointLower = 0x30,
    /// <summary>Hardware breakpoint without a change of exception level.</summary>
    Breakpoint = 0x31,
    /// <summary>Software step from a lower exception level.</summary>
    SoftwareStepLower = 0x32,
    /// <summary>Software step without a change of exception level.</summary>
    SoftwareStep = 0x33,
    /// <summary>Watchpoint from a lower exception level.</summary>
    WatchpointLower = 0x34,
    /// <summary>Watchpoint without a change of exception level.</summary>
    Watchpoint = 0x35,
    /// <summary>BRK in AArch64 state.</summary>
    Brk64 = 0x3c,
}
