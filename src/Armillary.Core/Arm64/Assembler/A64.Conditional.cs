namespace Armillary.Arm64;

/// <content>Conditional select and compare, and flag manipulation (Arm ARM C6.2, CSEL*, CCMP, CCMN, CFINV, RMIF, SETF*, AXFLAG, XAFLAG).</content>
public static partial class A64
{
    /// <summary>CSEL: Rd = condition ? Rn : Rm.</summary>
    public static Instruction Csel(Register rd, Register rn, Register rm, Condition condition) => Select(0x1a80_0000, rd, rn, rm, condition);
    /// <summary>CSINC: Rd = condition ? Rn : Rm + 1.</summary>
    public static Instruction Csinc(Register rd, Register rn, Register rm, Condition condition) => Select(0x1a80_0400, rd, rn, rm, condition);
    /// <summary>CSINV: Rd = condition ? Rn : ~Rm.</summary>
    public static Instruction Csinv(Register rd, Register rn, Register rm, Condition condition) => Select(0x5a80_0000, rd, rn, rm, condition);
    /// <summary>CSNEG: Rd = condition ? Rn : -Rm.</summary>
    public static Instruction Csneg(Register rd, Register rn, Register rm, Condition condition) => Select(0x5a80_0400, rd, rn, rm, condition);
    /// <summary>CSET: Rd = condition ? 1 : 0; not AL or NV.</summary>
    public static Instruction Cset(Register rd, Condition condition) => Csinc(rd, Zero(rd), Zero(rd), condition.Invert());
    /// <summary>CSETM: Rd = condition ? all ones : 0; not AL or NV.</summary>
    public static Instruction Csetm(Register rd, Condition condition) => Csinv(rd, Zero(rd), Zero(rd), condition.Invert());
    /// <summary>CINC: Rd = condition ? Rn + 1 : Rn; not AL or NV.</summary>
    public static Instruction Cinc(Register rd, Register rn, Condition condition) => Csinc(rd, rn, rn, condition.Invert());
    /// <summary>CINV: Rd = condition ? ~Rn : Rn; not AL or NV.</summary>
    public static Instruction Cinv(Register rd, Register rn, Condition condition) => Csinv(rd, rn, rn, condition.Invert());
    /// <summary>CNEG: Rd = condition ? -Rn : Rn; not AL or NV.</summary>
    public static Instruction Cneg(Register rd, Register rn, Condition condition) => Csneg(rd, rn, rn, condition.Invert());

    /// <summary>CCMP (register): the flags of Rn - Rm if the condition holds, else nzcv, 0 to 15.</summary>
    public static Instruction Ccmp(Register rn, Register rm, int nzcv, Condition condition) => CompareRegister(IsSub, rn, rm, nzcv, condition);
    /// <summary>CCMP (immediate): the flags of Rn - imm (0 to 31) if the condition holds, else nzcv.</summary>
    public static Instruction Ccmp(Register rn, int immediate, int nzcv, Condition condition) => CompareImmediate(IsSub, rn, immediate, nzcv, condition);
    /// <summary>CCMN (register): the flags of Rn + Rm if the condition holds, else nzcv, 0 to 15.</summary>
    public static Instruction Ccmn(Register rn, Register rm, int nzcv, Condition condition) => CompareRegister(0, rn, rm, nzcv, condition);
    /// <summary>CCMN (immediate): the flags of Rn + imm (0 to 31) if the condition holds, else nzcv.</summary>
    public static Instruction Ccmn(Register rn, int immediate, int nzcv, Condition condition) => CompareImmediate(0, rn, immediate, nzcv, condition);

    /// <summary>CFINV: inverts C (FEAT_FlagM).</summary>
    public static Instruction Cfinv() => new(0xd500_401f);
    /// <summary>XAFLAG: flags from the alternative floating-point format to Arm's (FEAT_FlagM2).</summary>
    public static Instruction Xaflag() => new(0xd500_403f);
    /// <summary>AXFLAG: flags from Arm's floating-point format to the alternative (FEAT_FlagM2).</summary>
    public static Instruction Axflag() => new(0xd500_405f);
    /// <summary>RMIF: rotates Xn right by 0 to 63 and puts its low 4 bits into the flags that mask names (FEAT_FlagM).</summary>
    public static Instruction Rmif(Register rn, int amount, int mask) => new(0xba00_0400 | U(amount, 6, 15) | R64(rn, 5) | U(mask, 4, 0));

    /// <summary>SETF8: N, Z and V of the low 8 bits of Wn (FEAT_FlagM).</summary>
    public static Instruction Setf8(Register rn) => new(0x3a00_080d | R32(rn, 5));

    /// <summary>SETF16: N, Z and V of the low 16 bits of Wn (FEAT_FlagM).</summary>
    public static Instruction Setf16(Register rn) => new(0x3a00_480d | R32(rn, 5));

    // sf op 011010100 Rm cond o2 Rn Rd.
    private static Instruction Select(uint op, Register rd, Register rn, Register rm, Condition condition)
        => new(op | ThreeRegisters(rd, rn, rm) | Cond(condition, 12));

    // sf op 111010010 Rm-or-imm5 cond i0 Rn 0 nzcv; i is 1 for an immediate.
    private static Instruction CompareRegister(uint op, Register rn, Register rm, int nzcv, Condition condition)
    {
        SameWidth(rn, rm);
        return new(0x3a40_0000 | Sf(rn) | op | R(rm, 16) | Cond(condition, 12) | R(rn, 5) | U(nzcv, 4, 0));
    }

    private static Instruction CompareImmediate(uint op, Register rn, int immediate, int nzcv, Condition condition)
        => new(0x3a40_0800 | Sf(rn) | op | U(immediate, 5, 16) | Cond(condition, 12) | R(rn, 5) | U(nzcv, 4, 0));
}
