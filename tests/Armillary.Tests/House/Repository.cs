using System.Reflection;
using System.Text.RegularExpressions;

namespace Armillary.Tests.House;

/// <summary>The repository's own files, as the rules of the house see them.</summary>
internal static partial class Repository
{
    private static readonly HashSet<string> s_notOurs = new(StringComparer.Ordinal) { ".git", "bin", "obj", "artifacts", "out", "TestResults", ".vs", ".idea", ".vscode" };

    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>Paths below a folder, from the root and with slashes, that end as given; sorted.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings)
        => Below(new DirectoryInfo(Path.Combine(Root, folder)))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Where(path => endings.Length == 0 || endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    public static string[] Lines(string path) => Text(path).TrimEnd('\n').Split('\n');

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    /// <summary>A C# file without its comments, strings and character literals.</summary>
    public static string Code(string path) => CommentOrString().Replace(Text(path), " ");

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) => folder.EnumerateFiles()
        .Concat(folder.EnumerateDirectories().Where(d => !s_notOurs.Contains(d.Name)).SelectMany(Below));

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\$*"{3,}.*?"{3,}|@"(?:[^"]|"")*"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'""", RegexOptions.Singleline)]
    private static partial Regex CommentOrString();
}
