namespace Armillary.Arm64;

/// <content>Hints, barriers, system registers and system instructions (Arm ARM C4.1.93, C5, C6.2).</content>
public static partial class A64
{
    /// <summary>HINT: 0 to 127; those without a meaning do nothing.</summary>
    public static Instruction Hint(int number) => new(0xd503_201f | U(number, 7, 5));
    /// <summary>NOP: nothing.</summary>
    public static Instruction Nop() => Hint(0);
    /// <summary>YIELD: this thread waits for another.</summary>
    public static Instruction Yield() => Hint(1);
    /// <summary>WFE: waits for an event.</summary>
    public static Instruction Wfe() => Hint(2);
    /// <summary>WFI: waits for an interrupt.</summary>
    public static Instruction Wfi() => Hint(3);
    /// <summary>SEV: sends an event to every PE.</summary>
    public static Instruction Sev() => Hint(4);
    /// <summary>SEVL: sends an event to this PE.</summary>
    public static Instruction Sevl() => Hint(5);
    /// <summary>DGH: data gathering hint (FEAT_DGH).</summary>
    public static Instruction Dgh() => Hint(6);
    /// <summary>ESB: error synchronization barrier (FEAT_RAS).</summary>
    public static Instruction Esb() => Hint(16);
    /// <summary>PSB CSYNC: profiling synchronization barrier (FEAT_SPE).</summary>
    public static Instruction PsbCsync() => Hint(17);
    /// <summary>TSB CSYNC: trace synchronization barrier (FEAT_TRF).</summary>
    public static Instruction TsbCsync() => Hint(18);
    /// <summary>CSDB: consumption of speculative data barrier.</summary>
    public static Instruction Csdb() => Hint(20);
    /// <summary>BTI: branch target identification (FEAT_BTI).</summary>
    /// <param name="targets">Which branches may arrive: 0 none, 1 calls (c), 2 jumps (j), 3 both (jc).</param>
    public static Instruction Bti(int targets = 0) => Hint(32 | (InRange(targets, 0, 3) << 1));

    /// <summary>DMB: data memory barrier.</summary>
    public static Instruction Dmb(BarrierOption option) => new(0xd503_30bf | Crm(option));
    /// <summary>DSB: data synchronization barrier.</summary>
    public static Instruction Dsb(BarrierOption option) => new(0xd503_309f | Crm(option));
    /// <summary>ISB: instruction synchronization barrier.</summary>
    public static Instruction Isb(BarrierOption option = BarrierOption.Sy) => new(0xd503_30df | Crm(option));
    /// <summary>SB: speculation barrier (FEAT_SB).</summary>
    public static Instruction Sb() => new(0xd503_30ff);
    /// <summary>SSBB: speculative store bypass barrier, by virtual address.</summary>
    public static Instruction Ssbb() => new(0xd503_309f);
    /// <summary>PSSBB: speculative store bypass barrier, by physical address.</summary>
    public static Instruction Pssbb() => new(0xd503_349f);
    /// <summary>CLREX: clears the local exclusive monitor; the immediate, 0 to 15, means nothing.</summary>
    public static Instruction Clrex(int immediate = 15) => new(0xd503_305f | U(immediate, 4, 8));

    /// <summary>MRS: Xt = a system register, one that has a name or any of op0 2 or 3.</summary>
    public static Instruction Mrs(Register rt, SystemRegister register) => new(0xd520_0000 | Packed(register) | R64(rt, 0));
    /// <summary>MSR (register): a system register = Xt.</summary>
    public static Instruction Msr(SystemRegister register, Register rt) => new(0xd500_0000 | Packed(register) | R64(rt, 0));
    /// <summary>MSR (immediate): sets a field of the process state, 0 to 15.</summary>
    public static Instruction Msr(PstateField field, int immediate)
    {
        if (!Enum.IsDefined(field)) throw new ArgumentOutOfRangeException(nameof(field), field, "The value must be one of PstateField.");
        return new(0xd500_401f | ((uint)field >> 3 << 16) | U(immediate, 4, 8) | (((uint)field & 7) << 5));
    }

    /// <summary>SYS: a system instruction by its numbers.</summary>
    public static Instruction Sys(int op1, int crn, int crm, int op2) => Sys(op1, crn, crm, op2, Xzr);
    /// <summary>SYS: a system instruction by its numbers, with an operand.</summary>
    public static Instruction Sys(int op1, int crn, int crm, int op2, Register rt) => new(0xd508_0000 | SysFields(op1, crn, crm, op2) | R64(rt, 0));
    /// <summary>SYSL: a system instruction by its numbers, with a result.</summary>
    public static Instruction Sysl(Register rt, int op1, int crn, int crm, int op2) => new(0xd528_0000 | SysFields(op1, crn, crm, op2) | R64(rt, 0));

    /// <summary>IC: instruction cache operation without an address.</summary>
    public static Instruction Ic(IcOp operation) => Ic(operation, Xzr);
    /// <summary>IC: instruction cache operation on an address.</summary>
    public static Instruction Ic(IcOp operation, Register rt) => SysOp((ushort)operation, rt);
    /// <summary>DC: data cache operation on an address, or on a set and way.</summary>
    public static Instruction Dc(DcOp operation, Register rt) => SysOp((ushort)operation, rt);
    /// <summary>AT: address translation.</summary>
    public static Instruction At(AtOp operation, Register rt) => SysOp((ushort)operation, rt);
    /// <summary>TLBI: TLB invalidation without an operand.</summary>
    public static Instruction Tlbi(TlbiOp operation) => Tlbi(operation, Xzr);
    /// <summary>TLBI: TLB invalidation of what Xt tells.</summary>
    public static Instruction Tlbi(TlbiOp operation, Register rt) => SysOp((ushort)operation, rt);

    /// <summary>Barrier: full system, all accesses.</summary>
    public const BarrierOption Sy = BarrierOption.Sy;
    /// <summary>Barrier: full system, stores.</summary>
    public const BarrierOption St = BarrierOption.St;
    /// <summary>Barrier: full system, loads.</summary>
    public const BarrierOption Ld = BarrierOption.Ld;
    /// <summary>Barrier: Inner Shareable, all accesses.</summary>
    public const BarrierOption Ish = BarrierOption.Ish;
    /// <summary>Barrier: Inner Shareable, stores.</summary>
    public const BarrierOption Ishst = BarrierOption.Ishst;
    /// <summary>Barrier: Inner Shareable, loads.</summary>
    public const BarrierOption Ishld = BarrierOption.Ishld;
    /// <summary>Barrier: Non-shareable, all accesses.</summary>
    public const BarrierOption Nsh = BarrierOption.Nsh;
    /// <summary>Barrier: Non-shareable, stores.</summary>
    public const BarrierOption Nshst = BarrierOption.Nshst;
    /// <summary>Barrier: Non-shareable, loads.</summary>
    public const BarrierOption Nshld = BarrierOption.Nshld;
    /// <summary>Barrier: Outer Shareable, all accesses.</summary>
    public const BarrierOption Osh = BarrierOption.Osh;
    /// <summary>Barrier: Outer Shareable, stores.</summary>
    public const BarrierOption Oshst = BarrierOption.Oshst;
    /// <summary>Barrier: Outer Shareable, loads.</summary>
    public const BarrierOption Oshld = BarrierOption.Oshld;

    private static uint Crm(BarrierOption option) => U((int)option, 4, 8, nameof(option));

    private static uint Packed(SystemRegister register)
        => register.Op0() >= 2 ? (uint)register << 5
            : throw new ArgumentOutOfRangeException(nameof(register), register.Name(), "A system register has op0 2 or 3.");

    private static uint SysFields(int op1, int crn, int crm, int op2) => U(op1, 3, 16) | U(crn, 4, 12) | U(crm, 4, 8) | U(op2, 3, 5);

    private static Instruction SysOp(ushort operation, Register rt)
        => operation >> 14 == 1 ? new(0xd500_0000 | ((uint)operation << 5) | R64(rt, 0))
            : throw new ArgumentOutOfRangeException(nameof(operation), operation, "A system instruction has op0 1.");
}
