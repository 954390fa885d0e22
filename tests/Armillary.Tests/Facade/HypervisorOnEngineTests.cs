using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Facade;

/// <summary>The facade on every engine that this machine offers.</summary>
public sealed class HypervisorOnEngineTests
{
    public static TheoryData<string> Engines => [.. Backends.All.Where(b => b.Probe().IsAvailable).Select(b => b.Name)];

    private static Hypervisor Create(string engine, IMmioHandler? handler = null)
        => new(0x10000, 4096, new HypervisorOptions { Engine = Backends.Find(engine), MmioHandler = handler });

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_run_and_single_steps_give_the_same_result(string engine)
    {
        using Hypervisor run = Create(engine);
        using Hypervisor steps = Create(engine);
        var loop = new Label("loop");
        foreach (Hypervisor hypervisor in new[] { run, steps })
        {
            hypervisor.WriteInstructions(Mov(X0, 0), Mov(X1, 1), Mov(X2, 10), loop, Add(X3, X0, X1), Mov(X0, X1), Mov(X1, X3), Subs(X2, X2, 1), B(Ne, loop), Brk(9));
        }

        VmExitInfo whole = run.Run();
        VmExitInfo stepped = steps.Run(stepCallback: (_, _) => true);
        Assert.Equal(whole.X, stepped.X);
        Assert.Equal(whole.Exit, stepped.Exit);
        Assert.Equal(whole.Pc, stepped.Pc);
        Assert.Equal(whole.Pstate, stepped.Pstate);
        Assert.Equal(1, whole.Iterations);
        Assert.Equal(3 + (5 * 10) + 1, stepped.Iterations);
        Assert.Equal("BRK #9 at 0x10020", whole.Description);
        Assert.Equal(55ul, whole.X[0]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void BRK_stays_where_it_is_until_PC_is_moved(string engine)
    {
        using Hypervisor hypervisor = Create(engine);
        hypervisor.WriteInstructions(Brk(1), Mov(X0, 5), Brk(2));
        Assert.Equal(0x10000ul, hypervisor.Run().Pc);
        Assert.Equal(0x10000ul, hypervisor.Run().Pc);
        hypervisor.VirtualCpu.Pc += 4;
        VmExitInfo info = hypervisor.Run();
        Assert.Equal(2, info.Syndrome.Immediate);
        Assert.Equal(5ul, info.X[0]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void After_WFI_the_next_run_goes_on(string engine)
    {
        using Hypervisor hypervisor = Create(engine);
        hypervisor.WriteInstructions(Wfi(), Brk());
        Assert.Equal("WFI at 0x10000, and no interrupt can come", hypervisor.Run().Description);
        Assert.Equal("BRK #0 at 0x10004", hypervisor.Run().Description);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_guest_that_loops_for_ever_is_ended_by_a_token(string engine)
    {
        using var source = new CancellationTokenSource();
        using Hypervisor hypervisor = Create(engine, new Canceller(source));
        var loop = new Label("loop");
        hypervisor.WriteInstructions(Mov(X1, 0x900_0000), Str(X0, Mem(X1)), loop, B(loop));
        Assert.Equal(RunOutcome.Canceled, hypervisor.Run(cancellationToken: source.Token).Outcome);
        VmExitInfo info = hypervisor.Run(maxIterations: 10, stepCallback: (_, _) => true);
        Assert.Equal(RunOutcome.LimitReached, info.Outcome);
        Assert.Equal(0x10008ul, info.Pc);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_guest_without_vectors_ends_by_an_abort_that_tells_what_it_did(string engine)
    {
        using Hypervisor hypervisor = Create(engine);
        hypervisor.WriteInstructions(Nop(), Udf());
        VmExitInfo info = hypervisor.Run();
        Assert.Equal(ExceptionClass.InstructionAbortLower, info.Exit.ExceptionClass);
        Assert.Equal(0ul, info.FaultAddress);
        Assert.Contains("from PC ELR_EL1 = 0x10004", info.Description, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_read_that_nobody_answers_takes_the_value_given_to_it(string engine)
    {
        using Hypervisor hypervisor = Create(engine);
        hypervisor.WriteInstructions(Mov(X1, 0x900_0000), Ldr(W0, Mem(X1)), Brk());
        VmExitInfo info = hypervisor.Run();
        Assert.Equal(VmExitReason.Mmio, info.Reason);
        Assert.Equal(0x900_0000ul, info.FaultAddress);
        hypervisor.VirtualCpu.CompleteMmioRead(0x1234_5678_9abc_def0);
        Assert.Equal(0x9abc_def0ul, hypervisor.Run().X[0]);
    }

    private sealed class Canceller(CancellationTokenSource source) : IMmioHandler
    {
        public bool Read(ulong gpa, int size, out ulong value)
        {
            value = 0;
            return false;
        }

        public bool Write(ulong gpa, int size, ulong value)
        {
            source.Cancel();
            return true;
        }
    }
}
