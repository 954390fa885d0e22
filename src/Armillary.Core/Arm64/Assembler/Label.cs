namespace Armillary.Arm64;

/// <summary>
/// A place in a program. Standing in the list of instructions it binds the place; as an operand it names it. Where it is
/// bound is known to one call of <see cref="A64.Assemble(ReadOnlySpan{Instruction})"/> only, so a program may be assembled again.
/// </summary>
public sealed class Label
{
    /// <summary>Creates a label.</summary>
    /// <param name="name">For messages; labels are told apart by identity.</param>
    public Label(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The name given.</summary>
    public string Name { get; }

    /// <summary>The name given.</summary>
    public override string ToString() => Name;
}

/// <summary>Where a branch, ADR, ADRP or literal load points: a label, or a distance from the instruction (<see cref="A64.Here"/>).</summary>
public readonly record struct Target
{
    internal Target(Label label)
    {
        ArgumentNullException.ThrowIfNull(label);
        Label = label;
    }

    internal Target(long distance) => Distance = distance;

    internal Label? Label { get; }

    internal long Distance { get; }

    /// <summary>The place a label names.</summary>
    public static implicit operator Target(Label label) => new(label);
}

/// <summary>The low 12 bits of a label's address: what ADD adds to the page that ADRP gave (<see cref="A64.Low12"/>).</summary>
public readonly record struct PageOffset
{
    internal PageOffset(Label label)
    {
        ArgumentNullException.ThrowIfNull(label);
        Label = label;
    }

    internal Label? Label { get; }
}
