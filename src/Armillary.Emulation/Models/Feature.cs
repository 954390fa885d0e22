namespace Armillary.Emulation.Models;

/// <summary>
/// A part of the architecture that a CPU may lack, by Arm's name without FEAT_. Which ID register field says so is in
/// <see cref="Features"/>.
/// </summary>
internal enum Feature : byte
{
    /// <summary>Armv8.0, which every CPU has.</summary>
    None,

    AES,
    BF16,
    BTI,
    CRC32,
    CSSC,
    DotProd,
    E0PD,
    FCMA,
    FHM,
    FlagM,
    FlagM2,
    FP16,
    FRINTTS,
    HAFDBS,
    HBC,
    HPDS,
    I8MM,
    JSCVT,
    LOR,
    LRCPC,
    LRCPC2,
    LSE,
    MOPS,
    PAN,
    PAN2,
    PAuth,
    PMULL,
    RDM,
    SB,
    SHA1,
    SHA256,
    SHA3,
    SHA512,
    SM3,
    SM4,
    TGran16K,
    TLBIOS,
    TLBIRANGE,
    UAO,
    WFxT,
}
