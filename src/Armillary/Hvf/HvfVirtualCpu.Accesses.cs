using Armillary.Arm64;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

// Data aborts: devices, watched pages, and instructions that the syndrome does not describe.
internal sealed unsafe partial class HvfVirtualCpu
{
    private enum Pending
    {
        None,
        Load,    // takes the host's value into a register
        Store,   // has been seen
        StandIn, // an instruction that the stand-in goes on with
    }

    // The access that ended the last run.
    private Pending _pending;
    private DescribedAccess _access;
    private ulong _answer;
    private (ulong Pc, ulong Gpa) _retried;

    // A load or store of one register as ISS describes it (D24.2.40, ISS encoding for a Data Abort).
    private readonly struct DescribedAccess(uint specific)
    {
        public int Size => 1 << (int)((specific >> 22) & 3);

        public bool IsWrite => (specific & WnR) != 0;

        /// <summary>31 is XZR, which is not PC as in hv_reg_t.</summary>
        public int Register => (int)(specific >> 16) & 31;

        /// <summary>What a load puts into the register.</summary>
        public ulong Extend(ulong value)
        {
            const uint SSE = 1 << 21, SF = 1 << 15;
            int unused = 64 - (8 * Size);
            value = (specific & SSE) != 0 ? (ulong)((long)(value << unused) >> unused) : value << unused >> unused;
            return (specific & SF) != 0 ? value : (uint)value;
        }

        public ulong Narrow(ulong value) => value << (64 - (8 * Size)) >> (64 - (8 * Size));
    }

    private bool ServeDataAbort(bool step, in hv_vcpu_exit_exception_t exception, uint specific, out VmExit exit)
    {
        const uint ISV = 1 << 24, CM = 1 << 8;
        if ((specific & S1PTW) != 0)
        {
            // The walk may have set an access flag or dirty state in a page that is watched.
            exit = default;
            return !_machine.TryNoteStore(exception.physical_address) && EndByTable(Arm64.ExceptionClass.DataAbortLower, exception, specific & WnR, out exit);
        }

        ulong gpa = PhysicalAddress(exception);
        bool write = (specific & WnR) != 0;
        exit = default;
        if ((specific & CM) == 0 && _machine.Memory.Find(gpa) is { } region && region.Permissions.HasFlag(write ? MemoryPermissions.Write : MemoryPermissions.Read))
        {
            if (write) _machine.TryNoteStore(gpa);
            ulong pc = GetPcCore();
            bool isNew = _retried != (pc, gpa);
            _retried = (pc, gpa);
            return !isNew && ExecuteByStandIn(step, exception, out exit); // the access is made again; if that changes nothing, here
        }

        _retried = default;

        var access = new DescribedAccess(specific);
        if ((specific & CM) != 0) Advance(); // maintenance of a cache line that no memory is behind
        else if ((specific & ISV) == 0 || (gpa & (ulong)(access.Size - 1)) != 0) return ExecuteByStandIn(step, exception, out exit);
        else if (!TryAccess(access, exception.virtual_address, gpa, out exit)) return true;
        exit = StepDone;
        return step;
    }

    // Level 2 in place; else the run ends with the access.
    private bool TryAccess(DescribedAccess access, ulong va, ulong gpa, out VmExit exit)
    {
        ulong value = access.IsWrite && access.Register != 31 ? access.Narrow(GetXCore(access.Register)) : 0;
        exit = default;
        if (MmioHandler is { } handler && (access.IsWrite ? handler.Write(gpa, access.Size, value) : handler.Read(gpa, access.Size, out value)))
        {
            if (!access.IsWrite) Load(access, value);
            Advance();
            return true;
        }

        (_pending, _access, _answer) = (access.IsWrite ? Pending.Store : Pending.Load, access, 0);
        exit = VmExit.Access(va, gpa, access.Size, access.IsWrite, access.IsWrite ? value : 0);
        return false;
    }

    private void Load(DescribedAccess access, ulong value)
    {
        if (access.Register != 31) SetXCore(access.Register, access.Extend(value));
    }

    private protected override void CompleteMmioReadCore(ulong value)
    {
        if (_pending == Pending.StandIn) _standIn.CompleteMmioRead(value);
        else _answer = value;
    }

    // The access that the last run ended with is done before anything else. True if this run ends here.
    private bool CompleteAccess(bool step, out VmExit exit)
    {
        exit = StepDone;
        Pending pending = _pending;
        if (pending == Pending.None) return false;
        _pending = Pending.None;
        if (pending == Pending.StandIn) return ExecuteByStandIn(step, out exit);
        if (pending == Pending.Load) Load(_access, _answer);
        Advance();
        return step;
    }

    private void AbandonAccess()
    {
        _pending = Pending.None;
        _standIn.Abandon();
    }

    // LDP, vectors, write-back, atomics, DC ZVA: all that has no valid syndrome. The exception is a load that authenticates its base:
    // the host's algorithm is its own, so the run ends with what the hardware said.
    private bool ExecuteByStandIn(bool step, in hv_vcpu_exit_exception_t exception, out VmExit exit)
    {
        const uint LoadAuthenticatedMask = 0xff20_0400, LoadAuthenticated = 0xf820_0400;
        if (_standIn.ReadInstruction() is { } word && (word & LoadAuthenticatedMask) == LoadAuthenticated)
        {
            exit = new VmExit { Reason = VmExitReason.Exception, Syndrome = new Syndrome(exception.syndrome), VirtualAddress = exception.virtual_address, PhysicalAddress = exception.physical_address };
            return true;
        }

        return ExecuteByStandIn(step, out exit);
    }

    private bool ExecuteByStandIn(bool step, out VmExit exit)
    {
        exit = _standIn.Execute();
        if (exit.Reason == VmExitReason.Mmio) _pending = Pending.StandIn;
        return step || exit.Reason != VmExitReason.Exception || exit.ExceptionClass != Arm64.ExceptionClass.SoftwareStepLower;
    }
}
