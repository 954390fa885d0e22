using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;

namespace Armillary.Tests.Decode;

/// <summary>The rows against each other and against the architecture's own list of encodings.</summary>
public sealed class DecodeTableTests
{
    private const int Samples = 64;

    // Features of the model that the CPU claims.
    private static readonly HashSet<string> s_claimed =
    [
        "HaveAtomicExt", "HaveCRCExt", "HaveFlagManipulateExt", "HaveSBExt", "HaveFP16Ext", "HaveFP16MulNoRoundingToFP32Ext", "HaveQRDMLAHExt",
        "HaveDOTPExt", "HaveFCADDExt", "HaveFJCVTZSExt", "HaveFrintExt", "HaveBF16Ext", "HaveInt8MatMulExt", "HaveAESExt", "HaveBit128PMULLExt", "HaveSHA1Ext", "HaveSHA256Ext",
        "HaveSHA512Ext", "HaveSHA3Ext", "HaveSM3Ext", "HaveSM4Ext", "HaveCSSC", "HaveFeatHBC",
    ];

    // Encodings without a feature in the model's decode clause that the CPU does not have, by the beginning of the name.
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

    [Fact]
    public void What_the_CPU_executes_is_an_encoding_of_a_feature_that_it_claims()
    {
        var random = new Random(3);
        var wrong = new SortedSet<string>();
        foreach (Row row in s_rows.Where(r => !r.IsUndefined))
        {
            foreach (uint word in WordsOf(row.Encoding, random))
            {
                if (DecodeTable.Decode(word, 0, out _) != row) continue;
                Encoding? encoding = Encoding.Of(word);
                if (encoding is null) wrong.Add($"{row.Name}: {word:x8} is unallocated");
                else if (!IsClaimed(encoding)) wrong.Add($"{row.Name}: {word:x8} is {encoding.Name}");
            }
        }

        Assert.Empty(wrong.Take(20));
    }

    [Fact]
    public void Every_encoding_of_the_claimed_features_is_executed()
    {
        var random = new Random(4);
        var missing = new List<string>();
        foreach (Encoding encoding in Encoding.All.Where(e => IsClaimed(e) && !e.IsGuarded))
        {
            uint[] words = [.. WordsOf(encoding.Pattern, random).Where(w => Encoding.Of(w) == encoding)];
            if (words.Length > 0 && !words.Any(w => !DecodeTable.Decode(w, 0, out _).IsUndefined)) missing.Add($"{encoding.Pattern.Text} {encoding.Name}");
        }

        Assert.True(missing.Count == 0, $"{missing.Count} missing:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void Random_words_that_are_unallocated_are_undefined()
    {
        var random = new Random(5);
        for (int i = 0; i < 200_000; i++)
        {
            uint word = (uint)random.NextInt64();
            if (!DecodeTable.Decode(word, 0, out _).IsUndefined) Assert.True(Encoding.Of(word) is { } encoding && IsClaimed(encoding), $"{word:x8} is executed and is not of a claimed feature.");
        }
    }

    // A hint is claimed whatever its feature: without the feature it is a NOP.
    private static bool IsClaimed(Encoding encoding)
        => IsPlainBranch(encoding) || (encoding.Features.All(s_claimed.Contains) && !s_absent.Any(a => encoding.Name.StartsWith(a.Prefix, StringComparison.Ordinal)))
            || encoding.Pattern.Text.StartsWith("11010101000000110010", StringComparison.Ordinal)
            || IsMsrImmediate(encoding);

    // The model tests for pointer authentication in these clauses; the plain forms are Armv8.0.
    private static bool IsPlainBranch(Encoding encoding)
        => encoding.Name.StartsWith("br_", StringComparison.Ordinal) || encoding.Name.StartsWith("blr_", StringComparison.Ordinal)
            || encoding.Name.StartsWith("ret_", StringComparison.Ordinal) || encoding.Name.StartsWith("eret_", StringComparison.Ordinal);

    // The model has one clause for all of MSR (immediate); SPSel, DAIFSet and DAIFClr are Armv8.0.
    private static bool IsMsrImmediate(Encoding encoding) => encoding.Name.StartsWith("msr_imm", StringComparison.Ordinal);

    private static IEnumerable<uint> WordsOf(Pattern pattern, Random random)
    {
        for (int i = 0; i < Samples; i++) yield return ((uint)random.NextInt64() & ~pattern.Mask) | pattern.Value;
    }
}
