using Armillary.Emulation.Decode;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions;

/// <summary>A class of encodings of the manual: the words that may belong to it, and its rows.</summary>
internal sealed class InstructionClass
{
    public InstructionClass(string pattern, Func<Row[]> rows, Feature feature = Feature.None)
    {
        var encoding = new Pattern(pattern, is64ByDefault: true);
        Mask = encoding.Mask;
        Value = encoding.Value;
        Rows = feature == Feature.None ? rows : () => rows().Of(feature);
    }

    public uint Mask { get; }

    public uint Value { get; }

    public Func<Row[]> Rows { get; }
}
