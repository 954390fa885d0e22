using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

/// <summary>A region of guest memory and its slot in the kernel.</summary>
internal sealed unsafe class KvmSlot(uint number, GuestMemoryRegion region)
{
    public uint Number { get; } = number;

    public GuestMemoryRegion Region { get; } = region;

    /// <summary>True while the kernel knows of it.</summary>
    public bool IsShown { get; set; }

    /// <summary>True once its dirty pages were asked for.</summary>
    public bool IsWatched { get; set; }

    public kvm_userspace_memory_region Describe() => new()
    {
        slot = Number,
        flags = (Region.Permissions.HasFlag(MemoryPermissions.Write) ? 0 : KvmIoctl.KVM_MEM_READONLY) | (IsWatched ? KvmIoctl.KVM_MEM_LOG_DIRTY_PAGES : 0),
        guest_phys_addr = Region.Address,
        memory_size = Region.Size,
        userspace_addr = (ulong)Region.Pointer,
    };
}
