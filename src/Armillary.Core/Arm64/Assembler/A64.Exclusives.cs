namespace Armillary.Arm64;

/// <content>Exclusives, load-acquire and store-release (Arm ARM C6.2, LDXR, LDAR, LDAPR, LDAPUR, LDLAR and theirs). The address has no offset but where stated.</content>
public static partial class A64
{
    /// <summary>LDXR: load-exclusive of Rt.</summary>
    public static Instruction Ldxr(Register rt, MemoryOperand address) => Ordered(IsLoad, SizeOf(rt), rt, address);
    /// <summary>LDXRB: load-exclusive of a byte.</summary>
    public static Instruction Ldxrb(Register rt, MemoryOperand address) => Ordered(IsLoad, 0, Only(rt, 32), address);
    /// <summary>LDXRH: load-exclusive of a halfword.</summary>
    public static Instruction Ldxrh(Register rt, MemoryOperand address) => Ordered(IsLoad, 1, Only(rt, 32), address);
    /// <summary>LDAXR: load-acquire-exclusive of Rt.</summary>
    public static Instruction Ldaxr(Register rt, MemoryOperand address) => Ordered(IsLoad | IsOrdered, SizeOf(rt), rt, address);
    /// <summary>LDAXRB: load-acquire-exclusive of a byte.</summary>
    public static Instruction Ldaxrb(Register rt, MemoryOperand address) => Ordered(IsLoad | IsOrdered, 0, Only(rt, 32), address);
    /// <summary>LDAXRH: load-acquire-exclusive of a halfword.</summary>
    public static Instruction Ldaxrh(Register rt, MemoryOperand address) => Ordered(IsLoad | IsOrdered, 1, Only(rt, 32), address);
    /// <summary>STXR: store-exclusive of Rt; Ws = 0 if it stored, else 1.</summary>
    public static Instruction Stxr(Register rs, Register rt, MemoryOperand address) => StoreExclusive(0, SizeOf(rt), rs, rt, address);
    /// <summary>STXRB: store-exclusive of a byte; Ws = 0 if it stored, else 1.</summary>
    public static Instruction Stxrb(Register rs, Register rt, MemoryOperand address) => StoreExclusive(0, 0, rs, Only(rt, 32), address);
    /// <summary>STXRH: store-exclusive of a halfword; Ws = 0 if it stored, else 1.</summary>
    public static Instruction Stxrh(Register rs, Register rt, MemoryOperand address) => StoreExclusive(0, 1, rs, Only(rt, 32), address);
    /// <summary>STLXR: store-release-exclusive of Rt; Ws = 0 if it stored, else 1.</summary>
    public static Instruction Stlxr(Register rs, Register rt, MemoryOperand address) => StoreExclusive(IsOrdered, SizeOf(rt), rs, rt, address);
    /// <summary>STLXRB: store-release-exclusive of a byte; Ws = 0 if it stored, else 1.</summary>
    public static Instruction Stlxrb(Register rs, Register rt, MemoryOperand address) => StoreExclusive(IsOrdered, 0, rs, Only(rt, 32), address);
    /// <summary>STLXRH: store-release-exclusive of a halfword; Ws = 0 if it stored, else 1.</summary>
    public static Instruction Stlxrh(Register rs, Register rt, MemoryOperand address) => StoreExclusive(IsOrdered, 1, rs, Only(rt, 32), address);

    /// <summary>LDXP: load-exclusive of a pair.</summary>
    public static Instruction Ldxp(Register rt, Register rt2, MemoryOperand address) => LoadExclusivePair(0, rt, rt2, address);
    /// <summary>LDAXP: load-acquire-exclusive of a pair.</summary>
    public static Instruction Ldaxp(Register rt, Register rt2, MemoryOperand address) => LoadExclusivePair(IsOrdered, rt, rt2, address);
    /// <summary>STXP: store-exclusive of a pair; Ws = 0 if it stored, else 1.</summary>
    public static Instruction Stxp(Register rs, Register rt, Register rt2, MemoryOperand address) => StoreExclusivePair(0, rs, rt, rt2, address);
    /// <summary>STLXP: store-release-exclusive of a pair; Ws = 0 if it stored, else 1.</summary>
    public static Instruction Stlxp(Register rs, Register rt, Register rt2, MemoryOperand address) => StoreExclusivePair(IsOrdered, rs, rt, rt2, address);

    /// <summary>LDAR: load-acquire of Rt.</summary>
    public static Instruction Ldar(Register rt, MemoryOperand address) => Ordered(IsNotExclusive | IsLoad | IsOrdered, SizeOf(rt), rt, address);
    /// <summary>LDARB: load-acquire of a byte.</summary>
    public static Instruction Ldarb(Register rt, MemoryOperand address) => Ordered(IsNotExclusive | IsLoad | IsOrdered, 0, Only(rt, 32), address);
    /// <summary>LDARH: load-acquire of a halfword.</summary>
    public static Instruction Ldarh(Register rt, MemoryOperand address) => Ordered(IsNotExclusive | IsLoad | IsOrdered, 1, Only(rt, 32), address);
    /// <summary>STLR: store-release of Rt.</summary>
    public static Instruction Stlr(Register rt, MemoryOperand address) => Ordered(IsNotExclusive | IsOrdered, SizeOf(rt), rt, address);
    /// <summary>STLRB: store-release of a byte.</summary>
    public static Instruction Stlrb(Register rt, MemoryOperand address) => Ordered(IsNotExclusive | IsOrdered, 0, Only(rt, 32), address);
    /// <summary>STLRH: store-release of a halfword.</summary>
    public static Instruction Stlrh(Register rt, MemoryOperand address) => Ordered(IsNotExclusive | IsOrdered, 1, Only(rt, 32), address);
    /// <summary>LDLAR: load-LOAcquire (FEAT_LOR) of Rt.</summary>
    public static Instruction Ldlar(Register rt, MemoryOperand address) => Ordered(IsNotExclusive | IsLoad, SizeOf(rt), rt, address);
    /// <summary>LDLARB: load-LOAcquire (FEAT_LOR) of a byte.</summary>
    public static Instruction Ldlarb(Register rt, MemoryOperand address) => Ordered(IsNotExclusive | IsLoad, 0, Only(rt, 32), address);
    /// <summary>LDLARH: load-LOAcquire (FEAT_LOR) of a halfword.</summary>
    public static Instruction Ldlarh(Register rt, MemoryOperand address) => Ordered(IsNotExclusive | IsLoad, 1, Only(rt, 32), address);
    /// <summary>STLLR: store-LORelease (FEAT_LOR) of Rt.</summary>
    public static Instruction Stllr(Register rt, MemoryOperand address) => Ordered(IsNotExclusive, SizeOf(rt), rt, address);
    /// <summary>STLLRB: store-LORelease (FEAT_LOR) of a byte.</summary>
    public static Instruction Stllrb(Register rt, MemoryOperand address) => Ordered(IsNotExclusive, 0, Only(rt, 32), address);
    /// <summary>STLLRH: store-LORelease (FEAT_LOR) of a halfword.</summary>
    public static Instruction Stllrh(Register rt, MemoryOperand address) => Ordered(IsNotExclusive, 1, Only(rt, 32), address);

    /// <summary>LDAPR: load-acquire RCpc (FEAT_LRCPC) of Rt.</summary>
    public static Instruction Ldapr(Register rt, MemoryOperand address) => new(0x38bf_c000 | (SizeOf(rt) << 30) | BaseOnly(address) | R(rt, 0));
    /// <summary>LDAPRB: load-acquire RCpc (FEAT_LRCPC) of a byte.</summary>
    public static Instruction Ldaprb(Register rt, MemoryOperand address) => new(0x38bf_c000 | BaseOnly(address) | R32(rt, 0));
    /// <summary>LDAPRH: load-acquire RCpc (FEAT_LRCPC) of a halfword.</summary>
    public static Instruction Ldaprh(Register rt, MemoryOperand address) => new(0x38bf_c000 | (1u << 30) | BaseOnly(address) | R32(rt, 0));
    /// <summary>LDAPUR: load-acquire RCpc of Rt; offset -256 to 255 (FEAT_LRCPC2).</summary>
    public static Instruction Ldapur(Register rt, MemoryOperand address) => OrderedUnscaled(SizeOf(rt), 1, rt, address);
    /// <summary>LDAPURB: load-acquire RCpc of a byte; offset -256 to 255 (FEAT_LRCPC2).</summary>
    public static Instruction Ldapurb(Register rt, MemoryOperand address) => OrderedUnscaled(0, 1, Only(rt, 32), address);
    /// <summary>LDAPURH: load-acquire RCpc of a halfword; offset -256 to 255 (FEAT_LRCPC2).</summary>
    public static Instruction Ldapurh(Register rt, MemoryOperand address) => OrderedUnscaled(1, 1, Only(rt, 32), address);
    /// <summary>LDAPURSB: load-acquire RCpc of a byte, sign-extended; offset -256 to 255 (FEAT_LRCPC2).</summary>
    public static Instruction Ldapursb(Register rt, MemoryOperand address) => OrderedUnscaled(0, SignedLoad(rt), rt, address);
    /// <summary>LDAPURSH: load-acquire RCpc of a halfword, sign-extended; offset -256 to 255 (FEAT_LRCPC2).</summary>
    public static Instruction Ldapursh(Register rt, MemoryOperand address) => OrderedUnscaled(1, SignedLoad(rt), rt, address);
    /// <summary>LDAPURSW: load-acquire RCpc of a word, sign-extended to X; offset -256 to 255 (FEAT_LRCPC2).</summary>
    public static Instruction Ldapursw(Register rt, MemoryOperand address) => OrderedUnscaled(2, 2, Only(rt, 64), address);
    /// <summary>STLUR: store-release of Rt; offset -256 to 255 (FEAT_LRCPC2).</summary>
    public static Instruction Stlur(Register rt, MemoryOperand address) => OrderedUnscaled(SizeOf(rt), 0, rt, address);
    /// <summary>STLURB: store-release of a byte; offset -256 to 255 (FEAT_LRCPC2).</summary>
    public static Instruction Stlurb(Register rt, MemoryOperand address) => OrderedUnscaled(0, 0, Only(rt, 32), address);
    /// <summary>STLURH: store-release of a halfword; offset -256 to 255 (FEAT_LRCPC2).</summary>
    public static Instruction Stlurh(Register rt, MemoryOperand address) => OrderedUnscaled(1, 0, Only(rt, 32), address);

    // Load/store exclusive and ordered: size 001000 o2 L o1 Rs o0 Rt2 Rn Rt.
    private const uint IsNotExclusive = 1u << 23; // o2
    private const uint IsLoad = 1u << 22; // L
    private const uint IsPair = 1u << 21; // o1
    private const uint IsOrdered = 1u << 15; // o0
    private const uint NoRs = 31u << 16;
    private const uint NoRt2 = 31u << 10;

    private static Instruction Ordered(uint op, uint size, Register rt, MemoryOperand address)
        => new(0x0800_0000 | (size << 30) | op | NoRs | NoRt2 | BaseOnly(address) | R(rt, 0));

    private static Instruction StoreExclusive(uint op, uint size, Register rs, Register rt, MemoryOperand address)
    {
        RefuseStatusIn(rs, rt, address);
        return new(0x0800_0000 | (size << 30) | op | R(rs, 16) | NoRt2 | BaseOnly(address) | R(rt, 0));
    }

    private static Instruction LoadExclusivePair(uint op, Register rt, Register rt2, MemoryOperand address)
    {
        SameWidth(rt, rt2);
        RefuseSamePair(rt, rt2);
        return new(0x0800_0000 | IsPair | IsLoad | (SizeOf(rt) << 30) | op | NoRs | R(rt2, 10) | BaseOnly(address) | R(rt, 0));
    }

    private static Instruction StoreExclusivePair(uint op, Register rs, Register rt, Register rt2, MemoryOperand address)
    {
        SameWidth(rt, rt2);
        RefuseStatusIn(rs, rt, address);
        RefuseStatusIn(rs, rt2, address);
        return new(0x0800_0000 | IsPair | (SizeOf(rt) << 30) | op | R(rs, 16) | R(rt2, 10) | BaseOnly(address) | R(rt, 0));
    }

    // size 011001 opc 0 imm9 00 Rn Rt.
    private static Instruction OrderedUnscaled(uint size, uint opc, Register rt, MemoryOperand address)
        => new(0x1900_0000 | (size << 30) | (opc << 22) | Offset9(WithOffset(address)) | Base(address) | R(rt, 0));

    private static uint BaseOnly(MemoryOperand address)
        => address.Mode == AddressingMode.Offset && address.Offset == 0 ? Base(address)
            : throw new ArgumentException($"This instruction takes [base], not {address}.", nameof(address));

    // What is stored then is CONSTRAINED UNPREDICTABLE (Arm ARM K1.2).
    private static void RefuseStatusIn(Register rs, Register rt, MemoryOperand address)
    {
        Width(rs, 32);
        if (rs.Number == rt.Number || (!address.Base.IsStackPointer && rs.Number == address.Base.Number))
        {
            throw new ArgumentException($"The status register {rs} must be another than {rt} and the base in {address}: the result is unpredictable.", nameof(rs));
        }
    }
}
