using System.Globalization;

namespace Armillary.Arm64;

/// <summary>
/// One element of a program: an A64 instruction, perhaps with a label still to be resolved, or the binding of a label.
/// A raw word and a <see cref="Arm64.Label"/> convert to it.
/// </summary>
public readonly record struct Instruction
{
    internal Instruction(uint word) => Word = word;

    internal Instruction(uint word, Fixup fixup, Label label)
    {
        ArgumentNullException.ThrowIfNull(label);
        Word = word;
        Fixup = fixup;
        Label = label;
    }

    /// <summary>The encoding; the field that a label fills is 0, and so is all of a binding.</summary>
    public uint Word { get; }

    /// <summary>The label that is bound here or that the instruction refers to.</summary>
    public Label? Label { get; }

    /// <summary>True if this binds <see cref="Label"/> and takes no space.</summary>
    public bool BindsLabel => Fixup == Fixup.Bind;

    internal Fixup Fixup { get; }

    /// <summary>A raw word: an instruction by its encoding, or data.</summary>
    public static implicit operator Instruction(uint word) => new(word);

    /// <summary>Binds a label here.</summary>
    public static implicit operator Instruction(Label label) => new(0, Fixup.Bind, label);

    /// <summary>The word in hexadecimal, and the label.</summary>
    public override string ToString()
        => BindsLabel ? $"{Label}:" : string.Create(CultureInfo.InvariantCulture, $"0x{Word:x8}") + (Label is null ? "" : $" -> {Label}");
}

/// <summary>How a label's place enters a word.</summary>
internal enum Fixup
{
    None,
    Bind,
    /// <summary>imm26 at bit 0, in words: B, BL.</summary>
    Words26,
    /// <summary>imm19 at bit 5, in words: B.cond, CBZ, CBNZ, literal loads.</summary>
    Words19,
    /// <summary>imm14 at bit 5, in words: TBZ, TBNZ.</summary>
    Words14,
    /// <summary>immhi:immlo, in bytes: ADR.</summary>
    Bytes21,
    /// <summary>immhi:immlo, in pages of 4 KiB: ADRP.</summary>
    Pages21,
    /// <summary>imm12 at bit 10: the low 12 bits of the address.</summary>
    Low12,
}
