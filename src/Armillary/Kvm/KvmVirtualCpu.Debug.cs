using Armillary.Arm64;
using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

// BRK, breakpoints, watchpoints and steps that end runs, by KVM_SET_GUEST_DEBUG.
internal sealed unsafe partial class KvmVirtualCpu
{
    private const ulong MDSCR_SS = 1, MDSCR_MDE = 1 << 15;

    private uint _debugControl;

    // The guest steps code of its own, by the same bits.
    private bool IsGuestStepping => !TrapDebugExceptions && (ReadSystem(SystemRegister.MDSCR_EL1) & MDSCR_SS) != 0;

    private protected override void SetTrapDebugExceptionsCore(bool value)
    {
        // Looked at before every run.
    }

    private void SetGuestDebug(bool step)
    {
        _owesStep &= step;
        bool hardware = TrapDebugExceptions && (ReadSystem(SystemRegister.MDSCR_EL1) & MDSCR_MDE) != 0;
        uint control = (TrapDebugExceptions || _areLent ? KvmIoctl.KVM_GUESTDBG_USE_SW_BP : 0) | (step ? KvmIoctl.KVM_GUESTDBG_SINGLESTEP : 0) | (hardware ? KvmIoctl.KVM_GUESTDBG_USE_HW : 0);
        if (control != 0) control |= KvmIoctl.KVM_GUESTDBG_ENABLE;
        if (control == _debugControl && !hardware) return;
        _debugControl = control;
        var debug = new kvm_guest_debug { control = control };
        if (hardware)
        {
            for (int n = 0; n < Math.Min(16, _machine.Capability(KvmIoctl.KVM_CAP_GUEST_DEBUG_HW_BPS)); n++)
            {
                debug.dbg_bvr[n] = ReadSystem(SystemRegisters.Encode(2, 0, 0, n, 4));
                debug.dbg_bcr[n] = ReadSystem(SystemRegisters.Encode(2, 0, 0, n, 5));
            }

            for (int n = 0; n < Math.Min(16, _machine.Capability(KvmIoctl.KVM_CAP_GUEST_DEBUG_HW_WPS)); n++)
            {
                debug.dbg_wvr[n] = ReadSystem(SystemRegisters.Encode(2, 0, 0, n, 6));
                debug.dbg_wcr[n] = ReadSystem(SystemRegisters.Encode(2, 0, 0, n, 7));
            }
        }

        KvmHost.Check(KvmHost.Call(_descriptor, KvmIoctl.KVM_SET_GUEST_DEBUG, (nuint)(&debug)), "KVM_SET_GUEST_DEBUG");
    }

    // An exception that the step took has saved the bit that it lent (D2.12.3).
    private void HideStepFromVector()
    {
        ulong distance = GetPcCore() - ReadSystem(SystemRegister.VBAR_EL1);
        if (distance >= 0x800 || distance % 0x80 != 0) return;
        ulong saved = ReadSystem(SystemRegister.SPSR_EL1);
        if ((saved & Arm64.Pstate.SS) != 0) WriteSystem(SystemRegister.SPSR_EL1, saved & ~(ulong)Arm64.Pstate.SS);
    }

    // Both levels want the same bits: the stand-in knows both.
    private VmExit StepByStandIn()
    {
        ExecuteByStandIn(step: true, out VmExit exit);
        return exit;
    }
}
