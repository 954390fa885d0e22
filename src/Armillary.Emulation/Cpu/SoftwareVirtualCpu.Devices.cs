using Armillary.Arm64;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Cpu;

// Accesses to what no memory backs, and how an instruction with several of them is taken up again.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    // No instruction makes more accesses than this (LD4 of four registers of bytes).
    private const int MaxAccesses = 64;

    // MMIO accesses of the instruction at hand that are done. When the run ends in the middle of an instruction, it is
    // executed again from its start; the accesses that are done are then answered from here.
    private readonly ulong[] _accesses = new ulong[MaxAccesses];
    private int _accessCount, _accessIndex;
    private int _pendingReadSize;
    private bool _replay;
    private ulong _retiredAtAccess;

    private bool ReadDevice(Op* op, ulong va, ulong gpa, int size, out ulong value, ref Op* next)
    {
        if (_accessIndex < _accessCount)
        {
            value = _accesses[_accessIndex++];
            return true;
        }

        if (MmioHandler is { } handler)
        {
            BeginDeviceAccess(op);
            if (handler.Read(gpa, size, out value))
            {
                value &= Mask(size);
                RecordAccess(value);
                return true;
            }
        }

        value = 0;
        _pendingReadSize = size;
        next = ExitForDevice(op, va, gpa, size, write: false, 0);
        return false;
    }

    private bool WriteDevice(Op* op, ulong va, ulong gpa, int size, ulong value, ref Op* next)
    {
        if (_accessIndex < _accessCount)
        {
            _accessIndex++;
            return true;
        }

        value &= Mask(size);
        if (MmioHandler is { } handler)
        {
            BeginDeviceAccess(op);
            if (handler.Write(gpa, size, value))
            {
                RecordAccess(0);
                return true;
            }
        }

        next = ExitForDevice(op, va, gpa, size, write: true, value);
        _accesses[_accessCount++] = 0; // the host has seen it: done when the run goes on
        return false;
    }

    private Op* ExitForDevice(Op* op, ulong va, ulong gpa, int size, bool write, ulong value)
    {
        _replay = true;
        SetExit(VmExit.Access(va, gpa, size, write, value), op->Operands.Pc);
        return Leave(op, Machines.HelperOutcome.Exit);
    }

    private static ulong Mask(int size) => size == 8 ? ulong.MaxValue : (1UL << (8 * size)) - 1;

    private void BeginDeviceAccess(Op* op)
    {
        _state->Pc = op->Operands.Pc;
        _retiredAtAccess = (ulong)(_state->RetiredBias + (long)op) / (ulong)sizeof(Op);
    }

    private void RecordAccess(ulong value)
    {
        _accesses[_accessCount++] = value;
        _accessIndex++;
    }

    private protected override void CompleteMmioReadCore(ulong value) => _accesses[_accessCount++] = value & Mask(_pendingReadSize);

    // An instruction begins on the slow path.
    private void BeginAccesses()
    {
        _accessIndex = 0;
        if (!_replay) _accessCount = 0;
        _replay = false;
    }

    private void AbandonAccess()
    {
        _replay = false;
        _accessCount = 0;
    }
}
