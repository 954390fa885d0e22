namespace Armillary.Arm64;

/// <content>Atomic operations that give no old value: the aliases of LDADD to LDUMIN with the zero register as Rt (FEAT_LSE; Arm ARM C6.2, STADD to STUMIN).</content>
public static partial class A64
{
    /// <summary>STADD: [address] += Rs.</summary>
    public static Instruction Stadd(Register rs, MemoryOperand address) => Ldadd(rs, Zero(rs), address);
    /// <summary>STADDL: [address] += Rs.</summary>
    public static Instruction Staddl(Register rs, MemoryOperand address) => Ldaddl(rs, Zero(rs), address);
    /// <summary>STADDB: [address] += Rs.</summary>
    public static Instruction Staddb(Register rs, MemoryOperand address) => Ldaddb(rs, Zero(rs), address);
    /// <summary>STADDLB: [address] += Rs.</summary>
    public static Instruction Staddlb(Register rs, MemoryOperand address) => Ldaddlb(rs, Zero(rs), address);
    /// <summary>STADDH: [address] += Rs.</summary>
    public static Instruction Staddh(Register rs, MemoryOperand address) => Ldaddh(rs, Zero(rs), address);
    /// <summary>STADDLH: [address] += Rs.</summary>
    public static Instruction Staddlh(Register rs, MemoryOperand address) => Ldaddlh(rs, Zero(rs), address);

    /// <summary>STCLR: [address] &amp;= ~Rs.</summary>
    public static Instruction Stclr(Register rs, MemoryOperand address) => Ldclr(rs, Zero(rs), address);
    /// <summary>STCLRL: [address] &amp;= ~Rs.</summary>
    public static Instruction Stclrl(Register rs, MemoryOperand address) => Ldclrl(rs, Zero(rs), address);
    /// <summary>STCLRB: [address] &amp;= ~Rs.</summary>
    public static Instruction Stclrb(Register rs, MemoryOperand address) => Ldclrb(rs, Zero(rs), address);
    /// <summary>STCLRLB: [address] &amp;= ~Rs.</summary>
    public static Instruction Stclrlb(Register rs, MemoryOperand address) => Ldclrlb(rs, Zero(rs), address);
    /// <summary>STCLRH: [address] &amp;= ~Rs.</summary>
    public static Instruction Stclrh(Register rs, MemoryOperand address) => Ldclrh(rs, Zero(rs), address);
    /// <summary>STCLRLH: [address] &amp;= ~Rs.</summary>
    public static Instruction Stclrlh(Register rs, MemoryOperand address) => Ldclrlh(rs, Zero(rs), address);

    /// <summary>STEOR: [address] ^= Rs.</summary>
    public static Instruction Steor(Register rs, MemoryOperand address) => Ldeor(rs, Zero(rs), address);
    /// <summary>STEORL: [address] ^= Rs.</summary>
    public static Instruction Steorl(Register rs, MemoryOperand address) => Ldeorl(rs, Zero(rs), address);
    /// <summary>STEORB: [address] ^= Rs.</summary>
    public static Instruction Steorb(Register rs, MemoryOperand address) => Ldeorb(rs, Zero(rs), address);
    /// <summary>STEORLB: [address] ^= Rs.</summary>
    public static Instruction Steorlb(Register rs, MemoryOperand address) => Ldeorlb(rs, Zero(rs), address);
    /// <summary>STEORH: [address] ^= Rs.</summary>
    public static Instruction Steorh(Register rs, MemoryOperand address) => Ldeorh(rs, Zero(rs), address);
    /// <summary>STEORLH: [address] ^= Rs.</summary>
    public static Instruction Steorlh(Register rs, MemoryOperand address) => Ldeorlh(rs, Zero(rs), address);

    /// <summary>STSET: [address] |= Rs.</summary>
    public static Instruction Stset(Register rs, MemoryOperand address) => Ldset(rs, Zero(rs), address);
    /// <summary>STSETL: [address] |= Rs.</summary>
    public static Instruction Stsetl(Register rs, MemoryOperand address) => Ldsetl(rs, Zero(rs), address);
    /// <summary>STSETB: [address] |= Rs.</summary>
    public static Instruction Stsetb(Register rs, MemoryOperand address) => Ldsetb(rs, Zero(rs), address);
    /// <summary>STSETLB: [address] |= Rs.</summary>
    public static Instruction Stsetlb(Register rs, MemoryOperand address) => Ldsetlb(rs, Zero(rs), address);
    /// <summary>STSETH: [address] |= Rs.</summary>
    public static Instruction Stseth(Register rs, MemoryOperand address) => Ldseth(rs, Zero(rs), address);
    /// <summary>STSETLH: [address] |= Rs.</summary>
    public static Instruction Stsetlh(Register rs, MemoryOperand address) => Ldsetlh(rs, Zero(rs), address);

    /// <summary>STSMAX: [address] = max([address], Rs), signed.</summary>
    public static Instruction Stsmax(Register rs, MemoryOperand address) => Ldsmax(rs, Zero(rs), address);
    /// <summary>STSMAXL: [address] = max([address], Rs), signed.</summary>
    public static Instruction Stsmaxl(Register rs, MemoryOperand address) => Ldsmaxl(rs, Zero(rs), address);
    /// <summary>STSMAXB: [address] = max([address], Rs), signed.</summary>
    public static Instruction Stsmaxb(Register rs, MemoryOperand address) => Ldsmaxb(rs, Zero(rs), address);
    /// <summary>STSMAXLB: [address] = max([address], Rs), signed.</summary>
    public static Instruction Stsmaxlb(Register rs, MemoryOperand address) => Ldsmaxlb(rs, Zero(rs), address);
    /// <summary>STSMAXH: [address] = max([address], Rs), signed.</summary>
    public static Instruction Stsmaxh(Register rs, MemoryOperand address) => Ldsmaxh(rs, Zero(rs), address);
    /// <summary>STSMAXLH: [address] = max([address], Rs), signed.</summary>
    public static Instruction Stsmaxlh(Register rs, MemoryOperand address) => Ldsmaxlh(rs, Zero(rs), address);

    /// <summary>STSMIN: [address] = min([address], Rs), signed.</summary>
    public static Instruction Stsmin(Register rs, MemoryOperand address) => Ldsmin(rs, Zero(rs), address);
    /// <summary>STSMINL: [address] = min([address], Rs), signed.</summary>
    public static Instruction Stsminl(Register rs, MemoryOperand address) => Ldsminl(rs, Zero(rs), address);
    /// <summary>STSMINB: [address] = min([address], Rs), signed.</summary>
    public static Instruction Stsminb(Register rs, MemoryOperand address) => Ldsminb(rs, Zero(rs), address);
    /// <summary>STSMINLB: [address] = min([address], Rs), signed.</summary>
    public static Instruction Stsminlb(Register rs, MemoryOperand address) => Ldsminlb(rs, Zero(rs), address);
    /// <summary>STSMINH: [address] = min([address], Rs), signed.</summary>
    public static Instruction Stsminh(Register rs, MemoryOperand address) => Ldsminh(rs, Zero(rs), address);
    /// <summary>STSMINLH: [address] = min([address], Rs), signed.</summary>
    public static Instruction Stsminlh(Register rs, MemoryOperand address) => Ldsminlh(rs, Zero(rs), address);

    /// <summary>STUMAX: [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Stumax(Register rs, MemoryOperand address) => Ldumax(rs, Zero(rs), address);
    /// <summary>STUMAXL: [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Stumaxl(Register rs, MemoryOperand address) => Ldumaxl(rs, Zero(rs), address);
    /// <summary>STUMAXB: [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Stumaxb(Register rs, MemoryOperand address) => Ldumaxb(rs, Zero(rs), address);
    /// <summary>STUMAXLB: [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Stumaxlb(Register rs, MemoryOperand address) => Ldumaxlb(rs, Zero(rs), address);
    /// <summary>STUMAXH: [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Stumaxh(Register rs, MemoryOperand address) => Ldumaxh(rs, Zero(rs), address);
    /// <summary>STUMAXLH: [address] = max([address], Rs), unsigned.</summary>
    public static Instruction Stumaxlh(Register rs, MemoryOperand address) => Ldumaxlh(rs, Zero(rs), address);

    /// <summary>STUMIN: [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Stumin(Register rs, MemoryOperand address) => Ldumin(rs, Zero(rs), address);
    /// <summary>STUMINL: [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Stuminl(Register rs, MemoryOperand address) => Lduminl(rs, Zero(rs), address);
    /// <summary>STUMINB: [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Stuminb(Register rs, MemoryOperand address) => Lduminb(rs, Zero(rs), address);
    /// <summary>STUMINLB: [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Stuminlb(Register rs, MemoryOperand address) => Lduminlb(rs, Zero(rs), address);
    /// <summary>STUMINH: [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Stuminh(Register rs, MemoryOperand address) => Lduminh(rs, Zero(rs), address);
    /// <summary>STUMINLH: [address] = min([address], Rs), unsigned.</summary>
    public static Instruction Stuminlh(Register rs, MemoryOperand address) => Lduminlh(rs, Zero(rs), address);
}
