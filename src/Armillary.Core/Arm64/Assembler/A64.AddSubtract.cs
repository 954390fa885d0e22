namespace Armillary.Arm64;

/// <content>Add and subtract: immediate, shifted register, extended register, with carry (Arm ARM C6.2.1 to C6.2.10, SUB*, CMP, CMN, NEG*, SBC*).</content>
public static partial class A64
{
    private const uint IsSub = 1u << 30;
    private const uint SetsFlags = 1u << 29;

    /// <summary>ADD (immediate): Rd = Rn + imm, 0 to 4095 or such a number times 4096.</summary>
    public static Instruction Add(Register rd, Register rn, int immediate) => AddImmediate(0, rd, rn, immediate);
    /// <summary>ADD (immediate): Rd = Rn + the low 12 bits of a label's address.</summary>
    public static Instruction Add(Register rd, Register rn, PageOffset offset)
        => new(AddImmediate(0, rd, rn, 0).Word, Fixup.Low12, offset.Label!);
    /// <summary>ADD (shifted register): Rd = Rn + shift(Rm); with SP the extended form.</summary>
    public static Instruction Add(Register rd, Register rn, Register rm, Shift shift = default) => AddShifted(0, rd, rn, rm, shift);
    /// <summary>ADD (extended register): Rd = Rn + (extend(Rm) &lt;&lt; amount), amount 0 to 4.</summary>
    public static Instruction Add(Register rd, Register rn, Register rm, Extend extend, int amount = 0) => AddExtended(0, rd, rn, rm, extend, amount);

    /// <summary>ADDS (immediate): ADD that sets the flags.</summary>
    public static Instruction Adds(Register rd, Register rn, int immediate) => AddImmediate(SetsFlags, rd, rn, immediate);
    /// <summary>ADDS (shifted register): ADD that sets the flags.</summary>
    public static Instruction Adds(Register rd, Register rn, Register rm, Shift shift = default) => AddShifted(SetsFlags, rd, rn, rm, shift);
    /// <summary>ADDS (extended register): ADD that sets the flags.</summary>
    public static Instruction Adds(Register rd, Register rn, Register rm, Extend extend, int amount = 0) => AddExtended(SetsFlags, rd, rn, rm, extend, amount);

    /// <summary>SUB (immediate): Rd = Rn - imm, 0 to 4095 or such a number times 4096.</summary>
    public static Instruction Sub(Register rd, Register rn, int immediate) => AddImmediate(IsSub, rd, rn, immediate);
    /// <summary>SUB (shifted register): Rd = Rn - shift(Rm); with SP the extended form.</summary>
    public static Instruction Sub(Register rd, Register rn, Register rm, Shift shift = default) => AddShifted(IsSub, rd, rn, rm, shift);
    /// <summary>SUB (extended register): Rd = Rn - (extend(Rm) &lt;&lt; amount), amount 0 to 4.</summary>
    public static Instruction Sub(Register rd, Register rn, Register rm, Extend extend, int amount = 0) => AddExtended(IsSub, rd, rn, rm, extend, amount);

    /// <summary>SUBS (immediate): SUB that sets the flags.</summary>
    public static Instruction Subs(Register rd, Register rn, int immediate) => AddImmediate(IsSub | SetsFlags, rd, rn, immediate);
    /// <summary>SUBS (shifted register): SUB that sets the flags.</summary>
    public static Instruction Subs(Register rd, Register rn, Register rm, Shift shift = default) => AddShifted(IsSub | SetsFlags, rd, rn, rm, shift);
    /// <summary>SUBS (extended register): SUB that sets the flags.</summary>
    public static Instruction Subs(Register rd, Register rn, Register rm, Extend extend, int amount = 0) => AddExtended(IsSub | SetsFlags, rd, rn, rm, extend, amount);

    /// <summary>CMP (immediate): the flags of Rn - imm.</summary>
    public static Instruction Cmp(Register rn, int immediate) => Subs(Zero(rn), rn, immediate);
    /// <summary>CMP (shifted register): the flags of Rn - shift(Rm).</summary>
    public static Instruction Cmp(Register rn, Register rm, Shift shift = default) => Subs(Zero(rn), rn, rm, shift);
    /// <summary>CMP (extended register): the flags of Rn - (extend(Rm) &lt;&lt; amount).</summary>
    public static Instruction Cmp(Register rn, Register rm, Extend extend, int amount = 0) => Subs(Zero(rn), rn, rm, extend, amount);

    /// <summary>CMN (immediate): the flags of Rn + imm.</summary>
    public static Instruction Cmn(Register rn, int immediate) => Adds(Zero(rn), rn, immediate);
    /// <summary>CMN (shifted register): the flags of Rn + shift(Rm).</summary>
    public static Instruction Cmn(Register rn, Register rm, Shift shift = default) => Adds(Zero(rn), rn, rm, shift);
    /// <summary>CMN (extended register): the flags of Rn + (extend(Rm) &lt;&lt; amount).</summary>
    public static Instruction Cmn(Register rn, Register rm, Extend extend, int amount = 0) => Adds(Zero(rn), rn, rm, extend, amount);

    /// <summary>NEG: Rd = -shift(Rm).</summary>
    public static Instruction Neg(Register rd, Register rm, Shift shift = default) => AddShiftedOnly(IsSub, rd, Zero(rd), rm, shift);
    /// <summary>NEGS: NEG that sets the flags.</summary>
    public static Instruction Negs(Register rd, Register rm, Shift shift = default) => AddShiftedOnly(IsSub | SetsFlags, rd, Zero(rd), rm, shift);

    /// <summary>ADC: Rd = Rn + Rm + C.</summary>
    public static Instruction Adc(Register rd, Register rn, Register rm) => new(0x1a00_0000 | ThreeRegisters(rd, rn, rm));
    /// <summary>ADCS: ADC that sets the flags.</summary>
    public static Instruction Adcs(Register rd, Register rn, Register rm) => new(0x1a00_0000 | SetsFlags | ThreeRegisters(rd, rn, rm));
    /// <summary>SBC: Rd = Rn - Rm - !C.</summary>
    public static Instruction Sbc(Register rd, Register rn, Register rm) => new(0x1a00_0000 | IsSub | ThreeRegisters(rd, rn, rm));
    /// <summary>SBCS: SBC that sets the flags.</summary>
    public static Instruction Sbcs(Register rd, Register rn, Register rm) => new(0x1a00_0000 | IsSub | SetsFlags | ThreeRegisters(rd, rn, rm));
    /// <summary>NGC: Rd = -Rm - !C.</summary>
    public static Instruction Ngc(Register rd, Register rm) => Sbc(rd, Zero(rd), rm);
    /// <summary>NGCS: NGC that sets the flags.</summary>
    public static Instruction Ngcs(Register rd, Register rm) => Sbcs(rd, Zero(rd), rm);

    // sf op S 100010 sh imm12 Rn Rd.
    private static Instruction AddImmediate(uint op, Register rd, Register rn, int immediate)
    {
        SameWidth(rd, rn);
        bool shifted = immediate > 0xfff;
        if (immediate < 0 || immediate > 0xfff_000 || (shifted && (immediate & 0xfff) != 0))
        {
            throw new ArgumentOutOfRangeException(nameof(immediate), immediate, "The value must be from 0 to 4095, or a multiple of 4096 up to 16773120; for a negative number use the opposite instruction.");
        }

        uint sh = shifted ? 1u << 22 : 0;
        uint imm12 = (uint)(shifted ? immediate >> 12 : immediate) << 10;
        return new(0x1100_0000 | Sf(rd) | op | sh | imm12 | RSp(rn, 5) | SumRegister(op, rd));
    }

    private static Instruction AddShifted(uint op, Register rd, Register rn, Register rm, Shift shift)
    {
        if (!rd.IsStackPointer && !rn.IsStackPointer) return AddShiftedOnly(op, rd, rn, rm, shift);
        if (shift.Kind != ShiftKind.Lsl) throw new ArgumentException($"With the stack pointer the shift must be LSL #0 to #4, not {shift}.", nameof(shift));
        return AddExtended(op, rd, rn, rm, rd.Is64 ? Extend.Uxtx : Extend.Uxtw, shift.Amount);
    }

    // sf op S 01011 shift 0 Rm imm6 Rn Rd.
    private static Instruction AddShiftedOnly(uint op, Register rd, Register rn, Register rm, Shift shift)
        => new(0x0b00_0000 | op | ThreeRegisters(rd, rn, rm) | ShiftField(shift, rd.Width, rotates: false));

    // sf op S 01011001 Rm option imm3 Rn Rd.
    private static Instruction AddExtended(uint op, Register rd, Register rn, Register rm, Extend extend, int amount)
    {
        SameWidth(rd, rn);
        if (extend is < Extend.Uxtb or > Extend.Sxtx) throw new ArgumentOutOfRangeException(nameof(extend), extend, "The value must be from 0 (UXTB) to 7 (SXTX).");
        Width(rm, rd.Is64 && (extend is Extend.Uxtx or Extend.Sxtx) ? 64 : 32);
        return new(0x0b20_0000 | Sf(rd) | op | R(rm, 16) | ((uint)extend << 13) | ((uint)InRange(amount, 0, 4) << 10) | RSp(rn, 5) | SumRegister(op, rd));
    }

    // Number 31 is SP unless the instruction sets flags.
    private static uint SumRegister(uint op, Register rd) => (op & SetsFlags) != 0 ? R(rd, 0) : RSp(rd, 0);
}
