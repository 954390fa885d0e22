using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Arm64;
using Armillary.Emulation.StandIn;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

/// <summary>
/// A virtual CPU of Hypervisor.framework: life and registers. The other parts of the class are the run loop (Run), exits (Exits), data
/// aborts (Accesses), system registers, interrupts and sleep (Interrupts), and single steps (Debug).
/// </summary>
internal sealed unsafe partial class HvfVirtualCpu : VirtualCpu
{
    // Signals that any thread may get: a thread in hv_vcpu_run would come back for each. Not SIGUSR1, by which .NET stops threads.
    // SIGHUP, SIGINT, SIGALRM, SIGTERM, SIGCONT, SIGCHLD, SIGWINCH (<signal.h> of Darwin).
    private const uint BlockedSignals = (1u << 0) | (1u << 1) | (1u << 13) | (1u << 14) | (1u << 18) | (1u << 19) | (1u << 27);

    private readonly HvfVirtualMachine _machine;
    private readonly HypervisorFramework _framework;
    private readonly StandInCpu _standIn;
    private readonly ulong _id;
    private readonly hv_vcpu_exit_t* _record;
    private readonly uint _signals;

    internal HvfVirtualCpu(HvfVirtualMachine machine, int index) : base(machine, index)
    {
        _machine = machine;
        _framework = machine.Host.Framework;
        ulong id;
        hv_vcpu_exit_t* record;
        hv_return_t result = _framework.hv_vcpu_create(&id, &record, 0);
        if (result == hv_return_t.HV_BUSY) throw new ArmillaryException("This thread has a virtual CPU already; Hypervisor.framework allows one a thread. Create each virtual CPU on the thread that runs it.");
        HvfCall.Check(result, "hv_vcpu_create");
        _id = id;
        _record = record;
        _standIn = machine.StandIn.CreateCpu(this);
        uint blocked = BlockedSignals, before;
        if (machine.Host.System.pthread_sigmask(DarwinSystem.SIG_BLOCK, &blocked, &before) == 0) _signals = before;
        _alarm = machine.Time.CreateTimer(static cpu => ((HvfVirtualCpu)cpu!).Kick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            Reset();
        }
        catch
        {
            DisposeCore();
            throw;
        }
    }

    private protected override bool IsBoundToThread => true;

    private protected override bool HasEL2 => _machine.HasEL2;

    /// <summary>Its id in the framework.</summary>
    internal ulong Id => _id;

    private protected override ulong GetXCore(int register) => GetRegister((hv_reg_t)register);

    private protected override void SetXCore(int register, ulong value) => SetRegister((hv_reg_t)register, value);

    private protected override ulong GetPcCore() => GetRegister(hv_reg_t.HV_REG_PC);

    private protected override void SetPcCore(ulong value)
    {
        SetRegister(hv_reg_t.HV_REG_PC, value);
        AbandonAccess();
    }

    private protected override uint GetPstateCore()
    {
        uint pstate = (uint)GetRegister(hv_reg_t.HV_REG_CPSR);
        return _isStepping ? (pstate & ~Arm64.Pstate.SS) | _guestStep : pstate;
    }

    private protected override void SetPstateCore(uint value)
    {
        if (_isStepping)
        {
            _guestStep = value & Arm64.Pstate.SS;
            value |= Arm64.Pstate.SS;
        }

        SetRegister(hv_reg_t.HV_REG_CPSR, value);
    }

    private protected override UInt128 GetVCore(int register)
    {
        Vector128<byte> value;
        HvfCall.Check(_framework.hv_vcpu_get_simd_fp_reg(_id, (uint)register, &value), "hv_vcpu_get_simd_fp_reg");
        return Unsafe.BitCast<Vector128<byte>, UInt128>(value);
    }

    private protected override void SetVCore(int register, UInt128 value)
        => HvfCall.Check(_framework.SetVector(_id, (uint)register, Unsafe.BitCast<UInt128, Vector128<byte>>(value)), "hv_vcpu_set_simd_fp_reg");

    private protected override ulong? GetInstructionCountCore() => null;

    private protected override void TakeExceptionCore(ExceptionClass exceptionClass, uint specific, ulong? faultAddress) => _standIn.TakeException(exceptionClass, specific, faultAddress);

    private protected override bool TryTranslateCore(ulong virtualAddress, MemoryPermissions access, out ulong physicalAddress)
        => _standIn.TryTranslate(virtualAddress, access, out physicalAddress);

    private protected override void DisposeCore()
    {
        lock (_outside) _gone = true;
        _alarm.Dispose();
        _standIn.Dispose();
        _awake.Dispose();
        uint signals = _signals;
        _machine.Host.System.pthread_sigmask(DarwinSystem.SIG_SETMASK, &signals, null);
        HvfCall.Check(_framework.hv_vcpu_destroy(_id), "hv_vcpu_destroy");
    }

    // Everything that a reset defines, since nothing says what a fresh virtual CPU holds.
    private void Reset()
    {
        for (int i = 0; i < 31; i++) SetXCore(i, 0);
        for (int i = 0; i < 32; i++) SetVCore(i, 0);
        SetRegister(hv_reg_t.HV_REG_PC, 0);
        SetRegister(hv_reg_t.HV_REG_FPCR, 0);
        SetRegister(hv_reg_t.HV_REG_FPSR, 0);
        SetRegister(hv_reg_t.HV_REG_CPSR, Arm64.Pstate.Daif | Arm64.Pstate.EL1h);
        SetSystem(hv_sys_reg_t.HV_SYS_REG_MPIDR_EL1, NativeState.Mpidr(Index));
        SetSystem(hv_sys_reg_t.HV_SYS_REG_SCTLR_EL1, NativeState.Sctlr);
        foreach (SystemRegister register in NativeState.Zero) SetSystem((hv_sys_reg_t)register, 0);
        HvfCall.Check(_framework.hv_vcpu_set_vtimer_offset(_id, _machine.Start), "hv_vcpu_set_vtimer_offset");
        HvfCall.Check(_framework.hv_vcpu_set_vtimer_mask(_id, 1), "hv_vcpu_set_vtimer_mask");
        HvfCall.Check(_framework.hv_vcpu_set_trap_debug_exceptions(_id, 0), "hv_vcpu_set_trap_debug_exceptions");
        Identify();
    }

    private ulong GetRegister(hv_reg_t register)
    {
        ulong value;
        HvfCall.Check(_framework.hv_vcpu_get_reg(_id, register, &value), "hv_vcpu_get_reg");
        return value;
    }

    private void SetRegister(hv_reg_t register, ulong value) => HvfCall.Check(_framework.hv_vcpu_set_reg(_id, register, value), "hv_vcpu_set_reg");
}
