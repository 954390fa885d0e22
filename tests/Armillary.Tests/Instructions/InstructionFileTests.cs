namespace Armillary.Tests.Instructions;

public sealed class InstructionFileTests
{
    public static TheoryData<string> Files => [.. InstructionFile.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_parsed_to_what_it_says(string name)
    {
        IReadOnlyList<InstructionCase> cases = InstructionFile.Load(name);
        string[] lines = InstructionFile.ReadText(name).ReplaceLineEndings("\n").Split('\n');
        Assert.NotEmpty(cases);
        Assert.Equal(lines.Count(static line => line.Length > 0 && line[0] != '#'), cases.Count);
        Assert.All(cases, one => Assert.Equal(lines[one.Line - 1], one.ToString()));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void No_case_stands_twice(string name)
    {
        IReadOnlyList<InstructionCase> cases = InstructionFile.Load(name);
        Assert.Equal(cases.Count, cases.Select(static one => one.ToString()).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_instructions_do_not_stand_in_the_data_they_read(string name)
    {
        foreach (InstructionCase one in InstructionFile.Load(name))
        {
            MemoryCell code = new(GuestState.CodeAddress, 16, 0);
            Assert.DoesNotContain(one.Before.Memory, cell => cell.Overlaps(code with { Size = 4 * Math.Min(one.Words.Count, 4) }));
        }
    }

    [Fact]
    public void There_are_cases_for_every_class() =>
        Assert.True(InstructionFile.Names.Sum(static name => InstructionFile.Load(name).Count) >= 2000);

    [Fact]
    public void A_missing_file_is_named() => Assert.Throws<ArgumentException>(() => InstructionFile.Load("no-such-class"));

    [Fact]
    public void Every_part_of_a_line_is_read()
    {
        InstructionCase one = Assert.Single(InstructionFile.Parse(
            "a.ins", "# comment\n\n91000420 d503201f \"add x0, x1, #0x1; nop\" x1=0x5 sp=0x10 nzcv=a tpidr_el0=0x7 [0x50000ff0]:16=0x1 => x0=0x6 pc=-0x10\n"));
        Assert.Equal(("a.ins", 3, 0x91000420u, "add x0, x1, #0x1; nop", false), (one.File, one.Line, one.Word, one.Text, one.IsUndefined));
        Assert.Equal([0x91000420u, 0xd503201fu], one.Words);
        Assert.Equal((5UL, 16UL, 10u, 7UL), (one.Before.X[1], one.Before.Sp, one.Before.Nzcv, one.Before.TpidrEL0));
        Assert.Equal(new MemoryCell(0x5000_0ff0, 16, 1), Assert.Single(one.Before.Memory));
        Assert.Equal((6UL, -16L), (one.After.X[0], one.After.PcOffset));
    }

    [Theory]
    [InlineData("91000420 \"add\" =>\r\n")]
    [InlineData("91000420 \"add\" => undefined")]
    [InlineData("91000420 \"b .\" => pc=+0")]
    [InlineData("91000420 \"b\" => pc=-4")]
    public void Short_lines_are_cases_too(string text) => Assert.Single(InstructionFile.Parse("a.ins", text));

    [Theory]
    [InlineData("91000420 add =>", "text in quotes")]
    [InlineData("91000420 \"\" =>", "not empty")]
    [InlineData("91000420\"add\" =>", "before the quoted text")]
    [InlineData("91000420 \"add\"=>", "after the quoted text")]
    [InlineData("91000420 \"add\" \"sub\" =>", "one quoted part")]
    [InlineData("\"add\" =>", "before the quoted text")]
    [InlineData("9100042 \"add\" =>", "8 lowercase hexadecimal digits")]
    [InlineData("9100042G \"add\" =>", "8 lowercase hexadecimal digits")]
    [InlineData("9100042A \"add\" =>", "8 lowercase hexadecimal digits")]
    [InlineData("91000420 \"add\" x0=0x1", "\"=>\" is missing")]
    [InlineData("91000420 \"add\" => =>", "twice")]
    [InlineData("91000420 \"add\"  x0=0x1 =>", "more than one space")]
    [InlineData("91000420 \"add\" => ", "more than one space")]
    [InlineData("91000420 \"add\" x0 =>", "NAME=VALUE")]
    [InlineData("91000420 \"add\" x31=0x1 =>", "not a name of state")]
    [InlineData("91000420 \"add\" x01=0x1 =>", "not a name of state")]
    [InlineData("91000420 \"add\" w1=0x1 =>", "not a name of state")]
    [InlineData("91000420 \"add\" x1=0x1 x1=0x2 =>", "named twice")]
    [InlineData("91000420 \"add\" sp=0x1 sp=0x2 =>", "named twice")]
    [InlineData("91000420 \"add\" x1=1 =>", "not a number")]
    [InlineData("91000420 \"add\" x1=0x =>", "not a number")]
    [InlineData("91000420 \"add\" x1=0xG =>", "not a number")]
    [InlineData("91000420 \"add\" x1=0x10000000000000000 =>", "more than 16 digits")]
    [InlineData("91000420 \"add\" nzcv=10 =>", "one lowercase hexadecimal digit")]
    [InlineData("91000420 \"add\" pc=+8 =>", "only after")]
    [InlineData("91000420 \"add\" => pc=8", "not a number")]
    [InlineData("91000420 \"add\" => pc=", "not a number")]
    [InlineData("91000420 \"add\" => pc=*8", "not an offset")]
    [InlineData("91000420 \"add\" => pc=+4", "that of the next instruction")]
    [InlineData("91000420 \"add\" [0x50000000]:3=0x1 =>", "size must be")]
    [InlineData("91000420 \"add\" [0x50000000=0x1 =>", "not memory")]
    [InlineData("91000420 \"add\" [0x50000000]:1=0x100 =>", "more than 2 digits")]
    [InlineData("91000420 \"add\" [0x50001000]:1=0x1 =>", "outside the data window")]
    [InlineData("91000420 \"add\" [0x50000fff]:2=0x1 =>", "outside the data window")]
    [InlineData("91000420 \"add\" [0xffffffffffffffff]:2=0x1 =>", "outside the data window")]
    [InlineData("91000420 \"add\" [0x50000000]:4=0x1 [0x50000002]:1=0x1 =>", "named twice")]
    [InlineData("91000420 \"add\" => [0x40001008]:4=0x1", "cannot change")]
    [InlineData("91000420 \"add\" x1=0x1 => x1=0x1", "does not change")]
    [InlineData("91000420 \"add\" nzcv=1 => nzcv=1", "does not change")]
    [InlineData("91000420 \"add\" [0x50000000]:4=0x1 => [0x50000000]:4=0x1", "does not change")]
    [InlineData("91000420 \"add\" => undefined x0=0x1", "NAME=VALUE")]
    [InlineData(" 91000420 \"add\" =>", "8 lowercase hexadecimal digits")]
    public void A_malformed_line_is_refused_with_its_place(string line, string problem)
    {
        InstructionFileException error = Assert.Throws<InstructionFileException>(() => InstructionFile.Parse("a.ins", "# first\n" + line));
        Assert.Equal(("a.ins", 2), (error.File, error.Line));
        Assert.StartsWith("a.ins:2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_is_everywhere_but_where_a_case_names_state()
    {
        InstructionCase one = Assert.Single(InstructionFile.Parse("a.ins", "91000420 \"add\" x1=0x5 [0x50000010]:2=0x1234 => x0=0x6 [0x50000010]:1=0x1"));
        GuestState first = one.CreateStateBefore(1);
        GuestState second = one.CreateStateBefore(2);
        Assert.Equal((5UL, 5UL), (first.X[1], second.X[1]));
        Assert.Equal(30, first.X.Zip(second.X).Count(static pair => pair.First != pair.Second));
        Assert.Equal([0x34, 0x12], first.Window[0x10..0x12]);
        Assert.NotEqual(first.Window[0x12..], second.Window[0x12..]);

        GuestState after = one.CreateStateAfter(first);
        Assert.Equal((6UL, 5UL, GuestState.CodeAddress + 4), (after.X[0], after.X[1], after.Pc));
        Assert.Equal([0x01, 0x12], after.Window[0x10..0x12]);
        Assert.Equal(3, first.DifferencesFrom(after).Count());
        Assert.Empty(after.DifferencesFrom(after.Clone()));
    }
}
