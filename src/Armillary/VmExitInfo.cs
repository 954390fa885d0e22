using System.Globalization;
using System.Text;
using Armillary.Arm64;

namespace Armillary;

/// <summary>Why and where a <see cref="Hypervisor.Run"/> ended, and the registers at that moment.</summary>
/// <remarks>It is a copy: it stays as it is when the guest runs on.</remarks>
public sealed class VmExitInfo
{
    private readonly ulong[] _x = new ulong[31];

    internal VmExitInfo(VirtualCpu cpu, in VmExit exit, RunOutcome outcome, long iterations)
    {
        Exit = exit;
        Outcome = outcome;
        Iterations = iterations;
        Pc = cpu.Pc;
        Sp = cpu.Sp;
        Pstate = cpu.Pstate;
        for (int i = 0; i < _x.Length; i++) _x[i] = cpu.GetX(i);
        Description = outcome switch
        {
            RunOutcome.LimitReached => $"iteration limit of {iterations} reached at 0x{Pc:x}",
            RunOutcome.Stopped => $"stopped by the step callback before 0x{Pc:x}",
            RunOutcome.Canceled => $"canceled at 0x{Pc:x}",
            _ => ExitDescription.Of(exit, cpu),
        };
    }

    /// <summary>Who ended the run: the guest, the limit, the step callback or a cancellation.</summary>
    public RunOutcome Outcome { get; }

    /// <summary>The last exit of the engine. <see cref="VmExitReason.Canceled"/> with nothing else if the guest was never entered.</summary>
    public VmExit Exit { get; }

    /// <summary>What the engine said last, whatever <see cref="Outcome"/> is: after a limit under a step callback, the last step.</summary>
    public VmExitReason Reason => Exit.Reason;

    /// <summary>The reason in the spelling of Hypervisor.framework: <c>EXCEPTION</c>, <c>MMIO</c> or <c>CANCELED</c>; <c>SEMIHOSTING</c> is ours.</summary>
    public string ReasonName => Exit.Reason switch
    {
        VmExitReason.Exception => "EXCEPTION",
        VmExitReason.Mmio => "MMIO",
        VmExitReason.Semihosting => "SEMIHOSTING",
        _ => "CANCELED",
    };

    /// <summary>One line for people that says what ended the run, such as <c>BRK #0 at 0x10004</c>. Not for parsing.</summary>
    public string Description { get; }

    /// <summary>Iterations that the run used: instructions with a step callback, VM entries without.</summary>
    public long Iterations { get; }

    /// <summary>The syndrome, in the layout of ESR_EL2.</summary>
    public Syndrome Syndrome => Exit.Syndrome;

    /// <summary>The virtual address of an abort, a watchpoint or an MMIO access; null for anything else.</summary>
    public ulong? FaultAddress => Exit.Reason == VmExitReason.Mmio || (Exit.Reason == VmExitReason.Exception && Exit.ExceptionClass is
        ExceptionClass.InstructionAbortLower or ExceptionClass.DataAbortLower or ExceptionClass.WatchpointLower) ? Exit.VirtualAddress : null;

    /// <summary>Program counter.</summary>
    public ulong Pc { get; }

    /// <summary>The stack pointer that PSTATE selects.</summary>
    public ulong Sp { get; }

    /// <summary>Process state, in the layout of <see cref="Arm64.Pstate"/>.</summary>
    public uint Pstate { get; }

    /// <summary>X0 to X30.</summary>
    public IReadOnlyList<ulong> X => _x;

    /// <summary>The block that the examples print: reason, PC and X0.</summary>
    public override string ToString() => new StringBuilder("VM Exit:")
        .Append(CultureInfo.InvariantCulture, $"\n  - Reason: {ReasonName}")
        .Append(CultureInfo.InvariantCulture, $"\n  - PC: 0x{Pc:x}")
        .Append(CultureInfo.InvariantCulture, $"\n  - X0: {X[0]} (0x{X[0]:x})")
        .ToString();
}
