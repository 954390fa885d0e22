namespace Armillary.Arm64;

/// <content>Compare and swap (FEAT_LSE; Arm ARM C6.2, CAS, CASB, CASH, CASP). Suffixes as for the atomic memory operations.</content>
public static partial class A64
{
    /// <summary>CAS: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Cas(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(0, SizeOf(rs), rs, rt, address);
    /// <summary>CASA: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Casa(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(IsLoad, SizeOf(rs), rs, rt, address);
    /// <summary>CASL: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Casl(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(IsOrdered, SizeOf(rs), rs, rt, address);
    /// <summary>CASAL: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Casal(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(IsLoad | IsOrdered, SizeOf(rs), rs, rt, address);
    /// <summary>CASB: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Casb(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(0, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>CASAB: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Casab(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(IsLoad, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>CASLB: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Caslb(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(IsOrdered, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>CASALB: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Casalb(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(IsLoad | IsOrdered, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>CASH: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Cash(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(0, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>CASAH: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Casah(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(IsLoad, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>CASLH: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Caslh(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(IsOrdered, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>CASALH: if [address] = Rs, [address] = Rt; Rs = what was there.</summary>
    public static Instruction Casalh(Register rs, Register rt, MemoryOperand address) => CompareAndSwap(IsLoad | IsOrdered, 1, Only(rs, 32), Only(rt, 32), address);

    /// <summary>CASP: CAS of a pair; rs and rt are even, rs2 and rt2 the next.</summary>
    public static Instruction Casp(Register rs, Register rs2, Register rt, Register rt2, MemoryOperand address) => CompareAndSwapPair(0, rs, rs2, rt, rt2, address);
    /// <summary>CASPA: CAS of a pair; rs and rt are even, rs2 and rt2 the next.</summary>
    public static Instruction Caspa(Register rs, Register rs2, Register rt, Register rt2, MemoryOperand address) => CompareAndSwapPair(IsLoad, rs, rs2, rt, rt2, address);
    /// <summary>CASPL: CAS of a pair; rs and rt are even, rs2 and rt2 the next.</summary>
    public static Instruction Caspl(Register rs, Register rs2, Register rt, Register rt2, MemoryOperand address) => CompareAndSwapPair(IsOrdered, rs, rs2, rt, rt2, address);
    /// <summary>CASPAL: CAS of a pair; rs and rt are even, rs2 and rt2 the next.</summary>
    public static Instruction Caspal(Register rs, Register rs2, Register rt, Register rt2, MemoryOperand address) => CompareAndSwapPair(IsLoad | IsOrdered, rs, rs2, rt, rt2, address);

    // Here L is acquire and o0 is release.
    private static Instruction CompareAndSwap(uint op, uint size, Register rs, Register rt, MemoryOperand address)
    {
        SameWidth(rs, rt);
        return new(0x0880_0000 | IsPair | (size << 30) | op | R(rs, 16) | NoRt2 | BaseOnly(address) | R(rt, 0));
    }

    private static Instruction CompareAndSwapPair(uint op, Register rs, Register rs2, Register rt, Register rt2, MemoryOperand address)
    {
        SameWidth(rs, rs2);
        SameWidth(rs, rt);
        SameWidth(rs, rt2);
        RefuseUnpaired(rs, rs2);
        RefuseUnpaired(rt, rt2);
        return new(0x0800_0000 | IsPair | (rs.Is64 ? 1u << 30 : 0) | op | R(rs, 16) | NoRt2 | BaseOnly(address) | R(rt, 0));
    }

    private static void RefuseUnpaired(Register first, Register second)
    {
        R(first, 0);
        R(second, 0);
        if (first.Number % 2 != 0 || second.Number != first.Number + 1)
        {
            throw new ArgumentException($"{first} and {second} are no pair for CASP: it takes an even register and the next.", nameof(second));
        }
    }
}
