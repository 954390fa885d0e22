namespace Armillary.Hvf;

/// <summary>What the machines of Hypervisor.framework are like.</summary>
public sealed record HvfOptions
{
    /// <summary>The pages that the framework has had from its beginning: 16384 bytes.</summary>
    public const int DefaultPageSize = 16384;

    /// <summary>
    /// The unit of guest memory in bytes: 16384, or 4096 where macOS 26 or newer offers it, which costs CPU-bound guests some percent.
    /// The guest's own pages are another matter: it uses what it likes.
    /// </summary>
    public int PageSize { get; init; } = DefaultPageSize;

    /// <summary>
    /// Bits of guest physical addresses, which say how high memory may lie. 0, the default: what the framework gives by itself, 36 bits
    /// (64 GiB) on the Macs that were looked at.
    /// </summary>
    public int AddressBits { get; init; }

    /// <summary>
    /// True to give the guest EL2, so that it can be a hypervisor itself: macOS 15 on an M3 or newer. PSTATE then takes EL2h, and the
    /// virtual CPU starts at EL1h all the same.
    /// </summary>
    public bool HasEL2 { get; init; }

    /// <summary>What a guest that waits for an interrupt sleeps by. Its counter is the host's, which nothing can change.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
