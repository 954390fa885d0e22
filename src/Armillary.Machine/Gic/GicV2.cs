using Armillary.Arm64;
using static Armillary.Machine.Gic.GicV2Registers;

namespace Armillary.Machine.Gic;

/// <summary>
/// A GICv2 without Security Extensions and without virtualization (Arm IHI 0048B), for one to eight CPUs. All methods may be called from any
/// thread; a CPU's accesses say whose they are, because most registers are banked.
/// </summary>
internal sealed class GicV2
{
    private const int SgiCount = 16;

    private readonly Lock _lock = new();
    private readonly InterruptBank _shared;
    private readonly InterruptBank[] _private;
    private readonly CpuInterface[] _interfaces;

    // Who sent an SGI to whom: for each CPU and SGI a bit for each sender.
    private readonly byte[][] _senders;
    private readonly byte[] _targets;
    private readonly (bool AcknowledgesBoth, bool SignalsFiq)[] _modes;
    private readonly CpuLines _lines;
    private uint _control;

    /// <param name="cpus">How many CPUs.</param>
    /// <param name="sharedInterrupts">How many SPIs: a multiple of 32, at most 960.</param>
    /// <param name="signal">Called, under the controller's lock, when the level of a CPU's line changes.</param>
    public GicV2(int cpus, int sharedInterrupts, Action<int, InterruptLine, bool> signal)
    {
        _shared = new(GicRegisters.PrivateCount, sharedInterrupts);
        _private = [.. Enumerable.Range(0, cpus).Select(_ => new InterruptBank(0, GicRegisters.PrivateCount))];
        _interfaces = [.. Enumerable.Range(0, cpus).Select(_ => new CpuInterface())];
        _senders = [.. Enumerable.Range(0, cpus).Select(_ => new byte[SgiCount])];
        _targets = new byte[sharedInterrupts];
        _modes = new (bool, bool)[cpus];
        _lines = new(cpus, signal);
    }

    private int Cpus => _interfaces.Length;

    /// <summary>Sets the level of an SPI's input.</summary>
    public void SetShared(int intid, bool level)
    {
        lock (_lock)
        {
            _shared.SetLine(intid, level);
            UpdateAll();
        }
    }

    /// <summary>Sets the level of a CPU's PPI.</summary>
    public void SetPrivate(int cpu, int intid, bool level)
    {
        lock (_lock)
        {
            _private[cpu].SetLine(intid, level);
            Update(cpu);
        }
    }

    /// <summary>Signals the levels of a CPU's lines again.</summary>
    public void Signal(int cpu)
    {
        lock (_lock) _lines.Repeat(cpu);
    }

    /// <summary>A CPU reads the distributor. Sizes and offsets that are not a register's read as zero.</summary>
    public ulong ReadDistributor(int cpu, ulong offset, int size)
    {
        uint at = (uint)offset;
        lock (_lock)
        {
            if (size == 4) return ReadWord(cpu, at);
            return size == 1 && HasBytes(at) ? ReadByte(cpu, at) : 0u;
        }
    }

    /// <summary>A CPU writes the distributor. Sizes and offsets that are not a register's are ignored.</summary>
    public void WriteDistributor(int cpu, ulong offset, int size, ulong value)
    {
        uint at = (uint)offset;
        lock (_lock)
        {
            if (size == 4) WriteWord(cpu, at, (uint)value);
            else if (size == 1 && HasBytes(at)) WriteByte(cpu, at, (byte)value);
            UpdateAll();
        }
    }

    /// <summary>A CPU reads its interface.</summary>
    public ulong ReadInterface(int cpu, ulong offset, int size)
    {
        if (size != 4) return 0;
        lock (_lock)
        {
            return (uint)offset switch
            {
                GICC_CTLR => ReadControl(cpu),
                GICC_PMR => Interface(cpu, SystemRegister.ICC_PMR_EL1),
                GICC_BPR => Interface(cpu, SystemRegister.ICC_BPR0_EL1),
                GICC_ABPR => Interface(cpu, SystemRegister.ICC_BPR1_EL1),
                GICC_RPR => Interface(cpu, SystemRegister.ICC_RPR_EL1),
                GICC_APR0 => Interface(cpu, SystemRegister.ICC_AP0R0_EL1),
                GICC_NSAPR0 => Interface(cpu, SystemRegister.ICC_AP1R0_EL1),
                GICC_IAR => Acknowledge(cpu, alias: false),
                GICC_AIAR => Acknowledge(cpu, alias: true),
                GICC_HPPIR => Highest(cpu, alias: false),
                GICC_AHPPIR => Highest(cpu, alias: true),
                GICC_IIDR => IIDR_GICv2,
                _ => 0,
            };
        }
    }

    /// <summary>A CPU writes its interface.</summary>
    public void WriteInterface(int cpu, ulong offset, int size, ulong value)
    {
        if (size != 4) return;
        CpuInterface own = _interfaces[cpu];
        lock (_lock)
        {
            switch ((uint)offset)
            {
                case GICC_CTLR: WriteControl(cpu, (uint)value); break;
                case GICC_PMR: own.TryWrite(SystemRegister.ICC_PMR_EL1, value); break;
                case GICC_BPR: own.TryWrite(SystemRegister.ICC_BPR0_EL1, value); break;
                case GICC_ABPR: own.TryWrite(SystemRegister.ICC_BPR1_EL1, value); break;
                case GICC_APR0: own.TryWrite(SystemRegister.ICC_AP0R0_EL1, value); break;
                case GICC_NSAPR0: own.TryWrite(SystemRegister.ICC_AP1R0_EL1, value); break;
                case GICC_EOIR: End(cpu, (int)(value & 0x3ff), alias: false); break;
                case GICC_AEOIR: End(cpu, (int)(value & 0x3ff), alias: true); break;
                case GICC_DIR: if (own.SplitEnd) Deactivate(cpu, (int)(value & 0x3ff)); break;
            }

            UpdateAll();
        }
    }

    public GicV2State Save()
    {
        lock (_lock)
        {
            return new(_control, _shared.Save(), [.. _targets], [.. Enumerable.Range(0, Cpus).Select(cpu => new GicV2CpuState(_private[cpu].Save(), _interfaces[cpu].Save(), [.. _senders[cpu]], _modes[cpu].AcknowledgesBoth, _modes[cpu].SignalsFiq))]);
        }
    }

    /// <exception cref="ArgumentException">The state is of a controller of another size.</exception>
    public void Restore(GicV2State state)
    {
        if (state.Cpus.Count != Cpus || state.Targets.Count != _targets.Length || state.Cpus.Any(cpu => cpu.Senders.Count != SgiCount))
        {
            throw new ArgumentException($"The state is of {state.Cpus.Count} CPUs and {state.Targets.Count} interrupts, the controller has {Cpus} and {_targets.Length}.", nameof(state));
        }

        lock (_lock)
        {
            _shared.Restore(state.Shared);
            _control = state.Control & 3;
            for (int i = 0; i < _targets.Length; i++) SetTargets(i, state.Targets[i]);
            for (int cpu = 0; cpu < Cpus; cpu++)
            {
                GicV2CpuState own = state.Cpus[cpu];
                _private[cpu].Restore(own.Private);
                _interfaces[cpu].Restore(own.Interface);
                _modes[cpu] = (own.AcknowledgesBoth, own.SignalsFiq);
                for (int sgi = 0; sgi < SgiCount; sgi++) _senders[cpu][sgi] = own.Senders[sgi];
            }

            UpdateAll();
        }
    }

    // Priorities, targets and the pending bits of SGIs are a byte an interrupt, and bytes reach them (4.1.4).
    private static bool HasBytes(uint at) => at is >= GicRegisters.IPRIORITYR and < GICD_ITARGETSR_End or >= GICD_CPENDSGIR and < GICD_SPENDSGIR_End;

    private uint ReadWord(int cpu, uint at)
    {
        if (HasBytes(at))
        {
            uint word = 0;
            for (uint i = 0; i < 4; i++) word |= (uint)ReadByte(cpu, at + i) << (int)(8 * i);
            return word;
        }

        if ((IsOfPrivate(at) ? _private[cpu] : _shared).TryRead(at, out uint value)) return value;
        return at switch
        {
            GICD_CTLR => _control,
            GICD_TYPER => (uint)(_shared.Count / 32) | ((uint)(Cpus - 1) << 5),
            GICD_IIDR => GicRegisters.IIDR,
            GICD_PIDR2 => PIDR2_GICv2,
            _ => 0,
        };
    }

    private void WriteWord(int cpu, uint at, uint value)
    {
        if (HasBytes(at))
        {
            for (uint i = 0; i < 4; i++) WriteByte(cpu, at + i, (byte)(value >> (int)(8 * i)));
            return;
        }

        // SGIs have pending registers of their own, which know the sender (4.3.7).
        if (at is GicRegisters.ISPENDR or GicRegisters.ICPENDR) value &= 0xffff_0000;
        if ((IsOfPrivate(at) ? _private[cpu] : _shared).TryWrite(at, value)) return;
        if (at == GICD_CTLR) _control = value & 3;
        else if (at == GICD_SGIR) Send(cpu, value);
    }

    private byte ReadByte(int cpu, uint at)
    {
        if (at < GICD_ITARGETSR) return (at - GicRegisters.IPRIORITYR < GicRegisters.PrivateCount ? _private[cpu] : _shared).ReadPriority(at);
        if (at >= GICD_CPENDSGIR) return _senders[cpu][(at - GICD_CPENDSGIR) % SgiCount];
        int intid = (int)(at - GICD_ITARGETSR);
        if (Cpus == 1) return 0; // as on a machine of one CPU (4.3.12)
        return intid < GicRegisters.PrivateCount ? (byte)(1 << cpu) : _shared.Contains(intid) ? _targets[intid - GicRegisters.PrivateCount] : (byte)0;
    }

    private void WriteByte(int cpu, uint at, byte value)
    {
        if (at < GICD_ITARGETSR)
        {
            (at - GicRegisters.IPRIORITYR < GicRegisters.PrivateCount ? _private[cpu] : _shared).WritePriority(at, value);
        }
        else if (at >= GICD_CPENDSGIR)
        {
            int sgi = (int)(at - GICD_CPENDSGIR) % SgiCount;
            value &= (byte)((1 << Cpus) - 1);
            SetSenders(cpu, sgi, at >= GICD_SPENDSGIR ? _senders[cpu][sgi] | value : _senders[cpu][sgi] & ~value);
        }
        else if (_shared.Contains((int)(at - GICD_ITARGETSR)))
        {
            SetTargets((int)(at - GICD_ITARGETSR) - GicRegisters.PrivateCount, value);
        }
    }

    // The first word of a bit for each interrupt, and the first two of two bits.
    private static bool IsOfPrivate(uint at) => at >= GicRegisters.ICFGR ? at < GicRegisters.ICFGR + 8 : (at & 0x7f) == 0;

    private void SetTargets(int index, byte cpus) => _targets[index] = (byte)(cpus & ((1 << Cpus) - 1));

    private void SetSenders(int cpu, int sgi, int senders)
    {
        _senders[cpu][sgi] = (byte)senders;
        _private[cpu].SetPending(sgi, senders != 0);
    }

    // GICD_SGIR (4.3.15): to a list, to all others, or to oneself.
    private void Send(int sender, uint value)
    {
        int targets = (value >> 24 & 3) switch
        {
            0 => (int)(value >> 16) & 0xff,
            1 => ~(1 << sender),
            2 => 1 << sender,
            _ => 0,
        };
        int sgi = (int)(value & 15);
        for (int cpu = 0; cpu < Cpus; cpu++)
        {
            if ((targets >> cpu & 1) != 0) SetSenders(cpu, sgi, _senders[cpu][sgi] | (1 << sender));
        }
    }

    private uint Interface(int cpu, SystemRegister register)
    {
        _interfaces[cpu].TryRead(register, out ulong value);
        return (uint)value;
    }

    private uint ReadControl(int cpu)
    {
        CpuInterface own = _interfaces[cpu];
        return (own.IsEnabled(0) ? CTLR_EnableGrp0 : 0) | (own.IsEnabled(1) ? CTLR_EnableGrp1 : 0) | (_modes[cpu].AcknowledgesBoth ? CTLR_AckCtl : 0)
            | (_modes[cpu].SignalsFiq ? CTLR_FIQEn : 0) | ((Interface(cpu, SystemRegister.ICC_CTLR_EL1) & 1) != 0 ? CTLR_CBPR : 0) | (own.SplitEnd ? CTLR_EOImode : 0);
    }

    private void WriteControl(int cpu, uint value)
    {
        CpuInterface own = _interfaces[cpu];
        own.TryWrite(SystemRegister.ICC_IGRPEN0_EL1, (value & CTLR_EnableGrp0) != 0 ? 1u : 0);
        own.TryWrite(SystemRegister.ICC_IGRPEN1_EL1, (value & CTLR_EnableGrp1) != 0 ? 1u : 0);
        own.TryWrite(SystemRegister.ICC_CTLR_EL1, ((value & CTLR_CBPR) != 0 ? 1u : 0) | ((value & CTLR_EOImode) != 0 ? 2u : 0));
        _modes[cpu] = ((value & CTLR_AckCtl) != 0, (value & CTLR_FIQEn) != 0);
    }

    private InterruptBank BankOf(int cpu, int intid) => intid < GicRegisters.PrivateCount ? _private[cpu] : _shared;

    // GICC_HPPIR and GICC_AHPPIR (4.4.7, 4.4.13): the registers' own one sees group 1 if it acknowledges both.
    private uint Highest(int cpu, bool alias)
    {
        int intid = Find(cpu);
        if (intid == GicRegisters.Spurious) return GicRegisters.Spurious;
        bool isGroup1 = BankOf(cpu, intid).Group(intid) == 1;
        if (alias) return isGroup1 ? Identify(cpu, intid) : GicRegisters.Spurious;
        return isGroup1 && !_modes[cpu].AcknowledgesBoth ? OtherGroup : Identify(cpu, intid);
    }

    // An SGI's lowest sender stands in bits 12 to 10.
    private uint Identify(int cpu, int intid)
        => intid >= SgiCount ? (uint)intid : (uint)intid | ((uint)System.Numerics.BitOperations.TrailingZeroCount(_senders[cpu][intid] | 0x100) & 7) << 10;

    private uint Acknowledge(int cpu, bool alias)
    {
        uint identity = Highest(cpu, alias);
        int intid = (int)(identity & 0x3ff);
        if (intid is GicRegisters.Spurious) return GicRegisters.Spurious;
        int found = Find(cpu);
        InterruptBank bank = BankOf(cpu, found);
        int group = bank.Group(found);
        if (!_interfaces[cpu].LetsThrough(bank.Priority(found), group)) return GicRegisters.Spurious;
        if (intid == OtherGroup) return OtherGroup;
        _interfaces[cpu].Raise(bank.Priority(intid), group);
        bank.Activate(intid);
        if (intid < SgiCount) SetSenders(cpu, intid, _senders[cpu][intid] & (_senders[cpu][intid] - 1));
        UpdateAll();
        return identity;
    }

    // GICC_EOIR ends group 0, and group 1 too where it acknowledged it (4.4.5).
    private void End(int cpu, int intid, bool alias)
    {
        if (intid >= GicRegisters.MaxInterrupts) return;
        CpuInterface own = _interfaces[cpu];
        bool ended = alias ? own.Drop(1) : own.Drop(0) || (_modes[cpu].AcknowledgesBoth && own.Drop(1));
        if (ended && !own.SplitEnd) Deactivate(cpu, intid);
    }

    private void Deactivate(int cpu, int intid)
    {
        if (intid < GicRegisters.MaxInterrupts && BankOf(cpu, intid) is var bank && bank.Contains(intid)) bank.Deactivate(intid);
    }

    // The pending interrupt of highest priority for a CPU; of equal ones the lowest INTID. An SPI of several CPUs is each one's until one takes it (1.4.3).
    private int Find(int cpu)
    {
        CpuInterface own = _interfaces[cpu];
        bool group0 = (_control & 1) != 0 && own.IsEnabled(0), group1 = (_control & 2) != 0 && own.IsEnabled(1);
        int best = GicRegisters.Spurious, bestPriority = 256;
        Consider(_private[cpu], 0, _private[cpu].Candidates(0, group0, group1));
        for (int word = 0; word < _shared.Count / 32; word++) Consider(_shared, GicRegisters.PrivateCount + (32 * word), _shared.Candidates(word, group0, group1));
        return best;

        void Consider(InterruptBank bank, int first, uint candidates)
        {
            for (; candidates != 0; candidates &= candidates - 1)
            {
                int intid = first + System.Numerics.BitOperations.TrailingZeroCount(candidates);
                byte priority = bank.Priority(intid);
                if (priority >= bestPriority || (first != 0 && Cpus > 1 && (_targets[intid - GicRegisters.PrivateCount] >> cpu & 1) == 0)) continue;
                (best, bestPriority) = (intid, priority);
            }
        }
    }

    private void UpdateAll()
    {
        for (int cpu = 0; cpu < Cpus; cpu++) Update(cpu);
    }

    private void Update(int cpu)
    {
        int intid = Find(cpu);
        bool irq = false, fiq = false;
        if (intid != GicRegisters.Spurious)
        {
            InterruptBank bank = BankOf(cpu, intid);
            int group = bank.Group(intid);
            bool signalled = _interfaces[cpu].LetsThrough(bank.Priority(intid), group), asFiq = group == 0 && _modes[cpu].SignalsFiq;
            (irq, fiq) = (signalled && !asFiq, signalled && asFiq);
        }

        _lines.Set(cpu, irq, fiq);
    }
}
