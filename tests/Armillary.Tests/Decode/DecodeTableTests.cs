using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Models;

namespace Armillary.Tests.Decode;

/// <summary>The rows against each other and against the architecture's own list of encodings.</summary>
public sealed class DecodeTableTests
{
    private const int Samples = 64;

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
                else if (!Claims.IsClaimed(encoding, word, model)) wrong.Add($"{row.Name} ({row.Pattern}) is {encoding.Name}, {string.Join(' ', encoding.Features)}");
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
            uint[] words = [.. WordsOf(encoding.Pattern, random).Where(w => Encoding.Of(w) == encoding && Claims.IsClaimed(encoding, w, model))];
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
            if (!Decode(word, model).IsUndefined) Assert.True(Encoding.Of(word) is { } encoding && Claims.IsClaimed(encoding, word, model), $"{word:x8} is executed and is not of a claimed feature.");
        }
    }

    private static Row Decode(uint word, CpuModel model) => DecodeTable.Decode(word, 0, model, isGuarded: false, out _);

    private static IEnumerable<uint> WordsOf(Pattern pattern, Random random)
    {
        for (int i = 0; i < Samples; i++) yield return ((uint)random.NextInt64() & ~pattern.Mask) | pattern.Value;
    }
}
