namespace Armillary.Machine.Pl011;

/// <summary>Registers of the PL011 UART, r1p5 (Arm DDI 0183G, 3.2).</summary>
internal static class Pl011Registers
{
    public const int DR = 0x000, RSR = 0x004, FR = 0x018, ILPR = 0x020, IBRD = 0x024, FBRD = 0x028, LCR_H = 0x02c, CR = 0x030, IFLS = 0x034,
        IMSC = 0x038, RIS = 0x03c, MIS = 0x040, ICR = 0x044, DMACR = 0x048, Identification = 0xfe0;

    public const uint FR_RXFE = 1 << 4, FR_TXFF = 1 << 5, FR_RXFF = 1 << 6, FR_TXFE = 1 << 7;

    public const uint LCR_H_FEN = 1 << 4;

    public const uint CR_UARTEN = 1, CR_LBE = 1 << 7, CR_TXE = 1 << 8, CR_RXE = 1 << 9;

    /// <summary>Interrupts, as in IMSC, RIS, MIS and ICR.</summary>
    public const uint RX = 1 << 4, TX = 1 << 5, RT = 1 << 6, OE = 1 << 10, Interrupts = 0x7ff;

    /// <summary>An overrun, as in a character of DR; in RSR it is bit 3.</summary>
    public const uint DR_OE = 1 << 11, RSR_OE = 1 << 3;

    /// <summary>PeriphID0 to 3 and PCellID0 to 3.</summary>
    public static ReadOnlySpan<byte> Id => [0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1];
}
