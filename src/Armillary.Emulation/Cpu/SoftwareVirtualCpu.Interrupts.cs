using Armillary.Arm64;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Cpu;

// Interrupt inputs, the generic timer and its outputs, and sleeping.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    private readonly ManualResetEventSlim _awake = new(initialState: false, spinCount: 0);
    private readonly ITimer _alarm;
    private const uint Irq = 1u << (int)InterruptLine.Irq, Fiq = 1u << (int)InterruptLine.Fiq, SError = 1u << (int)InterruptLine.SError;
    private uint _lines;
    private ulong _deadline; // of a WFIT in progress, or 0

    /// <summary>CNTV_*; the virtual counter is the physical one.</summary>
    internal GenericTimer VirtualTimer { get; } = new(PrivateInterrupt.VirtualTimer);

    /// <summary>CNTP_*.</summary>
    internal GenericTimer PhysicalTimer { get; } = new(PrivateInterrupt.PhysicalTimer);

    /// <summary>ISR_EL1: A is bit 8, I bit 7 and F bit 6.</summary>
    internal ulong PendingLines
    {
        get
        {
            uint lines = Volatile.Read(ref _lines);
            return ((lines & Irq) << 7) | ((lines & Fiq) << 5) | ((lines & SError) << 6);
        }
    }

    private protected override void SetInterruptLineCore(InterruptLine line, bool asserted)
    {
        uint bit = 1u << (int)line;
        if (asserted) Interlocked.Or(ref _lines, bit);
        else Interlocked.And(ref _lines, ~bit);
        if (asserted) Want(Wants.Interrupt);
    }

    /// <summary>A timer register was written, or the alarm rang: reports changed outputs, and sets the alarm.</summary>
    internal void UpdateTimers()
    {
        ulong counter = Counter;
        Report(VirtualTimer, counter);
        Report(PhysicalTimer, counter);

        ulong distance = ulong.MaxValue;
        if (VirtualTimer.IsWaiting(counter)) distance = Math.Min(distance, VirtualTimer.CompareValue - counter);
        if (PhysicalTimer.IsWaiting(counter)) distance = Math.Min(distance, PhysicalTimer.CompareValue - counter);
        distance = Math.Min(distance, TicksToCycleOverflow());
        if (PrivateInterruptHandler is null) distance = ulong.MaxValue;
        if (_deadline > counter) distance = Math.Min(distance, _deadline - counter);
        if (distance == ulong.MaxValue)
        {
            _alarm.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // Rounded up, so that the counter has reached the value when it rings; a far one rings in between and is set again.
        double seconds = distance / (double)SoftwareVirtualMachine.CounterFrequency;
        TimeSpan due = TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(seconds * 1000), TimeSpan.FromHours(1).TotalMilliseconds));
        _alarm.Change(due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>WFI: sleeps until an interrupt line or anything else wants attention. False if nothing could ever wake it.</summary>
    internal bool Sleep()
    {
        if (PrivateInterruptHandler is null && Volatile.Read(ref _lines) == 0) return false;
        SleepUntilWanted();
        return true;
    }

    private protected override void WaitForInterruptCore()
    {
        _machine.Enter(this);
        _ = Sleep();
        _machine.Leave(this);
    }

    /// <summary>
    /// WFIT: the same, until the counter has reached a value at the latest. Less than a millisecond, which the host's timers do
    /// not know, is spent giving way to other threads.
    /// </summary>
    internal void SleepUntil(ulong deadline)
    {
        const int MaxYields = 1000;
        ulong now = Counter;
        if (deadline > now && deadline - now >= SoftwareVirtualMachine.CounterFrequency / 1000)
        {
            _deadline = deadline;
            UpdateTimers();
            if (Counter < deadline) SleepUntilWanted(); // and so the alarm is set
            _deadline = 0;
            return;
        }

        for (int i = 0; i < MaxYields && Counter < deadline && !IsWanted; i++) Thread.Yield();
    }

    private bool IsWanted => Volatile.Read(ref _lines) != 0 || Volatile.Read(ref _state->Attention) != 0;

    private void SleepUntilWanted()
    {
        while (!IsWanted)
        {
            _awake.Reset();
            if (IsWanted) return;
            _machine.Leave(this);
            _awake.Wait();
            _machine.Enter(this);
            ServeTlbRequests(); // nobody waited for it
        }
    }

    private void Report(GenericTimer timer, ulong counter)
    {
        bool output = timer.Fires(counter);
        if (output == timer.Output) return;
        timer.Output = output;
        PrivateInterruptHandler?.SetLevel(this, timer.Interrupt, output);
    }

    // An asserted line that PSTATE does not mask: the exception is taken before the instruction at PC (D1.3.6).
    private bool TakeInterrupt(ulong pc, uint branchType)
    {
        const ulong IrqOffset = 0x80, FiqOffset = 0x100, SErrorOffset = 0x180;
        uint lines = Unmasked(PstateBits);
        if (lines == 0) return false;
        if ((lines & SError) != 0)
        {
            // Without FEAT_RAS its syndrome says nothing but what it is (D24.2.40, ISS encoding for an SError interrupt).
            Interlocked.And(ref _lines, ~SError);
            TakeException(Arm64.ExceptionClass.SError, 0, pc, branchType);
            _state->Pc += SErrorOffset;
            return true;
        }

        ulong esr = Registers[SystemRegister.ESR_EL1];
        TakeException(Arm64.ExceptionClass.Unknown, 0, pc, branchType);
        Registers[SystemRegister.ESR_EL1] = esr; // an interrupt has no syndrome
        _state->Pc += (lines & Irq) != 0 ? IrqOffset : FiqOffset;
        return true;
    }

    private uint Unmasked(uint pstate)
    {
        uint lines = Volatile.Read(ref _lines);
        if ((pstate & Arm64.Pstate.I) != 0) lines &= ~Irq;
        if ((pstate & Arm64.Pstate.F) != 0) lines &= ~Fiq;
        if ((pstate & Arm64.Pstate.A) != 0) lines &= ~SError;
        return lines;
    }

    // Where the run loop has looked to attention at an address: the exit or the interrupt that comes of it, or null.
    private Op* Interrupted(Op* from, ulong pc)
    {
        if (ServeAttention())
        {
            SetExit(default, pc);
            return Leave(from, HelperOutcome.Exit);
        }

        return TakeInterrupt(pc, BranchTypeAt(CountAt(from))) ? Leave(from, HelperOutcome.Exception) : null;
    }
}
