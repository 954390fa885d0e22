using Armillary.Arm64;
using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

// Interrupt inputs without an interrupt controller in the kernel, the timers' outputs, and WFI that nothing can end.
internal sealed unsafe partial class KvmVirtualCpu
{
    private const int KVM_CAP_ARM_INJECT_SERROR_ESR = 158;
    private const uint Wfi = 0xd503_207f, Always = (1u << 24) | (0xeu << 20); // the instruction, and CV and COND of its syndrome
    private const uint SError = 1u << (int)InterruptLine.SError;

    // device_irq_level: virtual timer, physical timer.
    private const ulong VirtualTimer = 1, PhysicalTimer = 2;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(60);

    private readonly ITimer _alarm;
    private uint _lines;
    private ulong _timerLevels;
    private long _processorTime;

    private protected override void SetInterruptLineCore(InterruptLine line, bool asserted)
    {
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
        if (PrivateInterruptHandler is not null) return;
        _alarm.Change(s_patience, Timeout.InfiniteTimeSpan);
        _processorTime = ProcessorTime();
    }

    // It falls of itself when the guest takes it, which is the kernel's affair.
    private void RaiseSystemError()
    {
        Interlocked.And(ref _lines, ~SError);
        var events = new kvm_vcpu_events { serror_pending = 1, serror_has_esr = _machine.Capability(KVM_CAP_ARM_INJECT_SERROR_ESR) > 0 ? (byte)1 : (byte)0 };
        KvmHost.Check(KvmHost.Call(_descriptor, KvmIoctl.KVM_SET_VCPU_EVENTS, (nuint)(&events)), "KVM_SET_VCPU_EVENTS");
    }

    // KVM_RUN comes back whenever a level changes.
    private void UpdateTimers()
    {
        ulong levels = _run->device_irq_level, changed = levels ^ _timerLevels;
        _timerLevels = levels;
        if ((changed & VirtualTimer) != 0) PrivateInterruptHandler?.SetLevel(this, PrivateInterrupt.VirtualTimer, (levels & VirtualTimer) != 0);
        if ((changed & PhysicalTimer) != 0) PrivateInterruptHandler?.SetLevel(this, PrivateInterrupt.PhysicalTimer, (levels & PhysicalTimer) != 0);
    }

    // A step over WFI does not wait.
    private bool StepsIntoNothing(out VmExit exit)
    {
        exit = default;
        if (PrivateInterruptHandler is not null || Volatile.Read(ref _lines) != 0 || Arm64.Pstate.ExceptionLevel(GetPstateCore()) == 0) return false;
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
        bool mayWait = PrivateInterruptHandler is null && Volatile.Read(ref _lines) == 0 && Volatile.Read(ref _exitWanted) == 0;
        if (!mayWait || ProcessorTime() - _processorTime > s_patience.TotalNanoseconds / 2) return false;
        return _standIn.ReadInstruction(GetPcCore() - sizeof(uint)) == Wfi && End(Arm64.ExceptionClass.WaitForInterruptOrEvent, Always, out exit);
    }

    private static long ProcessorTime()
    {
        LibC.kernel_timespec time;
        return LibC.clock_gettime(LibC.CLOCK_THREAD_CPUTIME_ID, &time) != 0 ? 0 : (time.tv_sec * 1_000_000_000) + time.tv_nsec;
    }
}
