using System.Collections.Concurrent;
using System.Globalization;
using Armillary.Emulation.Decode;

namespace Armillary.Tests.Fuzz;

/// <summary>Random words as guests: the host throws nothing, hangs nowhere and does not grow. eng/fuzz.sh runs as many as asked for.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int BatchesOfMachine = 200;

    [Fact]
    public void Random_words_harm_nothing()
    {
        ulong words = Number("ARMILLARY_FUZZ_WORDS", 25_600), seed = Number("ARMILLARY_FUZZ_SEED", 20_261_127);
        ConcurrentQueue<string> reports = new();
        int exceptions = 0, hangs = 0;
        long machines = (long)((words + (BatchesOfMachine * Fuzzer.Batch) - 1) / (BatchesOfMachine * Fuzzer.Batch));
        Parallel.For(0, machines, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, machine =>
        {
            ulong own = seed + (ulong)machine;
            using var fuzzer = new Fuzzer(own);
            bool hung = false;
            using var watchdog = new Timer(_ =>
            {
                if (!fuzzer.EndLongRun() || hung) return;
                hung = true;
                Interlocked.Increment(ref hangs);
                reports.Enqueue(Report("hangs", own, fuzzer));
                Publish(reports, words, exceptions, hangs); // the thread will not come back
            }, null, 2, 2);
            int batches = (int)Math.Min(BatchesOfMachine, (words - ((ulong)machine * BatchesOfMachine * Fuzzer.Batch) + Fuzzer.Batch - 1) / Fuzzer.Batch);
            for (int i = 0; i < batches; i++)
            {
                try
                {
                    fuzzer.Run();
                }
                catch (Exception error)
                {
                    Interlocked.Increment(ref exceptions);
                    reports.Enqueue(Report(error.ToString(), own, fuzzer));
                    break;
                }
            }

            if (fuzzer.PagesHeld > 2 * CodeCache.Capacity) reports.Enqueue($"Seed {own}: {fuzzer.PagesHeld} pages of code are held.");
        });
        Publish(reports, words, exceptions, hangs);
        Assert.Empty(reports);
    }

    private static string Report(string what, ulong seed, Fuzzer fuzzer)
    {
        string where = fuzzer.At < 0 ? "in a run" : $"at {fuzzer.Words[Math.Min(fuzzer.At, Fuzzer.Batch - 1)]:x8}, word {fuzzer.At} of its batch";
        return $"Machine of seed {seed} (ARMILLARY_FUZZ_SEED, with ARMILLARY_FUZZ_WORDS={BatchesOfMachine * Fuzzer.Batch}), {where}: {what}";
    }

    private void Publish(ConcurrentQueue<string> reports, ulong words, int exceptions, int hangs)
    {
        string summary = string.Create(CultureInfo.InvariantCulture, $"{words} words, {exceptions} exceptions, {hangs} hangs");
        output.WriteLine(summary);
        if (Environment.GetEnvironmentVariable("ARMILLARY_FUZZ_REPORT") is { Length: > 0 } file) File.WriteAllLines(file, [.. reports.Take(20), summary]);
    }

    private static ulong Number(string variable, ulong otherwise)
        => ulong.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out ulong value) ? value : otherwise;
}
