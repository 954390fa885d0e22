using System.Diagnostics.CodeAnalysis;

namespace Armillary;

/// <summary>A range of guest physical addresses that host memory backs. <see cref="GuestMemory"/> owns it.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "GuestMemory.Unmap and the virtual machine's Dispose free it.")]
public sealed unsafe class GuestMemoryRegion
{
    /// <summary>Bytes that one bit of the dirty bitmap stands for.</summary>
    public const int DirtyPageSize = 4096;

    // Neither costs anything until it is touched.
    private readonly HostMemory _host, _dirty;

    internal GuestMemoryRegion(ulong address, ulong size, MemoryPermissions permissions, HostMemory host)
    {
        Address = address;
        Size = size;
        Permissions = permissions;
        DirtyBitmapLength = (int)(((size / DirtyPageSize) + 63) / 64);
        _host = host;
        _dirty = new HostMemory((ulong)DirtyBitmapLength * sizeof(ulong), sizeof(ulong));
    }

    /// <summary>First guest physical address.</summary>
    public ulong Address { get; }

    /// <summary>Length in bytes, a multiple of the engine's page size.</summary>
    public ulong Size { get; }

    /// <summary>Last guest physical address.</summary>
    public ulong LastAddress => Address + (Size - 1);

    /// <summary>What the guest may do with it.</summary>
    public MemoryPermissions Permissions { get; internal set; }

    /// <summary>Number of 64-bit words that <see cref="GuestMemory.CollectDirtyPages"/> needs.</summary>
    public int DirtyBitmapLength { get; }

    internal byte* Pointer => _host.Pointer;

    internal bool Contains(ulong gpa) => gpa - Address < Size;

    internal void MarkDirty(ulong gpa)
    {
        ulong page = (gpa - Address) / DirtyPageSize;
        ref ulong word = ref Dirty[page / 64];
        ulong bit = 1UL << (int)(page % 64);
        if ((Volatile.Read(ref word) & bit) == 0) Interlocked.Or(ref word, bit);
    }

    internal void CollectDirty(Span<ulong> bitmap)
    {
        for (int i = 0; i < DirtyBitmapLength; i++) bitmap[i] = Dirty[i] == 0 ? 0 : Interlocked.Exchange(ref Dirty[i], 0);
    }

    // For engines that have not watched until now: any page may have been written to.
    internal void CallAllDirty(Span<ulong> bitmap)
    {
        bitmap[..DirtyBitmapLength].Fill(ulong.MaxValue);
        int last = (int)(Size / DirtyPageSize % 64);
        if (last != 0) bitmap[DirtyBitmapLength - 1] = (1ul << last) - 1;
    }

    // The reference keeps the memory while a host thread copies and another unmaps.
    internal bool TryCopyOut(ulong gpa, Span<byte> destination)
    {
        if (!TryHold()) return false;
        new ReadOnlySpan<byte>(_host.Pointer + (gpa - Address), destination.Length).CopyTo(destination);
        Release();
        return true;
    }

    internal bool TryCopyIn(ulong gpa, ReadOnlySpan<byte> source)
    {
        if (!TryHold()) return false;
        source.CopyTo(new Span<byte>(_host.Pointer + (gpa - Address), source.Length));
        for (ulong page = gpa & ~(ulong)(DirtyPageSize - 1); page < gpa + (ulong)source.Length; page += DirtyPageSize) MarkDirty(page);
        Release();
        return true;
    }

    internal void Free()
    {
        _host.Dispose();
        _dirty.Dispose();
    }

    private ulong* Dirty => (ulong*)_dirty.Pointer;

    // The host's memory last: it is what says whether the region is there.
    private bool TryHold()
    {
        bool dirty = false, host = false;
        try
        {
            _dirty.DangerousAddRef(ref dirty);
            _host.DangerousAddRef(ref host);
            return true;
        }
        catch (ObjectDisposedException)
        {
            if (dirty) _dirty.DangerousRelease();
            return false;
        }
    }

    private void Release()
    {
        _host.DangerousRelease();
        _dirty.DangerousRelease();
    }
}
