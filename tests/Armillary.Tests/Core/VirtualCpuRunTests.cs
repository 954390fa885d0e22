using Armillary.Arm64;
using Armillary.Tests.Engine;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Core;

/// <summary>Who may call a virtual CPU, and what ends a run.</summary>
public sealed class VirtualCpuRunTests : IDisposable
{
    private static readonly Label s_loop = new("loop");

    // Adds one to X0 for ever, and writes it to a device if X1 points to one.
    private readonly Guest _guest = new(s_loop, Add(X0, X0, 1), Str(X0, Mem(X1)), B(s_loop));

    private VirtualCpu Cpu => _guest.Cpu;

    public VirtualCpuRunTests() => Cpu.SetX(1, Guest.Data);

    public void Dispose() => _guest.Dispose();

    private void OnEveryStore(Action action)
    {
        Cpu.SetX(1, Guest.Device);
        Cpu.MmioHandler = new RecordingDevice
        {
            Before = _ =>
            {
                action();
                return true;
            },
        };
    }

    [Fact]
    public void Another_thread_is_refused_with_both_numbers()
    {
        int owner = Environment.CurrentManagedThreadId;
        HostThread.Start(() =>
        {
            VirtualCpuThreadException error = Assert.Throws<VirtualCpuThreadException>(() => Cpu.Run());
            Assert.Equal((0, owner, Environment.CurrentManagedThreadId), (error.Index, error.OwnerThreadId, error.CallerThreadId));
            foreach (Action call in (Action[])[() => Cpu.Step(), () => Cpu.GetX(0), () => Cpu.SetX(0, 1), () => Cpu.Pc = 0, () => _ = Cpu.Pc, () => _ = Cpu.Pstate, () => Cpu.Pstate = 0, () => _ = Cpu.Sp,
                () => Cpu.GetV(0), () => Cpu.SetV(0, 1), () => Cpu.GetSystemRegister(SystemRegister.NZCV), () => Cpu.SetSystemRegister(SystemRegister.NZCV, 0), () => _ = Cpu.InstructionCount,
                () => Cpu.TrapDebugExceptions = true, () => Cpu.CompleteMmioRead(0)])
            {
                Assert.Throws<VirtualCpuThreadException>(call);
            }

            Cpu.RequestExit();
            Assert.False(Cpu.IsRunning);
        }).Join();
        Assert.Equal(VmExitReason.Canceled, _guest.Run().Reason);
    }

    [Fact]
    public void A_handler_may_not_run_its_CPU()
    {
        OnEveryStore(() =>
        {
            Assert.True(Cpu.IsRunning);
            Assert.Throws<InvalidOperationException>(() => Cpu.Run());
            Assert.Throws<InvalidOperationException>(() => Cpu.Step());
            Assert.Throws<InvalidOperationException>(() => Cpu.CompleteMmioRead(1));
            Cpu.RequestExit();
        });
        Assert.Equal((VmExitReason.Canceled, 1ul, false), (_guest.Run().Reason, _guest.X(0), Cpu.IsRunning));
    }

    [Fact]
    public void A_request_before_the_run_ends_it_once_before_any_instruction()
    {
        Cpu.RequestExit();
        Cpu.RequestExit();
        VmExit exit = _guest.Run();
        Assert.Equal((default, Guest.Code, 0ul), (exit, Cpu.Pc, _guest.X(0)));
        OnEveryStore(() => throw new IOException());
        Assert.Throws<IOException>(() => _guest.Run()); // requests do not add up
    }

    [Fact]
    public void A_request_of_a_handler_ends_the_run_after_the_instruction()
    {
        OnEveryStore(Cpu.RequestExit);
        for (ulong i = 1; i < 5; i++)
        {
            Assert.Equal((VmExitReason.Canceled, Guest.Code + 8, i), (_guest.Run().Reason, Cpu.Pc, _guest.X(0)));
        }
    }

    [Fact]
    public void Requests_of_another_thread_are_never_lost()
    {
        // Each run needs a request of its own; the other thread makes one whenever it sees that one was served.
        const int Runs = 100;
        int served = 0;
        HostThread requests = HostThread.Start(() =>
        {
            for (int i = 0; i < Runs; i++)
            {
                SpinWait.SpinUntil(() => Volatile.Read(ref served) == i);
                Cpu.RequestExit();
            }
        });
        for (int i = 0; i < Runs; i++)
        {
            Assert.Equal(VmExitReason.Canceled, _guest.Run().Reason);
            Volatile.Write(ref served, i + 1);
        }

        requests.Join();
        OnEveryStore(() => throw new IOException());
        Assert.Throws<IOException>(() => _guest.Run()); // and none is left
    }

    [Fact]
    public void A_cancelled_token_ends_the_run_before_any_instruction()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Equal((default, 0ul), (Cpu.Run(source.Token), _guest.X(0)));
        OnEveryStore(() => throw new IOException());
        Assert.Throws<IOException>(() => _guest.Run());
    }

    [Fact]
    public void A_token_cancelled_during_the_run_ends_it()
    {
        for (int i = 0; i < 20; i++)
        {
            using var source = new CancellationTokenSource();
            HostThread cancel = HostThread.Start(() =>
            {
                SpinWait.SpinUntil(() => Cpu.IsRunning);
                source.Cancel();
            });
            Assert.Equal(VmExitReason.Canceled, Cpu.Run(source.Token).Reason);
            cancel.Join();
        }

        Assert.True(Cpu.InstructionCount > 0);
    }

    // The run ends with what the guest did first; the token's late cancellation is not the next run's business.
    [Fact]
    public void A_token_cancelled_too_late_does_not_end_the_next_run()
    {
        using var source = new CancellationTokenSource();
        _guest.Write(Guest.Code, Str(X0, Mem(X1)), Brk(1), Brk(2));
        OnEveryStore(source.Cancel);
        Assert.Equal(0xf200_0001ul, Cpu.Run(source.Token).Syndrome.Value);
        Cpu.Pc += 4;
        Assert.Equal(0xf200_0002ul, Cpu.Run().Syndrome.Value);
    }

    // But a request is: the one who made it may have come just behind the exit.
    [Fact]
    public void A_request_made_too_late_ends_the_next_run()
    {
        _guest.Write(Guest.Code, Str(X0, Mem(X1)), Brk(1), Brk(2));
        OnEveryStore(Cpu.RequestExit);
        Assert.Equal(0xf200_0001ul, _guest.Run().Syndrome.Value);
        Cpu.Pc += 4;
        Assert.Equal((VmExitReason.Canceled, Guest.Code + 8), (_guest.Run().Reason, Cpu.Pc));
        Assert.Equal(0xf200_0002ul, _guest.Run().Syndrome.Value);
    }

    [Fact]
    public void There_are_as_many_CPUs_as_the_engine_says()
    {
        int max = _guest.Machine.MaxVirtualCpus;
        for (int i = 1; i < max; i++) Assert.Equal(i, _guest.Machine.CreateVirtualCpu().Index);
        Assert.Contains($"{max}", Assert.Throws<ArmillaryException>(() => _guest.Machine.CreateVirtualCpu()).Message, StringComparison.Ordinal);
        Assert.Equal(max, _guest.Machine.VirtualCpus.Count);
    }
}
