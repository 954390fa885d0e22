namespace Armillary.Hvf;

/// <summary>A region of guest memory as the engine knows it.</summary>
internal sealed class HvfRegion(GuestMemoryRegion region)
{
    public GuestMemoryRegion Region { get; } = region;

    /// <summary>True once its dirty pages were asked for: pages that are not dirty have no write permission.</summary>
    public bool IsWatched { get; set; }
}
