using System.Reflection;
using Armillary.Emulation.Decode;

namespace Armillary.Tests.Decode;

/// <summary>
/// An encoding of the architecture. The list is of the public Sail model of Armv9.4-A (rems-project/sail-arm,
/// BSD-3-Clause-Clear, Arm Limited and contributors): facts of its decode clauses, in their order; an earlier one wins.
/// </summary>
/// <param name="Name">The model's name of the decode function.</param>
/// <param name="Pattern">32 characters, bit 31 first; x is any.</param>
/// <param name="Fields">Its fields as <c>name=high:low</c>.</param>
/// <param name="Features">Features that it needs.</param>
/// <param name="IsGuarded">The clause has a further condition on its fields.</param>
internal sealed record Encoding(string Name, Pattern Pattern, string Fields, IReadOnlyList<string> Features, bool IsGuarded)
{
    public static IReadOnlyList<Encoding> All { get; } = [.. ReadLines().Skip(1).Select(Parse)];

    /// <summary>The encoding of a word, or null if it is unallocated.</summary>
    public static Encoding? Of(uint word) => All.FirstOrDefault(e => e.Pattern.Matches(word));

    private static IEnumerable<string> ReadLines()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("a64-encodings.csv")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static Encoding Parse(string line)
    {
        string[] parts = line.Split(',');
        return new Encoding(parts[3], new Pattern(parts[2], is64ByDefault: true), parts[4], parts[5].Split(' ', StringSplitOptions.RemoveEmptyEntries), parts[6].Length > 0);
    }
}
