using Armillary.Arm64;

namespace Armillary.Machine.Gic;

/// <summary>
/// A GICv3 with one security state, affinity routing and no LPIs (Arm IHI 0069H): distributor, a redistributor and a CPU interface for
/// each CPU. All methods may be called from any thread.
/// </summary>
internal sealed class GicV3
{
    private readonly Lock _lock = new();
    private readonly Distributor _distributor;
    private readonly Redistributor[] _redistributors;
    private readonly CpuInterface[] _interfaces;
    private readonly CpuLines _lines;

    /// <param name="cpus">How many CPUs: 1 to 512.</param>
    /// <param name="sharedInterrupts">How many SPIs: a multiple of 32, at most 960.</param>
    /// <param name="signal">Called, under the controller's lock, when the level of a CPU's line changes.</param>
    public GicV3(int cpus, int sharedInterrupts, Action<int, InterruptLine, bool> signal)
    {
        _distributor = new(cpus, sharedInterrupts);
        _redistributors = [.. Enumerable.Range(0, cpus).Select(i => new Redistributor(i, isLast: i == cpus - 1))];
        _interfaces = [.. Enumerable.Range(0, cpus).Select(_ => new CpuInterface())];
        _lines = new(cpus, signal);
    }

    /// <summary>Aff3 to Aff0 of a CPU, as in GICR_TYPER and MPIDR_EL1: 16 CPUs to a value of Aff1.</summary>
    public static ulong AffinityOf(int cpu) => ((ulong)((uint)cpu >> 4) << 8) | ((uint)cpu & 15);

    /// <summary>The CPU of an affinity, or a number beyond all CPUs.</summary>
    public static int CpuOf(ulong affinity) => (affinity & ~0xff0ful) == 0 ? (int)(((affinity >> 8) << 4) | (affinity & 15)) : int.MaxValue;

    /// <summary>Sets the level of an SPI's input.</summary>
    public void SetShared(int intid, bool level)
    {
        lock (_lock)
        {
            _distributor.Shared.SetLine(intid, level);
            UpdateAll();
        }
    }

    /// <summary>Sets the level of a CPU's PPI.</summary>
    public void SetPrivate(int cpu, int intid, bool level)
    {
        lock (_lock)
        {
            _redistributors[cpu].Private.SetLine(intid, level);
            Update(cpu);
        }
    }

    /// <summary>Signals the levels of a CPU's lines again.</summary>
    public void Signal(int cpu)
    {
        lock (_lock) _lines.Repeat(cpu);
    }

    /// <summary>Reads the distributor. Sizes and offsets that are not a register's read as zero.</summary>
    public ulong ReadDistributor(ulong offset, int size)
    {
        lock (_lock)
        {
            if (size == 1 && IsPriority((uint)offset)) return _distributor.Shared.ReadPriority((uint)offset);
            return ReadWords((uint)offset, size, _distributor.Read);
        }
    }

    /// <summary>Writes the distributor. Sizes and offsets that are not a register's are ignored.</summary>
    public void WriteDistributor(ulong offset, int size, ulong value)
    {
        lock (_lock)
        {
            if (size == 1 && IsPriority((uint)offset)) _distributor.Shared.WritePriority((uint)offset, (byte)value);
            else WriteWords((uint)offset, size, value, _distributor.Write);
            UpdateAll();
        }
    }

    /// <summary>Reads the redistributors, which stand one behind the other.</summary>
    public ulong ReadRedistributor(ulong offset, int size)
    {
        if (offset / GicRegisters.RedistributorSize >= (ulong)_redistributors.Length) return 0;
        Redistributor redistributor = _redistributors[offset / GicRegisters.RedistributorSize];
        uint at = (uint)(offset % GicRegisters.RedistributorSize);
        lock (_lock)
        {
            if (size == 1 && at >= GicRegisters.FrameSize && IsPriority(at - (uint)GicRegisters.FrameSize)) return redistributor.Private.ReadPriority(at - (uint)GicRegisters.FrameSize);
            return ReadWords(at, size, redistributor.Read);
        }
    }

    /// <summary>Writes the redistributors.</summary>
    public void WriteRedistributor(ulong offset, int size, ulong value)
    {
        if (offset / GicRegisters.RedistributorSize >= (ulong)_redistributors.Length) return;
        int cpu = (int)(offset / GicRegisters.RedistributorSize);
        uint at = (uint)(offset % GicRegisters.RedistributorSize);
        lock (_lock)
        {
            if (size == 1 && at >= GicRegisters.FrameSize && IsPriority(at - (uint)GicRegisters.FrameSize)) _redistributors[cpu].Private.WritePriority(at - (uint)GicRegisters.FrameSize, (byte)value);
            else WriteWords(at, size, value, _redistributors[cpu].Write);
            UpdateAll(); // sleeping and DPGn move 1-of-N interrupts
        }
    }

    /// <summary>Reads a CPU's ICC register; false if it has none of that name.</summary>
    public bool TryReadRegister(int cpu, SystemRegister register, out ulong value)
    {
        lock (_lock)
        {
            switch (register)
            {
                case SystemRegister.ICC_IAR0_EL1: value = (uint)Acknowledge(cpu, 0); return true;
                case SystemRegister.ICC_IAR1_EL1: value = (uint)Acknowledge(cpu, 1); return true;
                case SystemRegister.ICC_HPPIR0_EL1: value = (uint)Highest(cpu, 0); return true;
                case SystemRegister.ICC_HPPIR1_EL1: value = (uint)Highest(cpu, 1); return true;
                default: return _interfaces[cpu].TryRead(register, out value);
            }
        }
    }

    /// <summary>Writes a CPU's ICC register; false if it has none of that name.</summary>
    public bool TryWriteRegister(int cpu, SystemRegister register, ulong value)
    {
        lock (_lock)
        {
            switch (register)
            {
                case SystemRegister.ICC_EOIR0_EL1: End(cpu, 0, (int)(value & 0xff_ffff)); break;
                case SystemRegister.ICC_EOIR1_EL1: End(cpu, 1, (int)(value & 0xff_ffff)); break;
                case SystemRegister.ICC_DIR_EL1: if (_interfaces[cpu].SplitEnd) Deactivate(cpu, (int)(value & 0xff_ffff)); break;
                case SystemRegister.ICC_SGI0R_EL1 or SystemRegister.ICC_ASGI1R_EL1: Send(cpu, value, alsoGroup1: false); break;
                case SystemRegister.ICC_SGI1R_EL1: Send(cpu, value, alsoGroup1: true); break;
                default:
                    if (!_interfaces[cpu].TryWrite(register, value)) return false;
                    break;
            }

            UpdateAll();
            return true;
        }
    }

    public GicState Save()
    {
        lock (_lock)
        {
            (uint control, BankState shared, IReadOnlyList<ulong> routes) = _distributor.Save();
            return new(control, shared, routes, [.. _redistributors.Zip(_interfaces, (r, i) => r.Save(i))]);
        }
    }

    /// <exception cref="ArgumentException">The state is of a controller of another size.</exception>
    public void Restore(GicState state)
    {
        if (state.Cpus.Count != _interfaces.Length) throw new ArgumentException($"The state is of {state.Cpus.Count} CPUs, the controller has {_interfaces.Length}.", nameof(state));
        lock (_lock)
        {
            _distributor.Restore(state.Control, state.Shared, state.Routes);
            for (int i = 0; i < _interfaces.Length; i++)
            {
                _redistributors[i].Restore(state.Cpus[i]);
                _interfaces[i].Restore(state.Cpus[i].Interface);
            }

            UpdateAll();
        }
    }

    private static bool IsPriority(uint offset) => offset is >= GicRegisters.IPRIORITYR and < GicRegisters.IPRIORITYR_End;

    // 64-bit registers are read and written as two words as well, and no other has a neighbour that minds.
    private static ulong ReadWords(uint offset, int size, Func<uint, uint> read) => size switch
    {
        4 => read(offset),
        8 => read(offset) | ((ulong)read(offset + 4) << 32),
        _ => 0,
    };

    private static void WriteWords(uint offset, int size, ulong value, Action<uint, uint> write)
    {
        if (size is not (4 or 8)) return;
        write(offset, (uint)value);
        if (size == 8) write(offset + 4, (uint)(value >> 32));
    }

    private InterruptBank BankOf(int cpu, int intid) => intid < GicRegisters.PrivateCount ? _redistributors[cpu].Private : _distributor.Shared;

    private int Highest(int cpu, int group)
    {
        int intid = Find(cpu);
        return intid < GicRegisters.MaxInterrupts && BankOf(cpu, intid).Group(intid) == group ? intid : GicRegisters.Spurious;
    }

    private int Acknowledge(int cpu, int group)
    {
        int intid = Highest(cpu, group);
        if (intid == GicRegisters.Spurious) return intid;
        InterruptBank bank = BankOf(cpu, intid);
        byte priority = bank.Priority(intid);
        if (!_interfaces[cpu].LetsThrough(priority, group)) return GicRegisters.Spurious;
        _interfaces[cpu].Raise(priority, group);
        bank.Activate(intid);
        UpdateAll();
        return intid;
    }

    private void End(int cpu, int group, int intid)
    {
        if (intid >= GicRegisters.MaxInterrupts || !_interfaces[cpu].Drop(group)) return;
        if (!_interfaces[cpu].SplitEnd) Deactivate(cpu, intid);
    }

    private void Deactivate(int cpu, int intid)
    {
        InterruptBank bank = BankOf(cpu, intid);
        if (bank.Contains(intid)) bank.Deactivate(intid);
    }

    // ICC_SGI1R_EL1 reaches interrupts of either group, the others those of group 0 alone (IHI 0069H 12.2.22 with DS = 1).
    private void Send(int sender, ulong value, bool alsoGroup1)
    {
        int intid = (int)(value >> 24) & 15;
        bool toOthers = (value >> 40 & 1) != 0;
        ulong cluster = (value >> 16 & 0xff) << 8 | (value >> 32 & 0xff) << 16 | (value >> 48 & 0xff) << 32;
        bool range = (value >> 44 & 15) != 0; // of Aff0 beyond 15: no CPU has one
        for (int cpu = 0; cpu < _redistributors.Length; cpu++)
        {
            ulong affinity = AffinityOf(cpu);
            bool meant = toOthers ? cpu != sender : !range && (affinity & ~0xfful) == cluster && (value >> (int)(affinity & 15) & 1) != 0;
            InterruptBank own = _redistributors[cpu].Private;
            if (meant && (alsoGroup1 || own.Group(intid) == 0)) own.SetPending(intid, true);
        }
    }

    // The pending interrupt of highest priority that a CPU may take, whatever it is doing; of equal ones the lowest INTID (4.8.1).
    private int Find(int cpu)
    {
        CpuInterface own = _interfaces[cpu];
        bool group0 = _distributor.IsEnabled(0) && own.IsEnabled(0), group1 = _distributor.IsEnabled(1) && own.IsEnabled(1);
        int best = GicRegisters.Spurious, bestPriority = 256;
        Consider(_redistributors[cpu].Private, 0, _redistributors[cpu].Private.Candidates(0, group0, group1));
        for (int word = 0; word < _distributor.Shared.Count / 32; word++)
        {
            uint candidates = _distributor.Shared.Candidates(word, group0, group1);
            if (candidates != 0) Consider(_distributor.Shared, GicRegisters.PrivateCount + (32 * word), candidates);
        }

        return best;

        void Consider(InterruptBank bank, int first, uint candidates)
        {
            for (; candidates != 0; candidates &= candidates - 1)
            {
                int intid = first + System.Numerics.BitOperations.TrailingZeroCount(candidates);
                byte priority = bank.Priority(intid);
                if (priority >= bestPriority || (first != 0 && !IsFor(cpu, intid, priority))) continue;
                (best, bestPriority) = (intid, priority);
            }
        }
    }

    private bool IsFor(int cpu, int intid, byte priority)
        => _distributor.IsOneOfN(intid) ? OneOfN(intid, priority) == cpu : _distributor.Target(intid) == cpu;

    // 1-of-N: a CPU that would take it now, beginning at another one for each INTID so that they spread; else one that will (3.3.3).
    private int OneOfN(int intid, byte priority)
    {
        int group = _distributor.Shared.Group(intid), fallback = -1;
        for (int i = 0; i < _interfaces.Length; i++)
        {
            int cpu = (intid + i) % _interfaces.Length;
            if (!_redistributors[cpu].Participates(group) || !_interfaces[cpu].IsEnabled(group)) continue;
            if (_interfaces[cpu].LetsThrough(priority, group)) return cpu;
            if (fallback < 0) fallback = cpu;
        }

        return fallback;
    }

    private void UpdateAll()
    {
        for (int cpu = 0; cpu < _interfaces.Length; cpu++) Update(cpu);
    }

    private void Update(int cpu)
    {
        int intid = Find(cpu);
        bool irq = false, fiq = false;
        if (intid != GicRegisters.Spurious)
        {
            InterruptBank bank = BankOf(cpu, intid);
            int group = bank.Group(intid);
            bool signalled = _interfaces[cpu].LetsThrough(bank.Priority(intid), group);
            (irq, fiq) = (signalled && group == 1, signalled && group == 0);
        }

        _lines.Set(cpu, irq, fiq);
    }
}
