using System.Text.RegularExpressions;

namespace Armillary.Tests.House;

/// <summary>The documents say what is there.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents => [.. Repository.Files("", ".md")];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_to_a_file_leads_somewhere(string document)
    {
        string folder = Path.GetDirectoryName(document)!;
        foreach (Match match in Link().Matches(Fence().Replace(Repository.Text(document), "")))
        {
            string[] parts = match.Groups[1].Value.Split('#');
            if (parts[0].Contains("://", StringComparison.Ordinal)) continue;
            string target = parts[0].Length == 0 ? document : Path.Combine(folder, parts[0]);
            Assert.True(Repository.Exists(target), $"{document}: {match.Value} leads nowhere.");
            if (parts.Length > 1) Assert.True(Anchors(target).Contains(parts[1]), $"{document}: {match.Value}: {target} has no such heading.");
        }
    }

    [Fact]
    public void Every_promise_names_tests_and_commands_that_exist()
    {
        string[] promises = [.. Repository.Lines("docs/promises.md").Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.EndsWith("| held by |", StringComparison.Ordinal))];
        Assert.NotEmpty(promises);
        ILookup<string, string> tests = Repository.Files("tests", ".cs").ToLookup(path => Path.GetFileNameWithoutExtension(path));
        foreach (string promise in promises)
        {
            string holder = promise.Trim('|', ' ').Split('|')[^1];
            MatchCollection names = Quoted().Matches(holder);
            Assert.True(names.Count > 0 || holder.Contains("pending", StringComparison.Ordinal), $"Nothing holds this, and it does not say pending: {promise}");
            foreach (string name in names.Select(match => match.Groups[1].Value))
            {
                if (TestName().Match(name) is { Success: true } test)
                {
                    Assert.Contains(tests[test.Groups[1].Value], path => Repository.Text(path).Contains($" {test.Groups[2].Value}(", StringComparison.Ordinal));
                }
                else
                {
                    Assert.True(Repository.Exists(name.Split(' ')[0]), $"{name} is neither a test nor a file.");
                }
            }
        }
    }

    // As GitHub makes them: lower case, spaces to hyphens, other punctuation gone.
    private static HashSet<string> Anchors(string document)
        => [.. Repository.Lines(document).Where(line => line.StartsWith('#')).Select(line => NotInAnchor().Replace(line.TrimStart('#', ' ').ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^([A-Z]\w+Tests)\.(\w+)$")]
    private static partial Regex TestName();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();
}
