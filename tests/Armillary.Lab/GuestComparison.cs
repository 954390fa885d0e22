using System.Diagnostics;
using Armillary.Emulation;
using Armillary.Tests.Guests;

namespace Armillary.Lab;

/// <summary>Runs every shared guest on an engine and on the software engine, and compares the transcripts.</summary>
internal static class GuestComparison
{
    // What KVM does otherwise by its nature; docs/engines.md has the reasons. A guest here that does not differ is a failure too.
    private static readonly Dictionary<string, string> s_differences = new(StringComparer.Ordinal);

    public static int Run(Backend engine, string part)
    {
        int passed = 0, failed = 0, otherwise = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (string name in SharedGuests.Names.Where(n => n.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            string expected = SharedGuests.Run(name, new SoftwareBackend().CreateVirtualMachine());
            string actual = Transcript(engine, name);
            bool same = expected == actual;
            if (s_differences.TryGetValue(name, out string? reason))
            {
                if (same) failed++;
                else otherwise++;
                Console.WriteLine(same ? $"FAILED (no longer differs): {name}" : $"otherwise: {name}: {reason}");
                continue;
            }

            if (same)
            {
                passed++;
                continue;
            }

            failed++;
            Console.WriteLine($"FAILED: {name}");
            string[] wanted = expected.Split('\n'), found = actual.Split('\n');
            for (int i = 0; i < Math.Max(wanted.Length, found.Length); i++)
            {
                if (wanted.ElementAtOrDefault(i) == found.ElementAtOrDefault(i)) continue;
                Console.WriteLine($"  expected {wanted.ElementAtOrDefault(i)}\n  found    {found.ElementAtOrDefault(i)}");
                break;
            }
        }

        Console.WriteLine($"{passed} passed, {failed} failed, {otherwise} otherwise by nature, {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        return failed == 0 ? 0 : 1;
    }

    private static string Transcript(Backend engine, string name)
    {
        try
        {
            return SharedGuests.Run(name, engine.CreateVirtualMachine());
        }
        catch (Exception error) when (error is ArmillaryException or TimeoutException or InvalidOperationException)
        {
            return $"{error.GetType().Name}: {error.Message}";
        }
    }
}
