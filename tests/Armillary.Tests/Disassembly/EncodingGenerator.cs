using Armillary.Emulation.Decode;

namespace Armillary.Tests.Disassembly;

/// <summary>Random instruction words, biased to those that the CPU knows and to their borders.</summary>
internal sealed class EncodingGenerator(int seed)
{
    private static readonly Row[] s_rows = [.. DecodeTable.BuildAll().OfType<Row>()];
    private static readonly (int Low, int Bits)[] s_fields = [(0, 5), (5, 5), (16, 5), (10, 5), (10, 6), (16, 6), (10, 12), (12, 9), (5, 16), (21, 2), (22, 1), (12, 4)];

    private readonly Random _random = new(seed);

    public uint Next()
    {
        uint word = (uint)_random.NextInt64(1L << 32);
        int kind = _random.Next(16);
        if (kind == 0) return word;
        Pattern pattern = s_rows[_random.Next(s_rows.Length)].Encoding;
        for (int changes = _random.Next(4); changes > 0; changes--) word = Border(word);
        word = (word & ~pattern.Mask) | pattern.Value;
        // A neighbour: one bit, fixed or not, is the other way round.
        return kind < 4 ? word ^ (1u << _random.Next(32)) : word;
    }

    private uint Border(uint word)
    {
        (int low, int bits) = s_fields[_random.Next(s_fields.Length)];
        uint mask = ((1u << bits) - 1) << low;
        return _random.Next(4) switch
        {
            0 => word & ~mask,
            1 => word | mask,
            2 => (word & ~(31u << 16)) | ((word & (31u << 5)) << 11),   // Rm is Rn
            _ => word ^ (word & mask & (mask >> 1)),
        };
    }
}
