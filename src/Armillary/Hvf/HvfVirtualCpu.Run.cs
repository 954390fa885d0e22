using Armillary.Arm64;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

// The run loop, and what other threads ask of it.
internal sealed unsafe partial class HvfVirtualCpu
{
    // Exits that tell nothing are run again, but not for ever without the guest getting anywhere.
    private const int MaxUnknownExits = 1000;

    // Guards hv_vcpus_exit against the id being given up.
    private readonly Lock _outside = new();
    private bool _gone;
    private int _exitWanted;

    // 1 from before what waits is looked at until the framework came back: who asks for something meanwhile must call hv_vcpus_exit,
    // which is not lost if the framework has not been entered yet.
    private int _inside;
    private int _unknownExits;
    private ulong _unknownSince;

    private static VmExit StepDone => new() { Reason = VmExitReason.Exception, Syndrome = Syndrome.Create(Arm64.ExceptionClass.SoftwareStepLower, DebugException) };

    private protected override VmExit RunCore(bool step)
    {
        if (TakeRequest()) return default;
        if (_identifiedGic != HasGicSystemRegisters) Identify();
        UpdateVirtualTimerMask();
        if (CompleteAccess(step, out VmExit exit)) return exit;
        if (step && IsGuestStepping) return StepByStandIn();
        if (step) BeginStep();
        try
        {
            return Loop(step);
        }
        finally
        {
            if (step) EndStep();
        }
    }

    private protected override void RequestExitCore()
    {
        Volatile.Write(ref _exitWanted, 1);
        Kick();
    }

    private VmExit Loop(bool step)
    {
        while (true)
        {
            Interlocked.Exchange(ref _inside, 1);
            hv_return_t result;
            try
            {
                if (TakeRequest()) return default;
                Prepare();
                result = _framework.hv_vcpu_run(_id);
            }
            finally
            {
                Volatile.Write(ref _inside, 0);
            }

            HvfCall.Check(result, "hv_vcpu_run");
            if (Serve(step, out VmExit exit)) return exit;
        }
    }

    // True if the run ends.
    private bool Serve(bool step, out VmExit exit)
    {
        exit = default;
        var reason = (hv_exit_reason_t)Volatile.Read(ref *(uint*)&_record->reason);
        if (reason != hv_exit_reason_t.HV_EXIT_REASON_UNKNOWN) _unknownExits = 0;
        switch (reason)
        {
            case hv_exit_reason_t.HV_EXIT_REASON_CANCELED:
                return false; // what it was for is looked at before the next entry
            case hv_exit_reason_t.HV_EXIT_REASON_EXCEPTION:
                return ServeException(step, _record->exception, out exit);
            case hv_exit_reason_t.HV_EXIT_REASON_VTIMER_ACTIVATED:
                RaiseVirtualTimer();
                return false;
            default:
                BearUnknownExit(reason);
                return false;
        }
    }

    /// <summary>Any thread: something waits to be looked at before the next entry into the guest.</summary>
    private void Kick()
    {
        lock (_outside)
        {
            if (_gone) return;
            _awake.Set();
            if (IsOwnedByCurrentThread || Volatile.Read(ref _inside) == 0) return;
            ulong id = _id;
            _framework.hv_vcpus_exit(&id, 1);
        }
    }

    private bool TakeRequest() => Volatile.Read(ref _exitWanted) != 0 && Interlocked.Exchange(ref _exitWanted, 0) != 0;

    // A Unix signal on this thread makes one. A thousand while the guest got less than a millisecond is something else.
    private void BearUnknownExit(hv_exit_reason_t reason)
    {
        ulong time;
        HvfCall.Check(_framework.hv_vcpu_get_exec_time(_id, &time), "hv_vcpu_get_exec_time");
        if (_unknownExits == 0 || time - _unknownSince > _machine.Host.System.TicksPerSecond / 1000) (_unknownExits, _unknownSince) = (0, time);
        if (++_unknownExits < MaxUnknownExits) return;
        _unknownExits = 0;
        throw new ArmillaryException($"Hypervisor.framework ended {MaxUnknownExits} runs of virtual CPU {Index} in a row for an unknown reason ({(uint)reason}), at PC 0x{GetPcCore():x}.");
    }
}
