namespace Armillary.Emulation.Cpu;

/// <summary>
/// The TLB of a virtual CPU: tables for each of the address spaces that it used last, known by both translation table base registers,
/// ASID and all. A switch of tasks chooses tables and empties none; an access compares one tag as before.
/// </summary>
/// <remarks>
/// What is global is in the tables of every space that used it. So maintenance by address goes through all of them, whatever ASID it
/// names; and maintenance by ASID empties the spaces that have it.
/// </remarks>
internal sealed unsafe class TlbContexts : IDisposable
{
    private const int Count = 8;

    // Above this many pages, looking at every entry costs less than looking for each page.
    private const ulong FewPages = 64;

    private readonly Context[] _contexts = new Context[Count];
    private int _current;
    private long _clock;

    public TlbContexts()
    {
        _contexts[0].Tables = TlbTables.Allocate();
        _contexts[0].Begin(0, 0, 0);
    }

    /// <summary>The tables of the current address space.</summary>
    public byte* Tables => _contexts[_current].Tables;

    /// <summary>Makes an address space the current one.</summary>
    /// <param name="lower">TTBR0_EL1.</param>
    /// <param name="upper">TTBR1_EL1.</param>
    /// <param name="addressSpace">The ASID of the two that counts.</param>
    public void Switch(ulong lower, ulong upper, uint addressSpace)
    {
        int oldest = 0;
        for (int i = 0; i < Count; i++)
        {
            ref Context context = ref _contexts[i];
            if (context.Used != 0 && context.Lower == lower && context.Upper == upper)
            {
                _current = i;
                context.Used = ++_clock;
                return;
            }

            if (context.Used < _contexts[oldest].Used) oldest = i;
        }

        ref Context taken = ref _contexts[oldest];
        if (taken.Tables == null) taken.Tables = TlbTables.Allocate();
        else TlbTables.Clear(taken.Tables);
        taken.Begin(lower, upper, addressSpace);
        taken.Used = ++_clock;
        _current = oldest;
    }

    /// <summary>Before a page of a block goes into the current tables: maintenance of any of its addresses is of all of them.</summary>
    public void NoteBlock(ulong va, int bits)
    {
        ref Context context = ref _contexts[_current];
        if ((va >> 55 & 1) == 0) context.LowerBlocks.Add(va, bits);
        else context.UpperBlocks.Add(va, bits);
    }

    /// <summary>Forgets what is asked.</summary>
    public void Serve(in TlbRequest request)
    {
        for (int i = 0; i < Count; i++)
        {
            ref Context context = ref _contexts[i];
            if (context.Used == 0) continue;
            switch (request.Scope)
            {
                case TlbScope.Range:
                    Drop(ref context, request.Start, request.Length, i);
                    break;
                case TlbScope.Writes:
                    TlbTables.DropWrites(context.Tables, (byte*)request.Start);
                    break;
                case TlbScope.AddressSpace when context.AddressSpace != request.Start:
                    break;
                default:
                    Empty(ref context, i);
                    break;
            }
        }
    }

    /// <summary>Empties the jump caches.</summary>
    public void ClearJumps()
    {
        foreach (ref Context context in _contexts.AsSpan())
        {
            if (context.Used != 0) TlbTables.ClearJumps(context.Tables);
        }
    }

    /// <summary>Empties the tables of stores.</summary>
    public void ClearWrites()
    {
        foreach (ref Context context in _contexts.AsSpan())
        {
            if (context.Used != 0) TlbTables.ClearWrites(context.Tables);
        }
    }

    public void Dispose()
    {
        foreach (ref Context context in _contexts.AsSpan())
        {
            TlbTables.Free(context.Tables);
            context.Tables = null;
        }
    }

    private void Drop(ref Context context, ulong start, ulong length, int index)
    {
        if (context.LowerBlocks.Meets(start, length) || context.UpperBlocks.Meets(start, length)) Empty(ref context, index);
        else if (length >> CpuState.PageShift > FewPages) TlbTables.Drop(context.Tables, start, length);
        else for (ulong at = 0; at < length; at += 1ul << CpuState.PageShift) TlbTables.Drop(context.Tables, start + at);
    }

    // One that is not in use is emptied when it is taken.
    private void Empty(ref Context context, int index)
    {
        context.Used = 0;
        if (index != _current) return;
        TlbTables.Clear(context.Tables);
        context.Begin(context.Lower, context.Upper, context.AddressSpace);
        context.Used = ++_clock;
    }

    private struct Context
    {
        public byte* Tables;
        public ulong Lower, Upper;
        public uint AddressSpace;
        public long Used; // 0 for tables with nothing of value
        public BlockSpan LowerBlocks, UpperBlocks;

        public void Begin(ulong lower, ulong upper, uint addressSpace)
        {
            (Lower, Upper, AddressSpace, Used) = (lower, upper, addressSpace, 1);
            LowerBlocks = UpperBlocks = default;
        }
    }

    /// <summary>An aligned span of a power of two that has in it every block noted, if any.</summary>
    private struct BlockSpan
    {
        private ulong _start;
        private int _bits; // 0: none

        public void Add(ulong va, int bits)
        {
            va = WithoutTop(va);
            if (_bits == 0) (_start, _bits) = (va, bits);
            _bits = Math.Max(_bits, bits);
            while ((_start ^ va) >> _bits != 0) _bits++;
            _start = _start >> _bits << _bits;
        }

        public readonly bool Meets(ulong start, ulong length)
            => _bits != 0 && (WithoutTop(start - _start) < 1ul << _bits || WithoutTop(_start - start) < length);

        private static ulong WithoutTop(ulong va) => va & (ulong.MaxValue >> 8);
    }
}
