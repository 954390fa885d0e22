using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation.StandIn;
using Armillary.Kvm.Interop;
using Microsoft.Win32.SafeHandles;

namespace Armillary.Kvm;

/// <summary>
/// A virtual CPU of KVM: life and registers. The other parts of the class are the run loop (Run), exits (Exits), device accesses (Accesses),
/// the vectors of guests without any (Vectors), system registers, interrupts, and single steps (Debug).
/// </summary>
internal sealed unsafe partial class KvmVirtualCpu : VirtualCpu
{
    // Ids of KVM_GET_ONE_REG: sizes, and the registers of struct kvm_regs by their offset in words.
    private const ulong Core = 0x6030_0000_0010_0000, Core32 = 0x6020_0000_0010_0000, Core128 = 0x6040_0000_0010_0000, System = 0x6030_0000_0013_0000;
    private const ulong PcId = Core | 0x40, PstateId = Core | 0x42, SpEL0Id = Core | 0x3e, SpEL1Id = Core | 0x44, ElrEL1Id = Core | 0x46, SpsrEL1Id = Core | 0x48, VectorIds = Core128 | 0x54, FpsrId = Core32 | 0xd4, FpcrId = Core32 | 0xd5;

    private readonly KvmVirtualMachine _machine;
    private readonly SafeFileHandle _handle;
    private readonly int _descriptor;
    private readonly kvm_run* _run;
    private readonly StandInCpu _standIn;

    internal KvmVirtualCpu(KvmVirtualMachine machine, int index) : base(machine, index)
    {
        _machine = machine;
        _thread = LibC.gettid();
        _handle = new SafeFileHandle(KvmHost.Check(KvmHost.Call(machine.Descriptor, KvmIoctl.KVM_CREATE_VCPU, (nuint)index), $"KVM_CREATE_VCPU({index})"), ownsHandle: true);
        _descriptor = (int)_handle.DangerousGetHandle();
        nint run = LibC.mmap(0, machine.RunSize, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_SHARED, _descriptor, 0);
        if (run == -1)
        {
            _handle.Dispose();
            throw KvmHost.Error("mmap of struct kvm_run");
        }

        _run = (kvm_run*)run;
        _standIn = machine.StandIn.CreateCpu(this);
        _alarm = TimeProvider.System.CreateTimer(static cpu => ((KvmVirtualCpu)cpu!).Kick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            if (machine.HasDirtyRings) DirtyRing = new KvmDirtyRing(_descriptor);
            KickSignal.Accept();
            Reset();
        }
        catch
        {
            DisposeCore();
            throw;
        }
    }

    /// <summary>Where the machine has them.</summary>
    internal KvmDirtyRing? DirtyRing { get; }

    private protected override ulong GetXCore(int register) => Get(Core | (2 * (uint)register));

    private protected override void SetXCore(int register, ulong value) => Set(Core | (2 * (uint)register), value);

    private protected override ulong GetPcCore() => Get(PcId);

    private protected override void SetPcCore(ulong value)
    {
        AbandonAccess();
        Set(PcId, value);
    }

    private protected override uint GetPstateCore() => (uint)Get(PstateId);

    private protected override void SetPstateCore(uint value) => Set(PstateId, value);

    private protected override UInt128 GetVCore(int register)
    {
        UInt128 value;
        Transfer(KvmIoctl.KVM_GET_ONE_REG, VectorIds + (4 * (uint)register), &value, "KVM_GET_ONE_REG");
        return value;
    }

    private protected override void SetVCore(int register, UInt128 value) => Transfer(KvmIoctl.KVM_SET_ONE_REG, VectorIds + (4 * (uint)register), &value, "KVM_SET_ONE_REG");

    private protected override void PowerOffCore() => KvmHost.Check(SetState(KvmIoctl.KVM_MP_STATE_STOPPED), "KVM_SET_MP_STATE");

    private int SetState(uint state) => KvmHost.Call(_descriptor, KvmIoctl.KVM_SET_MP_STATE, (nuint)(&state));

    private protected override ulong? GetInstructionCountCore() => null;

    private protected override void TakeExceptionCore(ExceptionClass exceptionClass, uint specific, ulong? faultAddress) => _standIn.TakeException(exceptionClass, specific, faultAddress);

    private protected override bool TryTranslateCore(ulong virtualAddress, MemoryPermissions access, out ulong physicalAddress)
        => _standIn.TryTranslate(virtualAddress, access, out physicalAddress);

    private protected override void DisposeCore()
    {
        lock (_outside) _gone = true;
        _machine.Forget(this);
        _alarm.Dispose();
        _standIn.Dispose();
        DirtyRing?.Dispose();
        LibC.munmap((nint)_run, _machine.RunSize);
        _handle.Dispose();
    }

    // Everything that a reset defines: KVM fills what the architecture leaves open with a pattern.
    private void Reset()
    {
        kvm_vcpu_init init;
        KvmHost.Check(KvmHost.Call(_machine.Descriptor, KvmIoctl.KVM_ARM_PREFERRED_TARGET, (nuint)(&init)), "KVM_ARM_PREFERRED_TARGET");
        init.features[0] = (1u << (int)KvmIoctl.KVM_ARM_VCPU_PSCI_0_2) | (_machine.HasPerformanceMonitors ? 1u << (int)KvmIoctl.KVM_ARM_VCPU_PMU_V3 : 0);
        KvmHost.Check(KvmHost.Call(_descriptor, KvmIoctl.KVM_ARM_VCPU_INIT, (nuint)(&init)), "KVM_ARM_VCPU_INIT");
        for (int i = 0; i < 31; i++) SetXCore(i, 0);
        for (int i = 0; i < 32; i++) SetVCore(i, 0);
        Set(PcId, 0);
        Set(PstateId, Arm64.Pstate.Daif | Arm64.Pstate.EL1h);
        foreach (SystemRegister register in NativeState.Zero) TrySetSystemRegisterCore(register, 0);
        TrySetSystemRegisterCore(SystemRegister.SCTLR_EL1, NativeState.Sctlr);
        TrySetSystemRegisterCore(SystemRegister.OSLAR_EL1, 1);
        TrySetSystemRegisterCore(SystemRegister.FPCR, 0);
        TrySetSystemRegisterCore(SystemRegister.FPSR, 0);
    }

    private ulong Get(ulong id)
    {
        ulong value = 0; // some registers have 32 bits
        Transfer(KvmIoctl.KVM_GET_ONE_REG, id, &value, "KVM_GET_ONE_REG");
        return value;
    }

    private void Set(ulong id, ulong value) => Transfer(KvmIoctl.KVM_SET_ONE_REG, id, &value, "KVM_SET_ONE_REG");

    private void Transfer(uint request, ulong id, void* value, string call)
    {
        if (!TryTransfer(request, id, value)) throw KvmHost.Error($"{call}(0x{id:x16})");
    }

    private bool TryTransfer(uint request, ulong id, void* value)
    {
        FinishAccess();
        var register = new kvm_one_reg { id = id, addr = (ulong)value };
        return LibC.ioctl(_descriptor, request, (nuint)(&register)) >= 0;
    }
}
