using Armillary.Arm64;
using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

// Interrupt inputs without an interrupt controller in the kernel, the outputs of timers and performance monitors, and WFI that nothing can end.
internal sealed unsafe partial class KvmVirtualCpu
{
    private const uint Wfi = 0xd503_207f, Always = (1u << 24) | (0xeu << 20); // the instruction, and CV and COND of its syndrome
    private const uint SError = 1u << (int)InterruptLine.SError;

    // Where they are in device_irq_level.
    private static readonly (ulong Bit, PrivateInterrupt Interrupt)[] s_outputs =
    [
        (KvmIoctl.KVM_ARM_DEV_EL1_VTIMER, PrivateInterrupt.VirtualTimer),
        (KvmIoctl.KVM_ARM_DEV_EL1_PTIMER, PrivateInterrupt.PhysicalTimer),
        (KvmIoctl.KVM_ARM_DEV_PMU, PrivateInterrupt.PerformanceMonitors),
    ];

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(60);

    private readonly ITimer _alarm;
    private uint _lines;
    private ulong _outputLevels;
    private long _processorTime;

    // Something may wake the guest.
    private bool CanWake => PrivateInterruptHandler is not null || _machine.Gic is not null;

    private protected override void SetInterruptLineCore(InterruptLine line, bool asserted)
    {
        if (_machine.Gic is not null && line != InterruptLine.SError) throw new InvalidOperationException($"{line} belongs to the machine's interrupt controller. Fix: InterruptController.SetShared.");
        uint bit = 1u << (int)line;
        if (asserted) Interlocked.Or(ref _lines, bit);
        else Interlocked.And(ref _lines, ~bit);
        if (line == InterruptLine.SError)
        {
            if (asserted) Kick();
            return;
        }

        // Type 0 is a CPU's own input: 0 IRQ, 1 FIQ; eight bits of its number at 16, four more at 28.
        var level = new kvm_irq_level { irq = ((uint)Index >> 8 << 28) | (((uint)Index & 0xff) << 16) | (uint)line, level = asserted ? 1u : 0 };
        lock (_outside)
        {
            if (!_gone) KvmHost.Check(KvmHost.Call(_machine.Descriptor, KvmIoctl.KVM_IRQ_LINE, (nuint)(&level)), "KVM_IRQ_LINE");
        }
    }

    // Before every entry.
    private void Prepare()
    {
        if ((Volatile.Read(ref _lines) & SError) != 0) RaiseSystemError();
        if (!CanWake) WatchForNothing();
    }

    private void WatchForNothing()
    {
        _alarm.Change(s_patience, Timeout.InfiniteTimeSpan);
        _processorTime = ProcessorTime();
    }

    // It falls of itself when the guest takes it, which is the kernel's affair.
    private void RaiseSystemError()
    {
        Interlocked.And(ref _lines, ~SError);
        var events = new kvm_vcpu_events { serror_pending = 1, serror_has_esr = _machine.Capability(KvmIoctl.KVM_CAP_ARM_INJECT_SERROR_ESR) > 0 ? (byte)1 : (byte)0 };
        KvmHost.Check(KvmHost.Call(_descriptor, KvmIoctl.KVM_SET_VCPU_EVENTS, (nuint)(&events)), "KVM_SET_VCPU_EVENTS");
    }

    // KVM_RUN comes back whenever a level changes.
    private void UpdateOutputs()
    {
        ulong levels = _run->device_irq_level, changed = levels ^ _outputLevels;
        _outputLevels = levels;
        foreach ((ulong bit, PrivateInterrupt interrupt) in s_outputs)
        {
            if ((changed & bit) != 0) PrivateInterruptHandler?.SetLevel(this, interrupt, (levels & bit) != 0);
        }
    }

    private void StartPerformanceMonitors()
    {
        if (_machine.Gic is not null)
        {
            int intid = (int)PrivateInterrupt.PerformanceMonitors;
            Set(KvmIoctl.KVM_ARM_VCPU_PMU_V3_IRQ, &intid);
        }

        Set(KvmIoctl.KVM_ARM_VCPU_PMU_V3_INIT, null);

        void Set(ulong attribute, void* value)
        {
            var attr = new kvm_device_attr { group = KvmIoctl.KVM_ARM_VCPU_PMU_V3_CTRL, attr = attribute, addr = (ulong)value };
            KvmHost.Check(KvmHost.Call(_descriptor, KvmIoctl.KVM_SET_DEVICE_ATTR, (nuint)(&attr)), $"KVM_SET_DEVICE_ATTR of the performance monitors ({attribute})");
        }
    }

    // The kernel waits, in KVM_RUN, and tells when something ended it (Linux, Documentation/virt/kvm/api.rst, 4.39).
    private protected override void WaitForInterruptCore() => _suspended = CanWake && SetState(KvmIoctl.KVM_MP_STATE_SUSPENDED) >= 0;

    private void EndSuspension()
    {
        if (!_suspended) return;
        _suspended = false;
        KvmHost.Check(SetState(KvmIoctl.KVM_MP_STATE_RUNNABLE), "KVM_SET_MP_STATE");
    }

    // A step over WFI does not wait.
    private bool StepsIntoNothing(out VmExit exit)
    {
        exit = default;
        if (CanWake || Volatile.Read(ref _lines) != 0 || Arm64.Pstate.ExceptionLevel(GetPstateCore()) == 0) return false;
        ulong pc = GetPcCore();
        if (_standIn.ReadInstruction(pc) != Wfi) return false;
        Set(PcId, pc + sizeof(uint));
        return End(Arm64.ExceptionClass.WaitForInterruptOrEvent, Always, out exit);
    }

    // WFI waits in the kernel and ends no run. Where nothing could end it, a thread that used next to no processor time until it was kicked,
    // and is behind a WFI then, has waited there.
    private bool IsWaitingForNothing(out VmExit exit)
    {
        exit = default;
        bool mayWait = !CanWake && Volatile.Read(ref _lines) == 0 && Volatile.Read(ref _exitWanted) == 0;
        if (!mayWait || ProcessorTime() - _processorTime > s_patience.TotalNanoseconds / 2) return false;
        return _standIn.ReadInstruction(GetPcCore() - sizeof(uint)) == Wfi && End(Arm64.ExceptionClass.WaitForInterruptOrEvent, Always, out exit);
    }

    private static long ProcessorTime()
    {
        LibC.kernel_timespec time;
        return LibC.clock_gettime(LibC.CLOCK_THREAD_CPUTIME_ID, &time) != 0 ? 0 : (time.tv_sec * 1_000_000_000) + time.tv_nsec;
    }
}
