using System.Globalization;

namespace Armillary.Arm64;

/// <summary>
/// A general-purpose register as an operand: X0 to X30, W0 to W30, SP, WSP, XZR or WZR. Number 31 is the stack pointer or
/// the zero register depending on the instruction (Arm ARM C1.2.5), so an operand says which of the two it means.
/// </summary>
public readonly record struct Register
{
    private readonly bool _is32;

    internal Register(int number, bool is32, bool isStackPointer = false)
    {
        Number = number;
        _is32 = is32;
        IsStackPointer = isStackPointer;
    }

    /// <summary>The number in the encoding, 0 to 31.</summary>
    public int Number { get; }

    /// <summary>The width in bits, 32 or 64.</summary>
    public int Width => _is32 ? 32 : 64;

    /// <summary>True for SP and WSP.</summary>
    public bool IsStackPointer { get; }

    /// <summary>True for XZR and WZR.</summary>
    public bool IsZero => Number == 31 && !IsStackPointer;

    internal bool Is64 => !_is32;

    /// <summary>Arm's name in lower case, such as <c>x0</c>, <c>wsp</c> or <c>xzr</c>.</summary>
    public override string ToString()
        => IsStackPointer ? (_is32 ? "wsp" : "sp")
            : IsZero ? (_is32 ? "wzr" : "xzr")
            : string.Create(CultureInfo.InvariantCulture, $"{(_is32 ? 'w' : 'x')}{Number}");
}
