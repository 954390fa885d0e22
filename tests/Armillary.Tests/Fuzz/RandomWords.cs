using Armillary.Emulation.Decode;
using Armillary.Tests.Instructions;

namespace Armillary.Tests.Fuzz;

/// <summary>Instruction words of all kinds: any 32 bits, every row with random fields, rows with a bit wrong, and the system space.</summary>
internal sealed class RandomWords(SplitMix64 random)
{
    private static readonly Row[] s_rows = [.. DecodeTable.BuildAll().Skip(2).OrderBy(static row => row.Pattern, StringComparer.Ordinal)];

    public uint Next()
    {
        uint any = (uint)random.Next();
        Row row = s_rows[random.Next(s_rows.Length)];
        uint ofRow = (any & ~row.Encoding.Mask) | row.Encoding.Value;
        return random.Next(10) switch
        {
            < 3 => any,
            < 7 => ofRow,
            < 8 => ofRow ^ (1u << random.Next(32)),
            _ => 0xd500_0000 | (any & 0x003f_ffff),
        };
    }
}
