namespace Armillary.Arm64;

/// <content>Multiply, divide, variable shifts, bit operations and CRC32: data processing with one, two and three sources (Arm ARM C4.1.95, C6.2).</content>
public static partial class A64
{
    /// <summary>MADD: Rd = Ra + Rn * Rm.</summary>
    public static Instruction Madd(Register rd, Register rn, Register rm, Register ra) => MultiplyAdd(0x1b00_0000, rd, rn, rm, ra);
    /// <summary>MSUB: Rd = Ra - Rn * Rm.</summary>
    public static Instruction Msub(Register rd, Register rn, Register rm, Register ra) => MultiplyAdd(0x1b00_8000, rd, rn, rm, ra);
    /// <summary>MUL: Rd = Rn * Rm.</summary>
    public static Instruction Mul(Register rd, Register rn, Register rm) => Madd(rd, rn, rm, Zero(rd));
    /// <summary>MNEG: Rd = -(Rn * Rm).</summary>
    public static Instruction Mneg(Register rd, Register rn, Register rm) => Msub(rd, rn, rm, Zero(rd));
    /// <summary>SMADDL: Xd = Xa + Wn * Wm, signed.</summary>
    public static Instruction Smaddl(Register rd, Register rn, Register rm, Register ra) => MultiplyLong(0x9b20_0000, rd, rn, rm, ra);
    /// <summary>SMSUBL: Xd = Xa - Wn * Wm, signed.</summary>
    public static Instruction Smsubl(Register rd, Register rn, Register rm, Register ra) => MultiplyLong(0x9b20_8000, rd, rn, rm, ra);
    /// <summary>SMULL: Xd = Wn * Wm, signed.</summary>
    public static Instruction Smull(Register rd, Register rn, Register rm) => Smaddl(rd, rn, rm, Xzr);
    /// <summary>SMNEGL: Xd = -(Wn * Wm), signed.</summary>
    public static Instruction Smnegl(Register rd, Register rn, Register rm) => Smsubl(rd, rn, rm, Xzr);
    /// <summary>UMADDL: Xd = Xa + Wn * Wm, unsigned.</summary>
    public static Instruction Umaddl(Register rd, Register rn, Register rm, Register ra) => MultiplyLong(0x9ba0_0000, rd, rn, rm, ra);
    /// <summary>UMSUBL: Xd = Xa - Wn * Wm, unsigned.</summary>
    public static Instruction Umsubl(Register rd, Register rn, Register rm, Register ra) => MultiplyLong(0x9ba0_8000, rd, rn, rm, ra);
    /// <summary>UMULL: Xd = Wn * Wm, unsigned.</summary>
    public static Instruction Umull(Register rd, Register rn, Register rm) => Umaddl(rd, rn, rm, Xzr);
    /// <summary>UMNEGL: Xd = -(Wn * Wm), unsigned.</summary>
    public static Instruction Umnegl(Register rd, Register rn, Register rm) => Umsubl(rd, rn, rm, Xzr);
    /// <summary>SMULH: Xd = bits 127:64 of Xn * Xm, signed.</summary>
    public static Instruction Smulh(Register rd, Register rn, Register rm) => MultiplyHigh(0x1b40_7c00, rd, rn, rm);
    /// <summary>UMULH: Xd = bits 127:64 of Xn * Xm, unsigned.</summary>
    public static Instruction Umulh(Register rd, Register rn, Register rm) => MultiplyHigh(0x1bc0_7c00, rd, rn, rm);

    /// <summary>UDIV: Rd = Rn / Rm, unsigned; 0 for a divisor of 0.</summary>
    public static Instruction Udiv(Register rd, Register rn, Register rm) => new(0x1ac0_0800 | ThreeRegisters(rd, rn, rm));
    /// <summary>SDIV: Rd = Rn / Rm, signed, towards 0; 0 for a divisor of 0.</summary>
    public static Instruction Sdiv(Register rd, Register rn, Register rm) => new(0x1ac0_0c00 | ThreeRegisters(rd, rn, rm));
    /// <summary>LSL (register), LSLV: Rd = Rn &lt;&lt; (Rm mod width).</summary>
    public static Instruction Lsl(Register rd, Register rn, Register rm) => new(0x1ac0_2000 | ThreeRegisters(rd, rn, rm));
    /// <summary>LSR (register), LSRV: Rd = Rn &gt;&gt; (Rm mod width), zeros from the left.</summary>
    public static Instruction Lsr(Register rd, Register rn, Register rm) => new(0x1ac0_2400 | ThreeRegisters(rd, rn, rm));
    /// <summary>ASR (register), ASRV: Rd = Rn &gt;&gt; (Rm mod width), the sign from the left.</summary>
    public static Instruction Asr(Register rd, Register rn, Register rm) => new(0x1ac0_2800 | ThreeRegisters(rd, rn, rm));
    /// <summary>ROR (register), RORV: Rd = Rn rotated right by Rm mod width.</summary>
    public static Instruction Ror(Register rd, Register rn, Register rm) => new(0x1ac0_2c00 | ThreeRegisters(rd, rn, rm));

    /// <summary>RBIT: Rd = the bits of Rn in reverse order.</summary>
    public static Instruction Rbit(Register rd, Register rn) => new(0x5ac0_0000 | TwoRegisters(rd, rn));
    /// <summary>REV16: reverses the bytes of each halfword.</summary>
    public static Instruction Rev16(Register rd, Register rn) => new(0x5ac0_0400 | TwoRegisters(rd, rn));
    /// <summary>REV32: reverses the bytes of each word of Xn.</summary>
    public static Instruction Rev32(Register rd, Register rn)
    {
        Width(rd, 64);
        return new(0x5ac0_0800 | TwoRegisters(rd, rn));
    }

    /// <summary>REV: reverses the bytes of the register.</summary>
    public static Instruction Rev(Register rd, Register rn) => new((rd.Is64 ? 0x5ac0_0c00u : 0x5ac0_0800u) | TwoRegisters(rd, rn));
    /// <summary>CLZ: Rd = the number of zeros from the left.</summary>
    public static Instruction Clz(Register rd, Register rn) => new(0x5ac0_1000 | TwoRegisters(rd, rn));
    /// <summary>CLS: Rd = the number of bits after the sign that equal it.</summary>
    public static Instruction Cls(Register rd, Register rn) => new(0x5ac0_1400 | TwoRegisters(rd, rn));

    /// <summary>CRC32B: adds the byte in Wm to the CRC-32 in Wn (FEAT_CRC32).</summary>
    public static Instruction Crc32b(Register rd, Register rn, Register rm) => Crc(0x1ac0_4000, rd, rn, rm, 32);
    /// <summary>CRC32H: adds the halfword in Wm to the CRC-32 in Wn.</summary>
    public static Instruction Crc32h(Register rd, Register rn, Register rm) => Crc(0x1ac0_4400, rd, rn, rm, 32);
    /// <summary>CRC32W: adds the word in Wm to the CRC-32 in Wn.</summary>
    public static Instruction Crc32w(Register rd, Register rn, Register rm) => Crc(0x1ac0_4800, rd, rn, rm, 32);
    /// <summary>CRC32X: adds the doubleword in Xm to the CRC-32 in Wn.</summary>
    public static Instruction Crc32x(Register rd, Register rn, Register rm) => Crc(0x1ac0_4c00, rd, rn, rm, 64);
    /// <summary>CRC32CB: adds the byte in Wm to the CRC-32C in Wn.</summary>
    public static Instruction Crc32cb(Register rd, Register rn, Register rm) => Crc(0x1ac0_5000, rd, rn, rm, 32);
    /// <summary>CRC32CH: adds the halfword in Wm to the CRC-32C in Wn.</summary>
    public static Instruction Crc32ch(Register rd, Register rn, Register rm) => Crc(0x1ac0_5400, rd, rn, rm, 32);
    /// <summary>CRC32CW: adds the word in Wm to the CRC-32C in Wn.</summary>
    public static Instruction Crc32cw(Register rd, Register rn, Register rm) => Crc(0x1ac0_5800, rd, rn, rm, 32);
    /// <summary>CRC32CX: adds the doubleword in Xm to the CRC-32C in Wn.</summary>
    public static Instruction Crc32cx(Register rd, Register rn, Register rm) => Crc(0x1ac0_5c00, rd, rn, rm, 64);

    private static Instruction MultiplyAdd(uint op, Register rd, Register rn, Register rm, Register ra)
    {
        SameWidth(rd, ra);
        return new(op | ThreeRegisters(rd, rn, rm) | R(ra, 10));
    }

    private static Instruction MultiplyLong(uint op, Register rd, Register rn, Register rm, Register ra)
    {
        Width(rd, 64);
        Width(rn, 32);
        Width(rm, 32);
        Width(ra, 64);
        return new(op | R(rm, 16) | R(ra, 10) | R(rn, 5) | R(rd, 0));
    }

    private static Instruction MultiplyHigh(uint op, Register rd, Register rn, Register rm)
    {
        Width(rd, 64);
        return new(op | ThreeRegisters(rd, rn, rm));
    }

    private static Instruction Crc(uint op, Register rd, Register rn, Register rm, int width)
    {
        Width(rd, 32);
        Width(rn, 32);
        Width(rm, width);
        return new(op | Sf(rm) | R(rm, 16) | R(rn, 5) | R(rd, 0));
    }
}
