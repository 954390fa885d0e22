namespace Armillary.Emulation.Memory;

/// <summary>What the software engine knows of a region of guest memory: which pages hold predecoded code.</summary>
internal sealed unsafe class SoftwareRegion(GuestMemoryRegion region)
{
    private const int PageShift = 12;

    private const int ChunkShift = 12;

    // Stores to a code page since it was marked; 0 for a page without code. In chunks of 4096 pages, made when one has code.
    private readonly byte[]?[] _storesToCode = new byte[((region.Size >> PageShift) + (1 << ChunkShift) - 1) >> ChunkShift][];

    public GuestMemoryRegion Region { get; } = region;

    public MemoryPermissions Permissions => Region.Permissions;

    public byte* Host(ulong gpa) => Region.Pointer + (gpa - Region.Address);

    public void MarkDirty(ulong gpa) => Region.MarkDirty(gpa);

    public bool HasCode(ulong gpa)
    {
        ulong page = PageOf(gpa);
        return Volatile.Read(ref _storesToCode[page >> ChunkShift]) is { } chunk && Volatile.Read(ref chunk[page & ChunkMask]) != 0;
    }

    /// <summary>True if the page was not marked before.</summary>
    public bool MarkCode(ulong gpa)
    {
        ulong page = PageOf(gpa);
        ref byte[]? chunk = ref _storesToCode[page >> ChunkShift];
        if (chunk is null) Interlocked.CompareExchange(ref chunk, new byte[1 << ChunkShift], null);
        return Interlocked.CompareExchange(ref chunk[page & ChunkMask], 1, 0) == 0;
    }

    /// <summary>
    /// Counts a store to a code page. True when there were so many that the page is better taken for data; its mark is
    /// gone then.
    /// </summary>
    public bool CountStore(ulong gpa)
    {
        const byte Enough = 64;
        ulong page = PageOf(gpa);
        ref byte count = ref _storesToCode[page >> ChunkShift]![page & ChunkMask];
        count = count >= Enough ? (byte)0 : (byte)(count + 1);
        return count == 0;
    }

    private const ulong ChunkMask = (1 << ChunkShift) - 1;

    private ulong PageOf(ulong gpa) => (gpa - Region.Address) >> PageShift;
}
