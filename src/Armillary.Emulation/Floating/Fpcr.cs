using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Floating;

/// <summary>Bits of FPCR (Arm ARM C5.2.8).</summary>
internal static class Fpcr
{
    public const uint FZ16 = 1u << 19;
    public const uint RModeMask = 3u << 22;
    public const uint FZ = 1u << 24;
    public const uint DN = 1u << 25;
    public const uint AHP = 1u << 26;

    public static Rounding RoundingOf(in FloatingState fp) => (Rounding)((fp.Control & RModeMask) >> 22);

    public static bool IsDefaultNaN(in FloatingState fp) => (fp.Control & DN) != 0;
}

/// <summary>Cumulative flags of FPSR (Arm ARM C5.2.10).</summary>
internal static class Fpsr
{
    public const uint IOC = 1u << 0;
    public const uint DZC = 1u << 1;
    public const uint OFC = 1u << 2;
    public const uint UFC = 1u << 3;
    public const uint IXC = 1u << 4;
    public const uint IDC = 1u << 7;
}

/// <summary>Rounding modes; the first four are FPCR.RMode's numbers, the others belong to instructions.</summary>
internal enum Rounding
{
    TieEven,
    PlusInfinity,
    MinusInfinity,
    Zero,
    TieAway,
    Odd,
}
