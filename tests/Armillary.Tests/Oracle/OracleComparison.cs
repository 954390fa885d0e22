using System.Globalization;
using System.Text;
using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>Two subjects that must agree, one of them known to be right.</summary>
/// <param name="expected">It is right.</param>
/// <param name="actual">It is compared.</param>
/// <param name="arbiter">Who has the last word where they differ, if anybody: a slower and safer way of the one that is right.</param>
internal sealed class OracleComparison(IOracleSubject expected, IOracleSubject actual, Func<IOracleSubject>? arbiter = null)
{
    private const uint Nop = 0xD503_201F;
    private IOracleSubject? _arbiter;

    /// <summary>How many cases the arbiter has decided against the one that should be right.</summary>
    public int Excluded { get; private set; }

    /// <summary>Runs the cases of seeds <paramref name="firstSeed"/> and up on both.</summary>
    /// <param name="firstSeed">Seed of the first case.</param>
    /// <param name="count">How many cases.</param>
    /// <returns>A report on the first that differs, made as small as it can be; null if none does.</returns>
    public string? FindDifference(ulong firstSeed, int count) => FindDifferences(firstSeed, count).FirstOrDefault();

    /// <summary>The same with a report on each that differs, as they are found.</summary>
    public IEnumerable<string> FindDifferences(ulong firstSeed, int count)
    {
        const int batch = 256;
        for (int done = 0; done < count; done += batch)
        {
            ulong first = firstSeed + (ulong)done;
            OracleCase[] cases = [.. Enumerable.Range(0, Math.Min(batch, count - done)).Select(i => ProgramGenerator.Create(first + (ulong)i))];
            IReadOnlyList<OracleResult> right = expected.RunAll(cases);
            IReadOnlyList<OracleResult> found = actual.RunAll(cases);
            for (int i = 0; i < cases.Length; i++)
            {
                if (!right[i].DifferencesFrom(found[i]).Any()) continue;
                if (arbiter is not null && !(_arbiter ??= arbiter()).Run(cases[i]).DifferencesFrom(found[i]).Any()) Excluded++;
                else yield return Report(Shrink(cases[i]), first + (ulong)i);
            }
        }
    }

    /// <summary>Takes instructions away or replaces them by NOP, and sets registers, FPCR and FPSR to 0, as long as the subjects still differ.</summary>
    public OracleCase Shrink(OracleCase failing)
    {
        OracleStop stop = expected.Run(failing).Stop;
        OracleCase smallest = failing;
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            foreach (OracleCase candidate in SmallerThan(smallest with { MayLoop = true }))
            {
                // A branch may have lost the instruction that set its target: what runs wild, or for ever, shows nothing.
                if (expected.Run(candidate).Stop != stop || !Differences(candidate).Any()) continue;
                smallest = candidate;
                smaller = true;
                break;
            }
        }

        return smallest;
    }

    /// <summary>What to print: the seed, the program, the state before, and what differs.</summary>
    public string Report(OracleCase oracleCase, ulong seed)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Seed {seed} differs. Smallest program:");
        for (int i = 0; i < oracleCase.Program.Count; i++)
        {
            uint word = oracleCase.Program[i];
            string name = InstructionForms.All.FirstOrDefault(form => form.Matches(word))?.Name ?? "?";
            text.AppendLine(CultureInfo.InvariantCulture, $"  0x{GuestState.CodeAddress + (4 * (ulong)i):x}: {word:x8}  {name}");
        }

        text.AppendLine("State before (what is not 0):");
        IEnumerable<string> registers = oracleCase.Before.X.Index().Where(static x => x.Item != 0).Select(static x => $"x{x.Index}=0x{x.Item:x}");
        registers = registers.Concat(oracleCase.Before.V.Index().Where(static v => v.Item != 0).Select(static v => $"v{v.Index}=0x{v.Item:x}"));
        text.AppendLine(CultureInfo.InvariantCulture, $"  {string.Join(' ', registers)} fpcr=0x{oracleCase.Before.Fpcr:x} fpsr=0x{oracleCase.Before.Fpsr:x} sp=0x{oracleCase.Before.Sp:x} nzcv={oracleCase.Before.Nzcv:x} tpidr_el0=0x{oracleCase.Before.TpidrEL0:x}");
        text.AppendLine("Differences:");
        foreach (string difference in Differences(oracleCase).Take(20)) text.AppendLine(CultureInfo.InvariantCulture, $"  {difference}");
        if (new CaseLine(expected, candidate => Differences(candidate).Any()).Of(oracleCase) is { } line) text.AppendLine("For an instruction file:").AppendLine(line);
        return text.ToString();
    }

    // Most first: whole tails, then single instructions, then registers. X26 to X28 and SP stay: they address memory.
    private static IEnumerable<OracleCase> SmallerThan(OracleCase failing)
    {
        IReadOnlyList<uint> program = failing.Program;
        for (int length = 1; length < program.Count; length++) yield return failing with { Program = [.. program.Take(length)] };
        for (int i = 0; i < program.Count && program.Count > 1; i++)
        {
            int removed = i;
            yield return failing with { Program = [.. program.Where((_, at) => at != removed)] };
        }

        for (int i = 0; i < program.Count; i++)
        {
            if (program[i] == Nop) continue;
            int replaced = i;
            yield return failing with { Program = [.. program.Select((word, at) => at == replaced ? Nop : word)] };
        }

        for (int i = 0; i < GuestState.XCount; i++)
        {
            if (failing.Before.X[i] == 0 || i is >= ProgramGenerator.NegativeIndex and <= ProgramGenerator.Base) continue;
            GuestState before = failing.Before.Clone();
            before.X[i] = 0;
            yield return failing with { Before = before };
        }

        for (int i = 0; i < GuestState.VCount; i++)
        {
            if (failing.Before.V[i] == 0) continue;
            GuestState before = failing.Before.Clone();
            before.V[i] = 0;
            yield return failing with { Before = before };
        }

        if ((failing.Before.Fpcr | failing.Before.Fpsr) == 0) yield break;
        GuestState plain = failing.Before.Clone();
        plain.Fpcr = plain.Fpsr = 0;
        yield return failing with { Before = plain };
    }

    private IEnumerable<string> Differences(OracleCase oracleCase) => expected.Run(oracleCase).DifferencesFrom(actual.Run(oracleCase));
}
