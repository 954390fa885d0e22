using System.Diagnostics;
using Armillary.Emulation;
using Armillary.Tests.Guests;
using Armillary.Tests.Kvm;

namespace Armillary.Lab;

/// <summary>Runs every shared guest on an engine and on the software engine, and compares the transcripts.</summary>
internal static class GuestComparison
{
    public static int Run(Backend engine, string part)
    {
        int passed = 0, failed = 0, otherwise = 0, skipped = 0;
        using VirtualMachine identified = engine.CreateVirtualMachine();
        VirtualCpu cpu = identified.CreateVirtualCpu();
        long start = Stopwatch.GetTimestamp();
        foreach (string name in SharedGuests.Names.Where(n => n.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            if (KvmDifferences.IsLackedBy(cpu, name))
            {
                Console.WriteLine($"skipped: {name}: this CPU has no such instruction");
                skipped++;
                continue;
            }

            string expected = SharedGuests.Run(name, new SoftwareBackend().CreateVirtualMachine());
            string actual = KvmDifferences.Run(name, engine);
            bool same = expected == actual;
            if (KvmDifferences.ReasonOf(name) is { } reason)
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

        Console.WriteLine($"{passed} passed, {failed} failed, {otherwise} otherwise by nature, {skipped} skipped, {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        return failed == 0 ? 0 : 1;
    }
}
