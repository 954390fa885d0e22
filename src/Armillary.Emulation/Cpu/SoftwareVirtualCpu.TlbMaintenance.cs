using Armillary.Arm64;

namespace Armillary.Emulation.Cpu;

// The TLB: address spaces, and maintenance by this and by other virtual CPUs (Arm ARM D8.16).
internal sealed unsafe partial class SoftwareVirtualCpu
{
    // One that does not run may be asked without end: then it forgets everything.
    private const int MaxTlbRequests = 64;

    private readonly TlbContexts _tlb = new();
    private readonly Queue<TlbRequest> _tlbRequests = new();
    private long _tlbAsked, _tlbServed;
    private bool _spaceChanged, _broadcast;

    /// <summary>
    /// TTBR0_EL1 or TTBR1_EL1 changed. It has an effect at the next context synchronisation event or miss, and may have one any time
    /// before (D24.1.2.2): between the two registers' writes there is no address space of interest.
    /// </summary>
    internal void ChangeAddressSpace() => _spaceChanged = true;

    /// <summary>The exception level, PSTATE.PAN or PSTATE.UAO changed.</summary>
    internal void SelectTables()
    {
        if (_spaceChanged) SwitchAddressSpace();
        TlbTables.Select(_state, _tlb.Tables, ExceptionLevel, HasPan, (PstateBits & Arm64.Pstate.UAO) != 0);
    }

    /// <summary>Owner, or any thread while the machine stands still: all translations or the backing changed.</summary>
    internal void FlushTlb() => Serve(new TlbRequest(TlbScope.All));

    /// <summary>Owner, or any thread while the machine stands still: no store may go past dirty tracking unseen from now on.</summary>
    internal void FlushWriteTlb() => _tlb.ClearWrites();

    /// <summary>Owner: TLB maintenance for this virtual CPU.</summary>
    internal void Serve(in TlbRequest request) => _tlb.Serve(request);

    /// <summary>Owner: the same for the inner or outer shareable domain. <see cref="CompleteMaintenance"/> waits for it.</summary>
    internal void Broadcast(in TlbRequest request)
    {
        Serve(request);
        if (_machine.IsAlone) return;
        _machine.AskOthers(this, request);
        _broadcast = true;
    }

    /// <summary>Any thread: asks for maintenance, which is done before the next access after a branch or a sleep.</summary>
    internal void Ask(TlbRequest request)
    {
        lock (_outside)
        {
            if (_gone) return;
            if (_tlbRequests.Count >= MaxTlbRequests)
            {
                _tlbRequests.Clear();
                request = new TlbRequest(TlbScope.All);
            }

            _tlbRequests.Enqueue(request);
            _tlbAsked++;
            Interlocked.Or(ref _state->Attention, (uint)Wants.TlbMaintenance); // a sleeper need not wake up
        }
    }

    /// <summary>DSB: broadcast maintenance is complete when no virtual CPU uses an old translation (D8.16.5).</summary>
    internal void CompleteMaintenance()
    {
        Interlocked.MemoryBarrier();
        if (!_broadcast) return;
        _broadcast = false;
        foreach (SoftwareVirtualCpu other in _machine.Cpus)
        {
            if (other == this) continue;
            long asked = Interlocked.Read(ref other._tlbAsked);
            SpinWait wait = default;
            while (Volatile.Read(ref other.Inside) != 0 && Interlocked.Read(ref other._tlbServed) < asked)
            {
                // The other one may wait for this one.
                uint wants = Volatile.Read(ref _state->Attention);
                if ((wants & (uint)Wants.TlbMaintenance) != 0) ServeTlbRequests();
                if ((wants & (uint)Wants.Pause) != 0) _machine.Pause(this);
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private void ServeTlbRequests()
    {
        lock (_outside)
        {
            while (_tlbRequests.TryDequeue(out TlbRequest request)) Serve(request);
            Interlocked.Exchange(ref _tlbServed, _tlbAsked);
        }
    }

    private void SwitchAddressSpace()
    {
        const ulong A1 = 1 << 22, AS = 1ul << 36;
        _spaceChanged = false;
        ulong lower = Registers[SystemRegister.TTBR0_EL1], upper = Registers[SystemRegister.TTBR1_EL1], control = Registers[SystemRegister.TCR_EL1];
        uint addressSpace = (uint)(((control & A1) != 0 ? upper : lower) >> 48);
        _tlb.Switch(lower, upper, (control & AS) != 0 ? addressSpace : addressSpace & 0xff);
    }
}
