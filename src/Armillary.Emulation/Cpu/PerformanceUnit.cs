namespace Armillary.Emulation.Cpu;

/// <summary>
/// The counters of the performance monitors (PMUv3, Arm ARM D13): six of events, and that of cycles, which is the last here. What
/// happens when one counts is here; when something is counted is the virtual CPU's affair.
/// </summary>
/// <param name="isWide">Counters of events have 64 bits (FEAT_PMUv3p5), else 32.</param>
/// <param name="eventMask">The event numbers that PMEVTYPER can hold.</param>
internal sealed class PerformanceUnit(bool isWide, uint eventMask)
{
    public const int Counters = 6, Cycles = 6;

    /// <summary>PMCR_EL0.</summary>
    public const ulong E = 1, P = 2, C = 4, DP = 1 << 5, LC = 1 << 6, LP = 1 << 7;

    /// <summary>Bits of the counters in PMCNTENSET_EL0 and its kin.</summary>
    public const uint All = (1u << 31) | ((1u << Counters) - 1);

    private const uint NotEL1 = 1u << 31, NotEL0 = 1u << 30;

    private readonly ulong[] _counts = new ulong[Counters + 1];
    private readonly uint[] _types = new uint[Counters + 1];

    /// <summary>PMCR_EL0 without N and the bits that act once. LC is always set: EL1 and EL0 are of AArch64.</summary>
    public ulong Control { get; private set; } = LC;

    /// <summary>PMCNTENSET_EL0.</summary>
    public uint Enabled { get; private set; }

    /// <summary>PMINTENSET_EL1.</summary>
    public uint Interrupts { get; set; }

    /// <summary>PMOVSSET_EL0.</summary>
    public uint Overflows { get; set; }

    /// <summary>PMSELR_EL0.</summary>
    public uint Selected { get; set; }

    /// <summary>PMUSERENR_EL0.</summary>
    public uint User { get; set; }

    /// <summary>A counter counts something that instructions do, so that each of them has to be looked at.</summary>
    public bool CountsInstructions { get; private set; }

    /// <summary>A counter counts cycles.</summary>
    public bool CountsCycles { get; private set; }

    /// <summary>The interrupt request.</summary>
    public bool Output => (Control & E) != 0 && (Overflows & Interrupts) != 0;

    public void WriteControl(ulong value)
    {
        Control = (value & (E | DP | (isWide ? LP : 0))) | LC;
        if ((value & P) != 0) Array.Clear(_counts, 0, Counters);
        if ((value & C) != 0) _counts[Cycles] = 0;
        Update();
    }

    public void Enable(uint set, uint clear)
    {
        Enabled = (Enabled | (set & All)) & ~clear;
        Update();
    }

    public ulong Count(int counter) => _counts[counter];

    public void SetCount(int counter, ulong value) => _counts[counter] = isWide || counter == Cycles ? value : (uint)value;

    /// <summary>PMEVTYPER, or PMCCFILTR_EL0.</summary>
    public uint Type(int counter) => _types[counter];

    /// <inheritdoc cref="Type"/>
    public void SetType(int counter, ulong value)
    {
        _types[counter] = (uint)value & (NotEL1 | NotEL0 | (counter == Cycles ? 0 : eventMask));
        Update();
    }

    /// <summary>Something has happened at an exception level.</summary>
    public void Happens(PerformanceEvent what, ulong times, int level) => Happens(what, times, level, All);

    /// <summary>PMSWINC_EL0.</summary>
    public void Increment(uint counters, int level) => Happens(PerformanceEvent.SW_INCR, 1, level, counters);

    private void Happens(PerformanceEvent what, ulong times, int level, uint counters)
    {
        if ((Control & E) == 0 || times == 0) return;
        for (int n = 0; n < Counters; n++)
        {
            if ((counters & Bit(n)) != 0 && Event(n) == what && Counts(n, level)) Add(n, times, level);
        }

        if (what == PerformanceEvent.CPU_CYCLES && Counts(Cycles, level)) Add(Cycles, times, level);
    }

    /// <summary>Cycles at an exception level until a counter of them interrupts.</summary>
    public ulong CyclesToOverflow(int level)
    {
        ulong least = ulong.MaxValue;
        for (int n = 0; n <= Cycles && (Control & E) != 0; n++)
        {
            if ((n != Cycles && Event(n) != PerformanceEvent.CPU_CYCLES) || !Counts(n, level) || (Interrupts & Bit(n)) == 0) continue;
            least = Math.Min(least, (0 - _counts[n]) & LimitOf(n));
        }

        return least;
    }

    private static uint Bit(int counter) => counter == Cycles ? 1u << 31 : 1u << counter;

    private PerformanceEvent Event(int counter) => (PerformanceEvent)(_types[counter] & eventMask);

    private bool Counts(int counter, int level) => (Enabled & Bit(counter)) != 0 && (_types[counter] & (level == 0 ? NotEL0 : NotEL1)) == 0;

    // Counters overflow at 32 bits unless PMCR_EL0.LP says otherwise; that of cycles at 64.
    private ulong LimitOf(int counter) => counter == Cycles || (Control & LP) != 0 ? ulong.MaxValue : uint.MaxValue;

    private void Add(int counter, ulong times, int level)
    {
        ulong limit = LimitOf(counter), before = _counts[counter];
        SetCount(counter, before + times);
        if (times <= limit - (before & limit)) return;
        Overflows |= Bit(counter);

        // The odd one of a pair counts the overflows of the even one at 32 bits (D13.12.3).
        if ((Control & LP) == 0 && counter < Counters && (counter & 1) == 0 && Event(counter + 1) == PerformanceEvent.CHAIN && Counts(counter + 1, level)) Add(counter + 1, 1, level);
    }

    private void Update()
    {
        CountsInstructions = CountsCycles = false;
        if ((Control & E) == 0) return;
        CountsCycles = (Enabled & Bit(Cycles)) != 0;
        for (int n = 0; n < Counters; n++)
        {
            if ((Enabled & Bit(n)) == 0) continue;
            CountsCycles |= Event(n) == PerformanceEvent.CPU_CYCLES;
            CountsInstructions |= Event(n) is PerformanceEvent.INST_RETIRED or PerformanceEvent.INST_SPEC or PerformanceEvent.MEM_ACCESS or PerformanceEvent.EXC_TAKEN or PerformanceEvent.EXC_RETURN;
        }
    }
}
