namespace Armillary.Machine.Pl061;

/// <summary>Registers of the PL061 GPIO controller, r1p0 (Arm DDI 0190B, 3.2).</summary>
internal static class Pl061Registers
{
    /// <summary>GPIODATA is 1 KiB: bits 9 to 2 of the address are a mask of the lines that an access is for (3.3.1).</summary>
    public const int DataEnd = 0x400;

    public const int GPIODIR = 0x400, GPIOIS = 0x404, GPIOIBE = 0x408, GPIOIEV = 0x40c, GPIOIE = 0x410, GPIORIS = 0x414, GPIOMIS = 0x418, GPIOIC = 0x41c,
        GPIOAFSEL = 0x420, Identification = 0xfe0;

    /// <summary>PeriphID0 to 3 and PCellID0 to 3.</summary>
    public static ReadOnlySpan<byte> Id => [0x61, 0x10, 0x04, 0x00, 0x0d, 0xf0, 0x05, 0xb1];
}
