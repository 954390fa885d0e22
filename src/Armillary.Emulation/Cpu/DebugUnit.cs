namespace Armillary.Emulation.Cpu;

/// <summary>
/// Breakpoints, watchpoints and the step bit of self-hosted debug: what matches (Arm ARM D2.8, D2.9). The exceptions are the virtual CPU's
/// affair.
/// </summary>
internal sealed class DebugUnit
{
    /// <summary>MDSCR_EL1.</summary>
    public const ulong SS = 1, KDE = 1 << 13, MDE = 1 << 15;

    /// <summary>As ID_AA64DFR0_EL1 says. The last two breakpoints know contexts.</summary>
    public const int Breakpoints = 6, Watchpoints = 4, FirstContextBreakpoint = 4;

    // DBGBCR: E, PMC, BAS, HMC, SSC, LBN, BT. DBGWCR: E, PAC, LSC, BAS, HMC, SSC, LBN, WT, MASK.
    private const ulong BreakpointMask = 0x00ff_e1e7, WatchpointMask = 0x1f1f_ffff;

    private readonly ulong[] _breakpointValues = new ulong[Breakpoints], _breakpointControls = new ulong[Breakpoints];
    private readonly ulong[] _watchpointValues = new ulong[Watchpoints], _watchpointControls = new ulong[Watchpoints];

    /// <summary>MDSCR_EL1.</summary>
    public ulong Control
    {
        get;
        set
        {
            field = value;
            Update();
        }
    }

    /// <summary>OSLSR_EL1.OSLK: no debug exceptions but of BRK.</summary>
    public bool IsLocked
    {
        get;
        set
        {
            field = value;
            Update();
        }
    } = true;

    /// <summary>DBGCLAIMSET_EL1.</summary>
    public byte Claims { get; set; }

    /// <summary>Something could happen, at an exception level where debug exceptions are enabled.</summary>
    public bool IsArmed { get; private set; }

    /// <summary>A watchpoint is enabled.</summary>
    public bool HasWatchpoints { get; private set; }

    public ulong BreakpointValue(int n) => _breakpointValues[n];

    public ulong BreakpointControl(int n) => _breakpointControls[n];

    public ulong WatchpointValue(int n) => _watchpointValues[n];

    public ulong WatchpointControl(int n) => _watchpointControls[n];

    public void SetBreakpointValue(int n, ulong value) => _breakpointValues[n] = value;

    public void SetBreakpointControl(int n, ulong value)
    {
        _breakpointControls[n] = value & BreakpointMask;
        Update();
    }

    public void SetWatchpointValue(int n, ulong value) => _watchpointValues[n] = value & ~3ul;

    public void SetWatchpointControl(int n, ulong value)
    {
        _watchpointControls[n] = value & WatchpointMask;
        Update();
    }

    /// <summary>Does a breakpoint match the instruction at an address?</summary>
    public bool Breaks(ulong va, int exceptionLevel, uint context)
    {
        if ((Control & MDE) == 0) return false;
        for (int n = 0; n < Breakpoints; n++)
        {
            ulong control = _breakpointControls[n];
            if ((control & 1) == 0 || !Applies(control, exceptionLevel)) continue;
            const ulong Address = ~0ul >> 8 & ~3ul; // the top byte of both is a sign extension
            bool isThere = ((_breakpointValues[n] ^ va) & Address) == 0 && (control >> 5 & 15) != 0;
            bool matches = (control >> 20 & 15) switch
            {
                0 => isThere,
                1 => isThere && IsContext((int)(control >> 16) & 15, context),
                2 => n >= FirstContextBreakpoint && (uint)_breakpointValues[n] == context,
                _ => false, // 3 is for others to be linked to; the rest is reserved or of EL2
            };
            if (matches) return true;
        }

        return false;
    }

    /// <summary>The address that a watchpoint matches in an access, or null.</summary>
    public ulong? Watches(ulong va, int size, bool read, bool write, int exceptionLevel, uint context)
    {
        if ((Control & MDE) == 0) return null;
        for (int n = 0; n < Watchpoints; n++)
        {
            ulong control = _watchpointControls[n];
            if ((control & 1) == 0 || !Applies(control, exceptionLevel)) continue;
            if (!((read && (control >> 3 & 1) != 0) || (write && (control >> 4 & 1) != 0))) continue;
            if ((control >> 20 & 1) != 0 && !IsContext((int)(control >> 16) & 15, context)) continue;
            int mask = (int)(control >> 24) & 31;
            for (int i = 0; i < size; i++)
            {
                if (Selects(_watchpointValues[n], (uint)(control >> 5) & 0xff, mask, va + (ulong)i)) return va + (ulong)i;
            }
        }

        return null;
    }

    // PMC or PAC: bit 0 EL1, bit 1 EL0. SSC 2 is the secure state alone, which is not there.
    private static bool Applies(ulong control, int exceptionLevel)
        => (control >> (exceptionLevel == 0 ? 2 : 1) & 1) != 0 && (control >> 14 & 3) != 2;

    private static bool Selects(ulong value, uint bytes, int mask, ulong va)
    {
        const ulong Address = ~0ul >> 8;
        ulong difference = (value ^ va) & Address;
        if (mask >= 3) return difference >> mask == 0;
        return difference >> 3 == 0 && (((value & 4) != 0 ? (bytes & 15) << 4 : bytes) >> (int)(va & 7) & 1) != 0;
    }

    private bool IsContext(int linked, uint context)
        => linked is >= FirstContextBreakpoint and < Breakpoints
            && (_breakpointControls[linked] & 1) != 0
            && (_breakpointControls[linked] >> 20 & 15) == 3
            && (uint)_breakpointValues[linked] == context;

    private void Update()
    {
        HasWatchpoints = !IsLocked && (Control & MDE) != 0 && Array.Exists(_watchpointControls, c => (c & 1) != 0);
        bool breaks = (Control & MDE) != 0 && Array.Exists(_breakpointControls, c => (c & 1) != 0);
        IsArmed = !IsLocked && ((Control & SS) != 0 || HasWatchpoints || breaks);
    }
}
