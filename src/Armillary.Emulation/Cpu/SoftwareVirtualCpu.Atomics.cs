using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Cpu;

// Exclusives and atomics. They are aligned or within 16 aligned bytes, so they never cross a page.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    // The local monitor. A store-exclusive succeeds if the location still holds what the load-exclusive read, which a
    // guest can tell from hardware only where another CPU changed it and changed it back (docs/decisions/0003).
    private bool _monitorArmed;
    private ulong _monitorGpa;
    private int _monitorSize;
    private UInt128 _monitorValue;

    internal void ClearExclusive() => _monitorArmed = false;

    internal bool LoadExclusive(Op* op, ulong va, int size, out UInt128 value, out Op* next)
    {
        value = 0;
        if (!CheckAlignment(op, va, size, AccessKind.Atomic, out next)) return false;
        switch (Resolve(op, va, AccessKind.Atomic, out byte* host, out ulong gpa, ref next))
        {
            case Backing.Fault: return false;
            case Backing.Device:
                if (!CheckDeviceAlignment(op, va, size, AccessKind.Atomic, ref next) || !ReadDeviceWide(op, va, gpa, size, out value, ref next)) return false;
                break;
            default:
                if (!TryReadAtomically(host, gpa, size, out value)) return LoadExclusive(op, va, size, out value, out next);
                break;
        }

        (_monitorArmed, _monitorGpa, _monitorSize, _monitorValue) = (true, gpa, size, value);
        return true;
    }

    internal bool StoreExclusive(Op* op, ulong va, int size, UInt128 value, out X64 status, out Op* next)
    {
        status = new(1);
        if (!CheckAlignment(op, va, size, AccessKind.Atomic | AccessKind.Write, out next)) return false;
        if (!_monitorArmed) return true;
        switch (Resolve(op, va, AccessKind.Atomic | AccessKind.Write, out byte* host, out ulong gpa, ref next))
        {
            case Backing.Fault: return false;
            case Backing.Device:
                if (!CheckDeviceAlignment(op, va, size, AccessKind.Atomic | AccessKind.Write, ref next)) return false;
                if (gpa == _monitorGpa && size == _monitorSize)
                {
                    if (!WriteDeviceWide(op, va, gpa, size, value, ref next)) return false;
                    status = new(0);
                }

                break;
            default:
                if (gpa != _monitorGpa || size != _monitorSize) break;
                if (!TryExchange(host, gpa, size, _monitorValue, value, out UInt128 found)) return StoreExclusive(op, va, size, value, out status, out next);
                if (found == _monitorValue) status = new(0);
                break;
        }

        _monitorArmed = false;
        return true;
    }

    internal bool Atomic(Op* op, ulong va, int size, AtomicKind kind, ulong operand, out ulong old, out Op* next)
    {
        old = 0;
        if (!CheckAlignment(op, va, size, AccessKind.Atomic | AccessKind.Update, out next)) return false;
        switch (Resolve(op, va, AccessKind.Atomic | AccessKind.Update, out byte* host, out ulong gpa, ref next))
        {
            case Backing.Fault: return false;
            case Backing.Device:
                return CheckDeviceAlignment(op, va, size, AccessKind.Atomic | AccessKind.Update, ref next)
                    && ReadDevice(op, va, gpa, size, out old, ref next) && WriteDevice(op, va, gpa, size, HostAtomics.Apply(kind, size, old, operand), ref next);
            default:
                if (!TryUpdate(host, gpa, size, kind, operand, out old)) return Atomic(op, va, size, kind, operand, out old, out next);
                _machine.NoticeWrite(this, gpa, size);
                return true;
        }
    }

    internal bool CompareAndSwap(Op* op, ulong va, int size, UInt128 expected, UInt128 desired, out UInt128 old, out Op* next)
    {
        old = 0;
        if (!CheckAlignment(op, va, size, AccessKind.Atomic | AccessKind.Update, out next)) return false;
        switch (Resolve(op, va, AccessKind.Atomic | AccessKind.Update, out byte* host, out ulong gpa, ref next))
        {
            case Backing.Fault: return false;
            case Backing.Device:
                return CheckDeviceAlignment(op, va, size, AccessKind.Atomic | AccessKind.Update, ref next)
                    && ReadDeviceWide(op, va, gpa, size, out old, ref next) && (old != expected || WriteDeviceWide(op, va, gpa, size, desired, ref next));
            default:
                return TryExchange(host, gpa, size, expected, desired, out old) || CompareAndSwap(op, va, size, expected, desired, out old, out next);
        }
    }

    // B2.2.1 leaves it to the implementation whether what is not memory takes an unaligned atomic: not here.
    private bool CheckDeviceAlignment(Op* op, ulong va, int size, AccessKind kind, ref Op* next)
    {
        if ((va & (ulong)(size - 1)) == 0) return true;
        next = TakeDataAbort(op, va, FaultStatus.Alignment, IsWriteAlignmentFault(va, kind));
        return false;
    }

    // False, here and below, if the memory was taken away meanwhile; nothing is done then.
    private bool TryReadAtomically(byte* host, ulong gpa, int size, out UInt128 value)
    {
        if (!CanDoAtomically(host, size)) return TryStandingStill(new StillAccess(gpa, size), out value);
        value = HostAtomics.Read(host, size);
        return true;
    }

    private bool TryExchange(byte* host, ulong gpa, int size, UInt128 expected, UInt128 value, out UInt128 found)
    {
        if (CanDoAtomically(host, size)) found = HostAtomics.CompareExchange(host, size, (ulong)expected, (ulong)value);
        else if (!TryStandingStill(new StillAccess(gpa, size) { Expected = expected, Operand = value }, out found)) return false;
        if (found == expected) _machine.NoticeWrite(this, gpa, size);
        return true;
    }

    private bool TryUpdate(byte* host, ulong gpa, int size, AtomicKind kind, ulong operand, out ulong old)
    {
        if (CanDoAtomically(host, size))
        {
            old = HostAtomics.Update(host, size, kind, operand);
            return true;
        }

        bool done = TryStandingStill(new StillAccess(gpa, size) { Kind = kind, Operand = operand }, out UInt128 found);
        old = (ulong)found;
        return done;
    }

    private bool CanDoAtomically(byte* host, int size) => size <= 8 && (_machine.HasUnalignedAtomics || ((nuint)host & (nuint)(size - 1)) == 0);

    // .NET has no 16-byte compare and exchange, and not every host has unaligned ones: the other virtual CPUs stand still
    // meanwhile. To make them, this one leaves the run loop, and so whoever unmaps memory may come first.
    private bool TryStandingStill(in StillAccess access, out UInt128 found)
        => _machine.IsAlone ? access.TryDo(_machine, out found) : TryWhileOthersStand(access, out found);

    private bool TryWhileOthersStand(StillAccess access, out UInt128 found)
    {
        bool done = false;
        UInt128 seen = 0;
        _machine.StandStill(() => done = access.TryDo(_machine, out seen));
        found = seen;
        return done;
    }

    private bool ReadDeviceWide(Op* op, ulong va, ulong gpa, int size, out UInt128 value, ref Op* next)
    {
        value = 0;
        if (size <= 8)
        {
            bool done = ReadDevice(op, va, gpa, size, out ulong narrow, ref next);
            value = narrow;
            return done;
        }

        if (!ReadDevice(op, va, gpa, 8, out ulong low, ref next) || !ReadDevice(op, va + 8, gpa + 8, 8, out ulong high, ref next)) return false;
        value = new UInt128(high, low);
        return true;
    }

    private bool WriteDeviceWide(Op* op, ulong va, ulong gpa, int size, UInt128 value, ref Op* next)
        => size <= 8
            ? WriteDevice(op, va, gpa, size, (ulong)value, ref next)
            : WriteDevice(op, va, gpa, 8, (ulong)value, ref next) && WriteDevice(op, va + 8, gpa + 8, 8, (ulong)(value >> 64), ref next);
}
