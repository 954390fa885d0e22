using Armillary.Emulation.Models;

namespace Armillary.Tests.Decode;

/// <summary>Which encodings of the architecture a CPU claims, from what the public model's clauses test for.</summary>
internal static class Claims
{
    // What the architecture's model calls the features. Those that are not here no CPU has.
    private static readonly Dictionary<string, Feature> s_features = new()
    {
        ["HaveAtomicExt"] = Feature.LSE,
        ["HaveCRCExt"] = Feature.CRC32,
        ["HaveFlagManipulateExt"] = Feature.FlagM,
        ["HaveSBExt"] = Feature.SB,
        ["HaveFP16Ext"] = Feature.FP16,
        ["HaveFP16MulNoRoundingToFP32Ext"] = Feature.FHM,
        ["HaveQRDMLAHExt"] = Feature.RDM,
        ["HaveDOTPExt"] = Feature.DotProd,
        ["HaveFCADDExt"] = Feature.FCMA,
        ["HaveFJCVTZSExt"] = Feature.JSCVT,
        ["HaveFrintExt"] = Feature.FRINTTS,
        ["HaveBF16Ext"] = Feature.BF16,
        ["HaveInt8MatMulExt"] = Feature.I8MM,
        ["HaveAESExt"] = Feature.AES,
        ["HaveBit128PMULLExt"] = Feature.PMULL,
        ["HaveSHA1Ext"] = Feature.SHA1,
        ["HaveSHA256Ext"] = Feature.SHA256,
        ["HaveSHA512Ext"] = Feature.SHA512,
        ["HaveSHA3Ext"] = Feature.SHA3,
        ["HaveSM3Ext"] = Feature.SM3,
        ["HaveSM4Ext"] = Feature.SM4,
        ["HaveCSSC"] = Feature.CSSC,
        ["HaveFeatHBC"] = Feature.HBC,
        ["HaveFeatMOPS"] = Feature.MOPS,
        ["HavePACExt"] = Feature.PAuth,
        ["HaveBTIExt"] = Feature.BTI,
    };

    // Encodings whose feature that model does not test for in its decode clause, by the beginning of the name.
    private static readonly (string Prefix, Feature Feature)[] s_unnamed =
    [
        ("ldapr_aarch64_instrs_memory_ordered_rcpc", Feature.LRCPC), ("ldaprb_", Feature.LRCPC), ("ldaprh_", Feature.LRCPC),
        ("ldapur", Feature.LRCPC2), ("stlur", Feature.LRCPC2),
        ("wfet_", Feature.WFxT), ("wfit_", Feature.WFxT),
        ("ldlar", Feature.LOR), ("stllr", Feature.LOR),
        ("axflag_", Feature.FlagM2), ("xaflag_", Feature.FlagM2), ("cfinv_", Feature.FlagM),
    ];

    // Encodings without a feature in the decode clause that no CPU has, by the beginning of the name.
    private static readonly (string Prefix, string Reason)[] s_absent =
    [
        ("ldiapp_", "FEAT_LRCPC3"), ("stilp_", "FEAT_LRCPC3"), ("ldapr_aarch64_instrs_memory_ordered_rcpc_writeback", "FEAT_LRCPC3"),
        ("stlr_aarch64_instrs_memory_ordered_writeback", "FEAT_LRCPC3"), ("ldap1_", "FEAT_LRCPC3"), ("ldapur_fpsimd_", "FEAT_LRCPC3"), ("stlur_fpsimd_", "FEAT_LRCPC3"), ("stl1_", "FEAT_LRCPC3"),
        ("tcancel_", "FEAT_TME"), ("tstart_", "FEAT_TME"), ("ttest_", "FEAT_TME"),
        ("dsb_aarch64_instrs_system_barriers_dsb_nxs", "FEAT_XS"), ("rprfm_", "FEAT_RPRFM: a PRFM hint"),
        ("hlt_", "halting debug is never allowed"), ("dcps", "halting debug is never allowed"), ("drps_", "Debug state only"),
        ("udf_", "undefined by definition"), ("sysl_", "no SYSL is allocated"),
    ];

    /// <summary>Why a CPU does not execute an encoding; empty if it should.</summary>
    public static string ReasonAgainst(Encoding encoding, CpuModel model)
    {
        if (encoding.Features.FirstOrDefault(f => !(s_features.TryGetValue(f, out Feature feature) && model.Has(feature))) is { } missing) return missing;
        foreach ((string prefix, string reason) in s_absent)
        {
            if (encoding.Name.StartsWith(prefix, StringComparison.Ordinal)) return reason;
        }

        return s_unnamed.Where(u => encoding.Name.StartsWith(u.Prefix, StringComparison.Ordinal) && !model.Has(u.Feature)).Select(static u => $"FEAT_{u.Feature}").FirstOrDefault() ?? "";
    }

    /// <summary>Whether a word of an encoding is executed.</summary>
    /// <remarks>A hint is whatever its feature: without the feature it is a NOP. The plain branches are Armv8.0, though the clauses test for pointer authentication.</remarks>
    public static bool IsClaimed(Encoding encoding, uint word, CpuModel model)
    {
        if (encoding.Pattern.Text.StartsWith("11010101000000110010", StringComparison.Ordinal) || IsPlainBranch(encoding)) return true;
        if (encoding.Name.StartsWith("msr_imm", StringComparison.Ordinal)) return model.Has(OfStateField(word));
        return encoding.Features.All(f => !IsNeeded(encoding, f, word) || (s_features.TryGetValue(f, out Feature feature) && model.Has(feature)))
            && !s_absent.Any(a => encoding.Name.StartsWith(a.Prefix, StringComparison.Ordinal))
            && s_unnamed.All(u => model.Has(u.Feature) || !encoding.Name.StartsWith(u.Prefix, StringComparison.Ordinal));
    }

    // Clauses of several forms test for the features of each.
    private static bool IsNeeded(Encoding encoding, string feature, uint word) => feature switch
    {
        "HaveFJCVTZSExt" => encoding.Name.StartsWith("fjcvtzs_", StringComparison.Ordinal),
        "HaveFP16Ext" when encoding.Fields.Contains("ftype=23:22", StringComparison.Ordinal) => (word >> 22 & 3) == 3,
        "HaveFP16Ext" when encoding.Fields.Contains("immh=22:19", StringComparison.Ordinal) => (word >> 20 & 7) == 1,
        "HaveFP16Ext" when encoding.Features.Contains("HaveFCADDExt") => false, // every CPU that has it has half precision
        _ => true,
    };

    private static bool IsPlainBranch(Encoding encoding)
        => encoding.Name.StartsWith("br_", StringComparison.Ordinal) || encoding.Name.StartsWith("blr_", StringComparison.Ordinal)
            || encoding.Name.StartsWith("ret_", StringComparison.Ordinal) || encoding.Name.StartsWith("eret_", StringComparison.Ordinal);

    // That list has one clause for all of MSR (immediate): op1 and op2 name the field.
    private static Feature OfStateField(uint word) => (word >> 5 & 0x3807) switch { 3 => Feature.UAO, 4 => Feature.PAN, _ => Feature.None };
}
