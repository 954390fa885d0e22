using System.Globalization;

namespace Armillary.Arm64;

/// <summary>
/// An address in a load or store (Arm ARM C1.3.3), as <see cref="A64.Mem(Register, int)"/>, <see cref="A64.PreIndex"/> and
/// <see cref="A64.PostIndex"/> make.
/// </summary>
public readonly record struct MemoryOperand
{
    internal MemoryOperand(Register @base, AddressingMode mode, int offset)
    {
        if (!@base.Is64 || @base.IsZero) throw new ArgumentException($"{@base} cannot be the base of an address: use x0-x30 or sp.", nameof(@base));
        Base = @base;
        Mode = mode;
        Offset = offset;
    }

    internal MemoryOperand(Register @base, Register index, Extend extend, int? amount) : this(@base, AddressingMode.Register, 0)
    {
        if (index.IsStackPointer) throw new ArgumentException($"{index} cannot be the index of an address: use x0-x30, w0-w30 or the zero register.", nameof(index));
        if (extend is not (Extend.Uxtw or Extend.Uxtx or Extend.Sxtw or Extend.Sxtx)) throw new ArgumentException($"An index register takes UXTW, SXTW, SXTX or LSL, not {extend}.", nameof(extend));
        bool needs64 = extend is Extend.Uxtx or Extend.Sxtx;
        if (index.Is64 != needs64) throw new ArgumentException($"Index {index} has {index.Width} bits and {(extend == Extend.Uxtx ? "LSL" : extend)} takes {(needs64 ? 64 : 32)}.", nameof(index));
        Index = index;
        Extend = extend;
        Amount = amount;
    }

    internal Register Base { get; }

    internal AddressingMode Mode { get; }

    internal int Offset { get; }

    internal Register Index { get; }

    internal Extend Extend { get; }

    // Null where the text gives no amount: for byte accesses an explicit #0 is another encoding (S = 1).
    internal int? Amount { get; }

    /// <summary>As in assembler text, such as <c>[x1, #8]!</c>.</summary>
    public override string ToString() => Mode switch
    {
        AddressingMode.PreIndex => string.Create(CultureInfo.InvariantCulture, $"[{Base}, #{Offset}]!"),
        AddressingMode.PostIndex => string.Create(CultureInfo.InvariantCulture, $"[{Base}], #{Offset}"),
        AddressingMode.Register when Extend == Extend.Uxtx && Amount is null => $"[{Base}, {Index}]",
        AddressingMode.Register => $"[{Base}, {Index}, {ExtendText()}]",
        _ => Offset == 0 ? $"[{Base}]" : string.Create(CultureInfo.InvariantCulture, $"[{Base}, #{Offset}]"),
    };

    private string ExtendText()
    {
        string name = Extend switch { Extend.Uxtw => "uxtw", Extend.Sxtw => "sxtw", Extend.Sxtx => "sxtx", _ => "lsl" };
        return Amount is int amount ? string.Create(CultureInfo.InvariantCulture, $"{name} #{amount}") : name;
    }
}

internal enum AddressingMode
{
    Offset,
    PreIndex,
    PostIndex,
    Register,
}
