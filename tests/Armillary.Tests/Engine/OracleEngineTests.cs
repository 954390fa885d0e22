using System.Collections.Concurrent;
using System.Globalization;
using Armillary.Tests.Oracle;

namespace Armillary.Tests.Engine;

/// <summary>Random programs on the engine and on an independent CPU. Skipped where ARMILLARY_ORACLE does not name that CPU.</summary>
public sealed class OracleEngineTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(Execution.Interpreter)]
    [InlineData(Execution.Stepping)]
    [InlineData(Execution.Ir)]
    [InlineData(Execution.Translated)]
    public void Random_programs_end_in_the_same_state(Execution execution)
    {
        using OracleProcess oracle = new(OracleProcess.PathOrSkip());
        using var subject = new SoftwareSubject(execution);
        ulong seed = Number("ARMILLARY_ORACLE_SEED", 20_261_123), count = Number("ARMILLARY_ORACLE_COUNT", 4000);
        output.WriteLine($"{count} programs from seed {seed} (ARMILLARY_ORACLE_SEED, ARMILLARY_ORACLE_COUNT).");
        string? difference = new OracleComparison(oracle, subject).FindDifference(seed, (int)count);
        Assert.True(difference is null, difference);
    }

    // As many as eng/oracle.sh asks for, on every processor; the report is its last line.
    [Fact]
    public void A_campaign_of_random_programs_finds_no_difference()
    {
        string path = OracleProcess.PathOrSkip();
        ulong seed = Number("ARMILLARY_ORACLE_SEED", 20_261_127), count = Number("ARMILLARY_ORACLE_CASES", 4000);
        int shards = Environment.ProcessorCount, excluded = 0;
        ConcurrentQueue<string> reports = new();
        Parallel.For(0, shards, new ParallelOptions { MaxDegreeOfParallelism = shards }, shard =>
        {
            using OracleProcess oracle = new(path);
            using var subject = new SoftwareSubject(Execution.Interpreter);
            ulong first = count * (ulong)shard / (ulong)shards, end = count * (ulong)(shard + 1) / (ulong)shards;
            OracleProcess? alone = null;
            var comparison = new OracleComparison(oracle, subject, () => alone = new OracleProcess(path, alone: true));
            foreach (string difference in comparison.FindDifferences(seed + first, (int)(end - first))) reports.Enqueue(difference);
            Interlocked.Add(ref excluded, comparison.Excluded);
            alone?.Dispose();
        });
        string summary = string.Create(CultureInfo.InvariantCulture, $"{count} cases, {reports.Count} differences, {excluded} excluded");
        output.WriteLine(summary);
        if (Environment.GetEnvironmentVariable("ARMILLARY_ORACLE_REPORT") is { Length: > 0 } file) File.WriteAllLines(file, [.. reports, summary]);
        Assert.Empty(reports);
    }

    private static ulong Number(string variable, ulong otherwise)
        => ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out ulong value) ? value : otherwise;
}
