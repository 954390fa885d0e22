using Armillary.Arm64;
using Armillary.Hvf.Interop;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Hvf;

// System registers: those that the framework keeps, those that trap, and those that are parts of the process state.
internal sealed unsafe partial class HvfVirtualCpu
{
    private bool _identifiedGic;

    private bool HasGicSystemRegisters => GicCpuInterface is not null || _machine.Gic is not null;

    private protected override bool TryGetSystemRegisterCore(SystemRegister register, out ulong value)
    {
        switch (register)
        {
            case FPCR or FPSR:
                value = GetRegister(register == FPCR ? hv_reg_t.HV_REG_FPCR : hv_reg_t.HV_REG_FPSR);
                return true;
            case CurrentEL:
                value = (ulong)Arm64.Pstate.ExceptionLevel(GetPstateCore()) << 2;
                return true;
            case MDSCR_EL1 when _isStepping:
                value = _guestDebugControl;
                return true;
            case ISR_EL1:
                uint lines = Volatile.Read(ref _lines);
                value = ((lines & Irq) << 7) | ((lines & Fiq) << 5) | ((lines & SError) << 6); // A is bit 8, I bit 7 and F bit 6
                return true;
            case CNTFRQ_EL0:
                value = _machine.Host.System.TicksPerSecond;
                return true;
            case CNTVCT_EL0 or CNTPCT_EL0:
                value = Counter;
                return true;
            case CNTV_TVAL_EL0:
                value = (uint)(GetSystem(hv_sys_reg_t.HV_SYS_REG_CNTV_CVAL_EL0) - Counter);
                return true;
            case CNTP_CTL_EL0 or CNTP_CVAL_EL0 or CNTP_TVAL_EL0 when _machine.Gic is null:
                value = ReadPhysicalTimer(register);
                return true;
        }

        if (NativeState.PartOfState(register) is { } part)
        {
            value = register == SPSel ? GetPstateCore() & 1 : GetPstateCore() & part;
            return true;
        }

        if (_machine.Identification.TryRead(register, selection: register == CCSIDR_EL1 ? GetSystem(hv_sys_reg_t.HV_SYS_REG_CSSELR_EL1) : 0, out value)) return true;
        if (!Enum.IsDefined((hv_sys_reg_t)register)) return _standIn.TryGetDebugRegister(register, out value);
        ulong read;
        hv_return_t result = _framework.hv_vcpu_get_sys_reg(_id, (hv_sys_reg_t)register, &read);
        value = read;
        return result == hv_return_t.HV_SUCCESS;
    }

    private protected override bool TrySetSystemRegisterCore(SystemRegister register, ulong value)
    {
        switch (register)
        {
            case FPCR or FPSR:
                SetRegister(register == FPCR ? hv_reg_t.HV_REG_FPCR : hv_reg_t.HV_REG_FPSR, value);
                return true;
            case MDSCR_EL1 when _isStepping:
                _guestDebugControl = value;
                return true;
            case CurrentEL or ISR_EL1 or CNTFRQ_EL0 or CNTVCT_EL0 or CNTPCT_EL0 or MPIDR_EL1:
                return false;
            case CNTV_TVAL_EL0:
                SetSystem(hv_sys_reg_t.HV_SYS_REG_CNTV_CVAL_EL0, Counter + (ulong)(int)value);
                return true;
            case CNTP_CTL_EL0 or CNTP_CVAL_EL0 or CNTP_TVAL_EL0 when _machine.Gic is null:
                WritePhysicalTimer(register, value);
                return true;
        }

        if (NativeState.PartOfState(register) is { } part)
        {
            uint bits = register == SPSel ? (uint)value & 1 : (uint)value & part;
            SetPstateCore((GetPstateCore() & ~part) | bits);
            return true;
        }

        if (HvfIdentification.IsIdentification(register) || register is CTR_EL0 or DCZID_EL0) return false;
        if (!Enum.IsDefined((hv_sys_reg_t)register)) return _standIn.TrySetDebugRegister(register, value);
        return _framework.hv_vcpu_set_sys_reg(_id, (hv_sys_reg_t)register, value) == hv_return_t.HV_SUCCESS;
    }

    // MSR, MRS or a system instruction that the host's hypervisor traps, after all checks of EL1 (EC 0x18, D24.2.40).
    private void ServeSystemRegister(uint specific)
    {
        bool isRead = (specific & 1) != 0;
        int rt = (int)(specific >> 5) & 31;
        SystemRegister register = SystemRegisters.Encode((int)(specific >> 20) & 3, (int)(specific >> 14) & 7, (int)(specific >> 10) & 15, (int)(specific >> 1) & 15, (int)(specific >> 17) & 7);
        ulong value = 0;
        bool known;
        if (IsServedHere(register))
        {
            if (!isRead) value = rt == 31 ? 0 : GetXCore(rt);
            known = IsInterruptController(register)
                ? GicCpuInterface is { } gic && (isRead ? gic.TryRead(this, register, out value) : gic.TryWrite(this, register, value))
                : isRead ? TryGetSystemRegisterCore(register, out value) : TrySetSystemRegisterCore(register, value);
        }
        else if (IsPerformanceMonitor(register))
        {
            known = false;
        }
        else
        {
            // Debug's odds and ends, and what is undefined: as the software CPU has them.
            ExecuteByStandIn(step: true, out _);
            return;
        }

        if (!known)
        {
            _standIn.TakeException(Arm64.ExceptionClass.Unknown, 0);
            return;
        }

        if (isRead && rt != 31) SetXCore(rt, value);
        Advance();
    }

    // What has its value here or in the framework.
    private static bool IsServedHere(SystemRegister register) => IsInterruptController(register)
        || HvfIdentification.IsIdentification(register)
        || register is CTR_EL0 or DCZID_EL0 or CNTPCT_EL0 or CNTVCT_EL0 or CNTP_CTL_EL0 or CNTP_CVAL_EL0 or CNTP_TVAL_EL0 or CCSIDR_EL1 or CLIDR_EL1 or CSSELR_EL1
        || (register.Op0() == 2 && Enum.IsDefined((hv_sys_reg_t)register));

    // ICC_*_EL1 (GIC specification 12.2).
    private static bool IsInterruptController(SystemRegister register)
        => register == ICC_PMR_EL1 || (register.Op0() == 3 && register.Op1() == 0 && register.CRn() == 12 && register.CRm() is 8 or 9 or 11 or 12 && register is not ISR_EL1);

    // PM*: ID_AA64DFR0_EL1 says that there is none.
    private static bool IsPerformanceMonitor(SystemRegister register) => register.Op0() == 3
        && ((register.Op1() == 0 && register.CRn() == 9 && register.CRm() is 13 or 14)
            || (register.Op1() == 3 && ((register.CRn() == 9 && register.CRm() is 12 or 13 or 14) || (register.CRn() == 14 && register.CRm() >= 8))));

    private ulong ReadPhysicalTimer(SystemRegister register)
    {
        // Whoever sees the condition met must find the interrupt pending too.
        UpdateTimers();
        ulong counter = Counter;
        return register switch
        {
            CNTP_CTL_EL0 => _physicalTimer.ReadControl(counter),
            CNTP_TVAL_EL0 => _physicalTimer.ReadValue(counter),
            _ => _physicalTimer.CompareValue,
        };
    }

    private void WritePhysicalTimer(SystemRegister register, ulong value)
    {
        if (register == CNTP_CTL_EL0) _physicalTimer.WriteControl(value);
        else if (register == CNTP_TVAL_EL0) _physicalTimer.WriteValue(value, Counter);
        else _physicalTimer.CompareValue = value;
        UpdateTimers();
        SetPhysicalAlarm();
    }

    // Refused registers keep the host's value: older systems have fewer that may be written.
    private void Identify()
    {
        _identifiedGic = HasGicSystemRegisters;
        foreach ((SystemRegister register, ulong value) in _machine.Identification.Registers(_identifiedGic)) _framework.hv_vcpu_set_sys_reg(_id, (hv_sys_reg_t)register, value);
    }

    private ulong GetSystem(hv_sys_reg_t register)
    {
        ulong value;
        hv_return_t result = _framework.hv_vcpu_get_sys_reg(_id, register, &value);
        return result == hv_return_t.HV_SUCCESS ? value : throw HvfCall.Error(result, $"hv_vcpu_get_sys_reg({register})");
    }

    private void SetSystem(hv_sys_reg_t register, ulong value)
    {
        hv_return_t result = _framework.hv_vcpu_set_sys_reg(_id, register, value);
        if (result != hv_return_t.HV_SUCCESS) throw HvfCall.Error(result, $"hv_vcpu_set_sys_reg({register}, 0x{value:x})");
    }
}
