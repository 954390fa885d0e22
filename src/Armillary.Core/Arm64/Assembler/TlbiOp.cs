using System.Diagnostics.CodeAnalysis;

namespace Armillary.Arm64;

/// <summary>TLB invalidations (Arm ARM C5.5). The value packs the encoding as <see cref="DcOp"/> does.</summary>
[SuppressMessage("Design", "CA1028:Enum Storage should be Int32", Justification = "The encoding has 16 bits.")]
[SuppressMessage("Design", "CA1008:Enums should have zero value", Justification = "Encoding 0 is no operation.")]
public enum TlbiOp : ushort
{
    /// <summary>All of the current VMID, EL1.</summary>
    VMALLE1 = 0x4438,
    /// <summary>By address, EL1.</summary>
    VAE1 = 0x4439,
    /// <summary>By ASID, EL1.</summary>
    ASIDE1 = 0x443a,
    /// <summary>By address, all ASIDs, EL1.</summary>
    VAAE1 = 0x443b,
    /// <summary>By address, last level, EL1.</summary>
    VALE1 = 0x443d,
    /// <summary>By address, all ASIDs, last level, EL1.</summary>
    VAALE1 = 0x443f,
    /// <summary>By intermediate physical address, stage 2.</summary>
    IPAS2E1 = 0x6421,
    /// <summary>By intermediate physical address, stage 2, last level.</summary>
    IPAS2LE1 = 0x6425,
    /// <summary>All of the current VMID, stages 1 and 2.</summary>
    VMALLS12E1 = 0x643e,
    /// <summary>All, EL1.</summary>
    ALLE1 = 0x643c,
    /// <summary>All, EL2.</summary>
    ALLE2 = 0x6438,
    /// <summary>By address, EL2.</summary>
    VAE2 = 0x6439,
    /// <summary>By address, last level, EL2.</summary>
    VALE2 = 0x643d,
    /// <summary>All, EL3.</summary>
    ALLE3 = 0x7438,
    /// <summary>By address, EL3.</summary>
    VAE3 = 0x7439,
    /// <summary>By address, last level, EL3.</summary>
    VALE3 = 0x743d,
    /// <summary>All of the current VMID, EL1, Inner Shareable.</summary>
    VMALLE1IS = 0x4418,
    /// <summary>By address, EL1, Inner Shareable.</summary>
    VAE1IS = 0x4419,
    /// <summary>By ASID, EL1, Inner Shareable.</summary>
    ASIDE1IS = 0x441a,
    /// <summary>By address, all ASIDs, EL1, Inner Shareable.</summary>
    VAAE1IS = 0x441b,
    /// <summary>By address, last level, EL1, Inner Shareable.</summary>
    VALE1IS = 0x441d,
    /// <summary>By address, all ASIDs, last level, EL1, Inner Shareable.</summary>
    VAALE1IS = 0x441f,
    /// <summary>By intermediate physical address, stage 2, Inner Shareable.</summary>
    IPAS2E1IS = 0x6401,
    /// <summary>By intermediate physical address, stage 2, last level, Inner Shareable.</summary>
    IPAS2LE1IS = 0x6405,
    /// <summary>All of the current VMID, stages 1 and 2, Inner Shareable.</summary>
    VMALLS12E1IS = 0x641e,
    /// <summary>All, EL1, Inner Shareable.</summary>
    ALLE1IS = 0x641c,
    /// <summary>All, EL2, Inner Shareable.</summary>
    ALLE2IS = 0x6418,
    /// <summary>By address, EL2, Inner Shareable.</summary>
    VAE2IS = 0x6419,
    /// <summary>By address, last level, EL2, Inner Shareable.</summary>
    VALE2IS = 0x641d,
    /// <summary>All, EL3, Inner Shareable.</summary>
    ALLE3IS = 0x7418,
    /// <summary>By address, EL3, Inner Shareable.</summary>
    VAE3IS = 0x7419,
    /// <summary>By address, last level, EL3, Inner Shareable.</summary>
    VALE3IS = 0x741d,
    /// <summary>All of the current VMID, EL1, Outer Shareable (FEAT_TLBIOS).</summary>
    VMALLE1OS = 0x4408,
    /// <summary>By address, EL1, Outer Shareable (FEAT_TLBIOS).</summary>
    VAE1OS = 0x4409,
    /// <summary>By ASID, EL1, Outer Shareable (FEAT_TLBIOS).</summary>
    ASIDE1OS = 0x440a,
    /// <summary>By address, all ASIDs, EL1, Outer Shareable (FEAT_TLBIOS).</summary>
    VAAE1OS = 0x440b,
    /// <summary>By address, last level, EL1, Outer Shareable (FEAT_TLBIOS).</summary>
    VALE1OS = 0x440d,
    /// <summary>By address, all ASIDs, last level, EL1, Outer Shareable (FEAT_TLBIOS).</summary>
    VAALE1OS = 0x440f,
    /// <summary>By intermediate physical address, stage 2, Outer Shareable (FEAT_TLBIOS).</summary>
    IPAS2E1OS = 0x6420,
    /// <summary>By intermediate physical address, stage 2, last level, Outer Shareable (FEAT_TLBIOS).</summary>
    IPAS2LE1OS = 0x6424,
    /// <summary>All of the current VMID, stages 1 and 2, Outer Shareable (FEAT_TLBIOS).</summary>
    VMALLS12E1OS = 0x640e,
    /// <summary>All, EL1, Outer Shareable (FEAT_TLBIOS).</summary>
    ALLE1OS = 0x640c,
    /// <summary>All, EL2, Outer Shareable (FEAT_TLBIOS).</summary>
    ALLE2OS = 0x6408,
    /// <summary>By address, EL2, Outer Shareable (FEAT_TLBIOS).</summary>
    VAE2OS = 0x6409,
    /// <summary>By address, last level, EL2, Outer Shareable (FEAT_TLBIOS).</summary>
    VALE2OS = 0x640d,
    /// <summary>All, EL3, Outer Shareable (FEAT_TLBIOS).</summary>
    ALLE3OS = 0x7408,
    /// <summary>By address, EL3, Outer Shareable (FEAT_TLBIOS).</summary>
    VAE3OS = 0x7409,
    /// <summary>By address, last level, EL3, Outer Shareable (FEAT_TLBIOS).</summary>
    VALE3OS = 0x740d,
    /// <summary>By address range, EL1 (FEAT_TLBIRANGE).</summary>
    RVAE1 = 0x4431,
    /// <summary>By address range, all ASIDs, EL1 (FEAT_TLBIRANGE).</summary>
    RVAAE1 = 0x4433,
    /// <summary>By address range, last level, EL1 (FEAT_TLBIRANGE).</summary>
    RVALE1 = 0x4435,
    /// <summary>By address range, all ASIDs, last level, EL1 (FEAT_TLBIRANGE).</summary>
    RVAALE1 = 0x4437,
    /// <summary>By intermediate physical address range, stage 2 (FEAT_TLBIRANGE).</summary>
    RIPAS2E1 = 0x6422,
    /// <summary>By intermediate physical address range, stage 2, last level (FEAT_TLBIRANGE).</summary>
    RIPAS2LE1 = 0x6426,
    /// <summary>By address range, EL2 (FEAT_TLBIRANGE).</summary>
    RVAE2 = 0x6431,
    /// <summary>By address range, last level, EL2 (FEAT_TLBIRANGE).</summary>
    RVALE2 = 0x6435,
    /// <summary>By address range, EL3 (FEAT_TLBIRANGE).</summary>
    RVAE3 = 0x7431,
    /// <summary>By address range, last level, EL3 (FEAT_TLBIRANGE).</summary>
    RVALE3 = 0x7435,
    /// <summary>By address range, EL1, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RVAE1IS = 0x4411,
    /// <summary>By address range, all ASIDs, EL1, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RVAAE1IS = 0x4413,
    /// <summary>By address range, last level, EL1, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RVALE1IS = 0x4415,
    /// <summary>By address range, all ASIDs, last level, EL1, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RVAALE1IS = 0x4417,
    /// <summary>By intermediate physical address range, stage 2, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RIPAS2E1IS = 0x6402,
    /// <summary>By intermediate physical address range, stage 2, last level, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RIPAS2LE1IS = 0x6406,
    /// <summary>By address range, EL2, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RVAE2IS = 0x6411,
    /// <summary>By address range, last level, EL2, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RVALE2IS = 0x6415,
    /// <summary>By address range, EL3, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RVAE3IS = 0x7411,
    /// <summary>By address range, last level, EL3, Inner Shareable (FEAT_TLBIRANGE).</summary>
    RVALE3IS = 0x7415,
    /// <summary>By address range, EL1, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RVAE1OS = 0x4429,
    /// <summary>By address range, all ASIDs, EL1, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RVAAE1OS = 0x442b,
    /// <summary>By address range, last level, EL1, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RVALE1OS = 0x442d,
    /// <summary>By address range, all ASIDs, last level, EL1, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RVAALE1OS = 0x442f,
    /// <summary>By intermediate physical address range, stage 2, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RIPAS2E1OS = 0x6423,
    /// <summary>By intermediate physical address range, stage 2, last level, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RIPAS2LE1OS = 0x6427,
    /// <summary>By address range, EL2, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RVAE2OS = 0x6429,
    /// <summary>By address range, last level, EL2, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RVALE2OS = 0x642d,
    /// <summary>By address range, EL3, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RVAE3OS = 0x7429,
    /// <summary>By address range, last level, EL3, Outer Shareable (FEAT_TLBIRANGE).</summary>
    RVALE3OS = 0x742d,
}
