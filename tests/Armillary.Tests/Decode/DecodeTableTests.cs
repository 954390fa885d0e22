using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Models;

namespace Armillary.Tests.Decode;

/// <summary>The rows against each other and against the architecture's own list of encodings.</summary>
public sealed class DecodeTableTests
{
    private const int Samples = 64;

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

    private static readonly Row[] s_rows = [.. DecodeTable.BuildAll().Skip(2)];

    [Fact]
    public void No_two_rows_overlap()
    {
        var overlaps = new List<string>();
        for (int i = 0; i < s_rows.Length; i++)
        {
            for (int k = i + 1; k < s_rows.Length; k++)
            {
                if (s_rows[i].Encoding.Overlaps(s_rows[k].Encoding)) overlaps.Add($"{s_rows[i].Name} ({s_rows[i].Pattern}) and {s_rows[k].Name} ({s_rows[k].Pattern})");
            }
        }

        Assert.Empty(overlaps);
    }

    [Fact]
    public void Every_word_of_a_row_finds_that_row()
    {
        var random = new Random(1);
        foreach (Row row in s_rows)
        {
            foreach (uint word in WordsOf(row.Encoding, random)) Assert.Same(row, DecodeTable.Find(word));
        }
    }

    [Fact]
    public void Every_row_becomes_IR_whose_faults_are_precise()
    {
        var random = new Random(2);
        foreach (Row row in s_rows)
        {
            int translated = 0;
            foreach (uint word in WordsOf(row.Encoding, random))
            {
                if (DecodeTable.Decode(word, 0x4000_0000, out Operands operands) != row) continue;
                row.Translate(new IrBuffer(), operands); // throws if an access follows a write
                translated++;
            }

            Assert.True(translated > 0, $"No word of {row.Name} decodes.");
        }
    }

    public static TheoryData<string> Models => [.. CpuModels.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Models))]
    public void What_the_CPU_executes_is_an_encoding_of_a_feature_that_it_claims(string name)
    {
        CpuModel model = CpuModels.Find(name)!;
        var random = new Random(3);
        var wrong = new SortedSet<string>();
        foreach (Row row in s_rows.Where(r => !r.IsUndefined))
        {
            foreach (uint word in WordsOf(row.Encoding, random))
            {
                if (Decode(word, model) != row) continue;
                Encoding? encoding = Encoding.Of(word);
                if (encoding is null) wrong.Add($"{row.Name}: {word:x8} is unallocated");
                else if (!IsClaimed(encoding, word, model)) wrong.Add($"{row.Name} ({row.Pattern}) is {encoding.Name}, {string.Join(' ', encoding.Features)}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong:\n" + string.Join('\n', wrong.Take(1000)));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_encoding_of_the_claimed_features_is_executed(string name)
    {
        CpuModel model = CpuModels.Find(name)!;
        var random = new Random(4);
        var missing = new List<string>();
        foreach (Encoding encoding in Encoding.All.Where(e => !e.IsGuarded))
        {
            uint[] words = [.. WordsOf(encoding.Pattern, random).Where(w => Encoding.Of(w) == encoding && IsClaimed(encoding, w, model))];
            if (words.Length > 0 && !words.Any(w => !Decode(w, model).IsUndefined)) missing.Add($"{encoding.Pattern.Text} {encoding.Name}");
        }

        Assert.True(missing.Count == 0, $"{missing.Count} missing:\n" + string.Join('\n', missing));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Random_words_that_are_unallocated_are_undefined(string name)
    {
        CpuModel model = CpuModels.Find(name)!;
        var random = new Random(5);
        for (int i = 0; i < 200_000; i++)
        {
            uint word = (uint)random.NextInt64();
            if (!Decode(word, model).IsUndefined) Assert.True(Encoding.Of(word) is { } encoding && IsClaimed(encoding, word, model), $"{word:x8} is executed and is not of a claimed feature.");
        }
    }

    private static Row Decode(uint word, CpuModel model) => DecodeTable.Decode(word, 0, model, isGuarded: false, out _);

    // A hint is claimed whatever its feature: without the feature it is a NOP. The plain branches are Armv8.0, though the clauses test
    // for pointer authentication.
    private static bool IsClaimed(Encoding encoding, uint word, CpuModel model)
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

    private static IEnumerable<uint> WordsOf(Pattern pattern, Random random)
    {
        for (int i = 0; i < Samples; i++) yield return ((uint)random.NextInt64() & ~pattern.Mask) | pattern.Value;
    }
}
