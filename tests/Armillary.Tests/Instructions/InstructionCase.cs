namespace Armillary.Tests.Instructions;

/// <summary>One line of an instruction file: instructions, the state before them, and what they change.</summary>
/// <remarks>
/// A runner sets <see cref="CreateStateBefore"/>, executes <see cref="Words"/>.Count instructions from
/// <see cref="GuestState.CodeAddress"/> with the exclusive monitor open at first, and compares with <see cref="CreateStateAfter"/>.
/// </remarks>
internal sealed class InstructionCase
{
    public required string File { get; init; }

    /// <summary>Line number in the file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The instructions; all but one kind of file have one a line.</summary>
    public required IReadOnlyList<uint> Words { get; init; }

    /// <summary>GNU objdump's text, with the aliases that it prefers; several instructions are parted by "; ".</summary>
    public required string Text { get; init; }

    public required NamedState Before { get; init; }

    /// <summary>What changes. Empty if nothing does, and if <see cref="IsUndefined"/>.</summary>
    public required NamedState After { get; init; }

    /// <summary>The instruction is UNDEFINED: an Undefined Instruction exception, and nothing changes.</summary>
    public required bool IsUndefined { get; init; }

    /// <summary>The case names system registers or ends in an exception, which an oracle at EL0 knows nothing of.</summary>
    public bool NeedsEL1 => Before.System.Count > 0 || After.Exception != null;

    public uint Word => Words[0];

    /// <summary>The complete state before: as named, and noise in all else.</summary>
    public GuestState CreateStateBefore(ulong seed)
    {
        GuestState state = GuestState.CreateNoise(seed);
        Before.ApplyTo(state);
        return state;
    }

    /// <summary>The complete state after, given that before. An undefined instruction leaves all of it, PC included, as it was.</summary>
    public GuestState CreateStateAfter(GuestState before)
    {
        GuestState state = before.Clone();
        if (IsUndefined) return state;
        state.Pc = GuestState.CodeAddress + (4 * (ulong)Words.Count);
        After.ApplyTo(state);
        return state;
    }

    /// <summary>The line, as it stands in the file.</summary>
    public override string ToString() => string.Join(' ', [
        .. Words.Select(static word => $"{word:x8}"), $"\"{Text}\"", .. Before.Format(), "=>",
        .. IsUndefined ? ["undefined"] : After.Format()]);
}
