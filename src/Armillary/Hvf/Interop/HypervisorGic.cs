namespace Armillary.Hvf.Interop;

/// <summary>The framework's GICv3 (hv_gic.h, macOS 15.0), under its functions' names.</summary>
internal sealed unsafe class HypervisorGic
{
    public readonly delegate* unmanaged<nint> hv_gic_config_create;
    public readonly delegate* unmanaged<nint, ulong, hv_return_t> hv_gic_config_set_distributor_base;
    public readonly delegate* unmanaged<nint, ulong, hv_return_t> hv_gic_config_set_redistributor_base;
    public readonly delegate* unmanaged<nint, hv_return_t> hv_gic_create;
    public readonly delegate* unmanaged<uint, byte, hv_return_t> hv_gic_set_spi;
    public readonly delegate* unmanaged<ulong, ushort, ulong*, hv_return_t> hv_gic_get_icc_reg;
    public readonly delegate* unmanaged<ulong, ushort, ulong, hv_return_t> hv_gic_set_icc_reg;
    public readonly delegate* unmanaged<nuint*, hv_return_t> hv_gic_get_distributor_size;
    public readonly delegate* unmanaged<nuint*, hv_return_t> hv_gic_get_distributor_base_alignment;
    public readonly delegate* unmanaged<nuint*, hv_return_t> hv_gic_get_redistributor_region_size;
    public readonly delegate* unmanaged<nuint*, hv_return_t> hv_gic_get_redistributor_base_alignment;
    public readonly delegate* unmanaged<uint*, uint*, hv_return_t> hv_gic_get_spi_interrupt_range;
    public readonly delegate* unmanaged<nint> hv_gic_state_create;
    public readonly delegate* unmanaged<nint, nuint*, hv_return_t> hv_gic_state_get_size;
    public readonly delegate* unmanaged<nint, void*, hv_return_t> hv_gic_state_get_data;
    public readonly delegate* unmanaged<void*, nuint, hv_return_t> hv_gic_set_state;

    public HypervisorGic(Func<string, nint> find)
    {
        hv_gic_config_create = (delegate* unmanaged<nint>)find(nameof(hv_gic_config_create));
        hv_gic_config_set_distributor_base = (delegate* unmanaged<nint, ulong, hv_return_t>)find(nameof(hv_gic_config_set_distributor_base));
        hv_gic_config_set_redistributor_base = (delegate* unmanaged<nint, ulong, hv_return_t>)find(nameof(hv_gic_config_set_redistributor_base));
        hv_gic_create = (delegate* unmanaged<nint, hv_return_t>)find(nameof(hv_gic_create));
        hv_gic_set_spi = (delegate* unmanaged<uint, byte, hv_return_t>)find(nameof(hv_gic_set_spi));
        hv_gic_get_icc_reg = (delegate* unmanaged<ulong, ushort, ulong*, hv_return_t>)find(nameof(hv_gic_get_icc_reg));
        hv_gic_set_icc_reg = (delegate* unmanaged<ulong, ushort, ulong, hv_return_t>)find(nameof(hv_gic_set_icc_reg));
        hv_gic_get_distributor_size = (delegate* unmanaged<nuint*, hv_return_t>)find(nameof(hv_gic_get_distributor_size));
        hv_gic_get_distributor_base_alignment = (delegate* unmanaged<nuint*, hv_return_t>)find(nameof(hv_gic_get_distributor_base_alignment));
        hv_gic_get_redistributor_region_size = (delegate* unmanaged<nuint*, hv_return_t>)find(nameof(hv_gic_get_redistributor_region_size));
        hv_gic_get_redistributor_base_alignment = (delegate* unmanaged<nuint*, hv_return_t>)find(nameof(hv_gic_get_redistributor_base_alignment));
        hv_gic_get_spi_interrupt_range = (delegate* unmanaged<uint*, uint*, hv_return_t>)find(nameof(hv_gic_get_spi_interrupt_range));
        hv_gic_state_create = (delegate* unmanaged<nint>)find(nameof(hv_gic_state_create));
        hv_gic_state_get_size = (delegate* unmanaged<nint, nuint*, hv_return_t>)find(nameof(hv_gic_state_get_size));
        hv_gic_state_get_data = (delegate* unmanaged<nint, void*, hv_return_t>)find(nameof(hv_gic_state_get_data));
        hv_gic_set_state = (delegate* unmanaged<void*, nuint, hv_return_t>)find(nameof(hv_gic_set_state));
    }
}
