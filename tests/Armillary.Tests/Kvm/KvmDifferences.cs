using Armillary.Arm64;
using Armillary.Tests.Guests;

namespace Armillary.Tests.Kvm;

/// <summary>Where the shared guests may see KVM answer otherwise than the software engine, and why.</summary>
internal static class KvmDifferences
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

    /// <summary>Why this kernel gives other exits to a guest; null if it gives the same.</summary>
    public static string? ReasonOf(string name)
        => s_differences.TryGetValue(name, out string? reason) || (Environment.OSVersion.Version < new Version(6, 4) && s_olderDifferences.TryGetValue(name, out reason)) ? reason : null;

    /// <summary>True if the host's CPU lacks instructions of a guest.</summary>
    public static bool IsLackedBy(VirtualCpu cpu, string name)
        => s_needs.Any(need => need.Parts.Any(p => name.Contains(p, StringComparison.Ordinal)) && (cpu.GetSystemRegister(need.Register) >> need.Field & 15) < need.Least);

    /// <summary>A guest's transcript, or how it failed.</summary>
    public static string Run(string name, Backend engine)
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
