using System.Numerics;
using Armillary.Arm64;
using CsCheck;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Arm64;

public sealed class BitmaskImmediateTests
{
    [Theory]
    [InlineData(64, 5334)]
    [InlineData(32, 1302)]
    public void Every_bitmask_immediate_decodes_back(int width, int expectedCount)
    {
        HashSet<ulong> values = AllOf(width);
        Assert.Equal(expectedCount, values.Count);
        foreach (ulong value in values)
        {
            Instruction and = width == 64 ? And(X0, X1, value) : And(W0, W1, value);
            Assert.Equal(value, Decode(and.Word));
        }
    }

    [Fact]
    public void A_value_is_encoded_exactly_if_it_is_a_bitmask_immediate()
    {
        HashSet<ulong> values64 = AllOf(64), values32 = AllOf(32);
        // Neighbours of encodable values are the near misses; random words are the far ones.
        ulong[] encodable = [.. values64];
        Gen<ulong> near = Gen.Select(Gen.Int[0, encodable.Length - 1], Gen.Int[0, 63], (index, bit) => encodable[index] ^ (1UL << bit));
        Gen.OneOf(Gen.ULong, near, near.Select(v => (ulong)(uint)v)).Sample(value =>
        {
            Check(X0, X1, value, values64);
            if (value <= uint.MaxValue) Check(W0, W1, value, values32);
        }, iter: 20_000);
    }

    [Fact]
    public void All_zeros_and_all_ones_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => And(X0, X1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => And(X0, X1, ulong.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => And(X0, X1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => And(W0, W1, uint.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => And(W0, W1, 0x1_0000_0001));
    }

    [Fact]
    public void Every_16_bit_pattern_repeated_is_judged_right()
    {
        HashSet<ulong> values = AllOf(64);
        for (uint pattern = 0; pattern <= 0xffff; pattern++)
        {
            ulong value = pattern * 0x0001_0001_0001_0001UL;
            Assert.Equal(values.Contains(value), BitmaskImmediate.TryEncode(value, 64, out _));
        }
    }

    private static void Check(Register rd, Register rn, ulong value, HashSet<ulong> encodable)
    {
        if (encodable.Contains(value)) Assert.Equal(value, Decode(Orr(rd, rn, value).Word));
        else Assert.Contains($"0x{value:x}", Assert.Throws<ArgumentOutOfRangeException>(() => Orr(rd, rn, value)).Message, StringComparison.Ordinal);
    }

    private static HashSet<ulong> AllOf(int width)
    {
        var values = new HashSet<ulong>();
        for (int size = 2; size <= width; size *= 2)
        {
            for (int ones = 1; ones < size; ones++)
            {
                for (int rotation = 0; rotation < size; rotation++)
                {
                    ulong value = 0;
                    for (int bit = 0; bit < width; bit++)
                    {
                        if ((bit % size + rotation) % size < ones) value |= 1UL << bit;
                    }

                    values.Add(value);
                }
            }
        }

        return values;
    }

    // DecodeBitMasks of the Arm ARM's shared pseudocode, for immediates.
    private static ulong Decode(uint word)
    {
        int width = word >> 31 == 1 ? 64 : 32;
        int n = (int)(word >> 22) & 1, immr = (int)(word >> 16) & 63, imms = (int)(word >> 10) & 63;
        int length = BitOperations.Log2((uint)((n << 6) | (~imms & 63)));
        Assert.True(length >= 1, "reserved");
        int size = 1 << length;
        Assert.True(size <= width, "reserved: the element is wider than the register");
        int s = imms & (size - 1), r = immr & (size - 1);
        Assert.True(s != size - 1, "reserved: all ones");
        Assert.Equal(immr, r);
        ulong result = 0;
        for (int bit = 0; bit < width; bit++)
        {
            if ((bit % size + r) % size <= s) result |= 1UL << bit;
        }

        return result;
    }
}
