using System.Reflection;

namespace Armillary.Tests.Instructions;

/// <summary>The instruction files (.ins), which are embedded in the test assembly: one a class of the manual.</summary>
/// <remarks>
/// <para>A line is a case; blank lines and lines that begin with # are not. Parts are separated by one space:</para>
/// <code>91000420 "add x0, x1, #0x1" x1=0x5 =&gt; x0=0x6</code>
/// <para>First one or more instructions in 8 hexadecimal digits, as numbers, and the text of GNU objdump with the branch
/// targets of an instruction at 0x40001000. Then the state before: what the instructions read. After the arrow, the state
/// after: what they change, or <c>undefined</c>. All that is not named before is noise, and all that is not named after
/// stays as it was.</para>
/// <list type="bullet">
/// <item><c>x0</c> to <c>x30</c>, <c>sp</c> and <c>tpidr_el0</c> in hexadecimal with 0x; all 64 bits, also for W registers;</item>
/// <item><c>v0</c> to <c>v31</c>, all 128 bits; <c>fpcr</c> and <c>fpsr</c>;</item>
/// <item><c>nzcv</c>, one hexadecimal digit: N is 8, Z 4, C 2, V 1;</item>
/// <item><c>[0x50000780]:8=0x1122</c>, memory: address, size in bytes (1, 2, 4, 8, 16), value, little-endian;</item>
/// <item>system registers by Arm's names in small letters, only before; <c>sctlr_el1</c> is the bits that must be set;</item>
/// <item><c>exception=0x72000001</c>, only after: ESR_EL1 of the exception that ends it, with the PC of the instruction;</item>
/// <item><c>pc=+8</c> or <c>pc=-0x400</c>, only after and only if it is not that of the next instruction: relative to the first.</item>
/// </list>
/// <para>Instructions run at 0x40001000. Data are in the page at 0x50000000; literals are between 0x3ff00000 and
/// 0x4010ffff. Accesses are naturally aligned, for with the MMU off others fault.</para>
/// </remarks>
internal static class InstructionFile
{
    private const string Prefix = "Instructions/";
    private const string Extension = ".ins";

    /// <summary>The files' names without extension, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal))
            .Select(static name => name[Prefix.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The cases of a file.</summary>
    /// <exception cref="ArgumentException">There is no such file.</exception>
    /// <exception cref="InstructionFileException">A line is malformed.</exception>
    public static IReadOnlyList<InstructionCase> Load(string name) => Parse(name + Extension, ReadText(name));

    /// <summary>The cases of a file's text.</summary>
    /// <exception cref="InstructionFileException">A line is malformed.</exception>
    public static IReadOnlyList<InstructionCase> Parse(string file, string text)
    {
        List<InstructionCase> cases = [];
        int number = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.Length > 0 && line[0] != '#') cases.Add(new InstructionLineParser(file, number, line).Parse());
        }

        return cases;
    }

    /// <summary>The text of a file.</summary>
    public static string ReadText(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + name + Extension)
            ?? throw new ArgumentException($"There is no instruction file \"{name}\".", nameof(name));
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
