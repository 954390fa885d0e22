using System.Buffers.Binary;
using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>
/// Random programs of defined and predictable instructions, which end: branches go forward only, and memory is accessed in the window,
/// in a quarter of the programs anywhere near aligned addresses.
/// </summary>
internal static class ProgramGenerator
{
    /// <summary>X26, an index of -0xf0 to 0 in steps of 16.</summary>
    public const int NegativeIndex = 26;

    /// <summary>X27, an index of 0 to 0xf0 in steps of 16.</summary>
    public const int PositiveIndex = 27;

    /// <summary>X28, the middle of the window or some bytes above; SP is the middle too in programs that use it for memory.</summary>
    public const int Base = 28;

    private const ulong Middle = GuestState.WindowAddress + (GuestState.WindowSize / 2);
    private const int MaxLength = 32;

    private static readonly ulong[] s_special =
    [
        0, 1, 2, ulong.MaxValue, ulong.MaxValue - 1, 1UL << 63, (1UL << 63) - 1, 0x8000_0000, 0x7FFF_FFFF, 0xFFFF_FFFF,
        0x1_0000_0000, 0xFFFF_FFFF_8000_0000, 0x80, 0x7F, 0xFF, 0x8000, 0x7FFF, 0xFFFF, 31, 32, 63, 64,
    ];

    /// <summary>The case of a seed, of the forms that the oracle at hand knows.</summary>
    public static OracleCase Create(ulong seed) => Create(seed, InstructionForms.All);

    /// <summary>The case of a seed: the same on every host.</summary>
    public static OracleCase Create(ulong seed, IReadOnlyList<InstructionForm> forms)
    {
        int totalWeight = forms.Sum(static form => form.Weight);
        SplitMix64 random = new(seed);
        bool spIsFree = random.OneIn(2);
        int length = 1 + random.Next(MaxLength);
        List<(int Start, InstructionForm Form)> layout = [];
        for (int at = 0; at < length;)
        {
            InstructionForm form = DrawForm(random, forms, totalWeight);
            if (form.Patterns.Length > length - at || (form.UsesSp && spIsFree)) continue;
            layout.Add((at, form));
            at += form.Patterns.Length;
        }

        // A branch into the middle of a form would meet a register that the form has not set.
        List<uint> program = [];
        for (int i = 0; i < layout.Count; i++)
        {
            int[] targets = [.. layout.Skip(i + 1).Select(next => next.Start - layout[i].Start), length - layout[i].Start];
            program.AddRange(layout[i].Form.Draw(random, spIsFree, targets));
        }

        return new OracleCase(program, CreateState(random, spIsFree, layout.Min(static at => at.Form.MaxMisalignment)));
    }

    private static InstructionForm DrawForm(SplitMix64 random, IReadOnlyList<InstructionForm> forms, int totalWeight)
    {
        int drawn = random.Next(totalWeight);
        foreach (InstructionForm form in forms)
        {
            drawn -= form.Weight;
            if (drawn < 0) return form;
        }

        throw new InvalidOperationException("The weights do not add up.");
    }

    private static GuestState CreateState(SplitMix64 random, bool spIsFree, int maxMisalignment)
    {
        GuestState state = new() { Sp = spIsFree ? random.Next() & ~15UL : Middle, Nzcv = (uint)random.Next(16), TpidrEL0 = random.Next() };
        for (int i = 0; i < GuestState.XCount; i++) state.X[i] = DrawValue(random);
        for (int i = 0; i < GuestState.VCount; i++) state.V[i] = DrawVector(random);
        if (random.OneIn(2)) state.Fpcr = (uint)random.Next() & GuestState.FpcrBits;
        if (random.OneIn(2)) state.Fpsr = (uint)random.Next() & GuestState.FpsrBits;
        state.X[NegativeIndex] = 0UL - (16 * (ulong)random.Next(16));
        state.X[PositiveIndex] = 16 * (ulong)random.Next(16);
        state.X[Base] = Middle + (random.OneIn(4) ? (ulong)random.Next(maxMisalignment + 1) : 0);
        for (int i = 0; i < GuestState.WindowSize; i += 8) BinaryPrimitives.WriteUInt64LittleEndian(state.Window.AsSpan(i), DrawValue(random));
        return state;
    }

    // Elements of one size, half of them at the ends of their ranges.
    private static UInt128 DrawVector(SplitMix64 random)
    {
        int bits = 8 << random.Next(4);
        ulong mask = ulong.MaxValue >> (64 - bits), top = 1UL << (bits - 1);
        UInt128 vector = 0;
        for (int at = 0; at < 128; at += bits)
        {
            ulong element = random.Next(8) switch { 0 => 0, 1 => top, 2 => top - 1, 3 => mask, _ => random.Next() & mask };
            vector |= (UInt128)element << at;
        }

        return vector;
    }

    private static ulong DrawValue(SplitMix64 random) => random.Next(4) switch
    {
        0 => s_special[random.Next(s_special.Length)],
        1 => random.Next() >> random.Next(64),
        _ => random.Next(),
    };
}
