namespace Armillary.Machine;

/// <summary>Why a <see cref="Machine"/> stopped.</summary>
public enum MachineExitReason
{
    /// <summary>The token was cancelled.</summary>
    Canceled,

    /// <summary>The guest switched itself off.</summary>
    PowerOff,

    /// <summary>The guest asked for a reset.</summary>
    Reset,

    /// <summary>A virtual CPU did what nobody can answer.</summary>
    Fault,
}

/// <summary>How a <see cref="Machine"/> stopped.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Message">The same for people.</param>
public sealed record MachineExit(MachineExitReason Reason, string Message)
{
    /// <summary>Where the virtual CPUs were.</summary>
    public IReadOnlyList<CpuPlace> Places { get; init; } = [];
}
