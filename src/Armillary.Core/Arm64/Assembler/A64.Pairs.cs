namespace Armillary.Arm64;

/// <content>Loads and stores of pairs (Arm ARM C6.2, LDP, LDPSW, STP, LDNP, STNP).</content>
public static partial class A64
{
    /// <summary>LDP: loads two registers; the offset is a multiple of their size, 7 bits signed.</summary>
    public static Instruction Ldp(Register rt, Register rt2, MemoryOperand address) => Pair(PairSize(rt, rt2), true, rt, rt2, address);
    /// <summary>STP: stores two registers; the offset is a multiple of their size, 7 bits signed.</summary>
    public static Instruction Stp(Register rt, Register rt2, MemoryOperand address) => Pair(PairSize(rt, rt2), false, rt, rt2, address);
    /// <summary>LDPSW: loads two words, sign-extended to X; the offset is a multiple of 4, 7 bits signed.</summary>
    public static Instruction Ldpsw(Register rt, Register rt2, MemoryOperand address) => Pair(1, true, Only(rt, 64), Only(rt2, 64), address);
    /// <summary>LDNP: LDP with the hint that the data will not be used again soon.</summary>
    public static Instruction Ldnp(Register rt, Register rt2, MemoryOperand address)
    {
        RefuseSamePair(rt, rt2);
        return NonTemporal(true, rt, rt2, address);
    }

    /// <summary>STNP: STP with the hint that the data will not be used again soon.</summary>
    public static Instruction Stnp(Register rt, Register rt2, MemoryOperand address) => NonTemporal(false, rt, rt2, address);

    private static uint PairSize(Register rt, Register rt2)
    {
        SameWidth(rt, rt2);
        return rt.Is64 ? 2u : 0;
    }

    private static Instruction Pair(uint opc, bool load, Register rt, Register rt2, MemoryOperand address)
    {
        if (load) RefuseSamePair(rt, rt2);
        uint mode = address.Mode switch
        {
            AddressingMode.PostIndex => 0x0080_0000,
            AddressingMode.Offset => 0x0100_0000,
            AddressingMode.PreIndex => 0x0180_0000,
            _ => throw new ArgumentException($"A pair takes [base, #offset], PreIndex or PostIndex, not {address}.", nameof(address)),
        };
        if (address.Mode != AddressingMode.Offset)
        {
            RefuseWritebackOf(address, rt);
            RefuseWritebackOf(address, rt2);
        }

        return PairWord(mode, opc, load, rt, rt2, address);
    }

    private static Instruction NonTemporal(bool load, Register rt, Register rt2, MemoryOperand address)
        => PairWord(0, PairSize(rt, rt2), load, rt, rt2, WithOffset(address));

    // opc 1010 mode L imm7 Rt2 Rn Rt; the mode is 00 non-temporal, 01 post-indexed, 10 offset, 11 pre-indexed.
    private static Instruction PairWord(uint mode, uint opc, bool load, Register rt, Register rt2, MemoryOperand address)
    {
        int scale = opc == 2 ? 8 : 4;
        if (address.Offset % scale != 0 || address.Offset < -64 * scale || address.Offset > 63 * scale)
        {
            throw new ArgumentOutOfRangeException(nameof(address), address.Offset, $"The offset must be a multiple of {scale} from {-64 * scale} to {63 * scale}.");
        }

        uint imm7 = ((uint)(address.Offset / scale) & 0x7f) << 15;
        return new(0x2800_0000 | (opc << 30) | mode | (load ? 1u << 22 : 0) | imm7 | R(rt2, 10) | Base(address) | R(rt, 0));
    }

    // Which of the two loads wins is CONSTRAINED UNPREDICTABLE (Arm ARM K1.2).
    private static void RefuseSamePair(Register rt, Register rt2)
    {
        if (rt.Number == rt2.Number) throw new ArgumentException($"A pair cannot be loaded into {rt} twice: the result is unpredictable.", nameof(rt2));
    }
}
