using System.Globalization;
using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>Tests of the oracle itself. They are skipped where ARMILLARY_ORACLE does not name it.</summary>
public sealed class OracleTests(ITestOutputHelper output)
{
    private const ulong DefaultSeed = 20_260_801;
    private const int DefaultCount = 2000;

    public static TheoryData<string> Files => [.. InstructionFile.Names];

    [Fact]
    public void Two_oracles_agree_on_random_programs()
    {
        string path = OracleProcess.PathOrSkip();
        (ulong seed, int count) = SeedAndCount();
        using OracleProcess first = new(path);
        using OracleProcess second = new(path);
        Assert.Null(new OracleComparison(first, second).FindDifference(seed, count));
    }

    [Fact]
    public void Random_programs_reach_their_end_or_what_is_undefined_at_EL0()
    {
        string path = OracleProcess.PathOrSkip();
        (ulong seed, int count) = SeedAndCount();
        using OracleProcess oracle = new(path);
        OracleCase[] cases = [.. Enumerable.Range(0, count).Select(i => ProgramGenerator.Create(seed + (ulong)i))];
        IReadOnlyList<OracleResult> results = oracle.RunAll(cases);
        List<InstructionForm> forbidden = [.. SystemForms.NotForEL0()];
        for (int i = 0; i < count; i++)
        {
            ulong end = GuestState.CodeAddress + (4 * (ulong)cases[i].Program.Count);
            string program = string.Join(' ', cases[i].Program.Select(static word => $"{word:x8}"));
            ulong at = (results[i].After.Pc - GuestState.CodeAddress) / 4;
            bool isForbidden = results[i].Stop == OracleStop.Undefined && at < (ulong)cases[i].Program.Count && forbidden.Exists(form => form.Matches(cases[i].Program[(int)at]));
            bool isMisaligned = results[i].Stop == OracleStop.MemoryFault && cases[i].Before.X[ProgramGenerator.Base] % 16 != 0; // crosses the window's end, or 16 bytes
            Assert.True(
                isForbidden || isMisaligned || (results[i].Stop == OracleStop.Breakpoint && results[i].After.Pc == end),
                $"Seed {seed + (ulong)i}: {results[i].Stop} at 0x{results[i].After.Pc:x}, fault address 0x{results[i].FaultAddress:x}: {program}");
        }
    }

    /// <summary>The data, the parser and the states together: as a runner over an engine does it.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void The_instruction_files_are_what_the_oracle_does(string name)
    {
        using OracleProcess oracle = new(OracleProcess.PathOrSkip());
        IReadOnlyList<InstructionCase> cases = [.. InstructionFile.Load(name).Where(static one => !one.NeedsEL1)];
        OracleCase[] programs = [.. cases.Select(static (one, i) => new OracleCase(one.Words, one.CreateStateBefore((ulong)i)) { MayLoop = one.After.PcOffset == 0 })];
        IReadOnlyList<OracleResult> results = oracle.RunAll(programs);
        bool isUnknown = cases.Count > 0 && !cases.Any(static one => one.IsUndefined) && results.All(static result => result.Stop == OracleStop.Undefined);
        Assert.SkipWhen(isUnknown, $"The oracle knows no instruction of {name}.ins; {OracleProcess.EmulatorVariable} may name a younger one.");
        List<string> failures = [];
        for (int i = 0; i < cases.Count; i++)
        {
            OracleResult result = results[i];
            string[] differences = [.. cases[i].CreateStateAfter(programs[i].Before).DifferencesFrom(result.After)];
            bool stopsAsItShould = cases[i].IsUndefined ? result.Stop == OracleStop.Undefined
                : programs[i].MayLoop ? result.Stop == OracleStop.TimeLimit
                : result.Stop == OracleStop.Breakpoint || (result.Stop == OracleStop.MemoryFault && result.FaultAddress == result.After.Pc);
            if (differences.Length > 0 || !stopsAsItShould) failures.Add($"{cases[i].File}:{cases[i].Line}: {cases[i]}: {result.Stop}; {string.Join("; ", differences.Take(5))}");
        }

        Assert.Empty(failures);
    }

    private (ulong Seed, int Count) SeedAndCount()
    {
        ulong seed = ulong.TryParse(Environment.GetEnvironmentVariable("ARMILLARY_ORACLE_SEED"), CultureInfo.InvariantCulture, out ulong givenSeed) ? givenSeed : DefaultSeed;
        int count = int.TryParse(Environment.GetEnvironmentVariable("ARMILLARY_ORACLE_COUNT"), CultureInfo.InvariantCulture, out int givenCount) ? givenCount : DefaultCount;
        output.WriteLine($"{count} programs from seed {seed} (ARMILLARY_ORACLE_SEED, ARMILLARY_ORACLE_COUNT).");
        return (seed, count);
    }
}
