namespace Armillary.Machine.Gic;

/// <summary>Offsets and bits of the GICv3's memory-mapped registers (Arm IHI 0069H, 12.8 to 12.11).</summary>
internal static class GicRegisters
{
    /// <summary>INTIDs: 0 to 15 are SGIs, 16 to 31 PPIs, both of each CPU; 32 to 1019 are SPIs.</summary>
    public const int PrivateCount = 32, MaxInterrupts = 1020;

    /// <summary>What an acknowledge reads when there is nothing to acknowledge.</summary>
    public const int Spurious = 1023;

    /// <summary>Bytes of the distributor, of a redistributor, and of its first frame.</summary>
    public const ulong DistributorSize = 0x1_0000, RedistributorSize = 0x2_0000, FrameSize = 0x1_0000;

    // Distributor alone.
    public const uint GICD_CTLR = 0x0000, GICD_TYPER = 0x0004, GICD_IIDR = 0x0008, GICD_SETSPI_NSR = 0x0040, GICD_CLRSPI_NSR = 0x0048,
        GICD_IROUTER = 0x6000, GICD_IROUTER_End = 0x8000;

    // Redistributor, first frame.
    public const uint GICR_CTLR = 0x0000, GICR_IIDR = 0x0004, GICR_TYPER = 0x0008, GICR_WAKER = 0x0014;

    // Distributor, and redistributor's second frame: a run of registers for all interrupts each.
    public const uint IGROUPR = 0x0080, ISENABLER = 0x0100, ICENABLER = 0x0180, ISPENDR = 0x0200, ICPENDR = 0x0280, ISACTIVER = 0x0300,
        ICACTIVER = 0x0380, IPRIORITYR = 0x0400, IPRIORITYR_End = 0x0800, ICFGR = 0x0c00, ICFGR_End = 0x0d00;

    /// <summary>PIDR2 of every frame: GICv3.</summary>
    public const uint PIDR2 = 0xffe8, PIDR2_GICv3 = 0x3b;

    /// <summary>IIDR: no product of an implementer.</summary>
    public const uint IIDR = 0;

    /// <summary>GICD_CTLR with one security state: affinity routing is fixed, as is DS.</summary>
    public const uint CTLR_EnableGrp0 = 1, CTLR_EnableGrp1 = 2, CTLR_ARE = 1 << 4, CTLR_DS = 1 << 6, CTLR_E1NWF = 1 << 7;

    /// <summary>GICR_CTLR.DPG0 and DPG1NS: the CPU takes no part in 1-of-N of the group.</summary>
    public const uint GICR_CTLR_DPG0 = 1u << 24, GICR_CTLR_DPG1NS = 1u << 25;

    public const uint WAKER_ProcessorSleep = 2, WAKER_ChildrenAsleep = 4;

    /// <summary>GICD_IROUTER.Interrupt_Routing_Mode, and the affinity that it routes to else.</summary>
    public const ulong IROUTER_IRM = 1ul << 31, IROUTER_Affinity = 0xff_00ff_ffff;

    /// <summary>Five bits of priority are there, as in Arm's own cores.</summary>
    public const byte PriorityMask = 0xf8;
}
