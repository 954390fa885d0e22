using System.Globalization;
using Armillary.Arm64;
using Armillary.Tests.Engine;
using Armillary.Tests.Instructions;
using Armillary.Tests.Oracle;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Jit;

/// <summary>Random programs in a loop, translated and interpreted.</summary>
public sealed class LoopTests(ITestOutputHelper output)
{
    private const int Rounds = 12;

    // ARMILLARY_LOOP_SEED and ARMILLARY_LOOP_COUNT choose others, or more.
    [Fact]
    public void Programs_that_repeat_end_in_the_same_state()
    {
        ulong seed = Number("ARMILLARY_LOOP_SEED", 20_261_129), count = Number("ARMILLARY_LOOP_COUNT", 10_000);
        output.WriteLine($"{count} programs from seed {seed}");
        int done = 0;
        Parallel.For(0, Environment.ProcessorCount, shard =>
        {
            using SoftwareSubject interpreter = new(Execution.Interpreter), translated = new(Execution.Translated);
            for (ulong i = (ulong)shard; i < count; i += (ulong)Environment.ProcessorCount)
            {
                OracleCase once = ProgramGenerator.Create(seed + i, InstructionForms.OfRecentOracles);
                if (once.Program.Any(WritesCounter)) continue;
                string[] differences = Differences(interpreter, translated, once);
                if (differences.Length == 0)
                {
                    Interlocked.Increment(ref done);
                    continue;
                }

                // The shortest end of the program that still differs.
                OracleCase shortest = once;
                for (int skip = 1; skip < once.Program.Count; skip++)
                {
                    OracleCase rest = once with { Program = [.. once.Program.Skip(skip)] };
                    if (Differences(interpreter, translated, rest).Length != 0) shortest = rest;
                }

                string text = string.Join('\n', Looped(shortest).Program.Select(word => $"{word:x8} {Emulation.Disassembly.Disassembler.Disassemble(word, GuestState.CodeAddress)}"));
                Assert.Fail($"Seed {seed + i}:\n{text}\n{string.Join('\n', differences)}");
            }
        });
        Assert.True(done > (int)count / 2, $"{done}");
    }

    private static string[] Differences(SoftwareSubject interpreter, SoftwareSubject translated, OracleCase once)
    {
        OracleCase looped = Looped(once);
        OracleResult expected = interpreter.Run(looped);
        return [.. expected.DifferencesFrom(translated.Run(looped))];
    }

    // The counter is TPIDR_EL0, and X25 has it at the end of each round.
    private static OracleCase Looped(OracleCase once)
    {
        GuestState before = once.Before.Clone();
        before.TpidrEL0 = Rounds;
        uint[] end = [.. Assemble(Mrs(X25, SystemRegister.TPIDR_EL0), Sub(X25, X25, 1), Msr(SystemRegister.TPIDR_EL0, X25), Cbnz(X25, Here(-4 * (once.Program.Count + 3))))];
        return once with { Program = [.. once.Program, .. end], Before = before };
    }

    private static bool WritesCounter(uint word) => (word & ~0x1fu) == 0xd51b_d040;

    private static ulong Number(string name, ulong otherwise) => ulong.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out ulong number) ? number : otherwise;
}
