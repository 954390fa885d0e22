using System.Diagnostics.CodeAnalysis;

namespace Armillary;

/// <summary>A range of guest physical addresses that host memory backs. <see cref="GuestMemory"/> owns it.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "GuestMemory.Unmap and the virtual machine's Dispose free it.")]
public sealed unsafe class GuestMemoryRegion
{
    /// <summary>Bytes that one bit of the dirty bitmap stands for.</summary>
    public const int DirtyPageSize = 4096;

    // The guest's bytes, and behind them the dirty bitmap: neither costs anything until it is touched.
    private readonly HostMemory _host;

    internal GuestMemoryRegion(ulong address, ulong size, MemoryPermissions permissions)
    {
        Address = address;
        Size = size;
        Permissions = permissions;
        DirtyBitmapLength = (int)(((size / DirtyPageSize) + 63) / 64);
        _host = new HostMemory(size + ((ulong)DirtyBitmapLength * sizeof(ulong)));
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

    // The reference keeps the memory while a host thread copies and another unmaps.
    internal bool TryCopyOut(ulong gpa, Span<byte> destination)
    {
        if (!TryHold()) return false;
        new ReadOnlySpan<byte>(_host.Pointer + (gpa - Address), destination.Length).CopyTo(destination);
        _host.DangerousRelease();
        return true;
    }

    internal bool TryCopyIn(ulong gpa, ReadOnlySpan<byte> source)
    {
        if (!TryHold()) return false;
        source.CopyTo(new Span<byte>(_host.Pointer + (gpa - Address), source.Length));
        for (ulong page = gpa & ~(ulong)(DirtyPageSize - 1); page < gpa + (ulong)source.Length; page += DirtyPageSize) MarkDirty(page);
        _host.DangerousRelease();
        return true;
    }

    internal void Free() => _host.Dispose();

    private ulong* Dirty => (ulong*)(_host.Pointer + Size);

    private bool TryHold()
    {
        bool held = false;
        try
        {
            _host.DangerousAddRef(ref held);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        return held;
    }
}
