namespace Armillary.Machine.Gic;

/// <summary>An interrupt controller as a whole; each version derives from it.</summary>
internal abstract record InterruptControllerState;

/// <summary>A GICv3 as a whole, to be saved and restored.</summary>
internal sealed record GicState(uint Control, BankState Shared, IReadOnlyList<ulong> Routes, IReadOnlyList<GicCpuState> Cpus) : InterruptControllerState;

/// <summary>A CPU's redistributor and CPU interface.</summary>
internal sealed record GicCpuState(uint Control, bool IsAsleep, BankState Private, CpuInterfaceState Interface);

/// <summary>The registers ICC_*.</summary>
internal sealed record CpuInterfaceState(byte PriorityMask, byte BinaryPoint0, byte BinaryPoint1, uint Active0, uint Active1, bool Enabled0, bool Enabled1, bool CommonBinaryPoint, bool SplitEnd);

/// <summary>Interrupts, 32 to a word.</summary>
internal sealed record BankState(
    IReadOnlyList<uint> Group,
    IReadOnlyList<uint> Enabled,
    IReadOnlyList<uint> Latch,
    IReadOnlyList<uint> Line,
    IReadOnlyList<uint> Active,
    IReadOnlyList<uint> Edge,
    IReadOnlyList<byte> Priority)
{
    public IEnumerable<IReadOnlyList<uint>> All() => [Group, Enabled, Latch, Line, Active, Edge];
}

/// <summary>A GICv2 as a whole.</summary>
internal sealed record GicV2State(uint Control, BankState Shared, IReadOnlyList<byte> Targets, IReadOnlyList<GicV2CpuState> Cpus) : InterruptControllerState;

/// <summary>What a GICv2 has of a CPU.</summary>
internal sealed record GicV2CpuState(BankState Private, CpuInterfaceState Interface, IReadOnlyList<byte> Senders, bool AcknowledgesBoth, bool SignalsFiq);
