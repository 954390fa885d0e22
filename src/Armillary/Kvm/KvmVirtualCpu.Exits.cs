using Armillary.Arm64;
using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

// What ended KVM_RUN. Exits get the form that every engine gives them (docs/engines.md).
internal sealed unsafe partial class KvmVirtualCpu
{
    // ISS of a debug exception; WnR of a watchpoint.
    private const uint DebugException = 0b100010, WnR = 1 << 6;

    // The call that ended a step was the stepped instruction: the kernel reports its step at the next entry, before anything is executed.
    private bool _owesStep;

    private bool Serve(bool step, out VmExit exit)
    {
        exit = default;
        switch (_run->exit_reason)
        {
            case KvmIoctl.KVM_EXIT_MMIO:
                return ServeMmio(step, out exit);
            case KvmIoctl.KVM_EXIT_ARM_NISV:
                return ExecuteByStandIn(step, out exit);
            case KvmIoctl.KVM_EXIT_DEBUG:
                return ServeDebug(step, new Syndrome(_run->debug.hsr), _run->debug.far, out exit);
            case KvmIoctl.KVM_EXIT_HYPERCALL:
                _owesStep = step;
                return EndByCall((_run->hypercall.flags & KvmIoctl.KVM_HYPERCALL_EXIT_SMC) != 0, out exit);
            case KvmIoctl.KVM_EXIT_SYSTEM_EVENT when _run->system_event.type == KvmIoctl.KVM_SYSTEM_EVENT_WAKEUP:
                EndSuspension();
                return false;
            case KvmIoctl.KVM_EXIT_SYSTEM_EVENT:
                return EndBySystemEvent(_run->system_event.type, out exit);
            case KvmIoctl.KVM_EXIT_INTR:
                return false;
            case KvmIoctl.KVM_EXIT_DIRTY_RING_FULL:
                _machine.CollectRings();
                return false;
            case KvmIoctl.KVM_EXIT_FAIL_ENTRY:
                throw new ArmillaryException($"KVM could not enter the guest at PC 0x{GetPcCore():x}: hardware reason 0x{_run->fail_entry.hardware_entry_failure_reason:x} on host CPU {_run->fail_entry.cpu}.");
            case KvmIoctl.KVM_EXIT_INTERNAL_ERROR:
                throw new ArmillaryException($"KVM reports an internal error at PC 0x{GetPcCore():x}: suberror {_run->internal_error.suberror}.");
            default:
                throw new ArmillaryException($"KVM ended a run for a reason that the engine does not know: {_run->exit_reason}, at PC 0x{GetPcCore():x}.");
        }
    }

    private bool ServeDebug(bool step, Syndrome syndrome, ulong address, out VmExit exit)
    {
        exit = StepDone;
        switch (syndrome.Class)
        {
            case Arm64.ExceptionClass.Brk64 when IsInLentVectors(out ulong offset):
                return EndInLentVectors(step, offset, out exit);
            case Arm64.ExceptionClass.Brk64:
                if (TrapDebugExceptions) return End(Arm64.ExceptionClass.Brk64, syndrome.Immediate, out exit);
                _standIn.TakeException(Arm64.ExceptionClass.Brk64, syndrome.Immediate);
                NoteExceptionRegisters();
                return step;
            case Arm64.ExceptionClass.SoftwareStepLower:
                if (step && _owesStep)
                {
                    _owesStep = false;
                    return false;
                }

                if (step) HideStepFromVector();
                return step || End(Arm64.ExceptionClass.SoftwareStepLower, syndrome.Specific, out exit);
            case Arm64.ExceptionClass.BreakpointLower:
                return End(Arm64.ExceptionClass.BreakpointLower, DebugException, out exit);
            case Arm64.ExceptionClass.WatchpointLower:
                return End(Arm64.ExceptionClass.WatchpointLower, DebugException | (syndrome.Specific & WnR), out exit, address);
            default:
                return End(syndrome.Class, syndrome.Specific, out exit, address);
        }
    }

    // PC is behind the call already.
    private bool EndByCall(bool isSmc, out VmExit exit)
    {
        uint immediate = _standIn.ReadInstruction(GetPcCore() - sizeof(uint)) is { } word ? (word >> 5) & 0xffff : 0;
        return End(isSmc ? Arm64.ExceptionClass.Smc64 : Arm64.ExceptionClass.Hvc64, immediate, out exit);
    }

    // A kernel that keeps PSCI to itself says what was called; the host sees the call.
    private bool EndBySystemEvent(uint type, out VmExit exit)
    {
        const uint Shutdown = 1, Reset = 2, SystemOff = 0x8400_0008, SystemReset = 0x8400_0009; // DEN0022 5.1
        if (type is not (Shutdown or Reset)) throw new ArmillaryException($"KVM reports a system event that the engine does not know: {type}, at PC 0x{GetPcCore():x}.");
        SetXCore(0, type == Shutdown ? SystemOff : SystemReset);
        return EndByCall(isSmc: false, out exit);
    }

    private static bool End(ExceptionClass exceptionClass, uint specific, out VmExit exit, ulong virtualAddress = 0)
    {
        exit = new VmExit { Reason = VmExitReason.Exception, Syndrome = Syndrome.Create(exceptionClass, specific), VirtualAddress = virtualAddress };
        return true;
    }
}
