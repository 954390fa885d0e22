using Armillary.Emulation.Decode;
using Armillary.Emulation.Instructions;

namespace Armillary.Emulation.Disassembly;

/// <summary>What a text is made of: the word for its fields, and the operands for what decoding made of them.</summary>
internal readonly struct DecodedWord(uint word, in Operands operands)
{
    public uint Word { get; } = word;

    public Operands Operands { get; } = operands;

    /// <summary>32 or 64.</summary>
    public int Width => Operands.Is64 ? 64 : 32;

    // The registers' places are the same wherever an alias depends on them.
    public uint D => Field(4, 0);

    public uint N => Field(9, 5);

    public uint M => Field(20, 16);

    /// <summary>Bits high:low of the word.</summary>
    public uint Field(int high, int low) => Bits.Field(Word, high, low);
}
