using System.Globalization;
using System.Text.RegularExpressions;
using Armillary.Arm64;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Disassembly;
using Armillary.Tests.Arm64;

namespace Armillary.Tests.Disassembly;

public sealed partial class DisassemblerTests
{
    // What the assembler's table spells otherwise than objdump prefers.
    private static readonly Dictionary<string, string> s_preferred = new()
    {
        ["add x0, x1, :lo12:label"] = "add x0, x1, #0",
        ["adds wzr, w1, #1, lsl #12"] = "cmn w1, #1, lsl #12",
        ["ands xzr, x1, #2"] = "tst x1, #2",
        ["orr sp, xzr, #0x10"] = "mov sp, #0x10",
        ["movz x0, #0xffff, lsl #48"] = "mov x0, #0xffff000000000000",
        ["movz w1, #1, lsl #16"] = "mov w1, #0x10000",
        ["movz x2, #7"] = "mov x2, #7",
        ["movn w0, #0xfffe"] = "mov w0, #0xffff0001",
        ["bfm x0, x1, #3, #60"] = "bfxil x0, x1, #3, #58",
        ["bfm w0, w1, #31, #0"] = "bfi w0, w1, #1, #1",
        ["sbfm x0, x1, #63, #63"] = "asr x0, x1, #63",
        ["ubfm x0, x1, #1, #2"] = "ubfx x0, x1, #1, #2",
        ["lsl x0, x1, #0"] = "lsr x0, x1, #0",
        ["bfi x0, x1, #0, #64"] = "bfxil x0, x1, #0, #64",
        ["sbfx w0, w1, #31, #1"] = "asr w0, w1, #31",
        ["ubfiz w0, w1, #1, #31"] = "lsl w0, w1, #1",
        ["csneg w0, w1, w2, lo"] = "csneg w0, w1, w2, cc",
        ["ccmn w30, #17, #2, hs"] = "ccmn w30, #17, #2, cs",
        ["ldr x0, [x1, #1]"] = "ldur x0, [x1, #1]",
        ["ldr x0, [x1, #-8]"] = "ldur x0, [x1, #-8]",
        ["ldr x0, [x1, #-256]"] = "ldur x0, [x1, #-256]",
        ["ldr x0, [x1, #255]"] = "ldur x0, [x1, #255]",
        ["ldr x0, [x1, x2, lsl #0]"] = "ldr x0, [x1, x2]",
        ["str x0, [x1, #-1]"] = "stur x0, [x1, #-1]",
        ["ldrb w0, [x1, #-1]"] = "ldurb w0, [x1, #-1]",
        ["ldrh w0, [x1, #1]"] = "ldurh w0, [x1, #1]",
        ["ldrsw x0, [x1, #-4]"] = "ldursw x0, [x1, #-4]",
        ["ldadd xzr, xzr, [sp]"] = "stadd xzr, [sp]",
        ["tbz x0, #5, .+32764"] = "tbz w0, #5, .+32764",
        ["dgh"] = "hint #6",
        ["sys #0, c7, c5, #0"] = "ic iallu",
    };

    private static readonly Dictionary<string, EncodingRow> s_rows = EncodingTable.All
        .Where(r => DecodeTable.Decode(r.Word, 0, out _).Index != DecodeTable.Unallocated).ToDictionary(r => r.Text);

    public static TheoryData<string> Texts => [.. s_rows.Keys];

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_the_assembler_makes_is_disassembled_to_its_text(string text)
    {
        string actual = Disassembler.Disassemble(s_rows[text].Word, 0);
        Assert.Equal(Canonical(s_preferred.GetValueOrDefault(text, text)), Canonical(actual));
    }

    [Fact]
    public void The_assembler_and_the_CPU_have_nearly_everything_in_common() => Assert.True(s_rows.Count > EncodingTable.All.Count() - 20);

    [Theory]
    [InlineData(0xd503201f, "nop")]
    [InlineData(0x14000402, "b 0x40001008")]
    [InlineData(0x17ffffff, "b 0x3ffffffc")]
    [InlineData(0x54000041, "b.ne 0x40000008")]
    [InlineData(0x10000040, "adr x0, 0x40000008")]
    [InlineData(0xb0000001, "adrp x1, 0x40001000")]
    [InlineData(0x58000040, "ldr x0, 0x40000008")]
    [InlineData(0x910003fd, "mov x29, sp")]
    [InlineData(0x92800000, "mov x0, #0xffffffffffffffff")]
    [InlineData(0xb2400be3, "orr x3, xzr, #0x7")]
    [InlineData(0xf2a00020, "movk x0, #0x1, lsl #16")]
    [InlineData(0x8b2063ff, "add sp, sp, x0")]
    [InlineData(0x8b206c20, "add x0, x1, x0, uxtx #3")]
    [InlineData(0xa9bf7bfd, "stp x29, x30, [sp, #-16]!")]
    [InlineData(0x38e06bff, "ldrsb wzr, [sp, x0]")]
    [InlineData(0xf8626820, "ldr x0, [x1, x2]")]
    [InlineData(0x38627820, "ldrb w0, [x1, x2, lsl #0]")]
    [InlineData(0xd53be040, "mrs x0, cntvct_el0")]
    [InlineData(0xd5330500, "mrs x0, dbgdtrrx_el0")]
    [InlineData(0xd5033bbf, "dmb ish")]
    [InlineData(0xd50b7421, "dc zva, x1")]
    [InlineData(0xd508831f, "tlbi vmalle1is")]
    [InlineData(0xd4400000, "hlt #0x0")]
    [InlineData(0x00000000, "udf #0")]
    [InlineData(0x4e228420, "add v0.16b, v1.16b, v2.16b")]
    [InlineData(0x0e228420, "add v0.8b, v1.8b, v2.8b")]
    [InlineData(0x5ee28420, "add d0, d1, d2")]
    [InlineData(0x4ea21c40, "mov v0.16b, v2.16b")]
    [InlineData(0x4e083c20, "mov x0, v1.d[0]")]
    [InlineData(0x6f00e400, "movi v0.2d, #0x0")]
    [InlineData(0x4f03f600, "fmov v0.4s, #1.000000000000000000e+00")]
    [InlineData(0x4cdf2000, "ld1 {v0.16b-v3.16b}, [x0], #64")]
    [InlineData(0x4c40201e, "ld1 {v30.16b, v31.16b, v0.16b, v1.16b}, [x0]")]
    [InlineData(0x4d40141f, "ld1 {v31.b}[13], [x0]")]
    [InlineData(0x4e022020, "tbl v0.16b, {v1.16b, v2.16b}, v2.16b")]
    [InlineData(0x6f08a420, "uxtl2 v0.8h, v1.16b")]
    [InlineData(0x6f09a420, "ushll2 v0.8h, v1.16b, #1")]
    [InlineData(0xffffffff, ".inst 0xffffffff ; undefined")]
    public void A_word_has_its_text(uint word, string text) => Assert.Equal(text, Disassembler.Disassemble(word, 0x4000_0000));

    [Fact]
    public void Targets_wrap_at_both_ends_of_the_address_space()
    {
        Assert.Equal("b 0xfffffffffffffffc", Disassembler.Disassemble(0x17ff_ffff, 0));
        Assert.Equal("b 0x0", Disassembler.Disassemble(0x1400_0001, 0xffff_ffff_ffff_fffc));
    }

    [Fact]
    public void Every_row_has_a_text_that_compiles()
        => Assert.All(DecodeTable.BuildAll().Skip(1), row => Assert.False(string.IsNullOrWhiteSpace(row.Template.Format(new DecodedWord(row.Encoding.Value, default)))));

    [Theory]
    [InlineData("?d=31 cmp {n}", "the last alternative has a condition")]
    [InlineData("?never a | b", "no condition 'never'")]
    [InlineData("?q=1 a | b", "no condition 'q=1'")]
    [InlineData("?d=31", "a condition without a text")]
    [InlineData("add {d", "a brace is not closed")]
    [InlineData("add {a}", "no placeholder '{a}'")]
    [InlineData("add {nothing}", "no placeholder '{nothing}'")]
    [InlineData("add {v.b}", "no placeholder '{v.b}'")]
    [InlineData("add #{q:d}", "no number 'q'")]
    [InlineData("add{?i:s}", "no one-bit field 'i'")]
    [InlineData("add #{k:d}", "field 'k' is in several pieces")]
    public void A_wrong_template_is_refused_with_the_reason(string template, string reason)
    {
        var pattern = new Pattern("z001000k0kiiiiiiiiiiiinnnnnddddd", is64ByDefault: true);
        var error = Assert.Throws<InvalidOperationException>(() => new TextTemplate(template, pattern));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_named_system_registers_and_operations_have_the_same_names_everywhere()
    {
        foreach (SystemRegister register in Enum.GetValues<SystemRegister>())
        {
            Assert.Equal(register.ToString(), SystemNames.Find(register, isWrite: true), ignoreCase: true);
        }

        Assert.All(Enum.GetValues<IcOp>(), op => AssertOperation("ic", op));
        Assert.All(Enum.GetValues<DcOp>(), op => AssertOperation("dc", op));
        Assert.All(Enum.GetValues<AtOp>(), op => AssertOperation("at", op));
        Assert.All(Enum.GetValues<TlbiOp>(), op => AssertOperation("tlbi", op));
    }

    private static void AssertOperation<T>(string mnemonic, T operation) where T : struct, Enum
        => Assert.Equal($"{mnemonic} {operation}", SystemNames.Find((SystemRegister)Convert.ToUInt16(operation, CultureInfo.InvariantCulture), isWrite: true)?.TrimEnd(','), ignoreCase: true);

    // Numbers as hexadecimal of the first operand's width, and distances from address 0 as targets.
    private static string Canonical(string text)
    {
        ulong mask = FirstOperandIsW().IsMatch(text) ? uint.MaxValue : ulong.MaxValue;
        text = Distance().Replace(text, m => Hex(m.Groups[1].Length == 0 ? "0" : m.Groups[1].Value, ulong.MaxValue));
        return Immediate().Replace(text, m => "#" + Hex(m.Groups[1].Value, mask)).ToLowerInvariant();
    }

    private static string Hex(string number, ulong mask)
    {
        bool isNegative = number[0] == '-';
        number = number.TrimStart('-', '+');
        ulong value = number.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(number.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : ulong.Parse(number, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"0x{(isNegative ? 0 - value : value) & mask:x}");
    }

    [GeneratedRegex(@"^\S+ w")]
    private static partial Regex FirstOperandIsW();

    [GeneratedRegex(@"(?<=[ ,])\.([+-][0-9a-fx]+)?$")]
    private static partial Regex Distance();

    [GeneratedRegex("#(-?(?:0x[0-9a-f]+|[0-9]+))")]
    private static partial Regex Immediate();
}
