using Armillary.Arm64;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

// Single steps: software step of the hypervisor (Arm ARM D2.12), whose two bits the guest must not find.
internal sealed unsafe partial class HvfVirtualCpu
{
    private const ulong MDSCR_SS = 1;

    private bool _isStepping;
    private ulong _guestDebugControl; // MDSCR_EL1 while it is lent
    private uint _guestStep;          // PSTATE.SS while it is lent

    // The guest steps code of its own, by the same bits.
    private bool IsGuestStepping => !TrapDebugExceptions && (GetSystem(hv_sys_reg_t.HV_SYS_REG_MDSCR_EL1) & MDSCR_SS) != 0;

    private protected override void SetTrapDebugExceptionsCore(bool value)
        => HvfCall.Check(_framework.hv_vcpu_set_trap_debug_exceptions(_id, value ? (byte)1 : (byte)0), "hv_vcpu_set_trap_debug_exceptions");

    private void BeginStep()
    {
        _guestDebugControl = GetSystem(hv_sys_reg_t.HV_SYS_REG_MDSCR_EL1);
        _guestStep = (uint)GetRegister(hv_reg_t.HV_REG_CPSR) & Arm64.Pstate.SS;
        SetSystem(hv_sys_reg_t.HV_SYS_REG_MDSCR_EL1, _guestDebugControl | MDSCR_SS);
        SetRegister(hv_reg_t.HV_REG_CPSR, GetRegister(hv_reg_t.HV_REG_CPSR) | Arm64.Pstate.SS);
        SetTrapDebugExceptionsCore(true);
        TrapDebugRegisters(true);
        _isStepping = true;
    }

    private void EndStep()
    {
        _isStepping = false;
        SetSystem(hv_sys_reg_t.HV_SYS_REG_MDSCR_EL1, _guestDebugControl);
        SetRegister(hv_reg_t.HV_REG_CPSR, (GetRegister(hv_reg_t.HV_REG_CPSR) & ~(ulong)Arm64.Pstate.SS) | _guestStep);
        SetTrapDebugExceptionsCore(TrapDebugExceptions);
        TrapDebugRegisters(false);
    }

    private bool ServeStep(bool step, uint specific, out VmExit exit)
    {
        exit = StepDone;
        if (!step) return End(Arm64.ExceptionClass.SoftwareStepLower, specific, out exit);
        HideStepFromVector();
        return true;
    }

    // An exception that the step took has saved the lent bit (D2.12.3).
    private void HideStepFromVector()
    {
        ulong distance = GetRegister(hv_reg_t.HV_REG_PC) - GetSystem(hv_sys_reg_t.HV_SYS_REG_VBAR_EL1);
        if (distance >= 0x800 || distance % 0x80 != 0) return;
        ulong saved = GetSystem(hv_sys_reg_t.HV_SYS_REG_SPSR_EL1);
        if ((saved & Arm64.Pstate.SS) != _guestStep) SetSystem(hv_sys_reg_t.HV_SYS_REG_SPSR_EL1, (saved & ~(ulong)Arm64.Pstate.SS) | _guestStep);
    }

    // Both levels want the same two bits: the stand-in knows both.
    private VmExit StepByStandIn()
    {
        ExecuteByStandIn(step: true, out VmExit exit);
        return exit;
    }

    private void TrapDebugRegisters(bool value)
        => HvfCall.Check(_framework.hv_vcpu_set_trap_debug_reg_accesses(_id, value ? (byte)1 : (byte)0), "hv_vcpu_set_trap_debug_reg_accesses");
}
