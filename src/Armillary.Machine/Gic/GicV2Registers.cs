namespace Armillary.Machine.Gic;

/// <summary>Offsets and bits of a GICv2's registers that a GICv3 has not at the same place (Arm IHI 0048B, 4.3 and 4.4).</summary>
internal static class GicV2Registers
{
    /// <summary>CPUs at most: a byte of GICD_ITARGETSR has a bit for each.</summary>
    public const int MaxCpus = 8;

    /// <summary>An acknowledge by the register of the other group.</summary>
    public const int OtherGroup = 1022;

    /// <summary>Bytes of the window of the CPU interface; the second page has GICC_DIR alone.</summary>
    public const ulong CpuInterfaceSize = 0x1_0000;

    // Distributor.
    public const uint GICD_CTLR = 0x000, GICD_TYPER = 0x004, GICD_IIDR = 0x008, GICD_ITARGETSR = 0x800, GICD_ITARGETSR_End = 0xc00, GICD_SGIR = 0xf00,
        GICD_CPENDSGIR = 0xf10, GICD_SPENDSGIR = 0xf20, GICD_SPENDSGIR_End = 0xf30, GICD_PIDR2 = 0xfe8;

    public const uint PIDR2_GICv2 = 0x2b;

    // CPU interface.
    public const uint GICC_CTLR = 0x00, GICC_PMR = 0x04, GICC_BPR = 0x08, GICC_IAR = 0x0c, GICC_EOIR = 0x10, GICC_RPR = 0x14, GICC_HPPIR = 0x18, GICC_ABPR = 0x1c,
        GICC_AIAR = 0x20, GICC_AEOIR = 0x24, GICC_AHPPIR = 0x28, GICC_APR0 = 0xd0, GICC_NSAPR0 = 0xe0, GICC_IIDR = 0xfc, GICC_DIR = 0x1000;

    /// <summary>GICC_IIDR: a GICv2 of no implementer.</summary>
    public const uint IIDR_GICv2 = 2 << 16;

    // GICC_CTLR without Security Extensions.
    public const uint CTLR_EnableGrp0 = 1, CTLR_EnableGrp1 = 2, CTLR_AckCtl = 1 << 2, CTLR_FIQEn = 1 << 3, CTLR_CBPR = 1 << 4, CTLR_EOImode = 1 << 9;
}
