using Armillary.Emulation.Decode;

namespace Armillary.Tests.Engine;

public sealed class DecodeTableTests
{
    private const uint AdvancedSimd = 0x0e00_0000;

    [Fact]
    public void No_word_of_vectors_has_two_rows()
    {
        Row[] rows = [.. DecodeTable.BuildAll().Skip(2).Where(static row => (row.Encoding.Value & AdvancedSimd) is 0x0c00_0000 or 0x0e00_0000)];
        Assert.NotEmpty(rows);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int k = i + 1; k < rows.Length; k++)
            {
                Assert.False(rows[i].Encoding.Overlaps(rows[k].Encoding), $"{rows[i].Name} {rows[i].Pattern} and {rows[k].Name} {rows[k].Pattern} overlap.");
            }
        }
    }

    [Fact]
    public void A_row_is_found_in_every_bucket_that_it_has_words_in()
    {
        var random = new Random(1);
        foreach (Row row in DecodeTable.BuildAll().Skip(2).ToArray())
        {
            for (int i = 0; i < 16; i++)
            {
                uint word = ((uint)random.NextInt64(1L << 32) & ~row.Encoding.Mask) | row.Encoding.Value;
                Assert.True(DecodeTable.Find(word).Index != DecodeTable.Unallocated, $"{word:x8}, {row.Name} {row.Pattern}, is not found.");
            }
        }
    }
}
