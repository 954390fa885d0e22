using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

// The run loop, and what other threads ask of it. Who wants something of a virtual CPU in the guest sends its thread a signal that is blocked
// everywhere but in KVM_RUN: no handler ever runs, and a signal that comes early ends the next KVM_RUN at once.
internal sealed unsafe partial class KvmVirtualCpu
{
    /// <summary>A real-time signal that neither .NET nor the C library uses.</summary>
    private const int KickSignal = 50;

    private const ulong KickBit = 1ul << (KickSignal - 1);

    private readonly Lock _outside = new();
    private readonly int _thread;
    private bool _gone, _isReady;
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
            LibC.tgkill(LibC.getpid(), _thread, KickSignal);
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
            _machine.Enter(this);
            try
            {
                if (TakeRequest()) return default;
                Prepare();
                result = LibC.ioctl(_descriptor, KvmIoctl.KVM_RUN, 0);
                if (result < 0) error = Marshal.GetLastPInvokeError();
                _finishing = false;
            }
            finally
            {
                _machine.Leave(this);
            }

            UpdateOutputs();
            if (result < 0)
            {
                if (error == LibC.ENOSYS)
                {
                    if (ExecuteByStandIn(step, out VmExit access)) return access;
                    continue;
                }

                if (error is not (LibC.EINTR or LibC.EAGAIN)) throw KvmHost.Error("KVM_RUN");
                TakeKick();
                if (IsWaitingForNothing(out VmExit wait)) return wait;
                continue;
            }

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

    // It stays blocked on this thread for good: another virtual CPU may be on it, and one that is still pending would end the process.
    private void BlockKick()
    {
        ulong* kick = stackalloc ulong[LibC.SigsetWords], before = stackalloc ulong[LibC.SigsetWords];
        new Span<ulong>(kick, LibC.SigsetWords).Clear();
        kick[0] = KickBit;
        if (LibC.pthread_sigmask(LibC.SIG_BLOCK, kick, before) != 0) throw new ArmillaryException($"Signal {KickSignal} cannot be blocked.");
        var mask = new kvm_signal_mask { len = sizeof(ulong), sigset = before[0] & ~KickBit };
        KvmHost.Check(KvmHost.Call(_descriptor, KvmIoctl.KVM_SET_SIGNAL_MASK, (nuint)(&mask)), "KVM_SET_SIGNAL_MASK");
    }

    private static void TakeKick()
    {
        ulong* kick = stackalloc ulong[LibC.SigsetWords];
        new Span<ulong>(kick, LibC.SigsetWords).Clear();
        kick[0] = KickBit;
        LibC.kernel_timespec none = default;
        while (LibC.sigtimedwait(kick, null, &none) > 0)
        {
            // Signals do not add up; what they were for is looked at once.
        }
    }
}
