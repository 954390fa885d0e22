using Armillary.Arm64;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

// Interrupt inputs, the two timers and sleep. The virtual timer is the hardware's, the physical one ours: its registers trap.
internal sealed unsafe partial class HvfVirtualCpu
{
    private const uint Irq = 1u << (int)InterruptLine.Irq, Fiq = 1u << (int)InterruptLine.Fiq, SError = 1u << (int)InterruptLine.SError;

    private readonly ManualResetEventSlim _awake = new(initialState: false, spinCount: 0);
    private readonly ITimer _alarm;
    private readonly GenericTimer _physicalTimer = new(PrivateInterrupt.PhysicalTimer);
    private uint _lines;
    private bool _virtualTimerOutput, _virtualTimerUnmasked;

    /// <summary>CNTPCT_EL0 and CNTVCT_EL0, in ticks of the host's counter.</summary>
    private ulong Counter => _machine.Host.System.mach_absolute_time() - _machine.Start;

    private bool IsWanted => Volatile.Read(ref _lines) != 0 || Volatile.Read(ref _exitWanted) != 0;

    private protected override void SetInterruptLineCore(InterruptLine line, bool asserted)
    {
        uint bit = 1u << (int)line;
        if (asserted) Interlocked.Or(ref _lines, bit);
        else Interlocked.And(ref _lines, ~bit);
        if (asserted) Kick();
    }

    // Before every entry: the framework forgets the lines whenever it comes back.
    private void Prepare()
    {
        UpdateTimers();
        uint lines = Volatile.Read(ref _lines);
        if ((lines & SError) != 0) RaiseSystemError();
        if (_machine.Gic is not null) return;
        if ((lines & Irq) != 0) SetPending(hv_interrupt_type_t.HV_INTERRUPT_TYPE_IRQ);
        if ((lines & Fiq) != 0) SetPending(hv_interrupt_type_t.HV_INTERRUPT_TYPE_FIQ);
    }

    private void SetPending(hv_interrupt_type_t type) => HvfCall.Check(_framework.hv_vcpu_set_pending_interrupt(_id, type, 1), "hv_vcpu_set_pending_interrupt");

    // Before macOS 27 the framework has no SError: the exception is taken here, at the first entry at which it is not masked.
    private void RaiseSystemError()
    {
        if (_framework.hv_vcpu_set_serror is not null) HvfCall.Check(_framework.hv_vcpu_set_serror(_id, 1), "hv_vcpu_set_serror");
        else if ((GetPstateCore() & Arm64.Pstate.A) != 0) return;
        else _standIn.TakeSystemError();
        Interlocked.And(ref _lines, ~SError);
    }

    // Without anything that its output is wired to, the timer would only end runs.
    private void UpdateVirtualTimerMask()
    {
        bool unmasked = PrivateInterruptHandler is not null && _machine.Gic is null && !_virtualTimerOutput;
        if (unmasked != _virtualTimerUnmasked) SetVirtualTimerMask(!unmasked);
    }

    private void SetVirtualTimerMask(bool masked)
    {
        HvfCall.Check(_framework.hv_vcpu_set_vtimer_mask(_id, masked ? (byte)1 : (byte)0), "hv_vcpu_set_vtimer_mask");
        _virtualTimerUnmasked = !masked;
    }

    // The framework has masked it.
    private void RaiseVirtualTimer()
    {
        _virtualTimerUnmasked = false;
        _virtualTimerOutput = true;
        PrivateInterruptHandler?.SetLevel(this, PrivateInterrupt.VirtualTimer, asserted: true);
    }

    private void UpdateTimers()
    {
        ulong counter = Counter;
        if (_virtualTimerOutput && !VirtualTimerFires(counter, out _))
        {
            _virtualTimerOutput = false;
            PrivateInterruptHandler?.SetLevel(this, PrivateInterrupt.VirtualTimer, asserted: false);
            UpdateVirtualTimerMask();
        }

        bool output = _physicalTimer.Fires(counter);
        if (output != _physicalTimer.Output)
        {
            _physicalTimer.Output = output;
            PrivateInterruptHandler?.SetLevel(this, PrivateInterrupt.PhysicalTimer, output);
        }
    }

    private bool VirtualTimerFires(ulong counter, out ulong deadline)
    {
        const ulong ENABLE = 1, IMASK = 2;
        deadline = ulong.MaxValue;
        if ((GetSystem(hv_sys_reg_t.HV_SYS_REG_CNTV_CTL_EL0) & (ENABLE | IMASK)) != ENABLE) return false;
        ulong compare = GetSystem(hv_sys_reg_t.HV_SYS_REG_CNTV_CVAL_EL0);
        if (counter >= compare) return true;
        deadline = compare;
        return false;
    }

    // The alarm of the physical timer, while the guest runs.
    private void SetPhysicalAlarm() => SetAlarm(PrivateInterruptHandler is not null && _physicalTimer.IsWaiting(Counter) ? _physicalTimer.CompareValue : ulong.MaxValue);

    private void SetAlarm(ulong deadline)
    {
        ulong counter = Counter;
        if (deadline == ulong.MaxValue)
        {
            _alarm.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // Rounded up, so that the counter has reached the value when it rings; a far one rings in between and is set again.
        double seconds = deadline <= counter ? 0 : (deadline - counter) / (double)_machine.Host.System.TicksPerSecond;
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(seconds * 1000), TimeSpan.FromHours(1).TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    // WFI, WFE, WFIT and WFET are 0 to 3, bit 0 an event's (D24.2.40). False if nothing could ever end the wait. PC is behind it then too.
    private bool Wait(uint specific)
    {
        const uint Event = 1, Deadline = 2;
        Advance();
        if ((specific & Event) != 0)
        {
            Thread.Yield(); // waking up without an event is allowed (D1.6.1)
            return true;
        }

        ulong deadline = ulong.MaxValue;
        if ((specific & Deadline) != 0)
        {
            int register = (int)(specific >> 5) & 31;
            deadline = register == 31 ? 0 : GetXCore(register);
        }
        else if (PrivateInterruptHandler is null && !IsWanted)
        {
            return false;
        }

        Sleep(deadline);
        return true;
    }

    private protected override void WaitForInterruptCore()
    {
        if (PrivateInterruptHandler is not null) Sleep(ulong.MaxValue);
    }

    // Until an interrupt line, a request, or the deadline. The timer fires only while the framework runs the guest: here we look after it.
    private void Sleep(ulong deadline)
    {
        while (!IsWanted && Counter < deadline)
        {
            _awake.Reset();
            ulong counter = Counter, due = deadline;
            if (PrivateInterruptHandler is not null && _machine.Gic is null && !_virtualTimerOutput)
            {
                if (VirtualTimerFires(counter, out ulong timer))
                {
                    SetVirtualTimerMask(true);
                    RaiseVirtualTimer();
                    continue;
                }

                due = Math.Min(due, timer);
            }

            UpdateTimers();
            if (PrivateInterruptHandler is not null && _physicalTimer.IsWaiting(counter)) due = Math.Min(due, _physicalTimer.CompareValue);
            SetAlarm(due);
            if (!IsWanted) _awake.Wait();
        }

        SetPhysicalAlarm();
    }
}
