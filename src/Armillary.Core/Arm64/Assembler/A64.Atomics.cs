namespace Armillary.Arm64;

/// <content>
/// Atomic memory operations (FEAT_LSE; Arm ARM C6.2, LDADD to LDUMIN, SWP, CAS, CASP). The suffixes: A load-acquire, L
/// store-release, AL both; then B byte or H halfword. The address has no offset.
/// </content>
public static partial class A64
{
    /// <summary>LDADD: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldadd(Register rs, Register rt, MemoryOperand address) => Atomic(0x0000, SizeOf(rs), rs, rt, address);
    /// <summary>LDADDA: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldadda(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x0000, SizeOf(rs), rs, rt, address);
    /// <summary>LDADDL: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddl(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x0000, SizeOf(rs), rs, rt, address);
    /// <summary>LDADDAL: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddal(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x0000, SizeOf(rs), rs, rt, address);
    /// <summary>LDADDB: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddb(Register rs, Register rt, MemoryOperand address) => Atomic(0x0000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDADDAB: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddab(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x0000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDADDLB: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddlb(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x0000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDADDALB: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddalb(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x0000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDADDH: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddh(Register rs, Register rt, MemoryOperand address) => Atomic(0x0000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDADDAH: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddah(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x0000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDADDLH: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddlh(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x0000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDADDALH: Rt = [address]; [address] += Rs.</summary>
    public static Instruction Ldaddalh(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x0000, 1, Only(rs, 32), Only(rt, 32), address);

    /// <summary>LDCLR: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclr(Register rs, Register rt, MemoryOperand address) => Atomic(0x1000, SizeOf(rs), rs, rt, address);
    /// <summary>LDCLRA: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclra(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x1000, SizeOf(rs), rs, rt, address);
    /// <summary>LDCLRL: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclrl(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x1000, SizeOf(rs), rs, rt, address);
    /// <summary>LDCLRAL: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclral(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x1000, SizeOf(rs), rs, rt, address);
    /// <summary>LDCLRB: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclrb(Register rs, Register rt, MemoryOperand address) => Atomic(0x1000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDCLRAB: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclrab(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x1000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDCLRLB: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclrlb(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x1000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDCLRALB: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclralb(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x1000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDCLRH: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclrh(Register rs, Register rt, MemoryOperand address) => Atomic(0x1000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDCLRAH: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclrah(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x1000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDCLRLH: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclrlh(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x1000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDCLRALH: Rt = [address]; [address] &amp;= ~Rs.</summary>
    public static Instruction Ldclralh(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x1000, 1, Only(rs, 32), Only(rt, 32), address);

    /// <summary>LDEOR: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeor(Register rs, Register rt, MemoryOperand address) => Atomic(0x2000, SizeOf(rs), rs, rt, address);
    /// <summary>LDEORA: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeora(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x2000, SizeOf(rs), rs, rt, address);
    /// <summary>LDEORL: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeorl(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x2000, SizeOf(rs), rs, rt, address);
    /// <summary>LDEORAL: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeoral(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x2000, SizeOf(rs), rs, rt, address);
    /// <summary>LDEORB: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeorb(Register rs, Register rt, MemoryOperand address) => Atomic(0x2000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDEORAB: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeorab(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x2000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDEORLB: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeorlb(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x2000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDEORALB: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeoralb(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x2000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDEORH: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeorh(Register rs, Register rt, MemoryOperand address) => Atomic(0x2000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDEORAH: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeorah(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x2000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDEORLH: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeorlh(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x2000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDEORALH: Rt = [address]; [address] ^= Rs.</summary>
    public static Instruction Ldeoralh(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x2000, 1, Only(rs, 32), Only(rt, 32), address);

    /// <summary>LDSET: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldset(Register rs, Register rt, MemoryOperand address) => Atomic(0x3000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSETA: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldseta(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x3000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSETL: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldsetl(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x3000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSETAL: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldsetal(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x3000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSETB: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldsetb(Register rs, Register rt, MemoryOperand address) => Atomic(0x3000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSETAB: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldsetab(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x3000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSETLB: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldsetlb(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x3000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSETALB: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldsetalb(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x3000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSETH: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldseth(Register rs, Register rt, MemoryOperand address) => Atomic(0x3000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSETAH: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldsetah(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x3000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSETLH: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldsetlh(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x3000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSETALH: Rt = [address]; [address] |= Rs.</summary>
    public static Instruction Ldsetalh(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x3000, 1, Only(rs, 32), Only(rt, 32), address);

    /// <summary>LDSMAX: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmax(Register rs, Register rt, MemoryOperand address) => Atomic(0x4000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSMAXA: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxa(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x4000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSMAXL: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxl(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x4000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSMAXAL: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxal(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x4000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSMAXB: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxb(Register rs, Register rt, MemoryOperand address) => Atomic(0x4000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMAXAB: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxab(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x4000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMAXLB: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxlb(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x4000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMAXALB: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxalb(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x4000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMAXH: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxh(Register rs, Register rt, MemoryOperand address) => Atomic(0x4000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMAXAH: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxah(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x4000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMAXLH: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxlh(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x4000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMAXALH: Rt = [address]; [address] = max([address], Rs), signed.</summary>
    public static Instruction Ldsmaxalh(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x4000, 1, Only(rs, 32), Only(rt, 32), address);

    /// <summary>LDSMIN: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsmin(Register rs, Register rt, MemoryOperand address) => Atomic(0x5000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSMINA: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsmina(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x5000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSMINL: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminl(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x5000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSMINAL: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminal(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x5000, SizeOf(rs), rs, rt, address);
    /// <summary>LDSMINB: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminb(Register rs, Register rt, MemoryOperand address) => Atomic(0x5000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMINAB: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminab(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x5000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMINLB: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminlb(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x5000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMINALB: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminalb(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x5000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMINH: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminh(Register rs, Register rt, MemoryOperand address) => Atomic(0x5000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMINAH: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminah(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x5000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMINLH: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminlh(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x5000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDSMINALH: Rt = [address]; [address] = min([address], Rs), signed.</summary>
    public static Instruction Ldsminalh(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x5000, 1, Only(rs, 32), Only(rt, 32), address);

    /// <summary>LDUMAX: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumax(Register rs, Register rt, MemoryOperand address) => Atomic(0x6000, SizeOf(rs), rs, rt, address);
    /// <summary>LDUMAXA: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxa(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x6000, SizeOf(rs), rs, rt, address);
    /// <summary>LDUMAXL: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxl(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x6000, SizeOf(rs), rs, rt, address);
    /// <summary>LDUMAXAL: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxal(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x6000, SizeOf(rs), rs, rt, address);
    /// <summary>LDUMAXB: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxb(Register rs, Register rt, MemoryOperand address) => Atomic(0x6000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMAXAB: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxab(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x6000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMAXLB: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxlb(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x6000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMAXALB: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxalb(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x6000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMAXH: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxh(Register rs, Register rt, MemoryOperand address) => Atomic(0x6000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMAXAH: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxah(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x6000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMAXLH: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxlh(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x6000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMAXALH: Rt = [address]; [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Ldumaxalh(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x6000, 1, Only(rs, 32), Only(rt, 32), address);

    /// <summary>LDUMIN: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Ldumin(Register rs, Register rt, MemoryOperand address) => Atomic(0x7000, SizeOf(rs), rs, rt, address);
    /// <summary>LDUMINA: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Ldumina(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x7000, SizeOf(rs), rs, rt, address);
    /// <summary>LDUMINL: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminl(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x7000, SizeOf(rs), rs, rt, address);
    /// <summary>LDUMINAL: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminal(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x7000, SizeOf(rs), rs, rt, address);
    /// <summary>LDUMINB: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminb(Register rs, Register rt, MemoryOperand address) => Atomic(0x7000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMINAB: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminab(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x7000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMINLB: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminlb(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x7000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMINALB: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminalb(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x7000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMINH: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminh(Register rs, Register rt, MemoryOperand address) => Atomic(0x7000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMINAH: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminah(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x7000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMINLH: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminlh(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x7000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>LDUMINALH: Rt = [address]; [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Lduminalh(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x7000, 1, Only(rs, 32), Only(rt, 32), address);

    /// <summary>SWP: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swp(Register rs, Register rt, MemoryOperand address) => Atomic(0x8000, SizeOf(rs), rs, rt, address);
    /// <summary>SWPA: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swpa(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x8000, SizeOf(rs), rs, rt, address);
    /// <summary>SWPL: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swpl(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x8000, SizeOf(rs), rs, rt, address);
    /// <summary>SWPAL: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swpal(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x8000, SizeOf(rs), rs, rt, address);
    /// <summary>SWPB: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swpb(Register rs, Register rt, MemoryOperand address) => Atomic(0x8000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>SWPAB: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swpab(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x8000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>SWPLB: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swplb(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x8000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>SWPALB: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swpalb(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x8000, 0, Only(rs, 32), Only(rt, 32), address);
    /// <summary>SWPH: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swph(Register rs, Register rt, MemoryOperand address) => Atomic(0x8000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>SWPAH: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swpah(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | 0x8000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>SWPLH: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swplh(Register rs, Register rt, MemoryOperand address) => Atomic(Release | 0x8000, 1, Only(rs, 32), Only(rt, 32), address);
    /// <summary>SWPALH: Rt = [address]; [address] = Rs.</summary>
    public static Instruction Swpalh(Register rs, Register rt, MemoryOperand address) => Atomic(Acquire | Release | 0x8000, 1, Only(rs, 32), Only(rt, 32), address);

    private const uint Acquire = 1u << 23; // A
    private const uint Release = 1u << 22; // R

    // size 111000 A R 1 Rs o3 opc 00 Rn Rt.
    private static Instruction Atomic(uint op, uint size, Register rs, Register rt, MemoryOperand address)
    {
        SameWidth(rs, rt);
        return new(0x3820_0000 | (size << 30) | op | R(rs, 16) | BaseOnly(address) | R(rt, 0));
    }
}
