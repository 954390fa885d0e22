using System.Reflection;
using Armillary.Arm64;

namespace Armillary.Tests.Arm64;

public sealed class EncodingTests
{
    private static readonly Dictionary<string, EncodingRow> s_rows = EncodingTable.All.ToDictionary(r => r.Text);

    public static TheoryData<string> Texts => [.. s_rows.Keys];

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_call_gives_the_word_of_its_text(string text)
    {
        EncodingRow row = s_rows[text];
        uint word = row.Call.Compile(preferInterpretation: true)().Word;
        Assert.True(word == row.Word, $"{row.Call.Body} gave 0x{word:x8}, and {text} is 0x{row.Word:x8}.");
    }

    [Fact]
    public void Every_method_that_makes_an_instruction_is_in_the_table()
    {
        HashSet<MethodInfo> called = [.. s_rows.Values.Select(r => r.Method)];
        IEnumerable<string> missing = typeof(A64).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(m => m.ReturnType == typeof(Instruction) && !called.Contains(m))
            .Select(m => m.ToString()!);
        Assert.Empty(missing);
    }

    [Fact]
    public void Each_operand_of_a_register_reaches_its_field_whole()
    {
        for (int n = 0; n <= 30; n++)
        {
            uint number = (uint)n;
            Assert.Equal(0x8b00_0000 | (number << 16), A64.Add(A64.X0, A64.X0, A64.X(n)).Word);
            Assert.Equal(0x8b00_0000 | (number << 5), A64.Add(A64.X0, A64.X(n), A64.X0).Word);
            Assert.Equal(0x8b00_0000 | number, A64.Add(A64.X(n), A64.X0, A64.X0).Word);
            Assert.Equal(0x9b00_0000 | (number << 10), A64.Madd(A64.X0, A64.X0, A64.X0, A64.X(n)).Word);
            Assert.Equal(0xf940_0000 | (number << 5), A64.Ldr(A64.X0, A64.Mem(A64.X(n))).Word);
        }
    }
}
