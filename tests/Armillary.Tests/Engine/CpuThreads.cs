namespace Armillary.Tests.Engine;

/// <summary>Virtual CPUs on threads of their own.</summary>
internal static class CpuThreads
{
    /// <summary>Runs <paramref name="body"/> on as many threads, each with a new virtual CPU; one that hangs fails the test.</summary>
    public static void Run(VirtualMachine machine, int count, Action<int, VirtualCpu> body)
    {
        using var cpus = new Barrier(count);
        HostThread[] threads = [.. Enumerable.Range(0, count).Select(number => HostThread.Start(() =>
        {
            VirtualCpu cpu = machine.CreateVirtualCpu();
            cpu.TrapDebugExceptions = true;
            cpus.SignalAndWait();
            body(number, cpu);
        }))];
        foreach (HostThread thread in threads) thread.Join();
    }
}
