using Armillary.Kvm;
using Armillary.Kvm.Interop;

namespace Armillary.Tests.Kvm;

/// <summary>The signal that calls virtual CPUs out of the guest, on any Linux.</summary>
public sealed class KickSignalTests
{
    [Fact]
    public void A_kick_that_comes_at_any_time_does_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals of Linux.");
        KickSignal.Accept();
        KickSignal.Accept();
        Assert.InRange(KickSignal.Number, 50, 64);
        for (int i = 0; i < 100; i++) Assert.Equal(0, LibC.tgkill(LibC.getpid(), LibC.gettid(), KickSignal.Number));
    }

    [Fact]
    public void A_sleep_that_a_kick_interrupts_is_not_cut_short()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals of Linux.");
        using var started = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        int id = 0;
        bool ended = false;
        var thread = new Thread(() =>
        {
            KickSignal.Accept();
            id = LibC.gettid();
            started.Set();
            end.Wait();
            Volatile.Write(ref ended, true);
        });
        thread.Start();
        started.Wait();
        for (int i = 0; i < 100; i++) LibC.tgkill(LibC.getpid(), id, KickSignal.Number);
        Assert.False(Volatile.Read(ref ended));
        end.Set();
        thread.Join();
        Assert.True(ended);
    }
}
