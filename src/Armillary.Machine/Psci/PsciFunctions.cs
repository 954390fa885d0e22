namespace Armillary.Machine.Psci;

/// <summary>Functions and results of PSCI 1.1 and of SMCCC 1.1 (Arm DEN0022E, DEN0028F), and of the random number service.</summary>
internal static class PsciFunctions
{
    public const uint SMCCC_VERSION = 0x8000_0000, SMCCC_ARCH_FEATURES = 0x8000_0001;

    public const uint PSCI_VERSION = 0x8400_0000, CPU_SUSPEND32 = 0x8400_0001, CPU_SUSPEND64 = 0xc400_0001, CPU_OFF = 0x8400_0002,
        CPU_ON32 = 0x8400_0003, CPU_ON64 = 0xc400_0003, AFFINITY_INFO32 = 0x8400_0004, AFFINITY_INFO64 = 0xc400_0004,
        MIGRATE_INFO_TYPE = 0x8400_0006, SYSTEM_OFF = 0x8400_0008, SYSTEM_RESET = 0x8400_0009, PSCI_FEATURES = 0x8400_000a,
        SYSTEM_RESET2_32 = 0x8400_0012, SYSTEM_RESET2_64 = 0xc400_0012;

    /// <summary>The first of SYSTEM_RESET2's types that are a vendor's; 0 is a warm reset (DEN0022 5.12.2).</summary>
    public const uint VendorReset = 0x8000_0000;

    /// <summary>Random numbers (Arm DEN0098, 2).</summary>
    public const uint TRNG_VERSION = 0x8400_0050, TRNG_FEATURES = 0x8400_0051, TRNG_GET_UUID = 0x8400_0052, TRNG_RND32 = 0x8400_0053, TRNG_RND64 = 0xc400_0053;

    public const long NotSupported = -1, InvalidParameters = -2, AlreadyOn = -4, OnPending = -5, InvalidAddress = -9;
}
