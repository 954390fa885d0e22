using System.Runtime.InteropServices;

namespace Armillary.Kvm.Interop;

// Structures of <linux/kvm.h> and <asm/kvm.h> of arm64.

/// <summary>The part of the shared page that the engine uses. Exits share the bytes from 32 on.</summary>
[StructLayout(LayoutKind.Explicit, Size = 2352)]
internal struct kvm_run
{
    [FieldOffset(1)]
    public byte immediate_exit;

    [FieldOffset(8)]
    public uint exit_reason;

    [FieldOffset(32)]
    public kvm_run_mmio mmio;

    [FieldOffset(32)]
    public kvm_run_debug debug;

    [FieldOffset(32)]
    public kvm_run_hypercall hypercall;

    [FieldOffset(32)]
    public kvm_run_fail_entry fail_entry;

    [FieldOffset(32)]
    public kvm_run_internal internal_error;

    [FieldOffset(32)]
    public kvm_run_system_event system_event;

    [FieldOffset(304)]
    public ulong device_irq_level;
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_run_mmio
{
    public ulong phys_addr;
    public ulong data;
    public uint len;
    public byte is_write;
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_run_debug
{
    public uint hsr;
    public uint hsr_high;
    public ulong far;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct kvm_run_hypercall
{
    public ulong nr;
    public fixed ulong args[6];
    public ulong ret;
    public ulong flags;
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_run_fail_entry
{
    public ulong hardware_entry_failure_reason;
    public uint cpu;
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_run_internal
{
    public uint suberror;
    public uint ndata;
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_run_system_event
{
    public uint type;
    public uint ndata;
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_userspace_memory_region
{
    public uint slot;
    public uint flags;
    public ulong guest_phys_addr;
    public ulong memory_size;
    public ulong userspace_addr;
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_one_reg
{
    public ulong id;
    public ulong addr;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct kvm_vcpu_init
{
    public uint target;
    public fixed uint features[7];
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_irq_level
{
    public uint irq;
    public uint level;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct kvm_guest_debug
{
    public uint control;
    public uint pad;
    public fixed ulong dbg_bcr[16];
    public fixed ulong dbg_bvr[16];
    public fixed ulong dbg_wcr[16];
    public fixed ulong dbg_wvr[16];
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct kvm_enable_cap
{
    public uint cap;
    public uint flags;
    public fixed ulong args[4];
    public fixed byte pad[64];
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_device_attr
{
    public uint flags;
    public uint group;
    public ulong attr;
    public ulong addr;
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_create_device
{
    public uint type;
    public uint fd;
    public uint flags;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct kvm_irqfd
{
    public uint fd;
    public uint gsi;
    public uint flags;
    public uint resamplefd;
    public fixed byte pad[16];
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct kvm_ioeventfd
{
    public ulong datamatch;
    public ulong addr;
    public uint len;
    public int fd;
    public uint flags;
    public fixed byte pad[36];
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_dirty_log
{
    public uint slot;
    public uint padding;
    public ulong dirty_bitmap;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct kvm_smccc_filter
{
    public uint first; // base in C
    public uint nr_functions;
    public byte action;
    public fixed byte pad[15];
}

[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct kvm_vcpu_events
{
    [FieldOffset(0)]
    public byte serror_pending;

    [FieldOffset(1)]
    public byte serror_has_esr;
}

[StructLayout(LayoutKind.Sequential)]
internal struct kvm_dirty_gfn
{
    public uint flags;
    public uint slot;
    public ulong offset;
}
