using System.Buffers.Binary;
using Armillary.Arm64;
using Armillary.Cli.Semihosting;

namespace Armillary.Cli;

/// <summary><c>armillary exec</c>: makes the machine, runs it and reports.</summary>
internal static class Exec
{
    public static int Run(ExecRequest request, Surroundings surroundings)
    {
        if (request.Engine.Probe() is { IsAvailable: false } status) throw new EngineUnavailableException(request.Engine.Name, status);
        GuestImage image = ImageOptions.Read(request.File, request.Load);
        IReadOnlyList<MemoryRange> memory = request.Memory.Count > 0 ? request.Memory : [DefaultMemory.For(image)];
        ulong entry = request.Entry ?? image.EntryPoint ?? throw new UsageException($"{request.File} names no entry point: give one with --entry ADDR.");
        using Hypervisor hypervisor = CreateMachine(request.Engine, memory);
        image.WriteTo(hypervisor.VirtualMachine.Memory);
        VirtualCpu cpu = hypervisor.VirtualCpu;
        cpu.Pc = entry;
        foreach (RegisterAssignment assignment in request.Registers.OrderBy(r => r.Kind)) assignment.Apply(cpu);

        using var timeout = new CancellationTokenSource(request.Timeout ?? Timeout.InfiniteTimeSpan, surroundings.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, surroundings.Interrupt);
        StepCallback? trace = request.Trace ? (c, _) => Trace(c, surroundings.Error) : null;
        ulong? before = cpu.InstructionCount;
        using Semihost? semihost = request.Semihosting is { } options ? new Semihost(options, GuestHeap.For(image, memory), surroundings, stop.Token) : null;
        cpu.TrapSemihosting = semihost is not null;
        long start = surroundings.Time.GetTimestamp();
        VmExitInfo info = Run(hypervisor, request.MaxExits, trace, semihost, stop.Token);
        var report = new ExecReport
        {
            Engine = request.Engine.Name,
            Info = info,
            Outcome = Outcome(info, surroundings.Interrupt),
            GuestStatus = semihost?.ExitStatus,
            ExitLimit = request.MaxExits,
            TimeLimit = request.Timeout,
            Instructions = cpu.InstructionCount - before,
            Elapsed = surroundings.Time.GetElapsedTime(start),
        };

        // Standard output is the guest's if it has one, and a guest that has ended itself has said what there is to say.
        TextWriter output = semihost is null ? surroundings.Out : surroundings.Error;
        if (request.Json) report.WriteJson(output);
        else if (report.GuestStatus is null) report.WriteText(output);
        if (report.ExitCode != ExitCode.Success && report.GuestStatus is null) surroundings.Complain(report.Message);
        return report.ExitCode;
    }

    private static VmExitInfo Run(Hypervisor hypervisor, long? maxExits, StepCallback? trace, Semihost? semihost, CancellationToken stop)
    {
        while (true)
        {
            VmExitInfo info = hypervisor.Run(maxExits, trace, stop);
            maxExits -= info.Iterations;
            bool isCall = semihost is not null && info.Outcome == RunOutcome.GuestExit && info.Reason == VmExitReason.Semihosting;
            if (!isCall || !semihost!.Answer(hypervisor.VirtualCpu)) return info;
        }
    }

    private static Hypervisor CreateMachine(Backend engine, IReadOnlyList<MemoryRange> memory)
    {
        Hypervisor? hypervisor = null;
        try
        {
            hypervisor = new Hypervisor(memory[0].Address, memory[0].Size, new HypervisorOptions { Engine = engine, Pstate = Pstate.Daif | Pstate.EL1h });
            ulong page = (ulong)hypervisor.VirtualMachine.PageSize;
            foreach (MemoryRange range in memory.Skip(1)) hypervisor.VirtualMachine.Memory.Map(range.Address, (range.Size + (page - 1)) & ~(page - 1));
            return hypervisor;
        }
        catch (GuestMemoryException error)
        {
            hypervisor?.Dispose();
            throw new UsageException("--memory: " + error.Message);
        }
        catch
        {
            hypervisor?.Dispose();
            throw;
        }
    }

    private static ExecOutcome Outcome(VmExitInfo info, CancellationToken interrupt) => info.Outcome switch
    {
        RunOutcome.LimitReached => ExecOutcome.ExitLimit,
        RunOutcome.Canceled => interrupt.IsCancellationRequested ? ExecOutcome.Interrupted : ExecOutcome.TimeLimit,
        _ => ExecOutcome.Exit,
    };

    private static bool Trace(VirtualCpu cpu, TextWriter output)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        ulong pc = cpu.Pc;
        bool known = cpu.TryTranslate(pc, out ulong gpa, MemoryPermissions.Execute) && cpu.VirtualMachine.Memory.TryRead(gpa, word);
        output.WriteLine(known ? Listing.Line(pc, BinaryPrimitives.ReadUInt32LittleEndian(word)) : Listing.Line(pc));
        return true;
    }
}
