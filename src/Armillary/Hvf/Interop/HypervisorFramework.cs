using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Armillary.Hvf.Interop;

/// <summary>
/// Hypervisor.framework's functions, under their names and with C's widths: <c>byte</c> is bool, <c>nint</c> an object to be given to
/// os_release, <c>nuint</c> size_t. What a macOS does not have is null.
/// </summary>
/// <remarks>
/// Register accesses do not leave the process (the framework keeps the registers in shared memory), so they make no transition of the
/// garbage collector; everything else may take its time and does.
/// </remarks>
internal sealed unsafe class HypervisorFramework
{
    /// <summary>In dyld's shared cache: no file is there, and loading it works all the same.</summary>
    public const string DefaultPath = "/System/Library/Frameworks/Hypervisor.framework/Hypervisor";

    private readonly nint _library;

    // macOS 11.0, 12.1 for allocation.
    public readonly delegate* unmanaged<uint*, hv_return_t> hv_vm_get_max_vcpu_count;
    public readonly delegate* unmanaged<nint, hv_return_t> hv_vm_create;
    public readonly delegate* unmanaged<hv_return_t> hv_vm_destroy;
    public readonly delegate* unmanaged<void*, ulong, nuint, hv_memory_flags_t, hv_return_t> hv_vm_map;
    public readonly delegate* unmanaged<ulong, nuint, hv_return_t> hv_vm_unmap;
    public readonly delegate* unmanaged<ulong, nuint, hv_memory_flags_t, hv_return_t> hv_vm_protect;

    // macOS 13.0; EL2 15.0; granule 26.0.
    public readonly delegate* unmanaged<nint> hv_vm_config_create;
    public readonly delegate* unmanaged<uint*, hv_return_t> hv_vm_config_get_max_ipa_size;
    public readonly delegate* unmanaged<uint*, hv_return_t> hv_vm_config_get_default_ipa_size;
    public readonly delegate* unmanaged<nint, uint, hv_return_t> hv_vm_config_set_ipa_size;
    public readonly delegate* unmanaged<byte*, hv_return_t> hv_vm_config_get_el2_supported;
    public readonly delegate* unmanaged<nint, byte, hv_return_t> hv_vm_config_set_el2_enabled;
    public readonly delegate* unmanaged<nint, hv_ipa_granule_t, hv_return_t> hv_vm_config_set_ipa_granule;

    // macOS 11.0.
    public readonly delegate* unmanaged<nint> hv_vcpu_config_create;
    public readonly delegate* unmanaged<nint, hv_feature_reg_t, ulong*, hv_return_t> hv_vcpu_config_get_feature_reg;
    public readonly delegate* unmanaged<nint, hv_cache_type_t, ulong*, hv_return_t> hv_vcpu_config_get_ccsidr_el1_sys_reg_values;
    public readonly delegate* unmanaged<ulong*, hv_vcpu_exit_t**, nint, hv_return_t> hv_vcpu_create;
    public readonly delegate* unmanaged<ulong, hv_return_t> hv_vcpu_destroy;
    public readonly delegate* unmanaged<ulong, hv_return_t> hv_vcpu_run;
    public readonly delegate* unmanaged<ulong*, uint, hv_return_t> hv_vcpus_exit;
    public readonly delegate* unmanaged[SuppressGCTransition]<ulong, hv_reg_t, ulong*, hv_return_t> hv_vcpu_get_reg;
    public readonly delegate* unmanaged[SuppressGCTransition]<ulong, hv_reg_t, ulong, hv_return_t> hv_vcpu_set_reg;
    public readonly delegate* unmanaged[SuppressGCTransition]<ulong, uint, Vector128<byte>*, hv_return_t> hv_vcpu_get_simd_fp_reg;
    public readonly delegate* unmanaged<ulong, hv_sys_reg_t, ulong*, hv_return_t> hv_vcpu_get_sys_reg;
    public readonly delegate* unmanaged<ulong, hv_sys_reg_t, ulong, hv_return_t> hv_vcpu_set_sys_reg;
    public readonly delegate* unmanaged<ulong, hv_interrupt_type_t, byte, hv_return_t> hv_vcpu_set_pending_interrupt;
    public readonly delegate* unmanaged<ulong, byte, hv_return_t> hv_vcpu_set_trap_debug_exceptions;
    public readonly delegate* unmanaged<ulong, byte, hv_return_t> hv_vcpu_set_trap_debug_reg_accesses;
    public readonly delegate* unmanaged<ulong, ulong*, hv_return_t> hv_vcpu_get_exec_time;
    public readonly delegate* unmanaged<ulong, byte, hv_return_t> hv_vcpu_set_vtimer_mask;
    public readonly delegate* unmanaged<ulong, ulong, hv_return_t> hv_vcpu_set_vtimer_offset;
    public readonly delegate* unmanaged<ulong, byte, hv_return_t> hv_vcpu_set_serror; // macOS 27.0

    /// <summary>The interrupt controller, of macOS 15.0.</summary>
    public readonly HypervisorGic? Gic;

    private readonly delegate* unmanaged<ulong, uint, hv_simd_fp_uchar16_t, hv_return_t> _setVector;
    private readonly delegate* unmanaged<ulong, uint, Vector128<byte>*, hv_return_t> _setVectorByReference;

    /// <summary>Loads the library and looks the functions up.</summary>
    /// <exception cref="DllNotFoundException">There is no such library.</exception>
    /// <exception cref="EntryPointNotFoundException">It lacks a function of macOS 11.0.</exception>
    public HypervisorFramework(string path)
    {
        _library = NativeLibrary.Load(path);
        hv_vm_get_max_vcpu_count = (delegate* unmanaged<uint*, hv_return_t>)Find(nameof(hv_vm_get_max_vcpu_count));
        hv_vm_create = (delegate* unmanaged<nint, hv_return_t>)Find(nameof(hv_vm_create));
        hv_vm_destroy = (delegate* unmanaged<hv_return_t>)Find(nameof(hv_vm_destroy));
        hv_vm_map = (delegate* unmanaged<void*, ulong, nuint, hv_memory_flags_t, hv_return_t>)Find(nameof(hv_vm_map));
        hv_vm_unmap = (delegate* unmanaged<ulong, nuint, hv_return_t>)Find(nameof(hv_vm_unmap));
        hv_vm_protect = (delegate* unmanaged<ulong, nuint, hv_memory_flags_t, hv_return_t>)Find(nameof(hv_vm_protect));

        hv_vm_config_create = (delegate* unmanaged<nint>)FindNewer(nameof(hv_vm_config_create));
        hv_vm_config_get_max_ipa_size = (delegate* unmanaged<uint*, hv_return_t>)FindNewer(nameof(hv_vm_config_get_max_ipa_size));
        hv_vm_config_get_default_ipa_size = (delegate* unmanaged<uint*, hv_return_t>)FindNewer(nameof(hv_vm_config_get_default_ipa_size));
        hv_vm_config_set_ipa_size = (delegate* unmanaged<nint, uint, hv_return_t>)FindNewer(nameof(hv_vm_config_set_ipa_size));
        hv_vm_config_get_el2_supported = (delegate* unmanaged<byte*, hv_return_t>)FindNewer(nameof(hv_vm_config_get_el2_supported));
        hv_vm_config_set_el2_enabled = (delegate* unmanaged<nint, byte, hv_return_t>)FindNewer(nameof(hv_vm_config_set_el2_enabled));
        hv_vm_config_set_ipa_granule = (delegate* unmanaged<nint, hv_ipa_granule_t, hv_return_t>)FindNewer(nameof(hv_vm_config_set_ipa_granule));

        hv_vcpu_config_create = (delegate* unmanaged<nint>)Find(nameof(hv_vcpu_config_create));
        hv_vcpu_config_get_feature_reg = (delegate* unmanaged<nint, hv_feature_reg_t, ulong*, hv_return_t>)Find(nameof(hv_vcpu_config_get_feature_reg));
        hv_vcpu_config_get_ccsidr_el1_sys_reg_values = (delegate* unmanaged<nint, hv_cache_type_t, ulong*, hv_return_t>)Find(nameof(hv_vcpu_config_get_ccsidr_el1_sys_reg_values));
        hv_vcpu_create = (delegate* unmanaged<ulong*, hv_vcpu_exit_t**, nint, hv_return_t>)Find(nameof(hv_vcpu_create));
        hv_vcpu_destroy = (delegate* unmanaged<ulong, hv_return_t>)Find(nameof(hv_vcpu_destroy));
        hv_vcpu_run = (delegate* unmanaged<ulong, hv_return_t>)Find(nameof(hv_vcpu_run));
        hv_vcpus_exit = (delegate* unmanaged<ulong*, uint, hv_return_t>)Find(nameof(hv_vcpus_exit));
        hv_vcpu_get_reg = (delegate* unmanaged[SuppressGCTransition]<ulong, hv_reg_t, ulong*, hv_return_t>)Find(nameof(hv_vcpu_get_reg));
        hv_vcpu_set_reg = (delegate* unmanaged[SuppressGCTransition]<ulong, hv_reg_t, ulong, hv_return_t>)Find(nameof(hv_vcpu_set_reg));
        hv_vcpu_get_simd_fp_reg = (delegate* unmanaged[SuppressGCTransition]<ulong, uint, Vector128<byte>*, hv_return_t>)Find(nameof(hv_vcpu_get_simd_fp_reg));
        _setVector = (delegate* unmanaged<ulong, uint, hv_simd_fp_uchar16_t, hv_return_t>)Find("hv_vcpu_set_simd_fp_reg");
        hv_vcpu_get_sys_reg = (delegate* unmanaged<ulong, hv_sys_reg_t, ulong*, hv_return_t>)Find(nameof(hv_vcpu_get_sys_reg));
        hv_vcpu_set_sys_reg = (delegate* unmanaged<ulong, hv_sys_reg_t, ulong, hv_return_t>)Find(nameof(hv_vcpu_set_sys_reg));
        hv_vcpu_set_pending_interrupt = (delegate* unmanaged<ulong, hv_interrupt_type_t, byte, hv_return_t>)Find(nameof(hv_vcpu_set_pending_interrupt));
        hv_vcpu_set_trap_debug_exceptions = (delegate* unmanaged<ulong, byte, hv_return_t>)Find(nameof(hv_vcpu_set_trap_debug_exceptions));
        hv_vcpu_set_trap_debug_reg_accesses = (delegate* unmanaged<ulong, byte, hv_return_t>)Find(nameof(hv_vcpu_set_trap_debug_reg_accesses));
        hv_vcpu_get_exec_time = (delegate* unmanaged<ulong, ulong*, hv_return_t>)Find(nameof(hv_vcpu_get_exec_time));
        hv_vcpu_set_vtimer_mask = (delegate* unmanaged<ulong, byte, hv_return_t>)Find(nameof(hv_vcpu_set_vtimer_mask));
        hv_vcpu_set_vtimer_offset = (delegate* unmanaged<ulong, ulong, hv_return_t>)Find(nameof(hv_vcpu_set_vtimer_offset));
        hv_vcpu_set_serror = (delegate* unmanaged<ulong, byte, hv_return_t>)FindNewer(nameof(hv_vcpu_set_serror));

        // On x86 no .NET type is passed as the framework expects a vector; a library built for it has this way in.
        if (Vector128.IsHardwareAccelerated && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            _setVectorByReference = (delegate* unmanaged<ulong, uint, Vector128<byte>*, hv_return_t>)Find("hv_vcpu_set_simd_fp_reg_by_reference");
        }

        if (NativeLibrary.TryGetExport(_library, "hv_gic_create", out _)) Gic = new HypervisorGic(Find);
    }

    /// <summary>hv_vcpu_set_simd_fp_reg.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public hv_return_t SetVector(ulong vcpu, uint register, Vector128<byte> value) => _setVectorByReference is not null
        ? _setVectorByReference(vcpu, register, &value)
        : _setVector(vcpu, register, new hv_simd_fp_uchar16_t { value = value });

    private nint Find(string name) => NativeLibrary.GetExport(_library, name);

    private nint FindNewer(string name) => NativeLibrary.TryGetExport(_library, name, out nint address) ? address : 0;
}
