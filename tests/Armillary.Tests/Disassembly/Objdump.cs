using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Armillary.Tests.Disassembly;

/// <summary>GNU objdump for AArch64, if this machine has one.</summary>
internal static class Objdump
{
    /// <summary>Names the variable with the program's path; without it the PATH is searched.</summary>
    public const string Variable = "ARMILLARY_OBJDUMP";

    private const string Name = "aarch64-linux-gnu-objdump";

    /// <summary>The program's path; the test is skipped if there is none.</summary>
    public static string PathOrSkip()
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(given)) return given;
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"{Name} is neither in PATH nor named by {Variable}: it is in the package binutils-aarch64-linux-gnu.");
        return found!;
    }

    /// <summary>The texts of words that stand at an address one behind the other, spelled as our disassembler spells them.</summary>
    public static string[] Disassemble(string program, uint[] words, ulong address)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, MemoryMarshal.AsBytes<uint>(words));
            string[] arguments = ["-D", "-z", "-b", "binary", "-m", "aarch64", string.Create(CultureInfo.InvariantCulture, $"--adjust-vma=0x{address:x}"), file];
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
                ?? throw new InvalidOperationException($"{program} did not start.");
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            string[] texts = [.. output.Split('\n').Select(Text).OfType<string>()];
            Assert.Equal(words.Length, texts.Length);
            return texts;
        }
        finally
        {
            File.Delete(file);
        }
    }

    // "  40000000:<tab>d503201f <tab>mnemonic<tab>operands<tab>// comment"; other lines are headings.
    private static string? Text(string line)
    {
        string[] parts = line.Split('\t');
        return parts.Length < 3 || !parts[0].EndsWith(':') ? null : string.Join(' ', parts[2..]).Split("//")[0].Trim();
    }
}
