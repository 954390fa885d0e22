namespace Armillary.Machine.Gic;

/// <summary>The distributor with the SPIs (Arm IHI 0069H, 12.9), with one security state and affinity routing always on.</summary>
internal sealed class Distributor
{
    private const uint ControlMask = GicRegisters.CTLR_EnableGrp0 | GicRegisters.CTLR_EnableGrp1 | GicRegisters.CTLR_E1NWF;
    private const uint ControlFixed = GicRegisters.CTLR_ARE | GicRegisters.CTLR_DS;

    private readonly ulong[] _routes;
    private readonly int[] _targets;
    private readonly int _cpus;
    private uint _control;

    public Distributor(int cpus, int sharedInterrupts)
    {
        _cpus = cpus;
        Shared = new(GicRegisters.PrivateCount, sharedInterrupts);
        (_routes, _targets) = (new ulong[sharedInterrupts], new int[sharedInterrupts]);
    }

    /// <summary>The SPIs.</summary>
    public InterruptBank Shared { get; }

    /// <summary>GICD_CTLR.EnableGrpn.</summary>
    public bool IsEnabled(int group) => (_control & (group == 0 ? GicRegisters.CTLR_EnableGrp0 : GicRegisters.CTLR_EnableGrp1)) != 0;

    /// <summary>True if any one CPU may take the SPI.</summary>
    public bool IsOneOfN(int intid) => (_routes[intid - GicRegisters.PrivateCount] & GicRegisters.IROUTER_IRM) != 0;

    /// <summary>The CPU that an SPI is routed to, or -1 for an affinity that no CPU has.</summary>
    public int Target(int intid) => _targets[intid - GicRegisters.PrivateCount];

    public uint Read(uint offset)
    {
        if (Shared.TryRead(offset, out uint value)) return value;
        if (Route(offset) is { } route) return (uint)((offset & 4) == 0 ? _routes[route] : _routes[route] >> 32);
        const uint MBIS = 1 << 16, IdBits = 9 << 19, A3V = 1 << 24;
        return offset switch
        {
            GicRegisters.GICD_CTLR => _control | ControlFixed,
            GicRegisters.GICD_TYPER => (uint)(Shared.Count / 32) | MBIS | IdBits | A3V,
            GicRegisters.GICD_IIDR => GicRegisters.IIDR,
            GicRegisters.PIDR2 => GicRegisters.PIDR2_GICv3,
            _ => 0,
        };
    }

    public void Write(uint offset, uint value)
    {
        if (Shared.TryWrite(offset, value)) return;
        if (Route(offset) is { } route)
        {
            SetRoute(route, (offset & 4) == 0 ? (_routes[route] & ~0xffff_fffful) | value : (_routes[route] & 0xffff_ffff) | ((ulong)value << 32));
            return;
        }

        switch (offset)
        {
            case GicRegisters.GICD_CTLR:
                _control = value & ControlMask;
                break;
            case GicRegisters.GICD_SETSPI_NSR or GicRegisters.GICD_CLRSPI_NSR when Shared.Contains((int)(value & 0x3ff)):
                Shared.SetPending((int)(value & 0x3ff), offset == GicRegisters.GICD_SETSPI_NSR);
                break;
        }
    }

    public (uint Control, BankState Shared, IReadOnlyList<ulong> Routes) Save() => (_control, Shared.Save(), [.. _routes]);

    public void Restore(uint control, BankState shared, IReadOnlyList<ulong> routes)
    {
        Shared.Restore(shared);
        if (routes.Count != _routes.Length) throw new ArgumentException($"The state has {routes.Count} routes, the controller {_routes.Length}.", nameof(routes));
        _control = control & ControlMask;
        for (int i = 0; i < _routes.Length; i++) SetRoute(i, routes[i]);
    }

    private void SetRoute(int index, ulong value)
    {
        _routes[index] = value & (GicRegisters.IROUTER_IRM | GicRegisters.IROUTER_Affinity);
        int cpu = GicV3.CpuOf(value & GicRegisters.IROUTER_Affinity);
        _targets[index] = cpu < _cpus ? cpu : -1;
    }

    // GICD_IROUTER<n> is 64 bits at 0x6000 + 8n, for SPIs alone.
    private int? Route(uint offset)
    {
        if (offset is < GicRegisters.GICD_IROUTER or >= GicRegisters.GICD_IROUTER_End) return null;
        int intid = (int)(offset - GicRegisters.GICD_IROUTER) / 8;
        return Shared.Contains(intid) ? intid - GicRegisters.PrivateCount : null;
    }
}
