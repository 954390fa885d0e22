using System.Diagnostics.CodeAnalysis;

namespace Armillary.Arm64;

// The operations of SYS that have names (Arm ARM C5.3 to C5.5, tables C4-7 to C4-10). The values pack the encoding as
// SystemRegister does: op0 (1) in bits 15:14, op1 in 13:11, CRn in 10:7, CRm in 6:3, op2 in 2:0.

/// <summary>Instruction cache operations.</summary>
[SuppressMessage("Design", "CA1028:Enum Storage should be Int32", Justification = "The encoding has 16 bits.")]
[SuppressMessage("Design", "CA1008:Enums should have zero value", Justification = "Encoding 0 is no operation.")]
public enum IcOp : ushort
{
    /// <summary>Invalidate all, Inner Shareable.</summary>
    IALLUIS = 0x4388,
    /// <summary>Invalidate all.</summary>
    IALLU = 0x43a8,
    /// <summary>Invalidate by address to the point of unification.</summary>
    IVAU = 0x5ba9,
}

/// <summary>Data cache operations.</summary>
[SuppressMessage("Design", "CA1028:Enum Storage should be Int32", Justification = "The encoding has 16 bits.")]
[SuppressMessage("Design", "CA1008:Enums should have zero value", Justification = "Encoding 0 is no operation.")]
public enum DcOp : ushort
{
    /// <summary>Invalidate by address to the point of coherency.</summary>
    IVAC = 0x43b1,
    /// <summary>Invalidate by set and way.</summary>
    ISW = 0x43b2,
    /// <summary>Clean by set and way.</summary>
    CSW = 0x43d2,
    /// <summary>Clean and invalidate by set and way.</summary>
    CISW = 0x43f2,
    /// <summary>Zero a block by address.</summary>
    ZVA = 0x5ba1,
    /// <summary>Clean by address to the point of coherency.</summary>
    CVAC = 0x5bd1,
    /// <summary>Clean by address to the point of unification.</summary>
    CVAU = 0x5bd9,
    /// <summary>Clean by address to the point of persistence.</summary>
    CVAP = 0x5be1,
    /// <summary>Clean by address to the point of deep persistence.</summary>
    CVADP = 0x5be9,
    /// <summary>Clean and invalidate by address to the point of coherency.</summary>
    CIVAC = 0x5bf1,
}

/// <summary>Address translations; the result is in PAR_EL1.</summary>
[SuppressMessage("Design", "CA1028:Enum Storage should be Int32", Justification = "The encoding has 16 bits.")]
[SuppressMessage("Design", "CA1008:Enums should have zero value", Justification = "Encoding 0 is no operation.")]
public enum AtOp : ushort
{
    /// <summary>Stage 1, as EL0, read.</summary>
    S1E0R = 0x43c2,
    /// <summary>Stage 1, as EL0, write.</summary>
    S1E0W = 0x43c3,
    /// <summary>Stage 1, as EL1, read.</summary>
    S1E1R = 0x43c0,
    /// <summary>Stage 1, as EL1, write.</summary>
    S1E1W = 0x43c1,
    /// <summary>Stage 1, as EL2, read.</summary>
    S1E2R = 0x63c0,
    /// <summary>Stage 1, as EL2, write.</summary>
    S1E2W = 0x63c1,
    /// <summary>Stage 1, as EL3, read.</summary>
    S1E3R = 0x73c0,
    /// <summary>Stage 1, as EL3, write.</summary>
    S1E3W = 0x73c1,
    /// <summary>Stages 1 and 2, as EL0, read.</summary>
    S12E0R = 0x63c6,
    /// <summary>Stages 1 and 2, as EL0, write.</summary>
    S12E0W = 0x63c7,
    /// <summary>Stages 1 and 2, as EL1, read.</summary>
    S12E1R = 0x63c4,
    /// <summary>Stages 1 and 2, as EL1, write.</summary>
    S12E1W = 0x63c5,
    /// <summary>Stage 1, as EL1, read, with PAN.</summary>
    S1E1RP = 0x43c8,
    /// <summary>Stage 1, as EL1, write, with PAN.</summary>
    S1E1WP = 0x43c9,
}
