using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Armillary.Hvf.Interop;

/// <summary>What every call returns (hv_error.h of arm64, where 0xfae94008 is HV_EXISTS).</summary>
internal enum hv_return_t
{
    HV_SUCCESS = 0,
    HV_ERROR = unchecked((int)0xfae94001),
    HV_BUSY = unchecked((int)0xfae94002),
    HV_BAD_ARGUMENT = unchecked((int)0xfae94003),
    HV_ILLEGAL_GUEST_STATE = unchecked((int)0xfae94004),
    HV_NO_RESOURCES = unchecked((int)0xfae94005),
    HV_NO_DEVICE = unchecked((int)0xfae94006),
    HV_DENIED = unchecked((int)0xfae94007),
    HV_EXISTS = unchecked((int)0xfae94008),
    HV_UNSUPPORTED = unchecked((int)0xfae9400f),
}

/// <summary>Why hv_vcpu_run came back.</summary>
internal enum hv_exit_reason_t : uint
{
    HV_EXIT_REASON_CANCELED = 0,
    HV_EXIT_REASON_EXCEPTION = 1,
    HV_EXIT_REASON_VTIMER_ACTIVATED = 2,
    HV_EXIT_REASON_UNKNOWN = 3,
}

/// <summary>General registers; X0 to X30 are 0 to 30, and there is no SP: SP_EL0 and SP_EL1 are system registers.</summary>
internal enum hv_reg_t : uint
{
    HV_REG_X0 = 0,
    HV_REG_PC = 31,
    HV_REG_FPCR = 32,
    HV_REG_FPSR = 33,
    HV_REG_CPSR = 34,
}

[Flags]
[SuppressMessage("Design", "CA1028:Enum Storage should be Int32", Justification = "The C type has 64 bits.")]
internal enum hv_memory_flags_t : ulong
{
    HV_MEMORY_READ = 1,
    HV_MEMORY_WRITE = 2,
    HV_MEMORY_EXEC = 4,
}

internal enum hv_interrupt_type_t : uint
{
    HV_INTERRUPT_TYPE_IRQ = 0,
    HV_INTERRUPT_TYPE_FIQ = 1,
}

internal enum hv_cache_type_t : uint
{
    HV_CACHE_TYPE_DATA = 0,
    HV_CACHE_TYPE_INSTRUCTION = 1,
}

internal enum hv_feature_reg_t : uint
{
    HV_FEATURE_REG_ID_AA64DFR0_EL1 = 0,
    HV_FEATURE_REG_ID_AA64DFR1_EL1 = 1,
    HV_FEATURE_REG_ID_AA64ISAR0_EL1 = 2,
    HV_FEATURE_REG_ID_AA64ISAR1_EL1 = 3,
    HV_FEATURE_REG_ID_AA64MMFR0_EL1 = 4,
    HV_FEATURE_REG_ID_AA64MMFR1_EL1 = 5,
    HV_FEATURE_REG_ID_AA64MMFR2_EL1 = 6,
    HV_FEATURE_REG_ID_AA64PFR0_EL1 = 7,
    HV_FEATURE_REG_ID_AA64PFR1_EL1 = 8,
    HV_FEATURE_REG_CTR_EL0 = 9,
    HV_FEATURE_REG_CLIDR_EL1 = 10,
    HV_FEATURE_REG_DCZID_EL0 = 11,
    HV_FEATURE_REG_ID_AA64SMFR0_EL1 = 12, // macOS 15.2
    HV_FEATURE_REG_ID_AA64ZFR0_EL1 = 13,  // macOS 15.2
}

internal enum hv_ipa_granule_t : uint
{
    HV_IPA_GRANULE_4KB = 0,
    HV_IPA_GRANULE_16KB = 1,
}

/// <summary>The exit's exception: ESR_EL2, FAR_EL2, and the guest physical address.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct hv_vcpu_exit_exception_t
{
    public ulong syndrome;
    public ulong virtual_address;
    public ulong physical_address;
}

/// <summary>The framework's record of an exit, rewritten by every hv_vcpu_run.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct hv_vcpu_exit_t
{
    public hv_exit_reason_t reason;
    public hv_vcpu_exit_exception_t exception;
}

/// <summary>
/// A vector register as an argument. One field of <see cref="Vector128{T}"/> is a homogeneous vector aggregate, which AAPCS64 6.8.2
/// passes in V0, where the framework expects it; UInt128 or two words would go to general registers.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct hv_simd_fp_uchar16_t
{
    public Vector128<byte> value;
}

[StructLayout(LayoutKind.Sequential)]
internal struct mach_timebase_info_t
{
    public uint numer;
    public uint denom;
}
