using Armillary.Arm64;
using static Armillary.Tests.Facade.ScriptedBackend;

namespace Armillary.Tests.Facade;

public sealed class HypervisorRunTests
{
    private static readonly VmExit s_brk = Exit(ExceptionClass.Brk64);
    private static readonly VmExit s_stepped = Exit(ExceptionClass.SoftwareStepLower);

    private static Hypervisor Create(params VmExit[] exits)
        => new(0x10000, 4096, new HypervisorOptions { Engine = new ScriptedBackend([.. exits.Select(e => (Func<ScriptedCpu, VmExit>)(_ => e))]) });

    [Fact]
    public void A_guest_starts_as_the_seeds_does()
    {
        using Hypervisor hypervisor = Create();
        Assert.Equal(0x10000ul, hypervisor.VirtualCpu.Pc);
        Assert.Equal(0x3c4u, hypervisor.VirtualCpu.Pstate);
        Assert.True(hypervisor.VirtualCpu.TrapDebugExceptions);
        Assert.Null(hypervisor.VirtualCpu.MmioHandler);
    }

    [Fact]
    public void The_first_exit_ends_a_run_and_tells_the_registers()
    {
        using var hypervisor = new Hypervisor(0x10000, 4096, new HypervisorOptions
        {
            Engine = new ScriptedBackend(cpu =>
            {
                for (int i = 0; i < 31; i++) cpu.SetX(i, 42 + (ulong)i);
                cpu.Pc = 0x10004;
                cpu.Sp = 0x10800;
                return Exit(ExceptionClass.Brk64, 7);
            }),
        });
        VmExitInfo info = hypervisor.Run();
        Assert.Equal(RunOutcome.GuestExit, info.Outcome);
        Assert.Equal(VmExitReason.Exception, info.Reason);
        Assert.Equal("BRK #7 at 0x10004", info.Description);
        Assert.Equal(0x10004ul, info.Pc);
        Assert.Equal(0x10800ul, info.Sp);
        Assert.Equal(0x3c4u, info.Pstate);
        Assert.Equal(Enumerable.Range(42, 31).Select(n => (ulong)n), info.X);
        Assert.Equal(0xf2000007, info.Syndrome.Value);
        Assert.Null(info.FaultAddress);
        Assert.Equal(1, info.Iterations);
        Assert.Equal("VM Exit:\n  - Reason: EXCEPTION\n  - PC: 0x10004\n  - X0: 42 (0x2a)", info.ToString());
    }

    [Fact]
    public void Without_a_callback_an_iteration_is_an_entry_and_WFE_goes_on()
    {
        VmExit wfe = Exit(ExceptionClass.WaitForInterruptOrEvent, 1);
        using Hypervisor hypervisor = Create(wfe, wfe, wfe, s_brk);
        VmExitInfo info = hypervisor.Run(maxIterations: 2);
        Assert.Equal(RunOutcome.LimitReached, info.Outcome);
        Assert.Equal(wfe, info.Exit);
        Assert.Equal(2, info.Iterations);
        info = hypervisor.Run(maxIterations: 2);
        Assert.Equal(RunOutcome.GuestExit, info.Outcome);
        Assert.Equal(2, info.Iterations);
        Assert.All(((ScriptedCpu)hypervisor.VirtualCpu).Steps, Assert.False);
    }

    [Fact]
    public void WFI_ends_a_run_since_nothing_could_wake_the_guest()
    {
        using Hypervisor hypervisor = Create(Exit(ExceptionClass.WaitForInterruptOrEvent));
        hypervisor.VirtualCpu.Pc = 0x10004;
        VmExitInfo info = hypervisor.Run();
        Assert.Equal(RunOutcome.GuestExit, info.Outcome);
        Assert.Equal("WFI at 0x10000, and no interrupt can come", info.Description);
    }

    [Fact]
    public void With_a_callback_an_iteration_is_an_instruction()
    {
        using Hypervisor hypervisor = Create(s_stepped, s_stepped, s_stepped, s_brk);
        List<long> seen = [];
        VmExitInfo info = hypervisor.Run(maxIterations: 2, stepCallback: See);
        Assert.Equal(RunOutcome.LimitReached, info.Outcome);
        Assert.Equal(VmExitReason.Exception, info.Reason);
        Assert.Equal(ExceptionClass.SoftwareStepLower, info.Exit.ExceptionClass);
        Assert.Equal([0, 1], seen);
        info = hypervisor.Run(stepCallback: See);
        Assert.Equal(RunOutcome.GuestExit, info.Outcome);
        Assert.Equal([0, 1, 0, 1], seen);
        Assert.All(((ScriptedCpu)hypervisor.VirtualCpu).Steps, Assert.True);

        bool See(VirtualCpu cpu, long iteration)
        {
            seen.Add(iteration);
            return true;
        }
    }

    [Fact]
    public void A_callback_may_stop_the_run_before_an_instruction()
    {
        using Hypervisor hypervisor = Create(s_stepped, s_brk);
        VmExitInfo info = hypervisor.Run(stepCallback: (_, iteration) => iteration < 1);
        Assert.Equal(RunOutcome.Stopped, info.Outcome);
        Assert.Equal(1, info.Iterations);
        Assert.Equal(RunOutcome.GuestExit, hypervisor.Run().Outcome);
    }

    [Fact]
    public void An_exception_of_the_callback_passes_through_and_the_guest_can_go_on()
    {
        using Hypervisor hypervisor = Create(s_brk);
        Assert.Throws<FormatException>(() => hypervisor.Run(stepCallback: (_, _) => throw new FormatException()));
        Assert.Equal(RunOutcome.GuestExit, hypervisor.Run().Outcome);
    }

    [Fact]
    public void A_limit_of_0_runs_nothing()
    {
        using Hypervisor hypervisor = Create();
        VmExitInfo info = hypervisor.Run(maxIterations: 0);
        Assert.Equal(RunOutcome.LimitReached, info.Outcome);
        Assert.Equal(default, info.Exit);
        Assert.Empty(((ScriptedCpu)hypervisor.VirtualCpu).Steps);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void A_negative_limit_is_refused(long limit)
    {
        using Hypervisor hypervisor = Create();
        Assert.Throws<ArgumentOutOfRangeException>("maxIterations", () => hypervisor.Run(limit));
    }

    [Fact]
    public void A_cancelled_token_ends_the_run_without_an_exception()
    {
        using Hypervisor hypervisor = Create(s_brk);
        VmExitInfo info = hypervisor.Run(cancellationToken: new CancellationToken(canceled: true));
        Assert.Equal(RunOutcome.Canceled, info.Outcome);
        Assert.Equal("CANCELED", info.ReasonName);
        Assert.Equal(RunOutcome.GuestExit, hypervisor.Run().Outcome);
    }

    [Fact]
    public void A_read_that_nobody_answers_ends_the_run_and_waits_for_its_value()
    {
        var read = new VmExit { Reason = VmExitReason.Mmio, PhysicalAddress = 0x900_0000, VirtualAddress = 0x900_0000, Size = 4 };
        using Hypervisor hypervisor = Create(read, s_brk);
        VmExitInfo info = hypervisor.Run();
        Assert.Equal("MMIO", info.ReasonName);
        Assert.Equal(0x900_0000ul, info.FaultAddress);
        Assert.Equal("read of 4 bytes at 0x9000000 by 0x10000: no memory is there, and no device answers", info.Description);
        Assert.Throws<InvalidOperationException>(() => hypervisor.Run());
        hypervisor.VirtualCpu.CompleteMmioRead(5);
        Assert.Equal(5ul, hypervisor.Run().X[0]);
    }

    [Fact]
    public void Another_thread_is_refused_and_told_why()
    {
        using Hypervisor hypervisor = Create(s_brk);
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(() => hypervisor.Run()));
        thread.Start();
        thread.Join();
        Assert.IsType<VirtualCpuThreadException>(error);
    }
}
