using Armillary.Arm64;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Emulation.Models;

/// <summary>A field of an ID register: its lowest bit, and the least value that claims the feature.</summary>
internal sealed record FeatureField(Feature Feature, SystemRegister Register, int Shift, int Least);

/// <summary>Bits of SCTLR_EL1, TCR_EL1 and PSTATE that belong to a feature, and are RES0 without it.</summary>
internal sealed record FeatureBits(Feature Feature, ulong Control = 0, ulong Translation = 0, uint State = 0);

/// <summary>What the features are known by: the fields of the ID registers (Arm ARM D24.2), and what belongs to them.</summary>
internal static class Features
{
    public static IReadOnlyList<FeatureField> Fields { get; } =
    [
        new(Feature.FP16, ID_AA64PFR0_EL1, 16, 1),
        new(Feature.DIT, ID_AA64PFR0_EL1, 48, 1),
        new(Feature.CSV2_2, ID_AA64PFR0_EL1, 56, 2),
        new(Feature.BTI, ID_AA64PFR1_EL1, 0, 1),
        new(Feature.SSBS, ID_AA64PFR1_EL1, 4, 1),
        new(Feature.SSBS2, ID_AA64PFR1_EL1, 4, 2),
        new(Feature.PMUv3, ID_AA64DFR0_EL1, 8, 1),
        new(Feature.PMUv3p1, ID_AA64DFR0_EL1, 8, 4),
        new(Feature.PMUv3p4, ID_AA64DFR0_EL1, 8, 5),
        new(Feature.PMUv3p5, ID_AA64DFR0_EL1, 8, 6),
        new(Feature.AES, ID_AA64ISAR0_EL1, 4, 1),
        new(Feature.PMULL, ID_AA64ISAR0_EL1, 4, 2),
        new(Feature.SHA1, ID_AA64ISAR0_EL1, 8, 1),
        new(Feature.SHA256, ID_AA64ISAR0_EL1, 12, 1),
        new(Feature.SHA512, ID_AA64ISAR0_EL1, 12, 2),
        new(Feature.CRC32, ID_AA64ISAR0_EL1, 16, 1),
        new(Feature.LSE, ID_AA64ISAR0_EL1, 20, 2),
        new(Feature.RDM, ID_AA64ISAR0_EL1, 28, 1),
        new(Feature.SHA3, ID_AA64ISAR0_EL1, 32, 1),
        new(Feature.SM3, ID_AA64ISAR0_EL1, 36, 1),
        new(Feature.SM4, ID_AA64ISAR0_EL1, 40, 1),
        new(Feature.DotProd, ID_AA64ISAR0_EL1, 44, 1),
        new(Feature.FHM, ID_AA64ISAR0_EL1, 48, 1),
        new(Feature.FlagM, ID_AA64ISAR0_EL1, 52, 1),
        new(Feature.FlagM2, ID_AA64ISAR0_EL1, 52, 2),
        new(Feature.TLBIOS, ID_AA64ISAR0_EL1, 56, 1),
        new(Feature.TLBIRANGE, ID_AA64ISAR0_EL1, 56, 2),
        new(Feature.RNG, ID_AA64ISAR0_EL1, 60, 1),
        new(Feature.DPB, ID_AA64ISAR1_EL1, 0, 1),
        new(Feature.DPB2, ID_AA64ISAR1_EL1, 0, 2),
        new(Feature.PAuth, ID_AA64ISAR1_EL1, 4, 1),
        new(Feature.JSCVT, ID_AA64ISAR1_EL1, 12, 1),
        new(Feature.FCMA, ID_AA64ISAR1_EL1, 16, 1),
        new(Feature.LRCPC, ID_AA64ISAR1_EL1, 20, 1),
        new(Feature.LRCPC2, ID_AA64ISAR1_EL1, 20, 2),
        new(Feature.FRINTTS, ID_AA64ISAR1_EL1, 32, 1),
        new(Feature.SB, ID_AA64ISAR1_EL1, 36, 1),
        new(Feature.SPECRES, ID_AA64ISAR1_EL1, 40, 1),
        new(Feature.BF16, ID_AA64ISAR1_EL1, 44, 1),
        new(Feature.I8MM, ID_AA64ISAR1_EL1, 52, 1),
        new(Feature.WFxT, ID_AA64ISAR2_EL1, 0, 2),
        new(Feature.MOPS, ID_AA64ISAR2_EL1, 16, 1),
        new(Feature.HBC, ID_AA64ISAR2_EL1, 20, 1),
        new(Feature.CSSC, ID_AA64ISAR2_EL1, 52, 1),
        new(Feature.TGran16K, ID_AA64MMFR0_EL1, 20, 1),
        new(Feature.HAFDBS, ID_AA64MMFR1_EL1, 0, 2),
        new(Feature.HPDS, ID_AA64MMFR1_EL1, 12, 1),
        new(Feature.LOR, ID_AA64MMFR1_EL1, 16, 1),
        new(Feature.PAN, ID_AA64MMFR1_EL1, 20, 1),
        new(Feature.PAN2, ID_AA64MMFR1_EL1, 20, 2),
        new(Feature.UAO, ID_AA64MMFR2_EL1, 4, 1),
        new(Feature.TTST, ID_AA64MMFR2_EL1, 28, 1),
        new(Feature.LSE2, ID_AA64MMFR2_EL1, 32, 1),
        new(Feature.E0PD, ID_AA64MMFR2_EL1, 60, 1),
    ];

    /// <summary>The feature that a system register, or an operation of the SYS space, belongs to.</summary>
    public static Feature Of(SystemRegister encoding) => encoding switch
    {
        Arm64.SystemRegister.PAN => Feature.PAN,
        Arm64.SystemRegister.UAO => Feature.UAO,
        Arm64.SystemRegister.DIT => Feature.DIT,
        Arm64.SystemRegister.SSBS => Feature.SSBS2,
        RNDR or RNDRRS => Feature.RNG,
        SCXTNUM_EL0 or SCXTNUM_EL1 => Feature.CSV2_2,
        PMMIR_EL1 => Feature.PMUv3p4,
        PMINTENSET_EL1 or PMINTENCLR_EL1 or PMUSERENR_EL0 or PMOVSSET_EL0 or PMCCFILTR_EL0 => Feature.PMUv3,
        >= PMCR_EL0 and <= PMXEVCNTR_EL0 or >= PMEVCNTR0_EL0 and <= PMEVTYPER5_EL0 => Feature.PMUv3,
        LORSA_EL1 or LOREA_EL1 or LORN_EL1 or LORC_EL1 or LORID_EL1 => Feature.LOR,
        >= APIAKeyLo_EL1 and <= APGAKeyHi_EL1 => Feature.PAuth,
        _ => encoding.Op0() == 1 ? OfOperation(encoding) : Feature.None,
    };

    public static IReadOnlyList<FeatureBits> Bits { get; } =
    [
        new(Feature.PAuth, Control: (1ul << 31) | (1ul << 30) | (1ul << 27) | (1ul << 13), Translation: (1ul << 51) | (1ul << 52)), // EnIA, EnIB, EnDA, EnDB; TBID
        new(Feature.BTI, Control: (1ul << 35) | (1ul << 36), State: Pstate.BTYPE),                                              // BT0, BT1
        new(Feature.MOPS, Control: 1ul << 33),                                                                                  // MSCEn
        new(Feature.HAFDBS, Translation: (1ul << 39) | (1ul << 40)),                                                            // HA, HD
        new(Feature.HPDS, Translation: (1ul << 41) | (1ul << 42)),                                                              // HPD0, HPD1
        new(Feature.E0PD, Translation: (1ul << 55) | (1ul << 56)),                                                              // E0PD0, E0PD1
        new(Feature.SPECRES, Control: 1ul << 10),                                                                               // EnRCTX
        new(Feature.LSE2, Control: 1ul << 6),                                                                                   // nAA
        new(Feature.SSBS, Control: 1ul << 44, State: Pstate.SSBS),
        new(Feature.DIT, State: Pstate.DIT),
        new(Feature.PAN, State: Pstate.PAN),
        new(Feature.UAO, State: Pstate.UAO),
    ];

    // AT S1E1RP and S1E1WP; DC CVAP and CVADP; CFP, DVP and CPP RCTX; TLBI of the outer shareable domain, and of ranges.
    private static Feature OfOperation(SystemRegister operation) => (operation.Op1(), operation.CRn(), operation.CRm()) switch
    {
        (0, 7, 9) => Feature.PAN2,
        (3, 7, 12) => Feature.DPB,
        (3, 7, 13) => Feature.DPB2,
        (3, 7, 3) => Feature.SPECRES,
        (0, 8, 1) => Feature.TLBIOS,
        (0, 8, 2 or 5 or 6) => Feature.TLBIRANGE,
        _ => Feature.None,
    };
}
