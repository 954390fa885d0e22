using Armillary.Arm64;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Emulation.Models;

/// <summary>What the features are known by: the fields of the ID registers (Arm ARM D24.2), and what belongs to them.</summary>
internal static class Features
{
    /// <summary>For each feature the ID register, the field's lowest bit, and the least value of the field that claims it.</summary>
    public static IReadOnlyList<(Feature Feature, SystemRegister Register, int Shift, int Least)> Fields { get; } =
    [
        (Feature.FP16, ID_AA64PFR0_EL1, 16, 1),
        (Feature.BTI, ID_AA64PFR1_EL1, 0, 1),
        (Feature.AES, ID_AA64ISAR0_EL1, 4, 1),
        (Feature.PMULL, ID_AA64ISAR0_EL1, 4, 2),
        (Feature.SHA1, ID_AA64ISAR0_EL1, 8, 1),
        (Feature.SHA256, ID_AA64ISAR0_EL1, 12, 1),
        (Feature.CRC32, ID_AA64ISAR0_EL1, 16, 1),
        (Feature.LSE, ID_AA64ISAR0_EL1, 20, 2),
        (Feature.RDM, ID_AA64ISAR0_EL1, 28, 1),
        (Feature.DotProd, ID_AA64ISAR0_EL1, 44, 1),
        (Feature.FHM, ID_AA64ISAR0_EL1, 48, 1),
        (Feature.FlagM, ID_AA64ISAR0_EL1, 52, 1),
        (Feature.FlagM2, ID_AA64ISAR0_EL1, 52, 2),
        (Feature.TLBIOS, ID_AA64ISAR0_EL1, 56, 1),
        (Feature.TLBIRANGE, ID_AA64ISAR0_EL1, 56, 2),
        (Feature.PAuth, ID_AA64ISAR1_EL1, 4, 1),
        (Feature.JSCVT, ID_AA64ISAR1_EL1, 12, 1),
        (Feature.FCMA, ID_AA64ISAR1_EL1, 16, 1),
        (Feature.LRCPC, ID_AA64ISAR1_EL1, 20, 1),
        (Feature.LRCPC2, ID_AA64ISAR1_EL1, 20, 2),
        (Feature.FRINTTS, ID_AA64ISAR1_EL1, 32, 1),
        (Feature.SB, ID_AA64ISAR1_EL1, 36, 1),
        (Feature.BF16, ID_AA64ISAR1_EL1, 44, 1),
        (Feature.I8MM, ID_AA64ISAR1_EL1, 52, 1),
        (Feature.TGran16K, ID_AA64MMFR0_EL1, 20, 1),
        (Feature.HAFDBS, ID_AA64MMFR1_EL1, 0, 2),
        (Feature.HPDS, ID_AA64MMFR1_EL1, 12, 1),
        (Feature.LOR, ID_AA64MMFR1_EL1, 16, 1),
        (Feature.PAN, ID_AA64MMFR1_EL1, 20, 1),
        (Feature.PAN2, ID_AA64MMFR1_EL1, 20, 2),
        (Feature.UAO, ID_AA64MMFR2_EL1, 4, 1),
        (Feature.E0PD, ID_AA64MMFR2_EL1, 60, 1),
    ];

    /// <summary>The feature that a system register, or an operation of the SYS space, belongs to.</summary>
    public static Feature Of(SystemRegister encoding) => encoding switch
    {
        Arm64.SystemRegister.PAN => Feature.PAN,
        Arm64.SystemRegister.UAO => Feature.UAO,
        LORSA_EL1 or LOREA_EL1 or LORN_EL1 or LORC_EL1 or LORID_EL1 => Feature.LOR,
        >= APIAKeyLo_EL1 and <= APGAKeyHi_EL1 => Feature.PAuth,
        _ => encoding.Op0() == 1 ? OfOperation(encoding) : Feature.None,
    };

    /// <summary>Bits of a control register that belong to features. Where the feature is not there, they are RES0.</summary>
    public static IReadOnlyList<(Feature Feature, SystemRegister Register, ulong Bits)> ControlBits { get; } =
    [
        (Feature.PAuth, SCTLR_EL1, (1ul << 31) | (1ul << 30) | (1ul << 27) | (1ul << 13)), // EnIA, EnIB, EnDA, EnDB
        (Feature.BTI, SCTLR_EL1, (1ul << 35) | (1ul << 36)),                               // BT0, BT1
        (Feature.PAuth, TCR_EL1, (1ul << 51) | (1ul << 52)),                               // TBID0, TBID1
        (Feature.HAFDBS, TCR_EL1, (1ul << 39) | (1ul << 40)),                              // HA, HD
        (Feature.HPDS, TCR_EL1, (1ul << 41) | (1ul << 42)),                                // HPD0, HPD1
        (Feature.E0PD, TCR_EL1, (1ul << 55) | (1ul << 56)),                                // E0PD0, E0PD1
    ];

    /// <summary>Bits of PSTATE that belong to features.</summary>
    public static IReadOnlyList<(Feature Feature, uint Bits)> StateBits { get; } =
        [(Feature.PAN, Pstate.PAN), (Feature.UAO, Pstate.UAO), (Feature.BTI, Pstate.BTYPE)];

    // AT S1E1RP and S1E1WP; TLBI of the outer shareable domain, and of ranges.
    private static Feature OfOperation(SystemRegister operation) => (operation.Op1(), operation.CRn(), operation.CRm()) switch
    {
        (0, 7, 9) => Feature.PAN2,
        (0, 8, 1) => Feature.TLBIOS,
        (0, 8, 2 or 5 or 6) => Feature.TLBIRANGE,
        _ => Feature.None,
    };
}
