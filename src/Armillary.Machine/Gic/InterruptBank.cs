namespace Armillary.Machine.Gic;

/// <summary>
/// The state of a run of interrupts, 32 to a word, and the registers by which the guest sees it: those of the distributor for SPIs, and
/// those of a redistributor for a CPU's own (Arm IHI 0069H, 12.9 and 12.11).
/// </summary>
internal sealed class InterruptBank
{
    private readonly int _first;
    private readonly uint[] _group, _enabled, _latch, _line, _active, _edge;
    private readonly byte[] _priority;

    /// <param name="first">The first INTID, a multiple of 32.</param>
    /// <param name="count">How many, a multiple of 32.</param>
    public InterruptBank(int first, int count)
    {
        _first = first;
        int words = count / 32;
        (_group, _enabled, _latch) = (new uint[words], new uint[words], new uint[words]);
        (_line, _active, _edge) = (new uint[words], new uint[words], new uint[words]);
        _priority = new byte[count];
        if (first == 0) _edge[0] = 0xffff; // SGIs are edges, always
    }

    /// <summary>How many interrupts there are.</summary>
    public int Count => _priority.Length;

    /// <summary>Does this bank hold the INTID?</summary>
    public bool Contains(int intid) => (uint)(intid - _first) < (uint)_priority.Length;

    public byte Priority(int intid) => _priority[intid - _first];

    /// <summary>0 or 1.</summary>
    public int Group(int intid) => (int)(_group[Word(intid)] >> (intid & 31)) & 1;

    /// <summary>Sets an input's level; a rising edge is remembered where the interrupt is one of edges.</summary>
    public void SetLine(int intid, bool level)
    {
        int word = Word(intid);
        uint bit = 1u << (intid & 31);
        bool rises = level && (_line[word] & bit) == 0;
        _line[word] = level ? _line[word] | bit : _line[word] & ~bit;
        if (rises) _latch[word] |= _edge[word] & bit;
    }

    /// <summary>Makes an interrupt pending by a message or an SGI, or takes that back.</summary>
    public void SetPending(int intid, bool pending)
    {
        uint bit = 1u << (intid & 31);
        if (pending) _latch[Word(intid)] |= bit;
        else _latch[Word(intid)] &= ~bit;
    }

    /// <summary>The guest acknowledged it: active, and no more pending unless its level says so.</summary>
    public void Activate(int intid)
    {
        uint bit = 1u << (intid & 31);
        _active[Word(intid)] |= bit;
        _latch[Word(intid)] &= ~bit;
    }

    public void Deactivate(int intid) => _active[Word(intid)] &= ~(1u << (intid & 31));

    /// <summary>Those of a word that are pending, enabled and not active, of the groups that the distributor lets through.</summary>
    public uint Candidates(int word, bool group0, bool group1)
    {
        uint groups = (group0 ? ~_group[word] : 0) | (group1 ? _group[word] : 0);
        return Pending(word) & _enabled[word] & ~_active[word] & groups;
    }

    /// <summary>Reads a 32-bit register of the common block; false for an offset that is none of it.</summary>
    public bool TryRead(uint offset, out uint value)
    {
        value = 0;
        if (offset is < GicRegisters.IGROUPR or >= GicRegisters.ICFGR_End) return false;
        if (offset is >= GicRegisters.IPRIORITYR and < GicRegisters.IPRIORITYR_End)
        {
            for (uint i = 0; i < 4; i++) value |= (uint)ReadPriority(offset + i) << (int)(8 * i);
            return true;
        }

        if (offset >= GicRegisters.ICFGR)
        {
            if (Index((int)(offset - GicRegisters.ICFGR) * 4) is not { } first) return true;
            uint edges = _edge[first / 32] >> (first & 31) & 0xffff;
            for (int i = 0; i < 16; i++) value |= (edges >> i & 1) << ((2 * i) + 1);
            return true;
        }

        if (offset >= GicRegisters.IPRIORITYR_End) return false;
        if (Index((int)(offset & 0x7f) * 8) is not { } at) return true;
        int word = at / 32;
        value = (offset & ~0x7fu) switch
        {
            GicRegisters.IGROUPR => _group[word],
            GicRegisters.ISENABLER or GicRegisters.ICENABLER => _enabled[word],
            GicRegisters.ISPENDR or GicRegisters.ICPENDR => Pending(word),
            _ => _active[word], // ISACTIVER, ICACTIVER
        };
        return true;
    }

    /// <summary>Writes a 32-bit register of the common block; false for an offset that is none of it.</summary>
    public bool TryWrite(uint offset, uint value)
    {
        if (offset is < GicRegisters.IGROUPR or >= GicRegisters.ICFGR_End) return false;
        if (offset is >= GicRegisters.IPRIORITYR and < GicRegisters.IPRIORITYR_End)
        {
            for (uint i = 0; i < 4; i++) WritePriority(offset + i, (byte)(value >> (int)(8 * i)));
            return true;
        }

        if (offset >= GicRegisters.ICFGR)
        {
            if (Index((int)(offset - GicRegisters.ICFGR) * 4) is { } first) WriteConfiguration(first, value);
            return true;
        }

        if (offset >= GicRegisters.IPRIORITYR_End) return false;
        if (Index((int)(offset & 0x7f) * 8) is not { } at) return true;
        int word = at / 32;
        switch (offset & ~0x7fu)
        {
            case GicRegisters.IGROUPR: _group[word] = value; break;
            case GicRegisters.ISENABLER: _enabled[word] |= value; break;
            case GicRegisters.ICENABLER: _enabled[word] &= ~value; break;
            case GicRegisters.ISPENDR: _latch[word] |= value; break;
            case GicRegisters.ICPENDR: _latch[word] &= ~value; break;
            case GicRegisters.ISACTIVER: _active[word] |= value; break;
            case GicRegisters.ICACTIVER: _active[word] &= ~value; break;
        }

        return true;
    }

    /// <summary>A byte of IPRIORITYR: the one register that bytes can reach.</summary>
    public byte ReadPriority(uint offset) => Index((int)(offset - GicRegisters.IPRIORITYR)) is { } at ? _priority[at] : (byte)0;

    /// <inheritdoc cref="ReadPriority"/>
    public void WritePriority(uint offset, byte value)
    {
        if (Index((int)(offset - GicRegisters.IPRIORITYR)) is { } at) _priority[at] = (byte)(value & GicRegisters.PriorityMask);
    }

    public BankState Save() => new([.. _group], [.. _enabled], [.. _latch], [.. _line], [.. _active], [.. _edge], [.. _priority]);

    /// <exception cref="ArgumentException">The state is of a controller of another size.</exception>
    public void Restore(BankState state)
    {
        if (state.Priority.Count != Count || state.All().Any(w => w.Count != _group.Length))
        {
            throw new ArgumentException($"The state holds {state.Priority.Count} interrupts, the controller has {Count}.", nameof(state));
        }

        uint[][] own = [_group, _enabled, _latch, _line, _active, _edge];
        foreach ((uint[] to, IReadOnlyList<uint> from) in own.Zip(state.All()))
        {
            for (int i = 0; i < to.Length; i++) to[i] = from[i];
        }

        for (int i = 0; i < Count; i++) _priority[i] = (byte)(state.Priority[i] & GicRegisters.PriorityMask);
    }

    // A level is pending as long as it stands; what was latched stays until it is acknowledged or cleared.
    private uint Pending(int word) => _latch[word] | (_line[word] & ~_edge[word]);

    // Bit 2n+1 says edge, bit 2n is reserved. SGIs stay edges (12.9.9).
    private void WriteConfiguration(int first, uint value)
    {
        if (_first == 0 && first == 0) return;
        uint edges = 0;
        for (int i = 0; i < 16; i++) edges |= (value >> ((2 * i) + 1) & 1) << i;
        int shift = first & 31, word = first / 32;
        _edge[word] = (_edge[word] & ~(0xffffu << shift)) | (edges << shift);
    }

    private int Word(int intid) => (intid - _first) / 32;

    // Registers number all INTIDs from 0; those of interrupts that are not here read as zero and ignore writes.
    private int? Index(int intid) => Contains(intid) ? intid - _first : null;
}
