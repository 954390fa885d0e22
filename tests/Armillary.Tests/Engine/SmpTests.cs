using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>Several virtual CPUs on threads of their own.</summary>
public sealed class SmpTests
{
    private static readonly Label s_loop = new("loop"), s_retry = new("retry");

    // X0 counts, X1 is the counter's address. Each adds one to it X0 times.
    public static TheoryData<string, int, int> Ways => new()
    {
        { "LDADD", 2, 60_000 }, { "LDADD", 4, 30_000 }, { "CAS", 3, 20_000 }, { "LDXR", 2, 30_000 }, { "LDAXRB", 3, 20_000 },
        { "CASP", 2, 1500 }, { "LDAXP", 2, 1000 }, { "LDAXP", 3, 500 }, { "mixed", 4, 10_000 },
    };

    private static Instruction[] Increment(string way, int number) => way switch
    {
        "LDADD" => [s_loop, Ldadd(X2, X3, Mem(X1)), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
        "CAS" => [s_loop, Ldr(X3, Mem(X1)), s_retry, Mov(X5, X3), Add(X4, X3, 1), Casal(X3, X4, Mem(X1)), Cmp(X3, X5), B(Ne, s_retry), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
        "LDXR" => [s_loop, Ldxr(X3, Mem(X1)), Add(X3, X3, 1), Stxr(W4, X3, Mem(X1)), Cbnz(W4, s_loop), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
        "LDAXRB" => [s_loop, Ldaxrb(W3, Mem(X1)), Add(W3, W3, 1), Stlxrb(W4, W3, Mem(X1)), Cbnz(W4, s_loop), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
        "CASP" => [s_loop, Ldp(X6, X7, Mem(X1)), Mov(X10, X6), Mov(X11, X7), Add(X8, X6, 1), Sub(X9, X7, 1), Caspal(X6, X7, X8, X9, Mem(X1)),
            Cmp(X6, X10), Ccmp(X7, X11, 0, Eq), B(Ne, s_loop), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
        "LDAXP" => [s_loop, Ldaxp(X6, X7, Mem(X1)), Add(X8, X6, 1), Sub(X9, X7, 1), Stlxp(W4, X8, X9, Mem(X1)), Cbnz(W4, s_loop), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
        _ => Increment(number switch { 0 => "LDADD", 1 => "CAS", _ => "LDXR" }, number),
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Increments_of_a_shared_counter_are_all_there(string way, int cpus, int rounds)
    {
        using var guest = new Guest();
        CpuThreads.Run(guest.Machine, cpus, (number, cpu) =>
        {
            ulong code = Guest.Code + ((ulong)number * 0x1000);
            guest.Write(code, Increment(way, number));
            cpu.SetX(0, (ulong)rounds);
            cpu.SetX(1, Guest.Data);
            cpu.SetX(2, 1);
            cpu.Pc = code;
            Assert.Equal(ExceptionClass.Brk64, Guest.Run(cpu).ExceptionClass);
        });

        ulong total = (ulong)(cpus * rounds);
        Assert.Equal(way == "LDAXRB" ? total & 0xff : total, guest.Memory.Read<ulong>(Guest.Data));
        if (way is "CASP" or "LDAXP") Assert.Equal(0 - total, guest.Memory.Read<ulong>(Guest.Data + 8));
    }

    [Fact]
    public void A_store_of_another_CPU_fails_the_store_exclusive()
    {
        using var guest = new Guest(Ldxr(X3, Mem(X1)), Hvc(), Stxr(W4, X2, Mem(X1)), Brk());
        guest.Cpu.SetX(1, Guest.Data);
        guest.Cpu.SetX(2, 2);
        guest.Run();
        CpuThreads.Run(guest.Machine, 1, (_, cpu) =>
        {
            guest.Write(Guest.Code + 0x1000, Str(X2, Mem(X1)), Brk());
            cpu.SetX(1, Guest.Data);
            cpu.SetX(2, 9);
            cpu.Pc = Guest.Code + 0x1000;
            Guest.Run(cpu);
        });
        guest.RunToBreakpoint();
        Assert.Equal((1ul, 9ul), (guest.X(4), guest.Memory.Read<ulong>(Guest.Data)));
    }

    public static TheoryData<string> Touches => new("LDR and STR", "CASP", "LDXP and STXP", "fetch");

    // While two CPUs use a page, the host takes it away, gives it back and changes its permissions.
    [Theory]
    [MemberData(nameof(Touches))]
    public void Memory_may_be_taken_away_while_CPUs_use_it(string way)
    {
        const ulong Page = 0x8000_0000;
        using var guest = new Guest();
        Instruction[] program = way switch
        {
            "LDR and STR" => [s_loop, Ldr(X3, Mem(X1)), Stp(X3, X4, Mem(X1, 16)), Add(X9, X9, 1), B(s_loop)],
            "CASP" => [s_loop, Casp(X6, X7, X8, X9, Mem(X1)), B(s_loop)],
            "LDXP and STXP" => [s_loop, Ldxp(X6, X7, Mem(X1)), Stxp(W4, X6, X7, Mem(X1)), B(s_loop)],
            _ => [s_loop, Blr(X1), B(s_loop)],
        };
        guest.Write(Guest.Code, program);
        using var stop = new CancellationTokenSource();
        using var hang = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, hang.Token);
        HostThread cpus = HostThread.Start(() => CpuThreads.Run(guest.Machine, 2, (_, cpu) =>
        {
            cpu.MmioHandler = new Zero();
            cpu.SetX(1, Page);
            cpu.Pc = Guest.Code;
            while (!end.IsCancellationRequested)
            {
                VmExit exit = cpu.Run(end.Token);
                if (exit.Reason == VmExitReason.Canceled) continue;
                Assert.Equal((ExceptionClass.InstructionAbortLower, Page, "fetch"), (exit.ExceptionClass, exit.PhysicalAddress, way));
                cpu.Pc = Guest.Code;
            }
        }));

        for (int i = 0; i < 50; i++)
        {
            GuestMemoryRegion region = guest.Memory.Map(Page, 0x1000, MemoryPermissions.ReadWrite);
            guest.Write(Page, Ret()); // not to be executed before it is there
            guest.Memory.Protect(region, MemoryPermissions.All);
            Thread.Yield();
            guest.Memory.Protect(region, MemoryPermissions.Read);
            guest.Memory.Protect(region, MemoryPermissions.All);
            guest.Memory.Unmap(region);
        }

        stop.Cancel();
        cpus.Join();
    }

    private sealed class Zero : IMmioHandler
    {
        public bool Read(ulong gpa, int size, out ulong value)
        {
            value = 0;
            return true;
        }

        public bool Write(ulong gpa, int size, ulong value) => true;
    }

    [Fact]
    public void After_Protect_no_store_gets_through()
    {
        var loop = new Label("loop");
        using var guest = new Guest(loop, Add(X0, X0, 1), Str(X0, Mem(X1)), B(loop));
        guest.Cpu.SetX(1, Guest.Data);
        ulong before = 0, after = 0;
        HostThread host = HostThread.Start(() =>
        {
            SpinWait.SpinUntil(() => guest.Memory.Read<ulong>(Guest.Data) > 1000);
            guest.Memory.Protect(guest.DataRegion, MemoryPermissions.Read);
            before = guest.Memory.Read<ulong>(Guest.Data);
            Thread.Sleep(2);
            after = guest.Memory.Read<ulong>(Guest.Data);
        });
        VmExit exit = guest.Run();
        host.Join();
        Assert.Equal((VmExitReason.Mmio, true, Guest.Data), (exit.Reason, exit.IsWrite, exit.PhysicalAddress));
        Assert.Equal((before, before + 1), (after, exit.Value));
    }

    [Fact]
    public void Two_machines_run_at_once_and_know_nothing_of_each_other()
    {
        ulong[] totals = new ulong[2];
        HostThread[] machines = [.. Enumerable.Range(1, 2).Select(n => HostThread.Start(() =>
        {
            using var guest = new Guest(s_loop, Ldr(X3, Mem(X1)), Add(X3, X3, X2), Str(X3, Mem(X1)), Subs(X0, X0, 1), B(Ne, s_loop), Brk());
            guest.Cpu.SetX(0, 200_000);
            guest.Cpu.SetX(1, Guest.Data);
            guest.Cpu.SetX(2, (ulong)n);
            guest.RunToBreakpoint();
            totals[n - 1] = guest.Memory.Read<ulong>(Guest.Data);
        }))];
        foreach (HostThread machine in machines) machine.Join();
        Assert.Equal([200_000ul, 400_000ul], totals);
    }

    [Fact]
    public void SEV_wakes_the_other_CPU_from_WFE()
    {
        // Each waits for its turn in WFE, adds one, and sends an event.
        const int Rounds = 200;
        var wait = new Label("wait");
        var look = new Label("look");
        using var guest = new Guest(
            look, Ldar(X3, Mem(X1)), And(X4, X3, 1), Cmp(X4, X2), B(Eq, wait), Wfe(), B(look),
            wait, Add(X3, X3, 1), Stlr(X3, Mem(X1)), Sev(), Subs(X0, X0, 1), B(Ne, look), Brk());
        CpuThreads.Run(guest.Machine, 2, (number, cpu) =>
        {
            cpu.SetX(0, Rounds);
            cpu.SetX(1, Guest.Data);
            cpu.SetX(2, (ulong)number);
            cpu.Pc = Guest.Code;
            Assert.Equal(ExceptionClass.Brk64, Guest.Run(cpu).ExceptionClass);
        });
        Assert.Equal(2ul * Rounds, guest.Memory.Read<ulong>(Guest.Data));
    }
}
