using System.Diagnostics;
using Armillary.Arm64;
using Armillary.Tests.Guests;
using static Armillary.Arm64.A64;

namespace Armillary.Lab;

/// <summary>Exits a second, and how long a request takes to end a run.</summary>
internal static class Measurements
{
    private const int Seconds = 2, Kicks = 50;

    public static int CountExits(Backend engine)
    {
        using var guest = new GuestRun(engine.CreateVirtualMachine());
        var loop = new Label("loop");
        guest.Program(Mov(X1, GuestRun.Device), loop, Str(X0, Mem(X1)), B(loop));
        guest.Cpu.TrapDebugExceptions = false; // the loop in C has no guest debug either
        guest.Set(SystemRegister.OSLAR_EL1, 0); // nor a locked OS lock, with which KVM saves the debug registers at every exit
        var device = new Counter();
        guest.Cpu.MmioHandler = device;
        guest.Cpu.PrivateInterruptHandler = new Nothing();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(Seconds));
        long start = Stopwatch.GetTimestamp();
        guest.Cpu.Run(limit.Token);
        Console.WriteLine($"stores to a device, in place: {device.Count / Stopwatch.GetElapsedTime(start).TotalSeconds:0} a second");
        return 0;
    }

    public static int TimeRequests(Backend engine)
    {
        foreach (bool waits in (ReadOnlySpan<bool>)[false, true])
        {
            using var guest = new GuestRun(engine.CreateVirtualMachine());
            var loop = new Label("loop");
            guest.Program(loop, waits ? Wfi() : Nop(), B(loop));
            guest.Cpu.PrivateInterruptHandler = new Nothing();
            double[] times = new double[Kicks];
            for (int i = 0; i < Kicks; i++)
            {
                long asked = 0;
                using var timer = new Timer(_ =>
                {
                    asked = Stopwatch.GetTimestamp();
                    guest.Cpu.RequestExit();
                }, null, 20, Timeout.Infinite);
                guest.Cpu.Run();
                times[i] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            }

            Array.Sort(times);
            Console.WriteLine($"from a request to the end of the run, {(waits ? "out of WFI" : "out of a loop")}: median {times[Kicks / 2]:0.00} ms, worst {times[^1]:0.00} ms");
        }

        return 0;
    }

    private sealed class Counter : IMmioHandler
    {
        public long Count { get; private set; }

        public bool Read(ulong gpa, int size, out ulong value)
        {
            value = 0;
            return false;
        }

        public bool Write(ulong gpa, int size, ulong value)
        {
            Count++;
            return true;
        }
    }

    private sealed class Nothing : IPrivateInterruptHandler
    {
        public void SetLevel(VirtualCpu cpu, PrivateInterrupt interrupt, bool asserted)
        {
        }
    }
}
