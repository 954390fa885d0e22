using Armillary.Emulation.StandIn;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

/// <summary>The process's virtual machine of Hypervisor.framework.</summary>
internal sealed unsafe class HvfVirtualMachine : VirtualMachine
{
    private const uint DefaultAddressBits = 36; // before macOS 13, where nothing tells

    private readonly HvfOptions _options;

    // Regions and what is known of their pages; also against a store that is noted while the bitmap is collected.
    private readonly Lock _lock = new();
    private readonly List<HvfRegion> _regions = [];
    private readonly uint _addressBits;

    internal HvfVirtualMachine(Backend backend, HvfHost host, HvfOptions options) : base(backend)
    {
        Host = host;
        _options = options;
        nint config = Configure(out _addressBits);
        hv_return_t result;
        try
        {
            result = Framework.hv_vm_create(config);
        }
        finally
        {
            if (config != 0) host.System.os_release(config);
        }

        if (result != hv_return_t.HV_SUCCESS) throw CreationError(result);
        StandIn = new StandInMachine(backend);
        Identification = new HvfIdentification(Framework, host.System, options.HasEL2, _addressBits);
        Start = host.System.mach_absolute_time();
    }

    public override int PageSize => _options.PageSize;

    public override int MaxVirtualCpus
    {
        get
        {
            uint count;
            HvfCall.Check(Framework.hv_vm_get_max_vcpu_count(&count), "hv_vm_get_max_vcpu_count");
            return (int)count;
        }
    }

    /// <summary>The framework and the system.</summary>
    internal HvfHost Host { get; }

    /// <summary>What executes instructions that the hardware does not describe.</summary>
    internal StandInMachine StandIn { get; }

    /// <summary>What the identification registers say.</summary>
    internal HvfIdentification Identification { get; }

    /// <summary>The host's counter when the guests' was 0.</summary>
    internal ulong Start { get; }

    /// <summary>Whether guests may be at EL2.</summary>
    internal bool HasEL2 => _options.HasEL2;

    /// <summary>What sleeping goes by.</summary>
    internal TimeProvider Time => _options.Time;

    /// <summary>The framework's interrupt controller, once there is one.</summary>
    internal HvfGic? Gic { get; private set; }

    private HypervisorFramework Framework => Host.Framework;

    /// <summary>Gives the machine the framework's GICv3, before its first virtual CPU.</summary>
    /// <exception cref="EngineUnavailableException">This macOS has none.</exception>
    internal HvfGic CreateGic(ulong distributor, ulong redistributors)
    {
        if (Framework.Gic is not { } functions) throw new EngineUnavailableException(Backend.Name, new EngineStatus(false, "This macOS has no interrupt controller for guests; macOS 15 does."));
        if (VirtualCpus.Count != 0) throw new InvalidOperationException("The interrupt controller must be there before the first virtual CPU.");
        return Gic = new HvfGic(functions, Host.System, distributor, redistributors);
    }

    /// <summary>
    /// The guest stored to a page that may be written: true if it was only watched. It is watched no more, and the store can be made again.
    /// </summary>
    internal bool TryNoteStore(ulong gpa)
    {
        lock (_lock)
        {
            if (_regions.Find(r => r.Region.Contains(gpa)) is not { IsWatched: true } region || (region.Region.Permissions & MemoryPermissions.Write) == 0) return false;
            ulong page = gpa & ~((ulong)PageSize - 1);
            for (ulong part = 0; part < (ulong)PageSize; part += GuestMemoryRegion.DirtyPageSize) region.Region.MarkDirty(page + part);
            Protect(page, (ulong)PageSize, region.Region.Permissions);
            return true;
        }
    }

    private protected override VirtualCpu CreateVirtualCpuCore(int index) => new HvfVirtualCpu(this, index);

    private protected override void MapRegionCore(GuestMemoryRegion region)
    {
        if (region.LastAddress >> (int)_addressBits != 0)
        {
            throw new GuestMemoryException($"Guest memory at 0x{region.Address:x} of 0x{region.Size:x} bytes reaches beyond the {_addressBits}-bit guest physical addresses of this virtual machine. "
                + $"Fix: ask for more by {nameof(HvfOptions)}.{nameof(HvfOptions.AddressBits)}.", region.Address, region.Size);
        }

        hv_return_t result = Framework.hv_vm_map(region.Pointer, region.Address, (nuint)region.Size, (hv_memory_flags_t)region.Permissions);
        if (result != hv_return_t.HV_SUCCESS) throw HvfCall.Error(result, $"hv_vm_map({(ulong)region.Pointer:x}, 0x{region.Address:x}, 0x{region.Size:x}, {region.Permissions})");
        lock (_lock) _regions.Add(new HvfRegion(region));
        StandIn.Map(region);
    }

    private protected override void UnmapRegionCore(GuestMemoryRegion region)
    {
        lock (_lock) _regions.RemoveAll(r => r.Region == region);
        StandIn.Unmap(region);
        hv_return_t result = Framework.hv_vm_unmap(region.Address, (nuint)region.Size);
        if (result != hv_return_t.HV_SUCCESS) throw HvfCall.Error(result, $"hv_vm_unmap(0x{region.Address:x}, 0x{region.Size:x})");
    }

    private protected override void ProtectRegionCore(GuestMemoryRegion region)
    {
        lock (_lock)
        {
            bool isWatched = _regions.Exists(r => r.Region == region && r.IsWatched);
            Protect(region.Address, region.Size, isWatched ? region.Permissions & ~MemoryPermissions.Write : region.Permissions);
        }

        StandIn.Protect(region);
    }

    // The first time nothing is known: every page counts. From then on stores are watched, by pages of the engine.
    private protected override void CollectDirtyCore(GuestMemoryRegion region, Span<ulong> bitmap)
    {
        lock (_lock)
        {
            HvfRegion known = _regions.Find(r => r.Region == region)!;
            region.CollectDirty(bitmap);
            if (!known.IsWatched) region.CallAllDirty(bitmap);
            known.IsWatched = true;
            Watch(region, bitmap);
        }
    }

    private protected override void NoticeHostWriteCore(ulong gpa, ulong length)
    {
        if (Memory.Find(gpa) is { } region && region.Permissions.HasFlag(MemoryPermissions.Execute)) Host.System.sys_icache_invalidate(region.Pointer + (gpa - region.Address), (nuint)length);
    }

    private protected override void DisposeCore()
    {
        StandIn.Dispose();
        Identification.Dispose();
        hv_return_t result = Framework.hv_vm_destroy();
        if (result != hv_return_t.HV_SUCCESS) throw HvfCall.Error(result, "hv_vm_destroy");
    }

    // Runs of pages that were written to are watched again.
    private void Watch(GuestMemoryRegion region, ReadOnlySpan<ulong> words)
    {
        MemoryPermissions watched = region.Permissions & ~MemoryPermissions.Write;
        ulong unit = (ulong)PageSize / GuestMemoryRegion.DirtyPageSize, pages = region.Size / GuestMemoryRegion.DirtyPageSize;
        ulong start = 0, end = 0;
        for (ulong page = 0; page < pages; page += unit)
        {
            if ((words[(int)(page / 64)] >> (int)(page % 64) & ((1ul << (int)unit) - 1)) == 0) continue;
            if (page != end)
            {
                if (end != start) Protect(region.Address + (start * GuestMemoryRegion.DirtyPageSize), (end - start) * GuestMemoryRegion.DirtyPageSize, watched);
                start = page;
            }

            end = page + unit;
        }

        if (end != start) Protect(region.Address + (start * GuestMemoryRegion.DirtyPageSize), (end - start) * GuestMemoryRegion.DirtyPageSize, watched);
    }

    private void Protect(ulong gpa, ulong size, MemoryPermissions permissions)
    {
        hv_return_t result = Framework.hv_vm_protect(gpa, (nuint)size, (hv_memory_flags_t)permissions);
        if (result != hv_return_t.HV_SUCCESS) throw HvfCall.Error(result, $"hv_vm_protect(0x{gpa:x}, 0x{size:x}, {permissions})");
    }

    private nint Configure(out uint addressBits)
    {
        uint bits = DefaultAddressBits;
        if (Framework.hv_vm_config_get_default_ipa_size is not null) HvfCall.Check(Framework.hv_vm_config_get_default_ipa_size(&bits), "hv_vm_config_get_default_ipa_size");
        addressBits = _options.AddressBits == 0 ? bits : (uint)_options.AddressBits;
        if (_options is { PageSize: HvfOptions.DefaultPageSize, HasEL2: false } && addressBits == bits) return 0;

        if (Framework.hv_vm_config_create is null) throw Unavailable("Machines of this macOS are all alike; macOS 13 can make others.");
        nint config = Framework.hv_vm_config_create();
        try
        {
            if (addressBits != bits) SetAddressBits(config, addressBits);
            if (_options.PageSize != HvfOptions.DefaultPageSize) SetGranule(config);
            if (_options.HasEL2) EnableEL2(config);
        }
        catch
        {
            Host.System.os_release(config);
            throw;
        }

        return config;
    }

    private void SetAddressBits(nint config, uint bits)
    {
        uint max;
        HvfCall.Check(Framework.hv_vm_config_get_max_ipa_size(&max), "hv_vm_config_get_max_ipa_size");
        if (bits > max) throw Unavailable($"Guest physical addresses have at most {max} bits on this Mac, not {bits}.");
        HvfCall.Check(Framework.hv_vm_config_set_ipa_size(config, bits), "hv_vm_config_set_ipa_size");
    }

    private void SetGranule(nint config)
    {
        if (Framework.hv_vm_config_set_ipa_granule is null) throw Unavailable($"This macOS has pages of {HvfOptions.DefaultPageSize} bytes only; macOS 26 has smaller ones.");
        HvfCall.Check(Framework.hv_vm_config_set_ipa_granule(config, hv_ipa_granule_t.HV_IPA_GRANULE_4KB), "hv_vm_config_set_ipa_granule");
    }

    private void EnableEL2(nint config)
    {
        byte supported = 0;
        if (Framework.hv_vm_config_get_el2_supported is not null) HvfCall.Check(Framework.hv_vm_config_get_el2_supported(&supported), "hv_vm_config_get_el2_supported");
        if (supported == 0) throw Unavailable($"There is no EL2 for guests here ({Host.Describe()}); macOS 15 on an M3 or newer has it.");
        HvfCall.Check(Framework.hv_vm_config_set_el2_enabled(config, 1), "hv_vm_config_set_el2_enabled");
    }

    private EngineUnavailableException Unavailable(string reason) => new(Backend.Name, new EngineStatus(false, reason));

    private ArmillaryException CreationError(hv_return_t result) => result switch
    {
        hv_return_t.HV_BUSY => new ArmillaryException("This process has a virtual machine of Hypervisor.framework already, which allows one. Dispose it first, or give the second to --engine software."),
        hv_return_t.HV_DENIED => new EngineUnavailableException(Backend.Name, HvfHost.WithoutEntitlement),
        hv_return_t.HV_UNSUPPORTED => new EngineUnavailableException(Backend.Name, Host.WithoutVirtualization),
        hv_return_t.HV_NO_RESOURCES => new EngineUnavailableException(Backend.Name, new EngineStatus(false, Host.WithoutAddressSpace)),
        _ => HvfCall.Error(result, "hv_vm_create"),
    };
}
