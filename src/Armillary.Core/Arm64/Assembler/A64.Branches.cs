namespace Armillary.Arm64;

/// <content>Branches and exception generation (Arm ARM C6.2, B to TBNZ; BRK, DCPS*, ERET, HLT, HVC, SMC, SVC, UDF).</content>
public static partial class A64
{
    /// <summary>B: branches to the target, within 128 MiB.</summary>
    public static Instruction B(Target target) => To(0x1400_0000, Fixup.Words26, target);
    /// <summary>B.cond: branches to the target, within 1 MiB, if the condition holds.</summary>
    public static Instruction B(Condition condition, Target target) => To(0x5400_0000 | Cond(condition, 0), Fixup.Words19, target);
    /// <summary>BL: calls the target, within 128 MiB; X30 = the next instruction's address.</summary>
    public static Instruction Bl(Target target) => To(0x9400_0000, Fixup.Words26, target);
    /// <summary>BR: branches to the address in Xn.</summary>
    public static Instruction Br(Register rn) => new(0xd61f_0000 | R64(rn, 5));
    /// <summary>BLR: calls the address in Xn; X30 = the next instruction's address.</summary>
    public static Instruction Blr(Register rn) => new(0xd63f_0000 | R64(rn, 5));
    /// <summary>RET: returns to the address in X30.</summary>
    public static Instruction Ret() => Ret(X30);
    /// <summary>RET: returns to the address in Xn.</summary>
    public static Instruction Ret(Register rn) => new(0xd65f_0000 | R64(rn, 5));
    /// <summary>CBZ: branches to the target, within 1 MiB, if Rt is 0.</summary>
    public static Instruction Cbz(Register rt, Target target) => To(0x3400_0000 | Sf(rt) | R(rt, 0), Fixup.Words19, target);
    /// <summary>CBNZ: branches to the target, within 1 MiB, if Rt is not 0.</summary>
    public static Instruction Cbnz(Register rt, Target target) => To(0x3500_0000 | Sf(rt) | R(rt, 0), Fixup.Words19, target);
    /// <summary>TBZ: branches to the target, within 32 KiB, if a bit of Rt is 0.</summary>
    public static Instruction Tbz(Register rt, int bit, Target target) => To(0x3600_0000 | TestedBit(rt, bit) | R(rt, 0), Fixup.Words14, target);
    /// <summary>TBNZ: branches to the target, within 32 KiB, if a bit of Rt is 1.</summary>
    public static Instruction Tbnz(Register rt, int bit, Target target) => To(0x3700_0000 | TestedBit(rt, bit) | R(rt, 0), Fixup.Words14, target);

    /// <summary>ERET: returns from an exception to ELR with SPSR.</summary>
    public static Instruction Eret() => new(0xd69f_03e0);
    /// <summary>DRPS: restores the process state in Debug state.</summary>
    public static Instruction Drps() => new(0xd6bf_03e0);
    /// <summary>SVC: exception to EL1.</summary>
    public static Instruction Svc(int imm16 = 0) => new(0xd400_0001 | U(imm16, 16, 5));
    /// <summary>HVC: exception to EL2.</summary>
    public static Instruction Hvc(int imm16 = 0) => new(0xd400_0002 | U(imm16, 16, 5));
    /// <summary>SMC: exception to EL3.</summary>
    public static Instruction Smc(int imm16 = 0) => new(0xd400_0003 | U(imm16, 16, 5));
    /// <summary>BRK: software breakpoint.</summary>
    public static Instruction Brk(int imm16 = 0) => new(0xd420_0000 | U(imm16, 16, 5));
    /// <summary>HLT: halting breakpoint.</summary>
    public static Instruction Hlt(int imm16 = 0) => new(0xd440_0000 | U(imm16, 16, 5));
    /// <summary>DCPS1: in Debug state, to EL1.</summary>
    public static Instruction Dcps1(int imm16 = 0) => new(0xd4a0_0001 | U(imm16, 16, 5));
    /// <summary>DCPS2: in Debug state, to EL2.</summary>
    public static Instruction Dcps2(int imm16 = 0) => new(0xd4a0_0002 | U(imm16, 16, 5));
    /// <summary>DCPS3: in Debug state, to EL3.</summary>
    public static Instruction Dcps3(int imm16 = 0) => new(0xd4a0_0003 | U(imm16, 16, 5));
    /// <summary>UDF: permanently undefined.</summary>
    public static Instruction Udf(int imm16 = 0) => new(U(imm16, 16, 0));

    // b5:b40; a W register has no bit above 31.
    private static uint TestedBit(Register rt, int bit)
    {
        uint value = (uint)InRange(bit, 0, rt.Width - 1);
        return (value >> 5 << 31) | ((value & 31) << 19);
    }
}
