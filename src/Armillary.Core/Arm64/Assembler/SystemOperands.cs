namespace Armillary.Arm64;

/// <summary>What DMB and DSB order, and for whom (Arm ARM C6.2, DMB). The value is CRm; those without a name act as SY.</summary>
public enum BarrierOption
{
    /// <summary>Outer Shareable, loads.</summary>
    Oshld = 1,
    /// <summary>Outer Shareable, stores.</summary>
    Oshst = 2,
    /// <summary>Outer Shareable, all accesses.</summary>
    Osh = 3,
    /// <summary>Non-shareable, loads.</summary>
    Nshld = 5,
    /// <summary>Non-shareable, stores.</summary>
    Nshst = 6,
    /// <summary>Non-shareable, all accesses.</summary>
    Nsh = 7,
    /// <summary>Inner Shareable, loads.</summary>
    Ishld = 9,
    /// <summary>Inner Shareable, stores.</summary>
    Ishst = 10,
    /// <summary>Inner Shareable, all accesses.</summary>
    Ish = 11,
    /// <summary>Full system, loads.</summary>
    Ld = 13,
    /// <summary>Full system, stores.</summary>
    St = 14,
    /// <summary>Full system, all accesses.</summary>
    Sy = 15,
}

/// <summary>Fields of the process state that MSR (immediate) sets (Arm ARM C6.2, MSR). The value is op1:op2.</summary>
public enum PstateField
{
    /// <summary>User access override (FEAT_UAO).</summary>
    UAO = 0b000_011,
    /// <summary>Privileged access never (FEAT_PAN).</summary>
    PAN = 0b000_100,
    /// <summary>Stack pointer selection.</summary>
    SPSel = 0b000_101,
    /// <summary>Speculative store bypass safe (FEAT_SSBS).</summary>
    SSBS = 0b011_001,
    /// <summary>Data independent timing (FEAT_DIT).</summary>
    DIT = 0b011_010,
    /// <summary>Tag check override (FEAT_MTE).</summary>
    TCO = 0b011_100,
    /// <summary>Sets the interrupt masks named: D 8, A 4, I 2, F 1.</summary>
    DAIFSet = 0b011_110,
    /// <summary>Clears the interrupt masks named: D 8, A 4, I 2, F 1.</summary>
    DAIFClr = 0b011_111,
}

/// <summary>What PRFM tells of (Arm ARM C6.2, PRFM): load, instruction or store, a cache level, kept or used once. The value is the encoding.</summary>
public enum PrefetchOperation
{
    /// <summary>Load, level 1, kept.</summary>
    PldL1Keep = 0,
    /// <summary>Load, level 1, used once.</summary>
    PldL1Strm = 1,
    /// <summary>Load, level 2, kept.</summary>
    PldL2Keep = 2,
    /// <summary>Load, level 2, used once.</summary>
    PldL2Strm = 3,
    /// <summary>Load, level 3, kept.</summary>
    PldL3Keep = 4,
    /// <summary>Load, level 3, used once.</summary>
    PldL3Strm = 5,
    /// <summary>Instruction, level 1, kept.</summary>
    PliL1Keep = 8,
    /// <summary>Instruction, level 1, used once.</summary>
    PliL1Strm = 9,
    /// <summary>Instruction, level 2, kept.</summary>
    PliL2Keep = 10,
    /// <summary>Instruction, level 2, used once.</summary>
    PliL2Strm = 11,
    /// <summary>Instruction, level 3, kept.</summary>
    PliL3Keep = 12,
    /// <summary>Instruction, level 3, used once.</summary>
    PliL3Strm = 13,
    /// <summary>Store, level 1, kept.</summary>
    PstL1Keep = 16,
    /// <summary>Store, level 1, used once.</summary>
    PstL1Strm = 17,
    /// <summary>Store, level 2, kept.</summary>
    PstL2Keep = 18,
    /// <summary>Store, level 2, used once.</summary>
    PstL2Strm = 19,
    /// <summary>Store, level 3, kept.</summary>
    PstL3Keep = 20,
    /// <summary>Store, level 3, used once.</summary>
    PstL3Strm = 21,
}
