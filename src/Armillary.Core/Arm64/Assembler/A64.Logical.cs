namespace Armillary.Arm64;

/// <content>Logical instructions: bitmask immediate and shifted register (Arm ARM C6.2, AND to TST).</content>
public static partial class A64
{
    private const uint Inverted = 1u << 21; // N: the second operand is inverted
    private const uint OpAnd = 0;
    private const uint OpOrr = 1u << 29;
    private const uint OpEor = 2u << 29;
    private const uint OpAnds = 3u << 29;

    /// <summary>LSL of a register operand by 0 to 63 bits.</summary>
    public static Shift Lsl(int amount) => new(ShiftKind.Lsl, InRange(amount, 0, 63));
    /// <summary>LSR of a register operand by 0 to 63 bits.</summary>
    public static Shift Lsr(int amount) => new(ShiftKind.Lsr, InRange(amount, 0, 63));
    /// <summary>ASR of a register operand by 0 to 63 bits.</summary>
    public static Shift Asr(int amount) => new(ShiftKind.Asr, InRange(amount, 0, 63));
    /// <summary>ROR of a register operand by 0 to 63 bits; logical instructions only.</summary>
    public static Shift Ror(int amount) => new(ShiftKind.Ror, InRange(amount, 0, 63));

    /// <summary>AND (immediate): Rd = Rn &amp; imm, a bitmask immediate.</summary>
    public static Instruction And(Register rd, Register rn, Int128 immediate) => LogicalImmediate(OpAnd, rd, rn, immediate);
    /// <summary>AND (shifted register): Rd = Rn &amp; shift(Rm).</summary>
    public static Instruction And(Register rd, Register rn, Register rm, Shift shift = default) => LogicalShifted(OpAnd, rd, rn, rm, shift);
    /// <summary>ANDS (immediate): AND that sets N and Z and clears C and V.</summary>
    public static Instruction Ands(Register rd, Register rn, Int128 immediate) => LogicalImmediate(OpAnds, rd, rn, immediate);
    /// <summary>ANDS (shifted register): AND that sets N and Z and clears C and V.</summary>
    public static Instruction Ands(Register rd, Register rn, Register rm, Shift shift = default) => LogicalShifted(OpAnds, rd, rn, rm, shift);
    /// <summary>TST (immediate): the flags of Rn &amp; imm.</summary>
    public static Instruction Tst(Register rn, Int128 immediate) => Ands(Zero(rn), rn, immediate);
    /// <summary>TST (shifted register): the flags of Rn &amp; shift(Rm).</summary>
    public static Instruction Tst(Register rn, Register rm, Shift shift = default) => Ands(Zero(rn), rn, rm, shift);
    /// <summary>BIC: Rd = Rn &amp; ~shift(Rm).</summary>
    public static Instruction Bic(Register rd, Register rn, Register rm, Shift shift = default) => LogicalShifted(OpAnd | Inverted, rd, rn, rm, shift);
    /// <summary>BICS: BIC that sets N and Z and clears C and V.</summary>
    public static Instruction Bics(Register rd, Register rn, Register rm, Shift shift = default) => LogicalShifted(OpAnds | Inverted, rd, rn, rm, shift);
    /// <summary>ORR (immediate): Rd = Rn | imm, a bitmask immediate.</summary>
    public static Instruction Orr(Register rd, Register rn, Int128 immediate) => LogicalImmediate(OpOrr, rd, rn, immediate);
    /// <summary>ORR (shifted register): Rd = Rn | shift(Rm).</summary>
    public static Instruction Orr(Register rd, Register rn, Register rm, Shift shift = default) => LogicalShifted(OpOrr, rd, rn, rm, shift);
    /// <summary>ORN: Rd = Rn | ~shift(Rm).</summary>
    public static Instruction Orn(Register rd, Register rn, Register rm, Shift shift = default) => LogicalShifted(OpOrr | Inverted, rd, rn, rm, shift);
    /// <summary>MVN: Rd = ~shift(Rm).</summary>
    public static Instruction Mvn(Register rd, Register rm, Shift shift = default) => Orn(rd, Zero(rd), rm, shift);
    /// <summary>EOR (immediate): Rd = Rn ^ imm, a bitmask immediate.</summary>
    public static Instruction Eor(Register rd, Register rn, Int128 immediate) => LogicalImmediate(OpEor, rd, rn, immediate);
    /// <summary>EOR (shifted register): Rd = Rn ^ shift(Rm).</summary>
    public static Instruction Eor(Register rd, Register rn, Register rm, Shift shift = default) => LogicalShifted(OpEor, rd, rn, rm, shift);
    /// <summary>EON: Rd = Rn ^ ~shift(Rm).</summary>
    public static Instruction Eon(Register rd, Register rn, Register rm, Shift shift = default) => LogicalShifted(OpEor | Inverted, rd, rn, rm, shift);

    // sf opc 100100 N immr imms Rn Rd.
    private static Instruction LogicalImmediate(uint op, Register rd, Register rn, Int128 immediate)
    {
        SameWidth(rd, rn);
        ulong bits = Bits(immediate, rd.Width);
        if (!BitmaskImmediate.TryEncode(bits, rd.Width, out uint encoding))
        {
            throw new ArgumentOutOfRangeException(nameof(immediate), immediate, $"0x{bits:x} is no bitmask immediate: that is a rotated run of ones in an element of 2, 4, 8, 16, 32 or 64 bits, repeated, and neither all zeros nor all ones. Move it to a register first.");
        }

        uint destination = op == OpAnds ? R(rd, 0) : RSp(rd, 0);
        return new(0x1200_0000 | Sf(rd) | op | (encoding << 10) | R(rn, 5) | destination);
    }

    // sf opc 01010 shift N Rm imm6 Rn Rd.
    private static Instruction LogicalShifted(uint op, Register rd, Register rn, Register rm, Shift shift)
        => new(0x0a00_0000 | op | ThreeRegisters(rd, rn, rm) | ShiftField(shift, rd.Width, rotates: true));
}
