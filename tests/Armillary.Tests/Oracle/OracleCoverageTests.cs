using Armillary.Emulation.Decode;
using Armillary.Tests.House;
using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>Random programs are of every row of the engine, but for those that docs/oracle.md names with the reason.</summary>
public sealed class OracleCoverageTests
{
    private const int Draws = 3000;

    [Fact]
    public void Every_row_is_in_random_programs_or_in_the_list_of_those_that_are_not()
    {
        Row[] rows = [.. DecodeTable.BuildAll().Skip(2).Where(static row => !row.IsUndefined)];
        HashSet<Row> met = [];
        foreach (InstructionForm form in InstructionForms.OfRecentOracles)
        {
            var random = new SplitMix64(1);
            for (int i = 0; i < Draws; i++)
            {
                foreach (uint word in form.Draw(random, spIsFree: true, [1])) met.Add(DecodeTable.Find(word));
            }
        }

        string[] listed = [.. Listed()];
        string[] missing = [.. rows.Where(row => !met.Contains(row)).Select(static row => row.Name).Distinct().Where(name => !listed.Contains(name)).Order(StringComparer.Ordinal)];
        string[] needless = [.. listed.Where(name => !rows.Any(row => row.Name == name && !met.Contains(row)))];
        Assert.True(missing.Length == 0, $"Neither generated nor listed in docs/oracle.md: {string.Join("; ", missing)}");
        Assert.True(needless.Length == 0, $"Listed in docs/oracle.md, but generated or no row: {string.Join("; ", needless)}");
    }

    // The names in backquotes of the first column of the table.
    private static IEnumerable<string> Listed()
    {
        string path = Path.Combine(Repository.Root, "docs", "oracle.md");
        foreach (string line in File.ReadAllLines(path).Where(static line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            foreach (string name in line.Split('|')[1].Split('`').Where(static (_, i) => i % 2 == 1)) yield return name;
        }
    }
}
