using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

public sealed class LifetimeTests
{
    // A CPU and its page of code are about 80 KB of native memory: 2,000 of them lost would be 160 MB.
    [Fact]
    public void Two_thousand_machines_leave_nothing_behind()
    {
        Cycle(100);
        long before = Resident();
        var machines = new List<WeakReference>();
        Cycle(2000, machines);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(Resident() - before, long.MinValue, 60 << 20);
        Assert.InRange(machines.Count(m => m.IsAlive), 0, 20);
    }

    private static void Cycle(int count, List<WeakReference>? machines = null)
    {
        var backend = new SoftwareBackend();
        for (int i = 0; i < count; i++)
        {
            using VirtualMachine machine = backend.CreateVirtualMachine();
            machine.Memory.Map(0x1000, 0x1000);
            machine.Memory.Write(0x1000, Mov(X0, 7).Word);
            machine.Memory.Write(0x1004, Brk().Word);
            VirtualCpu cpu = machine.CreateVirtualCpu();
            cpu.TrapDebugExceptions = true;
            cpu.Pc = 0x1000;
            Assert.Equal(ExceptionClass.Brk64, cpu.Run().ExceptionClass);
            Assert.Equal(7ul, cpu.GetX(0));
            machines?.Add(new WeakReference(machine));
        }
    }

    private static long Resident()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    // The background compiler, other CPUs' maintenance and a late RequestExit all reach a CPU that may be gone.
    [Fact]
    public void A_CPU_that_is_gone_is_not_touched()
    {
        using var guest = new Guest(B(Here()));
        VirtualCpu gone = guest.Machine.CreateVirtualCpu();
        var inside = (Emulation.Cpu.SoftwareVirtualCpu)gone;
        gone.Dispose();
        gone.Dispose();
        gone.RequestExit();
        inside.WantHandlersUpgraded();
        inside.WantCodeForgotten(Guest.Code, 4);
        inside.Ask(new Armillary.Emulation.Cpu.TlbRequest(Armillary.Emulation.Cpu.TlbScope.All));
        inside.WantPause();
        guest.Write(Guest.Code, Ic(IcOp.IALLU), Tlbi(TlbiOp.VMALLE1), Sev(), Brk());
        guest.RunToBreakpoint();
        guest.Memory.Unmap(guest.DataRegion);
        Assert.Equal(0, inside.PendingCodeChanges);
    }

    [Fact]
    public void RequestExit_and_Dispose_may_race()
    {
        using var stop = new ManualResetEventSlim();
        VirtualCpu? current = null;
        HostThread requests = HostThread.Start(() =>
        {
            while (!stop.IsSet) Volatile.Read(ref current)?.RequestExit();
        });
        var backend = new SoftwareBackend();
        for (int i = 0; i < 60; i++)
        {
            using VirtualMachine machine = backend.CreateVirtualMachine();
            Volatile.Write(ref current, machine.CreateVirtualCpu());
            // Nothing is mapped: a run that nobody ends is an instruction abort.
            while (current.Run().Reason != VmExitReason.Canceled) Thread.Yield();
        }

        stop.Set();
        requests.Join();
    }

    [Fact]
    public void A_machine_is_not_disposed_while_a_CPU_runs()
    {
        var guest = new Guest(Str(X0, Mem(X1)), Brk());
        guest.Cpu.SetX(1, Guest.Device);
        guest.Cpu.MmioHandler = new RecordingDevice
        {
            Before = _ =>
            {
                Assert.Throws<InvalidOperationException>(guest.Machine.Dispose);
                Assert.Throws<InvalidOperationException>(guest.Cpu.Dispose);
                return true;
            },
        };
        guest.RunToBreakpoint();
        guest.Dispose();
        guest.Dispose();
        Assert.Throws<ObjectDisposedException>(() => guest.Cpu.Run());
        Assert.Throws<ObjectDisposedException>(() => guest.Cpu.GetX(0));
        Assert.Throws<ObjectDisposedException>(() => guest.Machine.CreateVirtualCpu());
        Assert.Throws<ObjectDisposedException>(() => guest.Memory.Map(0, 0x1000));
        Assert.Throws<GuestMemoryException>(() => guest.Memory.Read<int>(Guest.Code));
        guest.Cpu.RequestExit();
    }

    [Fact]
    public void The_run_loop_allocates_nothing()
    {
        // A device, an exclusive, an atomic, a system call with its return, a system register, stores, calls.
        var loop = new Label("loop");
        using var guest = new Guest(
            loop, Ldr(X3, Mem(X4)), Str(X3, Mem(X4, 8)), Ldxr(X5, Mem(X6)), Add(X5, X5, 1), Stxr(W7, X5, Mem(X6)), Ldadd(X5, X8, Mem(X6)), Casal(X5, X8, Mem(X6)),
            Ldaxp(X10, X11, Mem(X6)), Stlxp(W7, X10, X11, Mem(X6)), Casp(X10, X11, X12, X13, Mem(X6)),
            Svc(), Mrs(X9, SystemRegister.TPIDR_EL0), Wfe(), Stp(X9, X5, Mem(X6, 32)), Bl(Here(12)), Subs(X0, X0, 1), B(Here(8)), Ret(), B(Ne, loop), Brk());
        guest.Write(Guest.Vectors + 0x200, Eret());
        guest.Cpu.MmioHandler = new Counter();
        guest.Cpu.SetX(4, Guest.Device);
        guest.Cpu.SetX(6, Guest.Data);

        ulong Execute(ulong rounds)
        {
            guest.Cpu.SetX(0, rounds);
            guest.Cpu.Pc = Guest.Code;
            ulong before = guest.Cpu.InstructionCount!.Value;
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            VmExit exit = guest.Cpu.Run();
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Assert.Equal(ExceptionClass.Brk64, exit.ExceptionClass);
            Assert.Equal(rounds * 20, guest.Cpu.InstructionCount - before);
            return (ulong)allocated;
        }

        Execute(20_000); // decodes, and looks which handlers are worth compiling
        Assert.InRange(Execute(50_000), 0ul, 2000ul);
    }

    private sealed class Counter : IMmioHandler
    {
        private ulong _count;

        public bool Read(ulong gpa, int size, out ulong value)
        {
            value = _count++;
            return true;
        }

        public bool Write(ulong gpa, int size, ulong value) => true;
    }
}
