using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

// The run loop, and what other threads ask of it. Who wants something of a virtual CPU in the guest sets its immediate_exit, which ends a
// KVM_RUN that is yet to begin, and sends its thread a signal, which ends one that is under way (Linux, Documentation/virt/kvm/api.rst, 5).
internal sealed unsafe partial class KvmVirtualCpu
{
    private readonly Lock _outside = new();
    private readonly int _thread;
    private bool _gone, _isReady, _suspended;
    private int _exitWanted;

    /// <summary>1 from before what waits is looked at until KVM_RUN came back; see <see cref="KvmVirtualMachine.Enter"/>.</summary>
    internal int Inside;

    private static VmExit StepDone => new() { Reason = VmExitReason.Exception, Syndrome = Syndrome.Create(Arm64.ExceptionClass.SoftwareStepLower, DebugException) };

    /// <summary>Any thread: something waits to be looked at before the next entry into the guest.</summary>
    internal void Kick()
    {
        lock (_outside)
        {
            if (_gone || IsOwnedByCurrentThread || Volatile.Read(ref Inside) == 0) return;
            Volatile.Write(ref _run->immediate_exit, 1);
            LibC.tgkill(LibC.getpid(), _thread, KickSignal.Number);
        }
    }

    private protected override VmExit RunCore(bool step)
    {
        if (GicCpuInterface is not null) throw new ArmillaryException("KVM gives the registers of a GICv3 to none but its own interrupt controller. Fix: VirtualMachine.CreateInterruptController in place of GicCpuInterface.");
        if (!_isReady) MakeReady();
        if (TakeRequest()) return default;
        if (CompleteAccess(step, out VmExit exit)) return exit;
        if (step && IsGuestStepping) return StepByStandIn();
        if (step && StepsIntoNothing(out exit)) return exit;
        LendVectors();
        try
        {
            SetGuestDebug(step);
            return Loop(step);
        }
        catch
        {
            _run->exit_reason = 0; // a device threw: the access will be made again
            _finishing = false;
            throw;
        }
        finally
        {
            EndSuspension();
            FinishAccess();
            TakeVectorsBack();
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
            int result, error = 0;
            _run->immediate_exit = 0; // before others can see that this CPU is inside
            _machine.Enter(this);
            try
            {
                if (TakeRequest()) return default;
                Prepare();
                result = LibC.run(_descriptor, KvmIoctl.KVM_RUN, 0);
                if (result < 0) error = Marshal.GetLastSystemError();
                _finishing = false;
            }
            finally
            {
                _machine.Leave(this);
            }

            if (_run->device_irq_level != _outputLevels) UpdateOutputs();
            if (result < 0)
            {
                if (error == LibC.ENOSYS)
                {
                    if (ExecuteByStandIn(step, out VmExit access)) return access;
                    continue;
                }

                if (error is not (LibC.EINTR or LibC.EAGAIN)) throw KvmHost.Error("KVM_RUN", error);
                if (IsWaitingForNothing(out VmExit wait)) return wait;
                continue;
            }

            if (_run->exit_reason == KvmIoctl.KVM_EXIT_MMIO && TryServeInPlace()) continue;
            if (Serve(step, out VmExit exit)) return exit;
        }
    }

    // Once, when all virtual CPUs are there.
    private void MakeReady()
    {
        _machine.Gic?.Prepare();
        if (_machine.HasPerformanceMonitors) StartPerformanceMonitors();
        _isReady = true;
    }

    private bool TakeRequest() => Volatile.Read(ref _exitWanted) != 0 && Interlocked.Exchange(ref _exitWanted, 0) != 0;
}
