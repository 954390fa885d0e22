namespace Armillary.Arm64;

/// <content>Moves and PC-relative addresses (Arm ARM C6.2, MOV*, MOVZ, MOVN, MOVK, ADR, ADRP).</content>
public static partial class A64
{
    /// <summary>MOV (register, or to and from SP): Rd = Rm.</summary>
    public static Instruction Mov(Register rd, Register rm)
        => rd.IsStackPointer || rm.IsStackPointer ? Add(rd, rm, 0) : Orr(rd, Zero(rd), rm);

    /// <summary>MOV (immediate): Rd = imm by whichever of MOVZ, MOVN or ORR (immediate) can; to SP only ORR.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One instruction is not enough: use <see cref="MovSequence"/>.</exception>
    public static Instruction Mov(Register rd, Int128 immediate)
    {
        ulong value = Bits(immediate, rd.Width);
        if (!rd.IsStackPointer)
        {
            if (TryHalfword(value, rd.Width, out int imm16, out int shift)) return Movz(rd, imm16, shift);
            if (TryHalfword(value ^ Mask(rd), rd.Width, out imm16, out shift)) return Movn(rd, imm16, shift);
        }

        if (BitmaskImmediate.TryEncode(value, rd.Width, out _)) return Orr(rd, Zero(rd), value);
        throw new ArgumentOutOfRangeException(nameof(immediate), immediate, rd.IsStackPointer
            ? $"0x{value:x} is no bitmask immediate, the only kind that {rd} takes: move it to a general-purpose register first."
            : $"0x{value:x} does not fit one MOVZ, MOVN or ORR: use MovSequence({rd.ToString().ToUpperInvariant()}, 0x{value:x}).");
    }

    /// <summary>Rd = value in as few moves as it takes, 1 to 4: MOVZ or MOVN and then MOVK.</summary>
    /// <param name="rd">Not SP; for a W register the value has 32 bits.</param>
    /// <param name="value">The value.</param>
    public static Instruction[] MovSequence(Register rd, ulong value)
    {
        R(rd, 0);
        value = Bits(value, rd.Width);
        if (TryHalfword(value, rd.Width, out _, out _) || TryHalfword(value ^ Mask(rd), rd.Width, out _, out _)
            || BitmaskImmediate.TryEncode(value, rd.Width, out _))
        {
            return [Mov(rd, value)];
        }

        int zeros = 0, ones = 0;
        for (int shift = 0; shift < rd.Width; shift += 16)
        {
            if (Halfword(value, shift) == 0) zeros++;
            if (Halfword(value, shift) == 0xffff) ones++;
        }

        int background = ones > zeros ? 0xffff : 0;
        var moves = new List<Instruction>(4);
        for (int shift = 0; shift < rd.Width; shift += 16)
        {
            int half = Halfword(value, shift);
            if (half == background) continue;
            moves.Add(moves.Count > 0 ? Movk(rd, half, shift) : background == 0 ? Movz(rd, half, shift) : Movn(rd, half ^ 0xffff, shift));
        }

        return [.. moves];
    }

    /// <summary>MOVZ: Rd = imm16 &lt;&lt; shift, shift a multiple of 16.</summary>
    public static Instruction Movz(Register rd, int imm16, int shift = 0) => MoveWide(0x5280_0000, rd, imm16, shift);
    /// <summary>MOVN: Rd = ~(imm16 &lt;&lt; shift), shift a multiple of 16.</summary>
    public static Instruction Movn(Register rd, int imm16, int shift = 0) => MoveWide(0x1280_0000, rd, imm16, shift);
    /// <summary>MOVK: replaces the 16 bits of Rd at shift, a multiple of 16.</summary>
    public static Instruction Movk(Register rd, int imm16, int shift = 0) => MoveWide(0x7280_0000, rd, imm16, shift);

    /// <summary>ADR: Rd = the target's address, within 1 MiB.</summary>
    public static Instruction Adr(Register rd, Target target) => To(0x1000_0000 | R64(rd, 0), Fixup.Bytes21, target);

    /// <summary>ADRP: Rd = the address of the target's page of 4 KiB, within 4 GiB; a distance is in whole pages.</summary>
    public static Instruction Adrp(Register rd, Target target) => To(0x9000_0000 | R64(rd, 0), Fixup.Pages21, target);

    // sf opc 100101 hw imm16 Rd.
    private static Instruction MoveWide(uint op, Register rd, int imm16, int shift)
    {
        if (shift < 0 || shift >= rd.Width || shift % 16 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(shift), shift, $"The value must be {(rd.Is64 ? "0, 16, 32 or 48" : "0 or 16")}.");
        }

        return new(op | Sf(rd) | ((uint)shift / 16 << 21) | U(imm16, 16, 5) | R(rd, 0));
    }

    private static ulong Mask(Register register) => register.Is64 ? ulong.MaxValue : uint.MaxValue;

    private static int Halfword(ulong value, int shift) => (int)(value >> shift & 0xffff);

    private static bool TryHalfword(ulong value, int width, out int imm16, out int shift)
    {
        for (shift = 0; shift < width; shift += 16)
        {
            imm16 = Halfword(value, shift);
            if ((ulong)imm16 << shift == value) return true;
        }

        imm16 = 0;
        return false;
    }
}
