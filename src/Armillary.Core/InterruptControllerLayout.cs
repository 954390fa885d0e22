namespace Armillary;

/// <summary>Where an engine's own GICv3 is and what it serves.</summary>
public sealed record InterruptControllerLayout
{
    /// <summary>Guest physical address of the distributor, 64 KiB, a multiple of that.</summary>
    public required ulong Distributor { get; init; }

    /// <summary>Guest physical address of the redistributors, 128 KiB a virtual CPU, one behind the other; a multiple of 64 KiB.</summary>
    public required ulong Redistributors { get; init; }

    /// <summary>How many virtual CPUs the machine will have.</summary>
    public required int Cpus { get; init; }

    /// <summary>Shared interrupts (SPIs): a multiple of 32, 32 to 960.</summary>
    public required int SharedInterrupts { get; init; }

    /// <summary>Bytes of the distributor, and of half a redistributor (Arm IHI 0069H, 12.10).</summary>
    internal const ulong FrameSize = 0x1_0000;

    /// <summary>Bytes of the redistributors of all virtual CPUs.</summary>
    public ulong RedistributorsSize => 2 * FrameSize * (ulong)Cpus;
}
