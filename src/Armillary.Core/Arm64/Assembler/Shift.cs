using System.Globalization;

namespace Armillary.Arm64;

/// <summary>What a shifted register operand does (Arm ARM C3.5.2). The value is the encoding.</summary>
public enum ShiftKind
{
    /// <summary>Logical shift left.</summary>
    Lsl = 0,
    /// <summary>Logical shift right.</summary>
    Lsr = 1,
    /// <summary>Arithmetic shift right.</summary>
    Asr = 2,
    /// <summary>Rotate right; logical instructions only.</summary>
    Ror = 3,
}

/// <summary>A shift of a register operand, as <see cref="A64.Lsl(int)"/> and its neighbours make. The default is none.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Amount">Bits, 0 to one less than the register's width.</param>
public readonly record struct Shift(ShiftKind Kind, int Amount)
{
    /// <summary>As in assembler text, such as <c>lsl #3</c>.</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{(Kind switch { ShiftKind.Lsl => "lsl", ShiftKind.Lsr => "lsr", ShiftKind.Asr => "asr", _ => "ror" })} #{Amount}");
}

/// <summary>What an extended register operand does (Arm ARM C3.5.3). The value is the encoding.</summary>
public enum Extend
{
    /// <summary>Zero-extend a byte.</summary>
    Uxtb = 0,
    /// <summary>Zero-extend a halfword.</summary>
    Uxth = 1,
    /// <summary>Zero-extend a word.</summary>
    Uxtw = 2,
    /// <summary>A doubleword as it is; LSL.</summary>
    Uxtx = 3,
    /// <summary>Sign-extend a byte.</summary>
    Sxtb = 4,
    /// <summary>Sign-extend a halfword.</summary>
    Sxth = 5,
    /// <summary>Sign-extend a word.</summary>
    Sxtw = 6,
    /// <summary>A doubleword as it is, signed.</summary>
    Sxtx = 7,
}
