using System.Globalization;
using Armillary.Emulation;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Models;
using Armillary.Tests.Engine;
using Armillary.Tests.House;
using Armillary.Tests.Instructions;
using Armillary.Tests.Oracle;

namespace Armillary.Tests.Decode;

/// <summary>
/// Two reports, as tables of comma-separated values in the folder that ARMILLARY_REPORTS names: what becomes of each encoding of the architecture,
/// and what executes each row.
/// </summary>
public sealed class CoverageTests(ITestOutputHelper output)
{
    private const int Samples = 256, Programs = 20_000;

    [Fact]
    public void Every_encoding_has_rows_or_a_reason()
    {
        CpuModel model = CpuModels.Find(SoftwareOptions.DefaultCpu)!;
        var random = new Random(6);
        List<string> lines = ["number,pattern,encoding,rows,reason"];
        List<string> unexplained = [];
        int executed = 0, number = 0;
        foreach (Encoding encoding in Encoding.All)
        {
            uint[] words = [.. Enumerable.Range(0, Samples).Select(_ => ((uint)random.NextInt64() & ~encoding.Pattern.Mask) | encoding.Pattern.Value)];
            uint[] own = [.. words.Where(word => Encoding.Of(word) == encoding)];
            SortedSet<string> rows = new(StringComparer.Ordinal);
            foreach (uint word in own.Length > 0 ? own : words)
            {
                if (DecodeTable.Decode(word, 0, model, isGuarded: false, out _) is { IsUndefined: false } row) rows.Add(row.Name);
            }

            string reason = rows.Count > 0 ? "" : Claims.ReasonAgainst(encoding, model);
            if (own.Length == 0) reason = $"the words of {Encoding.Of(words[0])!.Name}";
            if (rows.Count == 0 && reason.Length == 0) unexplained.Add($"{encoding.Pattern.Text} {encoding.Name}");
            if (rows.Count > 0) executed++;
            lines.Add($"{++number},{encoding.Pattern.Text},{encoding.Name},{string.Join("; ", rows).Replace(',', ' ')},{reason}");
        }

        Publish("encodings.csv", lines, string.Create(CultureInfo.InvariantCulture, $"{number} encodings: {executed} executed by {model.Name}, {number - executed - unexplained.Count} of features that it does not claim, {unexplained.Count} unexplained"));
        Assert.True(unexplained.Count == 0, string.Join('\n', unexplained));
    }

    // What neither an instruction file nor a program at EL0 can execute, and the unit test that does.
    private static readonly (string Row, string Test)[] s_elsewhere =
    [
        ("BRK", "ExceptionTests.BRK_goes_to_the_guest_when_they_are_not"), ("SVC", "ExceptionTests.SVC_goes_to_EL1_and_returns_behind_itself"),
        ("HVC", "ExceptionTests.HVC_and_SMC_at_EL1_end_the_run_behind_themselves"), ("SMC", "ExceptionTests.HVC_and_SMC_at_EL1_end_the_run_behind_themselves"),
        ("ERET", "ExceptionTests.SVC_goes_to_EL1_and_returns_behind_itself"), ("ERETAA", "PointerAuthenticationTests.ERETAA_returns_to_a_signed_address"),
        ("ERETAB", "PointerAuthenticationTests.ERETAB_has_the_other_key"), ("WFI", "InterruptTests.WFI_sleeps_until_a_line_even_a_masked_one"),
        ("MSR DAIFSet", "SystemRegisterTrapTests.DAIF_is_changed_by_EL0_with_UMA"), ("MSR DAIFClr", "SystemRegisterTrapTests.DAIF_is_changed_by_EL0_with_UMA"),
        ("MSR PAN", "ProcessStateTests.EL1_writes_PAN_UAO_and_SPSel"), ("MSR UAO", "ProcessStateTests.EL1_writes_PAN_UAO_and_SPSel"), ("MSR SPSel", "ProcessStateTests.EL1_writes_PAN_UAO_and_SPSel"),
    ];

    [Fact]
    public void Every_row_is_executed_by_a_test()
    {
        Row[] rows = [.. DecodeTable.BuildAll().Skip(2).Where(static row => !row.IsUndefined)];
        Dictionary<Row, int> inFiles = CountInFiles(), inPrograms = CountInPrograms();
        Dictionary<string, string> elsewhere = s_elsewhere.ToDictionary(static one => one.Row, static one => one.Test);
        foreach (string test in elsewhere.Values)
        {
            string[] parts = test.Split('.');
            Assert.NotNull(typeof(CoverageTests).Assembly.GetType($"Armillary.Tests.Engine.{parts[0]}")?.GetMethod(parts[1]));
        }

        string[] missing = [.. rows.Where(row => inFiles.GetValueOrDefault(row) + inPrograms.GetValueOrDefault(row) == 0 && !elsewhere.ContainsKey(row.Name)).Select(static row => $"{row.Pattern} {row.Name}")];
        int alone = rows.Count(row => !inFiles.ContainsKey(row));
        Publish("rows.csv", ["pattern,row,cases in instruction files,executions in recorded programs,unit test",
            .. rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Pattern},{row.Name.Replace(',', ' ')},{inFiles.GetValueOrDefault(row)},{inPrograms.GetValueOrDefault(row)},{elsewhere.GetValueOrDefault(row.Name)}"))],
            string.Create(CultureInfo.InvariantCulture, $"{rows.Length} rows: {rows.Length - alone} executed by instruction files, {alone - missing.Length} by recorded programs or unit tests alone, {missing.Length} by no test"));
        Assert.True(missing.Length == 0, string.Join('\n', missing));
    }

    // The names in backquotes of the table's first column.
    [Fact]
    public void Every_helper_is_listed_with_the_reason()
    {
        var random = new Random(7);
        SortedSet<string> called = new(StringComparer.Ordinal);
        foreach (Row row in DecodeTable.BuildAll().Skip(2).Where(static row => !row.IsUndefined))
        {
            for (int i = 0; i < Samples; i++)
            {
                uint word = ((uint)random.NextInt64() & ~row.Encoding.Mask) | row.Encoding.Value;
                if (DecodeTable.Decode(word, GuestState.CodeAddress, out Operands operands) != row) continue;
                var buffer = new IrBuffer();
                row.Translate(buffer, operands);
                called.UnionWith(buffer.Calls.Select(static call => NameOf(call.Helper)).Concat(buffer.PairCalls.Select(static call => NameOf(call.Helper))));
            }
        }

        string[] listed = [.. Repository.Lines("docs/helpers.md").Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(static line => line.Split('|')[1].Split('`').Where(static (_, i) => i % 2 == 1)).Order(StringComparer.Ordinal)];
        Assert.Equal(string.Join(" ", called), string.Join(" ", listed));
    }

    private static string NameOf(Delegate helper) => helper.Method.DeclaringType!.Name.Split('`')[0];

    private static Dictionary<Row, int> CountInFiles()
    {
        Dictionary<Row, int> counts = [];
        foreach (InstructionCase one in InstructionFile.Names.SelectMany(InstructionFile.Load).Where(static one => !one.IsUndefined))
        {
            foreach (Row row in one.Words.Select(DecodeTable.Find).Distinct()) counts[row] = counts.GetValueOrDefault(row) + 1;
        }

        return counts;
    }

    // What EL0 may not execute, and what a branch passes over, does not count.
    private static Dictionary<Row, int> CountInPrograms()
    {
        Dictionary<Row, int> counts = [];
        InstructionForm[] forbidden = [.. SystemForms.NotForEL0()];
        OracleCase? running = null;
        using var subject = new SoftwareSubject(Execution.Stepping)
        {
            Stepping = pc =>
            {
                ulong at = (pc - GuestState.CodeAddress) / 4;
                if (at >= (ulong)running!.Program.Count) return;
                uint word = running.Program[(int)at];
                if (forbidden.Any(form => form.Matches(word))) return;
                Row row = DecodeTable.Find(word);
                counts[row] = counts.GetValueOrDefault(row) + 1;
            },
        };
        for (int i = 0; i < Programs; i++)
        {
            running = Recording.Program(i);
            subject.Run(running);
        }

        return counts;
    }

    private void Publish(string file, IEnumerable<string> lines, string summary)
    {
        output.WriteLine(summary);
        if (Environment.GetEnvironmentVariable("ARMILLARY_REPORTS") is not { Length: > 0 } folder) return;
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, file), lines);
        File.AppendAllLines(Path.Combine(folder, "summary.txt"), [summary]);
    }
}
