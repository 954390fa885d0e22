using Armillary.Arm64;
using Armillary.Kvm.Interop;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Kvm;

// System registers by KVM_GET_ONE_REG. The kernel's ids are the encodings, but for a few.
internal sealed unsafe partial class KvmVirtualCpu
{
    // The ids of the virtual timer's compare value and count are each other's encodings, by a mistake that became the interface
    // (Documentation/virt/kvm/api.rst, 4.68).
    private const ulong VirtualCompareId = System | 0xdf02, VirtualCountId = System | 0xdf1a;

    private protected override bool TryGetSystemRegisterCore(SystemRegister register, out ulong value)
    {
        value = 0;
        switch (register)
        {
            case CurrentEL:
                value = (ulong)Arm64.Pstate.ExceptionLevel(GetPstateCore()) << 2;
                return true;
            case ISR_EL1:
                uint lines = Volatile.Read(ref _lines);
                value = ((lines & 1) << 7) | ((lines & 2) << 5) | ((lines & SError) << 6); // A is bit 8, I bit 7 and F bit 6
                return true;
            case VBAR_EL1 when _areLent:
                value = _guestVectors;
                return true;
            case CNTV_TVAL_EL0:
                value = (uint)(Get(VirtualCompareId) - Get(VirtualCountId));
                return true;
        }

        if (NativeState.PartOfState(register) is { } part)
        {
            value = register == SPSel ? GetPstateCore() & 1 : GetPstateCore() & part;
            return true;
        }

        if (_machine.Gic is { } gic && KvmGic.IsInterface(register)) return gic.TryReadInterface(ReadSystem(MPIDR_EL1), register, out value);
        ulong read = 0;
        bool known = TryTransfer(KvmIoctl.KVM_GET_ONE_REG, Id(register), &read);
        value = register == ESR_EL1 ? read & 0xff_ffff_ffff : read;
        return known;
    }

    private protected override bool TrySetSystemRegisterCore(SystemRegister register, ulong value)
    {
        switch (register)
        {
            case CurrentEL or ISR_EL1 or CNTFRQ_EL0 or CNTVCT_EL0 or CNTPCT_EL0 or MPIDR_EL1 or OSLSR_EL1:
                return false;
            case VBAR_EL1 when _areLent:
                _guestVectors = value;
                return true;
            case OSLAR_EL1:
                value = 8 | ((value & 1) << 1);
                return TryTransfer(KvmIoctl.KVM_SET_ONE_REG, Id(OSLSR_EL1), &value);
            case CNTV_TVAL_EL0:
                Set(VirtualCompareId, Get(VirtualCountId) + (ulong)(int)value);
                return true;
        }

        if (NativeState.PartOfState(register) is { } part)
        {
            uint bits = register == SPSel ? (uint)value & 1 : (uint)value & part;
            SetPstateCore((GetPstateCore() & ~part) | bits);
            return true;
        }

        return _machine.Gic is { } gic && KvmGic.IsInterface(register) ? gic.TryWriteInterface(ReadSystem(MPIDR_EL1), register, value) : TryTransfer(KvmIoctl.KVM_SET_ONE_REG, Id(register), &value);
    }

    private static ulong Id(SystemRegister register) => register switch
    {
        SP_EL0 => SpEL0Id,
        SP_EL1 => SpEL1Id,
        ELR_EL1 => ElrEL1Id,
        SPSR_EL1 => SpsrEL1Id,
        FPCR => FpcrId,
        FPSR => FpsrId,
        CNTV_CVAL_EL0 => VirtualCompareId,
        CNTVCT_EL0 => VirtualCountId,
        _ => System | (ushort)register,
    };

    private ulong ReadSystem(SystemRegister register) => Get(Id(register));

    private void WriteSystem(SystemRegister register, ulong value) => Set(Id(register), value);
}
