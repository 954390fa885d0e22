namespace Armillary.Arm64;

/// <content>Bitfield moves, extract, and the shifts and extensions that are aliases of them (Arm ARM C6.2, BFM, SBFM, UBFM, EXTR).</content>
public static partial class A64
{
    /// <summary>BFM: the base of BFI, BFC and BFXIL; immr and imms from 0 to the width less 1.</summary>
    public static Instruction Bfm(Register rd, Register rn, int immr, int imms) => BitfieldMove(1u << 29, rd, rn, immr, imms);
    /// <summary>SBFM: the base of ASR, SBFIZ, SBFX, SXTB, SXTH and SXTW.</summary>
    public static Instruction Sbfm(Register rd, Register rn, int immr, int imms) => BitfieldMove(0, rd, rn, immr, imms);
    /// <summary>UBFM: the base of LSL, LSR, UBFIZ, UBFX, UXTB and UXTH.</summary>
    public static Instruction Ubfm(Register rd, Register rn, int immr, int imms) => BitfieldMove(2u << 29, rd, rn, immr, imms);

    /// <summary>LSL (immediate): Rd = Rn &lt;&lt; amount.</summary>
    public static Instruction Lsl(Register rd, Register rn, int amount)
        => Ubfm(rd, rn, -InRange(amount, 0, rd.Width - 1) & (rd.Width - 1), rd.Width - 1 - amount);
    /// <summary>LSR (immediate): Rd = Rn &gt;&gt; amount, zeros from the left.</summary>
    public static Instruction Lsr(Register rd, Register rn, int amount) => Ubfm(rd, rn, InRange(amount, 0, rd.Width - 1), rd.Width - 1);
    /// <summary>ASR (immediate): Rd = Rn &gt;&gt; amount, the sign from the left.</summary>
    public static Instruction Asr(Register rd, Register rn, int amount) => Sbfm(rd, rn, InRange(amount, 0, rd.Width - 1), rd.Width - 1);
    /// <summary>ROR (immediate): Rd = Rn rotated right.</summary>
    public static Instruction Ror(Register rd, Register rn, int amount) => Extr(rd, rn, rn, amount);
    /// <summary>EXTR: Rd = the width's bits of Rn:Rm from bit lsb on.</summary>
    public static Instruction Extr(Register rd, Register rn, Register rm, int lsb)
        => new(0x1380_0000 | ThreeRegisters(rd, rn, rm) | BitfieldN(rd) | ((uint)InRange(lsb, 0, rd.Width - 1) << 10));

    /// <summary>SXTB: Rd = the low byte of Wn, sign-extended.</summary>
    public static Instruction Sxtb(Register rd, Register rn) => Sbfm(rd, Widened(rd, rn), 0, 7);
    /// <summary>SXTH: Rd = the low halfword of Wn, sign-extended.</summary>
    public static Instruction Sxth(Register rd, Register rn) => Sbfm(rd, Widened(rd, rn), 0, 15);
    /// <summary>SXTW: Xd = Wn, sign-extended.</summary>
    public static Instruction Sxtw(Register rd, Register rn)
    {
        Width(rd, 64);
        return Sbfm(rd, Widened(rd, rn), 0, 31);
    }

    /// <summary>UXTB: Wd = the low byte of Wn.</summary>
    public static Instruction Uxtb(Register rd, Register rn)
    {
        Width(rd, 32);
        return Ubfm(rd, rn, 0, 7);
    }

    /// <summary>UXTH: Wd = the low halfword of Wn.</summary>
    public static Instruction Uxth(Register rd, Register rn)
    {
        Width(rd, 32);
        return Ubfm(rd, rn, 0, 15);
    }

    /// <summary>BFI: puts the low bits of Rn into Rd at lsb, leaving the others.</summary>
    public static Instruction Bfi(Register rd, Register rn, int lsb, int width) => Insert(1u << 29, rd, rn, lsb, width);
    /// <summary>BFC: clears bits of Rd.</summary>
    public static Instruction Bfc(Register rd, int lsb, int width) => Bfi(rd, Zero(rd), lsb, width);
    /// <summary>BFXIL: puts bits of Rn from lsb on into the low bits of Rd, leaving the others.</summary>
    public static Instruction Bfxil(Register rd, Register rn, int lsb, int width) => Extract(1u << 29, rd, rn, lsb, width);
    /// <summary>SBFIZ: Rd = the low bits of Rn, sign-extended, shifted to lsb.</summary>
    public static Instruction Sbfiz(Register rd, Register rn, int lsb, int width) => Insert(0, rd, rn, lsb, width);
    /// <summary>SBFX: Rd = bits of Rn from lsb on, sign-extended.</summary>
    public static Instruction Sbfx(Register rd, Register rn, int lsb, int width) => Extract(0, rd, rn, lsb, width);
    /// <summary>UBFIZ: Rd = the low bits of Rn, shifted to lsb.</summary>
    public static Instruction Ubfiz(Register rd, Register rn, int lsb, int width) => Insert(2u << 29, rd, rn, lsb, width);
    /// <summary>UBFX: Rd = bits of Rn from lsb on.</summary>
    public static Instruction Ubfx(Register rd, Register rn, int lsb, int width) => Extract(2u << 29, rd, rn, lsb, width);

    private static Instruction Insert(uint op, Register rd, Register rn, int lsb, int width)
    {
        InRange(lsb, 0, rd.Width - 1);
        InRange(width, 1, rd.Width - lsb);
        return BitfieldMove(op, rd, rn, -lsb & (rd.Width - 1), width - 1);
    }

    private static Instruction Extract(uint op, Register rd, Register rn, int lsb, int width)
    {
        InRange(lsb, 0, rd.Width - 1);
        InRange(width, 1, rd.Width - lsb);
        return BitfieldMove(op, rd, rn, lsb, lsb + width - 1);
    }

    // sf opc 100110 N immr imms Rn Rd.
    private static Instruction BitfieldMove(uint op, Register rd, Register rn, int immr, int imms)
        => new(0x1300_0000 | op | TwoRegisters(rd, rn) | BitfieldN(rd) | ((uint)InRange(immr, 0, rd.Width - 1) << 16) | ((uint)InRange(imms, 0, rd.Width - 1) << 10));

    private static uint BitfieldN(Register rd) => rd.Is64 ? 1u << 22 : 0;

    // The text names a W source; the encoding holds a number and takes the destination's width.
    private static Register Widened(Register rd, Register rn)
    {
        Width(rn, 32);
        R(rn, 0);
        return new Register(rn.Number, is32: !rd.Is64);
    }
}
