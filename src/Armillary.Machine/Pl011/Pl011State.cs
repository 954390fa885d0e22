namespace Armillary.Machine.Pl011;

/// <summary>A PL011 as a whole.</summary>
internal sealed record Pl011State(
    uint Control,
    uint LineControl,
    uint IntegerBaud,
    uint FractionalBaud,
    uint LowPower,
    uint FifoLevels,
    uint Mask,
    uint Raw,
    uint Errors,
    uint Dma,
    IReadOnlyList<byte> Received,
    bool HasOverrun);
