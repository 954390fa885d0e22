using System.Collections.Concurrent;
using System.Globalization;
using Armillary.Tests.Instructions;
using Armillary.Tests.Oracle;

namespace Armillary.Tests.Engine;

/// <summary>Random programs whose final states an independent CPU has left here: they need no oracle.</summary>
public sealed class RecordedProgramTests
{
    private const int Batch = 256;

    [Theory]
    [InlineData(Execution.Interpreter)]
    [InlineData(Execution.Translated)]
    public void Programs_end_in_the_states_that_were_recorded(Execution execution)
    {
        Assert.SkipWhen(execution == Execution.Translated && !SoftwareSubject.IsTranslating, "There is no translator for this host: it would be the interpreter again.");
        IReadOnlyList<uint> recorded = Recording.Load();
        Assert.Equal(Recording.Count, recorded.Count);
        if (int.TryParse(Environment.GetEnvironmentVariable("ARMILLARY_RECORDED_COUNT"), CultureInfo.InvariantCulture, out int count)) recorded = [.. recorded.Take(count)];
        ConcurrentQueue<ulong> wrong = Compare(() => new SoftwareSubject(execution), recorded);
        Assert.True(wrong.IsEmpty, $"{wrong.Count} of {recorded.Count} programs end otherwise. The first seeds, for ARMILLARY_ORACLE_SEED: {string.Join(", ", wrong.Order().Take(10))}");
    }

    // What was recorded is what an oracle does today; ARMILLARY_ORACLE_RECORD names a file for a new recording.
    [Fact]
    public void The_recording_is_what_the_oracle_does()
    {
        string path = OracleProcess.PathOrSkip();
        Assert.SkipUnless(OracleProcess.IsRecent, "The oracle is too old for these programs: it lacks FEAT_HBC and FEAT_MOPS.");
        string? file = Environment.GetEnvironmentVariable("ARMILLARY_ORACLE_RECORD");
        using OracleProcess oracle = new(path);
        if (string.IsNullOrEmpty(file))
        {
            IReadOnlyList<uint> recorded = [.. Recording.Load().Take(20_000)];
            Assert.Empty(Compare(() => new OracleProcess(path), recorded));
            return;
        }

        var hashes = new uint[Recording.Count];
        for (int at = 0; at < hashes.Length; at += Batch) Run(oracle, at, Math.Min(Batch, hashes.Length - at)).CopyTo(hashes.AsSpan(at));
        File.WriteAllBytes(file, Recording.Save(hashes));
    }

    private static ConcurrentQueue<ulong> Compare<T>(Func<T> make, IReadOnlyList<uint> recorded) where T : IOracleSubject, IDisposable
    {
        ConcurrentQueue<ulong> wrong = new();
        int shards = Environment.ProcessorCount;
        Parallel.For(0, shards, new ParallelOptions { MaxDegreeOfParallelism = shards }, shard =>
        {
            using T subject = make();
            for (int at = Batch * shard; at < recorded.Count; at += Batch * shards)
            {
                uint[] found = Run(subject, at, Math.Min(Batch, recorded.Count - at));
                for (int i = 0; i < found.Length; i++)
                {
                    if (found[i] != recorded[at + i]) wrong.Enqueue(Recording.FirstSeed + (ulong)(at + i));
                }
            }
        });
        return wrong;
    }

    private static uint[] Run(IOracleSubject subject, int first, int count)
        => [.. subject.RunAll([.. Enumerable.Range(first, count).Select(Recording.Program)]).Select(Recording.Hash)];
}
