using System.Collections.Frozen;
using System.Globalization;
using Armillary.Arm64;

namespace Armillary.Emulation.Disassembly;

/// <summary>
/// The names of every system register and SYS operation that Arm has named, from the resource SystemNames.txt; many more than the
/// CPU has, because guests are built for all CPUs. Read when the first of them is disassembled.
/// </summary>
internal static class SystemNames
{
    private static readonly Lazy<FrozenDictionary<SystemRegister, (string Read, string Write)>> s_names = new(Load);

    /// <summary>Every encoding that has a name.</summary>
    public static IEnumerable<SystemRegister> Encodings => s_names.Value.Keys;

    /// <summary>
    /// A register's name, or a SYS operation with its mnemonic (op0 is 1), with a comma behind it if a register follows; null
    /// for an encoding without a name.
    /// </summary>
    public static string? Find(SystemRegister encoding, bool isWrite)
        => s_names.Value.TryGetValue(encoding, out (string Read, string Write) names) ? isWrite ? names.Write : names.Read : null;

    // A line is the packed encoding and the name; a register with another name when written has that behind a slash.
    private static FrozenDictionary<SystemRegister, (string Read, string Write)> Load()
    {
        using Stream stream = typeof(SystemNames).Assembly.GetManifestResourceStream("SystemNames.txt")
            ?? throw new InvalidOperationException("The assembly has lost its resource SystemNames.txt: build it again.");
        using var reader = new StreamReader(stream);
        var names = new Dictionary<SystemRegister, (string Read, string Write)>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            string[] both = line[5..].Split('/');
            names.Add((SystemRegister)ushort.Parse(line.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture), (both[0], both[^1]));
        }

        return names.ToFrozenDictionary();
    }
}
