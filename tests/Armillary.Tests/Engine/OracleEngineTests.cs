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
    public void Random_programs_end_in_the_same_state(Execution execution)
    {
        using OracleProcess oracle = new(OracleProcess.PathOrSkip());
        using var subject = new SoftwareSubject(execution);
        ulong seed = Number("ARMILLARY_ORACLE_SEED", 20_261_123), count = Number("ARMILLARY_ORACLE_COUNT", 4000);
        output.WriteLine($"{count} programs from seed {seed} (ARMILLARY_ORACLE_SEED, ARMILLARY_ORACLE_COUNT).");
        string? difference = new OracleComparison(oracle, subject).FindDifference(seed, (int)count);
        Assert.True(difference is null, difference);
    }

    private static ulong Number(string variable, ulong otherwise)
        => ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out ulong value) ? value : otherwise;
}
