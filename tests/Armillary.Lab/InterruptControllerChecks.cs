using Armillary.Arm64;
using Armillary.Tests.Guests;
using static Armillary.Arm64.A64;

namespace Armillary.Lab;

/// <summary>The engine's own interrupt controller, with guests that acknowledge what they get: levels, events, the timer; and doorbells.</summary>
internal static class InterruptControllerChecks
{
    private const ulong Distributor = 0x800_0000, Redistributors = 0x80a_0000;
    private const int First = 40, Second = 41, VirtualTimer = 27;

    private static int s_failed;

    public static int Run(Backend engine)
    {
        using (var guest = new Guest(engine))
        {
            Check("a level", First, guest.Interrupt(() => guest.Controller.SetShared(First, true)));
            guest.Controller.SetShared(First, false);
            Check("nothing is left of it", 0ul, guest.Cpu.GetSystemRegister(SystemRegister.ICC_AP1R0_EL1));
            using InterruptEvent connected = guest.Controller.ConnectEvent(Second);
            Check("an event", Second, guest.Interrupt(connected.Signal));
            Check("the virtual timer", VirtualTimer, guest.Interrupt(() =>
            {
                guest.Cpu.SetSystemRegister(SystemRegister.CNTV_CVAL_EL0, 0);
                guest.Cpu.SetSystemRegister(SystemRegister.CNTV_CTL_EL0, 1);
            }));
            guest.Cpu.SetSystemRegister(SystemRegister.CNTV_CTL_EL0, 0);
            Check("its last", First, guest.Interrupt(() => guest.Controller.SetShared(First, true)));
            Check("a line of the CPU's", nameof(InvalidOperationException), Catch(() => guest.Cpu.SetInterruptLine(InterruptLine.Irq, true)));
            Check("an interrupt that is none", nameof(ArgumentOutOfRangeException), Catch(() => guest.Controller.SetShared(31, true)));
        }

        using (var guest = new Guest(engine))
        {
            // A signal before the first run waits for it.
            using InterruptEvent early = guest.Controller.ConnectEvent(Second);
            Check("an early event", Second, guest.Interrupt(early.Signal));
        }

        using (VirtualMachine machine = engine.CreateVirtualMachine())
        {
            machine.CreateInterruptController(new() { Distributor = Distributor, Redistributors = Redistributors, Cpus = 2, SharedInterrupts = 64 });
            VirtualCpu cpu = machine.CreateVirtualCpu();
            Check("a virtual CPU too few", nameof(InvalidOperationException), Catch(() => cpu.Run()));
        }

        using (VirtualMachine machine = engine.CreateVirtualMachine())
        {
            Check("frames that overlap", nameof(ArgumentOutOfRangeException), Catch(() => machine.CreateInterruptController(new() { Distributor = Distributor, Redistributors = Distributor, Cpus = 1, SharedInterrupts = 64 })));
        }

        Doorbells(engine);
        Console.WriteLine(s_failed == 0 ? "interrupt controller: all right" : $"interrupt controller: {s_failed} FAILED");
        return s_failed == 0 ? 0 : 1;
    }

    private static void Doorbells(Backend engine)
    {
        using var guest = new GuestRun(engine.CreateVirtualMachine());
        using (Doorbell any = guest.Machine.CreateDoorbell(GuestRun.Device, 4), one = guest.Machine.CreateDoorbell(GuestRun.Device + 4, 4, 7))
        {
            Check("the engine rings", true, any.IsRungByEngine && one.IsRungByEngine);
            guest.Program(Mov(X1, GuestRun.Device), Mov(X0, 7), Str(W0, Mem(X1)), Str(W0, Mem(X1, 4)), Mov(X0, 8), Str(W0, Mem(X1, 4)), Brk());
            VmExit exit = guest.Cpu.Run();
            any.Wait();
            one.Wait();
            Check("another value rings nobody", (VmExitReason.Mmio, GuestRun.Device + 4, 8ul), (exit.Reason, exit.PhysicalAddress, exit.Value));
            any.Ring();
            any.Wait();
        }

        guest.Cpu.Pc = GuestRun.Code;
        Check("a bell that is gone", GuestRun.Device, guest.Cpu.Run().PhysicalAddress);
    }

    private static string Catch(Action action)
    {
        try
        {
            action();
            return "nothing";
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or ArmillaryException)
        {
            return error.GetType().Name;
        }
    }

    private static void Check<T>(string what, T expected, T actual)
    {
        bool good = Equals(expected, actual);
        if (!good) s_failed++;
        Console.WriteLine(good ? $"passed: {what}" : $"FAILED: {what}: expected {expected}, found {actual}");
    }

    // It waits in WFI with interrupts open; its handler acknowledges, ends, leaves the INTID in X9 and stops.
    private sealed class Guest : IDisposable
    {
        private readonly GuestRun _run;

        public Guest(Backend engine)
        {
            VirtualMachine machine = engine.CreateVirtualMachine();
            Controller = machine.CreateInterruptController(new() { Distributor = Distributor, Redistributors = Redistributors, Cpus = 1, SharedInterrupts = 64 });
            _run = new GuestRun(machine);
            var loop = new Label("loop");
            _run.Program(
                Mov(X0, Distributor), Mov(X1, 0x12), Str(W1, Mem(X0)), // ARE, group 1
                Mov(X1, 0x300), Str(W1, Mem(X0, 0x84)), Str(W1, Mem(X0, 0x104)), Mov(X1, 0x8_0000), Str(W1, Mem(X0, 0xc08)), // 40 and 41: group 1, enabled; 41 is an edge
                Mov(X0, Redistributors), Str(Wzr, Mem(X0, 0x14)), Mov(X0, Redistributors + 0x1_0000), Mov(X1, 1u << VirtualTimer), Str(W1, Mem(X0, 0x80)), Str(W1, Mem(X0, 0x100)),
                Mov(X1, 0xf0), Msr(SystemRegister.ICC_PMR_EL1, X1), Mov(X1, 1), Msr(SystemRegister.ICC_IGRPEN1_EL1, X1), Isb(),
                Msr(PstateField.DAIFClr, 2), loop, Wfi(), B(loop));
            _run.Write(GuestRun.Vectors + 0x280, Mrs(X9, SystemRegister.ICC_IAR1_EL1), Msr(SystemRegister.ICC_EOIR1_EL1, X9), Brk());
        }

        public InterruptController Controller { get; }

        public VirtualCpu Cpu => _run.Cpu;

        public int Interrupt(Action cause)
        {
            cause();
            Cpu.SetX(9, 0);
            Cpu.Pc = GuestRun.Code;
            Cpu.Pstate = Pstate.EL1h | Pstate.Daif;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            Cpu.Run(limit.Token);
            return (int)Cpu.GetX(9);
        }

        public void Dispose() => _run.Dispose();
    }
}
