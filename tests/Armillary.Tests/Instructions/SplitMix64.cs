namespace Armillary.Tests.Instructions;

/// <summary>Random numbers that are the same on every host and runtime (Steele, Lea and Flood, OOPSLA 2014).</summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        ulong z = _state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Next(int limit) => (int)(Next() % (ulong)limit);

    public bool OneIn(int limit) => Next(limit) == 0;
}
