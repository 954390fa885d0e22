
namespace Armillary;

/// <summary>
/// The guest physical memory of a virtual machine: regions of host memory at guest physical addresses (gpa).
/// Every access is bounds-checked. Accesses are safe from any thread; a read that races with the guest sees some mix of
/// old and new bytes. Mapping is done by one thread at a time.
/// </summary>
public sealed unsafe class GuestMemory
{
    /// <summary>Guest physical addresses have at most this many bits.</summary>
    public const int MaxAddressBits = 48;

    private readonly VirtualMachine _machine;
    private GuestMemoryRegion[] _regions = []; // sorted by address, replaced whole so that readers need no lock

    internal GuestMemory(VirtualMachine machine) => _machine = machine;

    /// <summary>The regions, sorted by address.</summary>
    public IReadOnlyList<GuestMemoryRegion> Regions => _regions;

    /// <summary>Backs a range of guest physical addresses with zeroed host memory.</summary>
    /// <param name="gpa">First address, a multiple of <see cref="VirtualMachine.PageSize"/>.</param>
    /// <param name="size">Length in bytes, a multiple of <see cref="VirtualMachine.PageSize"/>, not 0.</param>
    /// <param name="permissions">What the guest may do with it.</param>
    /// <exception cref="GuestMemoryException">The range is empty, misaligned, beyond 48 bits, or overlaps a region.</exception>
    public GuestMemoryRegion Map(ulong gpa, ulong size, MemoryPermissions permissions = MemoryPermissions.All)
    {
        _machine.ThrowIfDisposed();
        if ((permissions & ~MemoryPermissions.All) != 0) throw new ArgumentOutOfRangeException(nameof(permissions), permissions, "Not a combination of Read, Write and Execute.");
        ulong page = (ulong)_machine.PageSize;
        if (size == 0) throw new GuestMemoryException($"Guest memory at 0x{gpa:x} needs a size of at least one page (0x{page:x}), not 0.", gpa, size);
        if (gpa % page != 0 || size % page != 0) throw new GuestMemoryException($"Guest memory at 0x{gpa:x} of 0x{size:x} bytes is not aligned to the engine's page of 0x{page:x} bytes.", gpa, size);
        if (size > (1UL << MaxAddressBits) || gpa > (1UL << MaxAddressBits) - size) throw new GuestMemoryException($"Guest memory at 0x{gpa:x} of 0x{size:x} bytes reaches beyond {MaxAddressBits}-bit guest physical addresses.", gpa, size);
        if (size / GuestMemoryRegion.DirtyPageSize > (ulong)Array.MaxLength) throw new GuestMemoryException($"Guest memory at 0x{gpa:x} of 0x{size:x} bytes is more than one region can have (0x{(ulong)Array.MaxLength * GuestMemoryRegion.DirtyPageSize:x} bytes): map several.", gpa, size);
        foreach (GuestMemoryRegion other in _regions)
        {
            if (gpa <= other.LastAddress && other.Address <= gpa + (size - 1))
            {
                throw new GuestMemoryException($"Guest memory at 0x{gpa:x} of 0x{size:x} bytes overlaps the region at 0x{other.Address:x} of 0x{other.Size:x} bytes.", gpa, size);
            }
        }

        var region = new GuestMemoryRegion(gpa, size, permissions, new HostMemory(size, page));
        try
        {
            _machine.MapRegion(region);
        }
        catch
        {
            region.Free();
            throw;
        }

        _regions = [.. _regions.Append(region).OrderBy(r => r.Address)];
        return region;
    }

    /// <summary>Takes a region away. The guest's next access to it is an MMIO exit or an instruction abort.</summary>
    public void Unmap(GuestMemoryRegion region)
    {
        ThrowIfNotMine(region);
        _regions = [.. _regions.Where(r => r != region)];
        _machine.UnmapRegion(region);
        region.Free();
    }

    /// <summary>Changes what the guest may do with a region.</summary>
    public void Protect(GuestMemoryRegion region, MemoryPermissions permissions)
    {
        ThrowIfNotMine(region);
        if ((permissions & ~MemoryPermissions.All) != 0) throw new ArgumentOutOfRangeException(nameof(permissions), permissions, "Not a combination of Read, Write and Execute.");
        region.Permissions = permissions;
        _machine.ProtectRegion(region);
    }

    /// <summary>
    /// Copies the region's dirty bitmap and clears it. Bit n of word w stands for the page of
    /// <see cref="GuestMemoryRegion.DirtyPageSize"/> bytes number 64 w + n. Host and guest writes count; a write made while
    /// this runs is in this bitmap or in the next.
    /// </summary>
    /// <param name="region">A region of this memory.</param>
    /// <param name="bitmap">At least <see cref="GuestMemoryRegion.DirtyBitmapLength"/> words.</param>
    public void CollectDirtyPages(GuestMemoryRegion region, Span<ulong> bitmap)
    {
        ThrowIfNotMine(region);
        if (bitmap.Length < region.DirtyBitmapLength) throw new ArgumentException($"The bitmap has {bitmap.Length} words and needs {region.DirtyBitmapLength}.", nameof(bitmap));
        _machine.CollectDirty(region, bitmap);
    }

    /// <summary>True if every byte of the range is backed.</summary>
    public bool IsMapped(ulong gpa, ulong length) => length == 0 || Covers(gpa, length);

    /// <summary>Copies guest memory to the host.</summary>
    /// <exception cref="GuestMemoryException">Some byte of the range is not backed; <paramref name="destination"/> is undefined then.</exception>
    public void Read(ulong gpa, Span<byte> destination)
    {
        if (!TryRead(gpa, destination)) throw NotBacked(gpa, (ulong)destination.Length, "read");
    }

    /// <summary>Copies guest memory to the host if every byte of the range is backed.</summary>
    public bool TryRead(ulong gpa, Span<byte> destination)
    {
        if (!IsMapped(gpa, (ulong)destination.Length)) return false;
        while (destination.Length > 0)
        {
            GuestMemoryRegion? region = Find(gpa);
            int length = ChunkLength(region, gpa, destination.Length);
            if (region is null || !region.TryCopyOut(gpa, destination[..length])) return false;
            destination = destination[length..];
            gpa += (ulong)length;
        }

        return true;
    }

    /// <summary>Copies host data to guest memory, whatever the region's permissions.</summary>
    /// <exception cref="GuestMemoryException">Some byte of the range is not backed; nothing was written.</exception>
    public void Write(ulong gpa, ReadOnlySpan<byte> source)
    {
        if (!TryWrite(gpa, source)) throw NotBacked(gpa, (ulong)source.Length, "write");
    }

    /// <summary>Copies host data to guest memory if every byte of the range is backed.</summary>
    public bool TryWrite(ulong gpa, ReadOnlySpan<byte> source)
    {
        if (!IsMapped(gpa, (ulong)source.Length)) return false;
        while (source.Length > 0)
        {
            GuestMemoryRegion? region = Find(gpa);
            int length = ChunkLength(region, gpa, source.Length);
            if (region is null || !region.TryCopyIn(gpa, source[..length])) return false;
            _machine.NoticeHostWrite(gpa, (ulong)length);
            source = source[length..];
            gpa += (ulong)length;
        }

        return true;
    }

    /// <summary>Reads a little-endian value of an unmanaged integer type.</summary>
    public T Read<T>(ulong gpa) where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        Span<byte> bytes = stackalloc byte[sizeof(T)];
        Read(gpa, bytes);
        return T.ReadLittleEndian(bytes, isUnsigned: !T.IsNegative(T.AllBitsSet));
    }

    /// <summary>Writes a little-endian value of an unmanaged integer type.</summary>
    public void Write<T>(ulong gpa, T value) where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        Span<byte> bytes = stackalloc byte[sizeof(T)];
        value.WriteLittleEndian(bytes);
        Write(gpa, bytes);
    }

    internal GuestMemoryRegion? Find(ulong gpa)
    {
        GuestMemoryRegion[] regions = _regions;
        int low = 0, high = regions.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            GuestMemoryRegion region = regions[middle];
            if (region.Contains(gpa)) return region;
            if (gpa < region.Address) high = middle - 1;
            else low = middle + 1;
        }

        return null;
    }

    internal void FreeAll()
    {
        GuestMemoryRegion[] regions = _regions;
        _regions = [];
        foreach (GuestMemoryRegion region in regions) region.Free();
    }

    private bool Covers(ulong gpa, ulong length)
    {
        if (length - 1 > ulong.MaxValue - gpa) return false;
        ulong last = gpa + (length - 1);
        for (GuestMemoryRegion? region = Find(gpa); region is not null; region = Find(region.LastAddress + 1))
        {
            if (last <= region.LastAddress) return true;
        }

        return false;
    }

    private static int ChunkLength(GuestMemoryRegion? region, ulong gpa, int length)
        => region is null ? 0 : (int)Math.Min((ulong)length, region.Size - (gpa - region.Address));

    private void ThrowIfNotMine(GuestMemoryRegion region)
    {
        _machine.ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(region);
        if (Array.IndexOf(_regions, region) < 0) throw new GuestMemoryException($"The region at 0x{region.Address:x} of 0x{region.Size:x} bytes is not mapped in this virtual machine.", region.Address, region.Size);
    }

    private GuestMemoryException NotBacked(ulong gpa, ulong length, string verb)
        => new($"Cannot {verb} 0x{length:x} bytes of guest memory at 0x{gpa:x}: not all of it is backed. " + (_regions.Length == 0
            ? "The virtual machine has no memory."
            : "Backed: " + string.Join(", ", _regions.Take(8).Select(r => $"0x{r.Address:x}-0x{r.LastAddress:x}")) + "."), gpa, length);
}
