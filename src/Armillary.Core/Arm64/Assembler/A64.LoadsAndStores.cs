using System.Runtime.CompilerServices;

namespace Armillary.Arm64;

/// <content>Loads and stores of one register, prefetch, and their addresses (Arm ARM C4.1.94, C6.2, LDR* and STR*).</content>
public static partial class A64
{
    /// <summary>[base, #offset]: base is X0 to X30 or SP.</summary>
    public static MemoryOperand Mem(Register @base, int offset = 0) => new(@base, AddressingMode.Offset, offset);
    /// <summary>[base, index]: the index is an X register.</summary>
    public static MemoryOperand Mem(Register @base, Register index) => new(@base, index, Extend.Uxtx, null);
    /// <summary>[base, index, lsl #amount]: amount is 0 or the access size's logarithm.</summary>
    public static MemoryOperand Mem(Register @base, Register index, Shift shift)
        => shift.Kind == ShiftKind.Lsl ? new(@base, index, Extend.Uxtx, shift.Amount)
            : throw new ArgumentException($"The index of an address takes LSL or an extension, not {shift}.", nameof(shift));
    /// <summary>[base, index, extend #amount]: UXTW or SXTW of a W register, SXTX of an X register; amount as for LSL.</summary>
    public static MemoryOperand Mem(Register @base, Register index, Extend extend, int? amount = null) => new(@base, index, extend, amount);
    /// <summary>[base, #offset]!: adds the offset to the base first, and writes it back.</summary>
    public static MemoryOperand PreIndex(Register @base, int offset) => new(@base, AddressingMode.PreIndex, offset);
    /// <summary>[base], #offset: accesses at the base, then adds the offset to it.</summary>
    public static MemoryOperand PostIndex(Register @base, int offset) => new(@base, AddressingMode.PostIndex, offset);

    /// <summary>LDR: loads Rt.</summary>
    public static Instruction Ldr(Register rt, MemoryOperand address) => LoadStore(SizeOf(rt), 1, rt, address);
    /// <summary>STR: stores Rt.</summary>
    public static Instruction Str(Register rt, MemoryOperand address) => LoadStore(SizeOf(rt), 0, rt, address);
    /// <summary>LDRB: loads a byte.</summary>
    public static Instruction Ldrb(Register rt, MemoryOperand address) => LoadStore(0, 1, Only(rt, 32), address);
    /// <summary>STRB: stores the low byte of Wt.</summary>
    public static Instruction Strb(Register rt, MemoryOperand address) => LoadStore(0, 0, Only(rt, 32), address);
    /// <summary>LDRH: loads a halfword.</summary>
    public static Instruction Ldrh(Register rt, MemoryOperand address) => LoadStore(1, 1, Only(rt, 32), address);
    /// <summary>STRH: stores the low halfword of Wt.</summary>
    public static Instruction Strh(Register rt, MemoryOperand address) => LoadStore(1, 0, Only(rt, 32), address);
    /// <summary>LDRSB: loads a byte, sign-extended.</summary>
    public static Instruction Ldrsb(Register rt, MemoryOperand address) => LoadStore(0, SignedLoad(rt), rt, address);
    /// <summary>LDRSH: loads a halfword, sign-extended.</summary>
    public static Instruction Ldrsh(Register rt, MemoryOperand address) => LoadStore(1, SignedLoad(rt), rt, address);
    /// <summary>LDRSW: loads a word, sign-extended to X.</summary>
    public static Instruction Ldrsw(Register rt, MemoryOperand address) => LoadStore(2, 2, Only(rt, 64), address);

    /// <summary>LDR (literal): loads Rt from the target, a multiple of 4 within 1 MiB.</summary>
    public static Instruction Ldr(Register rt, Target target) => To((rt.Is64 ? 0x5800_0000u : 0x1800_0000u) | R(rt, 0), Fixup.Words19, target);
    /// <summary>LDRSW (literal): loads a word from the target, sign-extended to X.</summary>
    public static Instruction Ldrsw(Register rt, Target target) => To(0x9800_0000 | R64(rt, 0), Fixup.Words19, target);

    /// <summary>PRFM: tells of an access to come; with an offset that only PRFUM has, PRFUM.</summary>
    public static Instruction Prfm(PrefetchOperation operation, MemoryOperand address)
        => address.Mode is AddressingMode.PreIndex or AddressingMode.PostIndex ? throw NoWriteback(address) : LoadStore(3, 2, Prefetched(operation), address);
    /// <summary>PRFM (literal): tells of an access to the target to come.</summary>
    public static Instruction Prfm(PrefetchOperation operation, Target target) => To(0xd800_0000 | R(Prefetched(operation), 0), Fixup.Words19, target);
    /// <summary>PRFUM: PRFM with an offset of -256 to 255 bytes, not scaled.</summary>
    public static Instruction Prfum(PrefetchOperation operation, MemoryOperand address) => Unscaled(3, 2, Prefetched(operation), address);

    /// <summary>LDUR: loads Rt; offset -256 to 255, not scaled.</summary>
    public static Instruction Ldur(Register rt, MemoryOperand address) => Unscaled(SizeOf(rt), 1, rt, address);
    /// <summary>STUR: stores Rt; offset -256 to 255, not scaled.</summary>
    public static Instruction Stur(Register rt, MemoryOperand address) => Unscaled(SizeOf(rt), 0, rt, address);
    /// <summary>LDURB: loads a byte; offset -256 to 255, not scaled.</summary>
    public static Instruction Ldurb(Register rt, MemoryOperand address) => Unscaled(0, 1, Only(rt, 32), address);
    /// <summary>STURB: stores the low byte of Wt; offset -256 to 255, not scaled.</summary>
    public static Instruction Sturb(Register rt, MemoryOperand address) => Unscaled(0, 0, Only(rt, 32), address);
    /// <summary>LDURH: loads a halfword; offset -256 to 255, not scaled.</summary>
    public static Instruction Ldurh(Register rt, MemoryOperand address) => Unscaled(1, 1, Only(rt, 32), address);
    /// <summary>STURH: stores the low halfword of Wt; offset -256 to 255, not scaled.</summary>
    public static Instruction Sturh(Register rt, MemoryOperand address) => Unscaled(1, 0, Only(rt, 32), address);
    /// <summary>LDURSB: loads a byte, sign-extended; offset -256 to 255, not scaled.</summary>
    public static Instruction Ldursb(Register rt, MemoryOperand address) => Unscaled(0, SignedLoad(rt), rt, address);
    /// <summary>LDURSH: loads a halfword, sign-extended; offset -256 to 255, not scaled.</summary>
    public static Instruction Ldursh(Register rt, MemoryOperand address) => Unscaled(1, SignedLoad(rt), rt, address);
    /// <summary>LDURSW: loads a word, sign-extended to X; offset -256 to 255, not scaled.</summary>
    public static Instruction Ldursw(Register rt, MemoryOperand address) => Unscaled(2, 2, Only(rt, 64), address);

    /// <summary>LDTR: loads Rt; with the permissions of EL0; offset -256 to 255.</summary>
    public static Instruction Ldtr(Register rt, MemoryOperand address) => Unprivileged(SizeOf(rt), 1, rt, address);
    /// <summary>STTR: stores Rt; with the permissions of EL0; offset -256 to 255.</summary>
    public static Instruction Sttr(Register rt, MemoryOperand address) => Unprivileged(SizeOf(rt), 0, rt, address);
    /// <summary>LDTRB: loads a byte; with the permissions of EL0; offset -256 to 255.</summary>
    public static Instruction Ldtrb(Register rt, MemoryOperand address) => Unprivileged(0, 1, Only(rt, 32), address);
    /// <summary>STTRB: stores the low byte of Wt; with the permissions of EL0; offset -256 to 255.</summary>
    public static Instruction Sttrb(Register rt, MemoryOperand address) => Unprivileged(0, 0, Only(rt, 32), address);
    /// <summary>LDTRH: loads a halfword; with the permissions of EL0; offset -256 to 255.</summary>
    public static Instruction Ldtrh(Register rt, MemoryOperand address) => Unprivileged(1, 1, Only(rt, 32), address);
    /// <summary>STTRH: stores the low halfword of Wt; with the permissions of EL0; offset -256 to 255.</summary>
    public static Instruction Sttrh(Register rt, MemoryOperand address) => Unprivileged(1, 0, Only(rt, 32), address);
    /// <summary>LDTRSB: loads a byte, sign-extended; with the permissions of EL0; offset -256 to 255.</summary>
    public static Instruction Ldtrsb(Register rt, MemoryOperand address) => Unprivileged(0, SignedLoad(rt), rt, address);
    /// <summary>LDTRSH: loads a halfword, sign-extended; with the permissions of EL0; offset -256 to 255.</summary>
    public static Instruction Ldtrsh(Register rt, MemoryOperand address) => Unprivileged(1, SignedLoad(rt), rt, address);
    /// <summary>LDTRSW: loads a word, sign-extended to X; with the permissions of EL0; offset -256 to 255.</summary>
    public static Instruction Ldtrsw(Register rt, MemoryOperand address) => Unprivileged(2, 2, Only(rt, 64), address);

    private static uint SizeOf(Register rt) => rt.Is64 ? 3u : 2u;

    // opc of a sign-extending load: 2 to X, 3 to W.
    private static uint SignedLoad(Register rt) => rt.Is64 ? 2u : 3u;

    private static Register Only(Register register, int width, [CallerArgumentExpression(nameof(register))] string? name = null)
    {
        Width(register, width, name);
        return register;
    }

    // PRFM's operation stands in the field of Rt; 31 is no register here.
    private static Register Prefetched(PrefetchOperation operation) => new(InRange((int)operation, 0, 31, nameof(operation)), is32: false);

    // size 111001 opc imm12 Rn Rt with a scaled offset; else size 111000 opc and
    // 0 imm9 00 unscaled, 0 imm9 01 post-indexed, 0 imm9 10 unprivileged, 0 imm9 11 pre-indexed, 1 Rm option S 10 register.
    private static Instruction LoadStore(uint size, uint opc, Register rt, MemoryOperand address)
    {
        uint op = 0x3800_0000 | (size << 30) | (opc << 22) | Base(address) | R(rt, 0);
        switch (address.Mode)
        {
            case AddressingMode.Register:
                return new(op | 0x0020_0800 | IndexFields(address, (int)size));
            case AddressingMode.PreIndex:
                RefuseWritebackOf(address, rt);
                return new(op | 0x0000_0c00 | Offset9(address));
            case AddressingMode.PostIndex:
                RefuseWritebackOf(address, rt);
                return new(op | 0x0000_0400 | Offset9(address));
            default:
                int scale = 1 << (int)size;
                if (address.Offset >= 0 && address.Offset % scale == 0 && address.Offset / scale <= 4095)
                {
                    return new(op | 0x0100_0000 | ((uint)(address.Offset / scale) << 10));
                }

                if (address.Offset is >= -256 and <= 255) return new(op | Offset9(address));
                throw new ArgumentOutOfRangeException(nameof(address), address.Offset, $"The offset must be {(scale == 1 ? "" : $"a multiple of {scale} ")}from 0 to {4095 * scale}, or any from -256 to 255.");
        }
    }

    private static Instruction Unscaled(uint size, uint opc, Register rt, MemoryOperand address)
        => new(0x3800_0000 | (size << 30) | (opc << 22) | Offset9(WithOffset(address)) | Base(address) | R(rt, 0));

    private static Instruction Unprivileged(uint size, uint opc, Register rt, MemoryOperand address)
        => new(0x3800_0800 | (size << 30) | (opc << 22) | Offset9(WithOffset(address)) | Base(address) | R(rt, 0));

    private static uint Base(MemoryOperand address) => (uint)address.Base.Number << 5;

    private static uint Offset9(MemoryOperand address) => ((uint)InRange(address.Offset, -256, 255, nameof(address)) & 0x1ff) << 12;

    private static uint IndexFields(MemoryOperand address, int scale)
    {
        int amount = address.Amount ?? 0;
        if (amount != 0 && amount != scale) throw new ArgumentOutOfRangeException(nameof(address), amount, $"The index of this access is shifted by 0{(scale == 0 ? "" : $" or {scale}")}.");
        uint s = address.Amount is int given && given == scale ? 1u << 12 : 0;
        return ((uint)address.Index.Number << 16) | ((uint)address.Extend << 13) | s;
    }

    private static MemoryOperand WithOffset(MemoryOperand address)
        => address.Mode == AddressingMode.Offset ? address : throw new ArgumentException($"This instruction takes [base, #offset], not {address}.", nameof(address));

    // What is loaded or stored then is CONSTRAINED UNPREDICTABLE (Arm ARM K1.2).
    private static void RefuseWritebackOf(MemoryOperand address, Register rt)
    {
        if (!address.Base.IsStackPointer && address.Base.Number == rt.Number)
        {
            throw new ArgumentException($"{rt} cannot be transferred while {address} writes its base back: the result is unpredictable.", nameof(rt));
        }
    }

    private static ArgumentException NoWriteback(MemoryOperand address) => new($"This instruction does not write its base back: {address}.", nameof(address));
}
