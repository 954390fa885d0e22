using System.Globalization;
using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Lab;

/// <summary>Creates, runs and disposes machines by the thousand: nothing may be left behind.</summary>
internal static class Lifetimes
{
    private const int Warm = 200;

    public static int Run(Backend engine)
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("ARMILLARY_LIVES") ?? "2000", CultureInfo.InvariantCulture);
        for (int i = 0; i < Warm; i++) Live(engine);
        GC.Collect();
        (int descriptors, int maps) before = Count();
        for (int i = 0; i < rounds; i++) Live(engine);
        GC.Collect();
        (int descriptors, int maps) after = Count();
        Console.WriteLine($"{rounds} machines: {before.descriptors} descriptors and {before.maps} mappings before, {after.descriptors} and {after.maps} after");
        return after.descriptors == before.descriptors && after.maps <= before.maps + 8 ? 0 : 1;
    }

    private static void Live(Backend engine)
    {
        using var hypervisor = new Hypervisor(0x10000, 4096, new HypervisorOptions { Engine = engine });
        hypervisor.WriteInstructions(Mov(X0, 42), Brk());
        if (hypervisor.Run().X[0] != 42) throw new InvalidOperationException("The guest did not run.");
    }

    // Of this process: open descriptors, and mappings other than the collector's heap may come and go by a few.
    private static (int Descriptors, int Maps) Count() => (Directory.GetFiles("/proc/self/fd").Length, File.ReadAllLines("/proc/self/maps").Length);
}
