using Armillary.Tests.Instructions;
using Armillary.Tests.Oracle;

namespace Armillary.Tests.Engine;

/// <summary>The instruction files on every way that the software engine has to execute an instruction.</summary>
public sealed class InstructionTests
{
    public static TheoryData<string, Execution> Files
    {
        get
        {
            var data = new TheoryData<string, Execution>();
            foreach (string name in InstructionFile.Names)
            {
                foreach (Execution execution in Enum.GetValues<Execution>()) data.Add(name, execution);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Instructions_do_what_hardware_does(string file, Execution execution)
    {
        using var subject = new SoftwareSubject(execution);
        var failures = new List<string>();
        int number = 0;
        foreach (InstructionCase one in InstructionFile.Load(file))
        {
            GuestState before = one.CreateStateBefore((ulong)++number);
            var program = new OracleCase(one.Words, before) { MayLoop = one.After.PcOffset == 0 && one.After.Exception is null };
            OracleResult result = subject.Run(program);
            string[] differences = [.. one.CreateStateAfter(before).DifferencesFrom(result.After)];
            bool stopsAsItShould = one.IsUndefined ? result.Stop == OracleStop.Undefined
                : one.After.Exception is { } syndrome ? (result.Stop, result.Syndrome) == (OracleStop.Exception, syndrome)
                : program.MayLoop ? result.Stop == OracleStop.TimeLimit
                : result.Stop == OracleStop.Breakpoint || (result.Stop == OracleStop.MemoryFault && result.FaultAddress == result.After.Pc);
            if (differences.Length > 0 || !stopsAsItShould) failures.Add($"{one.File}:{one.Line}: {one}: {result.Stop}; {string.Join("; ", differences.Take(4))}");
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {number} differ:\n{string.Join('\n', failures.Take(12))}");
    }
}
