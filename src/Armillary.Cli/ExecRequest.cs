using Armillary.Cli.Semihosting;

namespace Armillary.Cli;

/// <summary>What <c>armillary exec</c> is asked to do.</summary>
internal sealed record ExecRequest
{
    public required string File { get; init; }

    public required Backend Engine { get; init; }

    public ulong? Load { get; init; }

    public ulong? Entry { get; init; }

    public IReadOnlyList<MemoryRange> Memory { get; init; } = [];

    public IReadOnlyList<RegisterAssignment> Registers { get; init; } = [];

    public long? MaxExits { get; init; }

    public TimeSpan? Timeout { get; init; }

    public bool Trace { get; init; }

    public bool Json { get; init; }

    /// <summary>Null: HLT is undefined.</summary>
    public SemihostingOptions? Semihosting { get; init; }
}
