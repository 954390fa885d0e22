using System.Text.RegularExpressions;

namespace Armillary.Tests.House;

/// <summary>What a source file may contain, and how long it may be.</summary>
public sealed partial class SourceTests
{
    private const int LongestSource = 400;
    private const int LongestFile = 500;

    private static readonly string[] s_mayBeUnsafe =
    [
        "src/Armillary.Core/Memory/", "src/Armillary.Emulation/", "src/Armillary/Hvf/", "src/Armillary/Kvm/",
    ];

    // A folder that only sorts files: its types are in the namespace above.
    private static readonly string[] s_withoutNamespace =
    [
        "src/Armillary.Core/Arm64/Assembler", "src/Armillary.Core/Errors", "src/Armillary.Core/Memory", "src/Armillary.Core/Images",
    ];

    private static readonly Dictionary<string, string> s_mayBeLong = new(StringComparer.Ordinal)
    {
    };

    private static readonly string[] s_text = [".cs", ".md", ".csproj", ".props", ".targets", ".slnx", ".json", ".yml", ".sh", ".py", ".c", ".h", ".ld", ".resx", "run"];

    public static TheoryData<string> ProjectFolders => [.. Repository.Files("src", ".csproj").Select(path => Path.GetDirectoryName(path)!.Replace('\\', '/'))];

    [Fact]
    public void Unsafe_code_stands_only_where_memory_and_engines_are()
    {
        IEnumerable<string> found = Repository.Files("src", ".cs").Concat(Repository.Files("examples", ".cs")).Where(path => UnsafeKeyword().IsMatch(Repository.Code(path)));
        AssertNone(found.Where(path => !s_mayBeUnsafe.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("src/Armillary.Machine")]
    [InlineData("src/Armillary.Cli")]
    [InlineData("examples")]
    public void Devices_tools_and_examples_have_no_way_round_the_type_system(string folder)
    {
        AssertNone(Repository.Files(folder, ".cs").Where(path => UncheckedMemory().IsMatch(Repository.Code(path))));
        AssertNone(Repository.Files(folder, ".csproj", ".cs").Where(path => Repository.Text(path).Contains("AllowUnsafeBlocks", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(ProjectFolders))]
    public void A_namespace_is_its_folder(string project)
    {
        string root = RootNamespace().Match(Repository.Text($"{project}/{Path.GetFileName(project)}.csproj")).Groups[1].Value;
        foreach (string path in Repository.Files(project, ".cs"))
        {
            Match declared = Namespace().Match(Repository.Code(path));
            if (!declared.Success) continue; // a program's top-level statements
            string folder = Path.GetDirectoryName(path)!.Replace('\\', '/');
            while (s_withoutNamespace.Contains(folder)) folder = folder[..folder.LastIndexOf('/')];
            string expected = root + folder[project.Length..].Replace('/', '.');
            Assert.True(declared.Groups[1].Value == expected, $"{path}: namespace {declared.Groups[1].Value} should be {expected}.");
        }
    }

    [Fact]
    public void A_source_file_is_one_idea_long()
    {
        string[] tooLong = [.. Repository.Files("src", ".cs").Where(path => Repository.Lines(path).Length > LongestSource)];
        Assert.Equal(s_mayBeLong.Keys.Order(StringComparer.Ordinal), tooLong);
    }

    [Fact]
    public void Every_text_file_but_data_can_be_read_in_one_sitting()
        => AssertNone(Repository.Files("", s_text).Where(path => !s_mayBeLong.ContainsKey(path) && Repository.Lines(path).Length > LongestFile));

    [Fact]
    public void Text_ends_its_lines_with_a_line_feed()
        => AssertNone(Repository.Files("", [.. s_text, ".ins", ".expected", ".txt"]).Where(path => File.ReadAllText(Path.Combine(Repository.Root, path)).Contains('\r', StringComparison.Ordinal)));

    private static void AssertNone(IEnumerable<string> offenders) => Assert.Equal([], offenders);

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeKeyword();

    [GeneratedRegex(@"\bunsafe\b|\b(Unsafe|NativeMemory|Marshal|MemoryMarshal)\.")]
    private static partial Regex UncheckedMemory();

    [GeneratedRegex(@"<RootNamespace>([\w.]+)</RootNamespace>")]
    private static partial Regex RootNamespace();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
