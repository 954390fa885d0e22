using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

/// <summary>The pages that a virtual CPU wrote, as the kernel tells of them (Linux, Documentation/virt/kvm/api.rst, 8.29): collecting costs as much as was written, however large the memory is.</summary>
internal sealed unsafe class KvmDirtyRing : IDisposable
{
    /// <summary>A power of two. A virtual CPU that fills its ring leaves the guest until it is collected.</summary>
    public const int Length = 4096;

    private readonly kvm_dirty_gfn* _entries;
    private uint _next;

    public KvmDirtyRing(int cpu)
    {
        nint entries = LibC.mmap(0, (nuint)(Length * sizeof(kvm_dirty_gfn)), LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, cpu, KvmIoctl.KVM_DIRTY_LOG_PAGE_OFFSET * Environment.SystemPageSize);
        if (entries == -1) throw KvmHost.Error("mmap of the ring of dirty pages");
        _entries = (kvm_dirty_gfn*)entries;
    }

    /// <summary>Takes what is there; the kernel is to reset the rings then. Under the machine's lock.</summary>
    public int Collect(Action<uint, ulong> mark)
    {
        int count = 0;
        for (; count < Length; count++)
        {
            kvm_dirty_gfn* entry = _entries + (_next % Length);
            if ((Volatile.Read(ref entry->flags) & KvmIoctl.KVM_DIRTY_GFN_F_DIRTY) == 0) break;
            mark(entry->slot, entry->offset);
            Volatile.Write(ref entry->flags, KvmIoctl.KVM_DIRTY_GFN_F_RESET);
            _next++;
        }

        return count;
    }

    public void Dispose() => LibC.munmap((nint)_entries, (nuint)(Length * sizeof(kvm_dirty_gfn)));
}
