using Armillary.Emulation.Floating;

namespace Armillary.Tests.Floating;

/// <summary>Random numbers of a format, with what IEEE 754 finds interesting among them.</summary>
internal sealed class FloatingNumbers(int seed)
{
    private readonly Random _random = new(seed);

    public Random Random => _random;

    public ulong Next<F>() where F : struct, IFormat
    {
        ulong bits = (ulong)_random.NextInt64() ^ ((ulong)_random.NextInt64() << 1);
        ulong sign = bits & Values<F>.SignBit, fraction = Fraction<F>(bits);
        ulong exponent = _random.Next(12) switch
        {
            0 => 0,
            1 => Values<F>.Infinity,
            2 => 1ul << F.FractionBits,
            3 => Values<F>.Infinity - (1ul << F.FractionBits),
            4 => bits & Values<F>.Infinity,
            // Near 1, so that sums meet.
            _ => Values<F>.PowerOfTwo(_random.Next(-5, 6)),
        };
        return sign | exponent | fraction;
    }

    private ulong Fraction<F>(ulong bits) where F : struct, IFormat => _random.Next(6) switch
    {
        0 => 0,
        1 => Values<F>.FractionMask,
        2 => 1ul << _random.Next(F.FractionBits),
        3 => Values<F>.FractionMask & ~((1ul << _random.Next(F.FractionBits)) - 1),
        _ => bits & Values<F>.FractionMask,
    };
}
