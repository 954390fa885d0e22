using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

public sealed class OracleComparisonTests
{
    private const ulong FirstSeed = 1;
    private const int Count = 300;

    [Fact]
    public void A_seed_gives_one_program()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            OracleCase first = ProgramGenerator.Create(seed);
            OracleCase second = ProgramGenerator.Create(seed);
            Assert.Equal(first.Program, second.Program);
            Assert.Empty(first.Before.DifferencesFrom(second.Before));
        }
    }

    [Fact]
    public void Programs_have_1_to_32_instructions_of_known_forms()
    {
        HashSet<InstructionForm> met = [];
        for (ulong seed = 0; seed < 3000; seed++)
        {
            OracleCase one = ProgramGenerator.Create(seed);
            Assert.InRange(one.Program.Count, 1, 32);
            Assert.All(one.Program, word => Assert.Contains(InstructionForms.All, form => form.Matches(word)));
            met.UnionWith(InstructionForms.All.Where(form => form.Patterns.Length == 1 && one.Program.Any(form.Matches)));
        }

        Assert.Equal(InstructionForms.All.Where(static form => form.Patterns.Length == 1), InstructionForms.All.Where(met.Contains));
    }

    [Fact]
    public void Patterns_have_32_bits() => Assert.All(InstructionForms.All, static form => Assert.All(form.Patterns, static pattern => Assert.Equal(32, pattern.Length)));

    [Fact]
    public void Subjects_that_agree_have_no_difference() =>
        Assert.Null(new OracleComparison(new CountingSubject(), new CountingSubject()).FindDifference(FirstSeed, Count));

    [Fact]
    public void A_difference_is_made_small_and_reported_with_its_seed()
    {
        static bool IsDivision(uint word) => (word & 0x7FE0_F800) == 0x1AC0_0800;
        OracleComparison comparison = new(new CountingSubject(), new CountingSubject { IsWrong = IsDivision });
        ulong seed = FirstSeed;
        while (!ProgramGenerator.Create(seed).Program.Any(IsDivision)) seed++;

        string? report = comparison.FindDifference(FirstSeed, Count);
        Assert.NotNull(report);
        Assert.Contains($"Seed {seed} differs", report, StringComparison.Ordinal);
        Assert.Contains("UDIV SDIV", report, StringComparison.Ordinal);
        Assert.Contains("x0: expected", report, StringComparison.Ordinal);

        OracleCase smallest = comparison.Shrink(ProgramGenerator.Create(seed));
        Assert.True(IsDivision(Assert.Single(smallest.Program)));
        Assert.All(smallest.Before.X.Index().Where(static x => x.Index is < ProgramGenerator.NegativeIndex or > ProgramGenerator.Base), static x => Assert.Equal(0UL, x.Item));
    }

    // The line of the report can be put into an instruction file: it shows the difference there, and says what is right.
    [Fact]
    public void A_difference_becomes_a_line_for_the_instruction_files()
    {
        const uint Division = 0x9ad008f4; // udiv x20, x7, x16
        var right = new CountingSubject();
        var wrong = new CountingSubject { IsWrong = static word => word == Division };
        string report = new OracleComparison(right, wrong).Report(new OracleCase([Division], GuestState.CreateNoise(1)), 1);
        string line = report.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();
        InstructionCase one = new InstructionLineParser("report", 1, line).Parse();
        GuestState before = one.CreateStateBefore(99);
        Assert.Equal([Division], one.Words);
        Assert.Equal("udiv x20, x7, x16", one.Text);
        Assert.Empty(one.CreateStateAfter(before).DifferencesFrom(right.Run(new OracleCase(one.Words, before)).After));
        Assert.NotEmpty(one.CreateStateAfter(before).DifferencesFrom(wrong.Run(new OracleCase(one.Words, before)).After));
        Assert.True(line.Length < 80, line); // only what matters is named
    }

    [Fact]
    public void An_arbiter_excludes_what_it_decides_for_the_other()
    {
        static bool IsDivision(uint word) => (word & 0x7FE0_F800) == 0x1AC0_0800;
        OracleComparison comparison = new(new CountingSubject { IsWrong = IsDivision }, new CountingSubject(), static () => new CountingSubject());
        Assert.Empty(comparison.FindDifferences(FirstSeed, Count));
        Assert.InRange(comparison.Excluded, 1, Count);
    }

    /// <summary>Counts its instructions in X0; one more for what it gets wrong.</summary>
    private sealed class CountingSubject : IOracleSubject
    {
        public Func<uint, bool> IsWrong { get; init; } = static _ => false;

        public OracleResult Run(OracleCase oracleCase)
        {
            GuestState after = oracleCase.Before.Clone();
            after.X[0] = (ulong)(oracleCase.Program.Count + oracleCase.Program.Count(IsWrong));
            return new OracleResult(OracleStop.Breakpoint, 0, after);
        }
    }
}
