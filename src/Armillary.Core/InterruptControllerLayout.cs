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
}
