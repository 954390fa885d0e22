using Armillary.Arm64;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

// What the guest did that ended hv_vcpu_run, by ESR_EL2.EC. Exits get the form that every engine gives them (docs/engines.md).
internal sealed unsafe partial class HvfVirtualCpu
{
    // ISS of a debug exception; CV and COND of an unconditional instruction.
    private const uint DebugException = 0b100010, Always = (1u << 24) | (0xeu << 20);

    // ISS of aborts (D24.2.40), and the status that engines agree on for what stage 2 refuses.
    private const uint S1PTW = 1 << 7, WnR = 1 << 6, TranslationLevel1 = 0b000101, PermissionLevel3 = 0b001111;

    private bool ServeException(bool step, in hv_vcpu_exit_exception_t exception, out VmExit exit)
    {
        var syndrome = new Syndrome(exception.syndrome);
        uint specific = syndrome.Specific;
        switch (syndrome.Class)
        {
            case Arm64.ExceptionClass.WaitForInterruptOrEvent:
                if (!Wait(specific)) return End(Arm64.ExceptionClass.WaitForInterruptOrEvent, Always | (specific & 3), out exit);
                break;
            case Arm64.ExceptionClass.Hvc64:
                return End(Arm64.ExceptionClass.Hvc64, syndrome.Immediate, out exit); // PC is behind it
            case Arm64.ExceptionClass.Smc64:
                Advance();
                return End(Arm64.ExceptionClass.Smc64, syndrome.Immediate, out exit);
            case Arm64.ExceptionClass.SystemRegister:
                ServeSystemRegister(specific);
                break;
            case Arm64.ExceptionClass.InstructionAbortLower:
                return EndByFetch(exception, specific, out exit);
            case Arm64.ExceptionClass.DataAbortLower:
                return ServeDataAbort(step, exception, specific, out exit);
            case Arm64.ExceptionClass.Brk64:
                if (TrapDebugExceptions) return End(Arm64.ExceptionClass.Brk64, syndrome.Immediate, out exit);
                _standIn.TakeException(Arm64.ExceptionClass.Brk64, syndrome.Immediate);
                break;
            case Arm64.ExceptionClass.SoftwareStepLower:
                return ServeStep(step, specific, out exit);
            case Arm64.ExceptionClass.BreakpointLower:
                if (TrapDebugExceptions) return End(Arm64.ExceptionClass.BreakpointLower, DebugException, out exit);
                _standIn.TakeException(Arm64.ExceptionClass.BreakpointLower, DebugException);
                break;
            case Arm64.ExceptionClass.WatchpointLower:
                uint watchpoint = DebugException | (specific & WnR);
                if (TrapDebugExceptions) return End(Arm64.ExceptionClass.WatchpointLower, watchpoint, out exit, exception.virtual_address);
                _standIn.TakeException(Arm64.ExceptionClass.WatchpointLower, watchpoint, exception.virtual_address);
                break;
            case Arm64.ExceptionClass.FloatingPoint or Sve or Sme:
                _standIn.TakeException(Arm64.ExceptionClass.Unknown, 0); // what the identification registers do not claim is undefined
                break;
            default:
                exit = new VmExit { Reason = VmExitReason.Exception, Syndrome = syndrome, VirtualAddress = exception.virtual_address, PhysicalAddress = exception.physical_address };
                return true;
        }

        exit = StepDone;
        return step;
    }

    private const ExceptionClass Sve = (ExceptionClass)0x19, Sme = (ExceptionClass)0x1d;

    private static bool End(ExceptionClass exceptionClass, uint specific, out VmExit exit, ulong virtualAddress = 0)
    {
        exit = new VmExit { Reason = VmExitReason.Exception, Syndrome = Syndrome.Create(exceptionClass, specific), VirtualAddress = virtualAddress };
        return true;
    }

    // A fetch from where no memory is or none may be executed, or a table that is in no memory.
    private bool EndByFetch(in hv_vcpu_exit_exception_t exception, uint specific, out VmExit exit)
    {
        if ((specific & S1PTW) != 0) return EndByTable(Arm64.ExceptionClass.InstructionAbortLower, exception, 0, out exit);
        ulong gpa = PhysicalAddress(exception);
        GuestMemoryRegion? region = _machine.Memory.Find(gpa);
        exit = default;
        if (region is not null && region.Permissions.HasFlag(MemoryPermissions.Execute)) return false; // mapped meanwhile
        exit = new VmExit
        {
            Reason = VmExitReason.Exception,
            Syndrome = Syndrome.Create(Arm64.ExceptionClass.InstructionAbortLower, region is null ? TranslationLevel1 : PermissionLevel3),
            VirtualAddress = exception.virtual_address,
            PhysicalAddress = gpa,
        };
        return true;
    }

    private bool EndByTable(ExceptionClass exceptionClass, in hv_vcpu_exit_exception_t exception, uint specific, out VmExit exit)
    {
        exit = default;
        if (_machine.Memory.Find(exception.physical_address) is { } region && region.Permissions.HasFlag(MemoryPermissions.ReadWrite)) return false;
        exit = new VmExit
        {
            Reason = VmExitReason.Exception,
            Syndrome = Syndrome.Create(exceptionClass, specific | S1PTW | TranslationLevel1),
            VirtualAddress = exception.virtual_address,
            PhysicalAddress = exception.physical_address,
        };
        return true;
    }

    // The page is the fault's, the rest of the address the access's own: HPFAR_EL2 has no more (D24.2.70).
    private static ulong PhysicalAddress(in hv_vcpu_exit_exception_t exception) => (exception.physical_address & ~0xffful) | (exception.virtual_address & 0xfff);

    private void Advance() => SetRegister(hv_reg_t.HV_REG_PC, GetRegister(hv_reg_t.HV_REG_PC) + sizeof(uint));
}
