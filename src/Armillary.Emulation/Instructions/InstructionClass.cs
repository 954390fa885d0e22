using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Instructions;

/// <summary>A class of encodings of the manual: the words that may belong to it, and its rows.</summary>
internal sealed class InstructionClass
{
    public InstructionClass(string pattern, Func<Row[]> rows)
    {
        var encoding = new Pattern(pattern, is64ByDefault: true);
        Mask = encoding.Mask;
        Value = encoding.Value;
        Rows = rows;
    }

    public uint Mask { get; }

    public uint Value { get; }

    public Func<Row[]> Rows { get; }
}
