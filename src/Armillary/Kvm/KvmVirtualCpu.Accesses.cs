using Armillary.Arm64;
using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

// Accesses to devices. KVM completes one at the next KVM_RUN, whatever happened in between; where the engine goes on by itself, it makes the
// kernel forget the access and lets the stand-in execute the instruction.
internal sealed unsafe partial class KvmVirtualCpu
{
    private bool _pending;   // the run ended in an instruction that the stand-in goes on with
    private bool _declined;  // the device was asked and wants none of this access
    private bool _finishing; // the kernel has an answer that it has not yet taken

    // The device answers, and the guest goes on: the shortest way.
    private bool TryServeInPlace()
    {
        ref kvm_run_mmio mmio = ref _run->mmio;
        ulong gpa = mmio.phys_addr;
        int size = (int)mmio.len;
        if (MmioHandler is not { } handler || (gpa & (ulong)(size - 1)) != 0) return false;
        if (mmio.is_write != 0)
        {
            if (!handler.Write(gpa, size, Narrow(mmio.data, size))) return Decline();
            _finishing = true;
        }
        else
        {
            if (!handler.Read(gpa, size, out ulong value)) return Decline();
            _finishing = true;
            Answer(Narrow(value, size), size);
        }

        return true;
    }

    private bool Decline()
    {
        _declined = true;
        return false;
    }

    // The kernel takes no answer; the stand-in executes the instruction, and asks the devices unless one has declined.
    private bool ServeMmio(bool step, out VmExit exit)
    {
        bool declined = _declined;
        _declined = false;
        _run->exit_reason = 0;
        return ExecuteByStandIn(step, out exit, declined);
    }

    // Linux cuts a sign-extended load's value to its size again (arch/arm64/kvm/mmio.c, kvm_handle_mmio_return).
    private void Answer(ulong value, int size)
    {
        _run->mmio.data = value;
        if (size == 8 || (value >> ((8 * size) - 1)) == 0) return;
        ulong pc;
        var read = new kvm_one_reg { id = PcId, addr = (ulong)(&pc) };
        if (LibC.ioctl(_descriptor, KvmIoctl.KVM_GET_ONE_REG, (nuint)(&read)) < 0 || ReadInstruction(pc) is not { } word || !IsSignedLoad(word, out bool wide)) return;
        FinishAccess();
        int unused = 64 - (8 * size), register = (int)word & 31;
        ulong extended = (ulong)((long)(value << unused) >> unused);
        if (register != 31) SetXCore(register, wide ? extended : (uint)extended);
    }

    // Reading registers completes the access; the word is wanted before.
    private uint? ReadInstruction(ulong pc)
    {
        bool finishing = _finishing;
        _finishing = false;
        uint? word = _standIn.ReadInstruction(pc);
        _finishing = finishing;
        return word;
    }

    // LDRSB, LDRSH and LDRSW of one register (C4.1.94): opc 2 extends to 64 bits, 3 to 32.
    private static bool IsSignedLoad(uint word, out bool wide)
    {
        uint opc = (word >> 22) & 3;
        wide = opc == 2;
        bool isLoad = (word & 0x3f00_0000) == 0x3900_0000 || (word & 0x3f20_0c00) is 0x3800_0000 or 0x3800_0800 or 0x3820_0800; // offset, unscaled, unprivileged, register
        return isLoad && opc >= 2;
    }

    private static ulong Narrow(ulong value, int size) => size == 8 ? value : value & ((1ul << (8 * size)) - 1);

    /// <summary>The kernel takes its answer now, so that PC and registers are those behind the access.</summary>
    private void FinishAccess()
    {
        if (!_finishing) return;
        _finishing = false;
        _run->immediate_exit = 1;
        LibC.ioctl(_descriptor, KvmIoctl.KVM_RUN, 0);
        _run->immediate_exit = 0;
    }

    private protected override void CompleteMmioReadCore(ulong value) => _standIn.CompleteMmioRead(value);

    // The access that the last run ended with is done before anything else. True if this run ends here.
    private bool CompleteAccess(bool step, out VmExit exit)
    {
        exit = default;
        if (!_pending) return false;
        _pending = false;
        return ExecuteByStandIn(step, out exit);
    }

    private void AbandonAccess()
    {
        _pending = false;
        _standIn.Abandon();
    }

    private bool ExecuteByStandIn(bool step, out VmExit exit, bool firstDeclined = false)
    {
        exit = _standIn.Execute(firstDeclined);
        _pending = exit.Reason == VmExitReason.Mmio;
        return step || exit.Reason != VmExitReason.Exception || exit.ExceptionClass != Arm64.ExceptionClass.SoftwareStepLower;
    }
}
