using System.Diagnostics;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Tests.Guests;

namespace Armillary.Lab;

/// <summary>Runs every shared guest on an engine and on the software engine, and compares the transcripts.</summary>
internal static class GuestComparison
{
    // What KVM does otherwise by its nature; docs/engines.md has the reasons. A guest here that does not differ is a failure too.
    private static readonly Dictionary<string, string> s_differences = new(StringComparer.Ordinal)
    {
        ["Fetches from nowhere and from data"] = "KVM injects an abort, which the guest's vectors take; data may be executed",
        ["A fetch from nowhere, stepped"] = "KVM injects an abort, which the guest's vectors take",
        ["A table in no memory"] = "KVM injects aborts without end",
        ["SMC with an immediate"] = "KVM answers it with -1",
        ["Registers of an interrupt controller"] = "the kernel's own or none",
        ["A misaligned load without the MMU"] = "QEMU lets it pass where there is a stage 2",
        ["Memory: dc zva, x1"] = "QEMU lets it pass where there is a stage 2",
    };

    // What Linux before 6.4 does otherwise besides: HVC and SMC go to nobody.
    private static readonly Dictionary<string, string> s_olderDifferences = new(StringComparer.Ordinal)
    {
        ["HVC and SMC"] = "Linux before 6.4 shows no calls",
        ["BRK of a guest that handles it"] = "its end is an HVC, which Linux before 6.4 does not show",
        ["Steps in place of a device"] = "Linux before 6.4 shows no calls",
        ["Steps of a guest that handles BRK"] = "its end is an HVC, which Linux before 6.4 does not show",
        ["No interrupt controller"] = "Linux before 6.4 lets ICC_IAR1_EL1 be read where there is none",
        ["The guest steps itself"] = "its end is an HVC, which Linux before 6.4 does not show",
    };

    // What a host's CPU lacks: an identification field, the least value, and parts of the names of guests that need it.
    private static readonly (SystemRegister Register, int Field, ulong Least, string[] Parts)[] s_needs =
    [
        (SystemRegister.ID_AA64ISAR1_EL1, 20, 2, ["ldapur"]),
        (SystemRegister.ID_AA64ISAR1_EL1, 20, 1, ["ldaprb"]),
        (SystemRegister.ID_AA64ISAR0_EL1, 20, 2, ["swp ", "ldadd", "cas ", "casp", "ldset", "stadd", "Two virtual CPUs count"]),
    ];

    public static int Run(Backend engine, string part)
    {
        int passed = 0, failed = 0, otherwise = 0, skipped = 0;
        bool isOlder = Environment.OSVersion.Version < new Version(6, 4);
        Dictionary<SystemRegister, ulong> identification = Identify(engine);
        long start = Stopwatch.GetTimestamp();
        foreach (string name in SharedGuests.Names.Where(n => n.Contains(part, StringComparison.OrdinalIgnoreCase)))
        {
            if (s_needs.Any(need => need.Parts.Any(p => name.Contains(p, StringComparison.Ordinal)) && (identification[need.Register] >> need.Field & 15) < need.Least))
            {
                Console.WriteLine($"skipped: {name}: this CPU has no such instruction");
                skipped++;
                continue;
            }

            string expected = SharedGuests.Run(name, new SoftwareBackend().CreateVirtualMachine());
            string actual = Transcript(engine, name);
            bool same = expected == actual;
            if (s_differences.TryGetValue(name, out string? reason) || (isOlder && s_olderDifferences.TryGetValue(name, out reason)))
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

    private static Dictionary<SystemRegister, ulong> Identify(Backend engine)
    {
        using VirtualMachine machine = engine.CreateVirtualMachine();
        VirtualCpu cpu = machine.CreateVirtualCpu();
        return s_needs.Select(need => need.Register).Distinct().ToDictionary(r => r, cpu.GetSystemRegister);
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
