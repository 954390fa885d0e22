namespace Armillary.Emulation.Cpu;

/// <summary>DFSC and IFSC values of ESR_ELx.ISS (Arm ARM D24.2.40).</summary>
internal static class FaultStatus
{
    /// <summary>Faults with a level: add 0 to 3.</summary>
    public const uint AddressSize0 = 0b000000, Translation0 = 0b000100, AccessFlag0 = 0b001000, Permission0 = 0b001100;

    public const uint Translation1 = Translation0 + 1;
    public const uint Permission3 = Permission0 + 3;
    public const uint Alignment = 0b100001;
}
