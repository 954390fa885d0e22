using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>A form of one instruction, or of a few that belong together, for random programs.</summary>
/// <remarks>
/// Patterns have bit 31 first: 0, 1 or a letter; a letter has one value in all patterns of the form. Registers: d, t, u, s
/// are written (never X26 to X28, which address memory), D is written and may be SP where the program allows it, others
/// are read. F is the distance in instructions to a place later in the program. S is one random bit, repeated. Every
/// other letter is a random number.
/// </remarks>
/// <param name="Weight">How often it is chosen, relative to the others.</param>
internal sealed record InstructionForm(string Name, int Weight, params string[] Patterns)
{
    private const string WrittenLetters = "dtus";
    private const string ReadLetters = "nNma";

    /// <summary>Says whether the words are defined and predictable; others are drawn if not.</summary>
    public Func<uint[], bool> IsValid { get; init; } = static _ => true;

    /// <summary>How far above an aligned address, in bytes, the base may be without leading to what the architecture leaves open.</summary>
    public int MaxMisalignment { get; init; } = 15;

    /// <summary>It accesses memory relative to SP.</summary>
    public bool UsesSp { get; init; }

    /// <summary>Draws the words.</summary>
    /// <param name="random">Where from.</param>
    /// <param name="spIsFree">SP may be written to as any register.</param>
    /// <param name="targets">Where branches may go, in instructions from the first of these; the end of the program is one.</param>
    public uint[] Draw(SplitMix64 random, bool spIsFree, IReadOnlyList<int> targets)
    {
        while (true)
        {
            Dictionary<char, ulong> values = [];
            uint[] words = [.. Patterns.Select(pattern => Encode(pattern, letter => ValueOf(letter, values, random, spIsFree, targets)))];
            if (IsValid(words)) return words;
        }
    }

    /// <summary>Whether a word has the form of one of the patterns.</summary>
    public bool Matches(uint word) => Patterns.Any(pattern =>
    {
        for (int bit = 0; bit < 32; bit++)
        {
            if (pattern[31 - bit] is '0' or '1' && (word >> bit & 1) != pattern[31 - bit] - '0') return false;
        }

        return true;
    });

    private static uint Encode(string pattern, Func<char, ulong> valueOf)
    {
        uint word = 0;
        for (int bit = 0; bit < 32; bit++)
        {
            char letter = pattern[31 - bit];
            int index = letter == 'S' ? 0 : pattern.AsSpan(32 - bit).Count(letter);
            uint value = letter is '0' or '1' ? (uint)(letter - '0') : (uint)(valueOf(letter) >> index) & 1;
            word |= value << bit;
        }

        return word;
    }

    private ulong ValueOf(char letter, Dictionary<char, ulong> values, SplitMix64 random, bool spIsFree, IReadOnlyList<int> targets)
    {
        if (values.TryGetValue(letter, out ulong value)) return value;
        value = letter switch
        {
            'D' when spIsFree && random.OneIn(8) => 31,
            'D' => WrittenRegister(random, 31),
            'F' => (ulong)targets[random.Next(targets.Count)],
            _ when WrittenLetters.Contains(letter, StringComparison.Ordinal) => WrittenRegister(random, 32),
            _ when ReadLetters.Contains(letter, StringComparison.Ordinal) => (ulong)random.Next(32),
            _ => random.Next(4) switch { 0 => 0, 1 => ulong.MaxValue, _ => random.Next() },
        };
        values.Add(letter, value);
        return value;
    }

    private static ulong WrittenRegister(SplitMix64 random, int limit)
    {
        int register;
        do
        {
            register = random.Next(limit);
        }
        while (register is >= ProgramGenerator.NegativeIndex and <= ProgramGenerator.Base);
        return (ulong)register;
    }
}
