using Armillary.Arm64;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf.Conformance;

// Cancelling, interrupts, timers, the framework's interrupt controller, and what things cost.
internal sealed unsafe partial class Questions
{
    private const int Rounds = 2000;

    private void AskAboutInterrupts()
    {
        AskGuest("cancel.sticky", "hv_vcpus_exit before a run ends that run, once", "HV_EXIT_REASON_CANCELED, then EC 0x16", guest =>
        {
            guest.Cancel();
            hv_exit_reason_t first = guest.Run(Hvc).reason;
            return $"{first}, then EC 0x{(uint)new Syndrome(guest.Continue().exception.syndrome).Class:x2}";
        });
        AskGuest("interrupt.taken", "a pending IRQ goes to the vector", "EC 0x20 at 0x800280", guest =>
        {
            guest.Set(hv_reg_t.HV_REG_CPSR, Pstate.EL1h);
            Framework.hv_vcpu_set_pending_interrupt(guest.Id, hv_interrupt_type_t.HV_INTERRUPT_TYPE_IRQ, 1);
            return guest.Describe(guest.Run(Nop, Hvc));
        });
        AskGuest("interrupt.cleared", "a pending IRQ is forgotten when a run ends", "EC 0x16 at code+8", guest =>
        {
            Framework.hv_vcpu_set_pending_interrupt(guest.Id, hv_interrupt_type_t.HV_INTERRUPT_TYPE_IRQ, 1);
            guest.Run(Hvc); // masked here
            guest.Set(hv_reg_t.HV_REG_CPSR, Pstate.EL1h);
            return guest.Describe(guest.Run(Nop, Hvc));
        });
        AskGuest("timer.fires", "the virtual timer ends a run and masks itself", "HV_EXIT_REASON_VTIMER_ACTIVATED, then EC 0x16", guest =>
        {
            guest.Set(SystemRegister.CNTV_CVAL_EL0, 0);
            guest.Set(SystemRegister.CNTV_CTL_EL0, 1);
            Framework.hv_vcpu_set_vtimer_mask(guest.Id, 0);
            hv_exit_reason_t first = guest.Run(Hvc).reason;
            return $"{first}, then EC 0x{(uint)new Syndrome(guest.Continue().exception.syndrome).Class:x2}";
        });
        if (Framework.Gic is null)
        {
            Ask("gic", "the framework's interrupt controller", null, () => "none");
            return;
        }

        AskGic("gic.range", "shared interrupts", (gic, _) => $"{gic.FirstShared} to {gic.FirstShared + gic.SharedCount - 1}, redistributors {Hex(gic.RedistributorsSize)}");
        AskGic("gic.typer", "GICR_TYPER of the first virtual CPU, read by the guest", (_, guest) =>
        {
            guest.SetX(1, 0x80a_0008);
            hv_vcpu_exit_t exit = guest.Run(0xf940_0020, Hvc);
            return new Syndrome(exit.exception.syndrome).Class == ExceptionClass.Hvc64 ? Hex(guest.X(0)) : guest.Describe(exit);
        });
        AskGic("gic.wfi", "WFI with the framework's interrupt controller", (_, guest) =>
        {
            using ITimer limit = TimeProvider.System.CreateTimer(_ => guest.Cancel(), null, TimeSpan.FromMilliseconds(200), Timeout.InfiniteTimeSpan);
            return guest.Describe(guest.Run(0xd503_207f, Hvc));
        });
        AskGic("gic.pending", "hv_vcpu_set_pending_interrupt with it", (_, guest) => Framework.hv_vcpu_set_pending_interrupt(guest.Id, hv_interrupt_type_t.HV_INTERRUPT_TYPE_IRQ, 1).ToString());
    }

    private void AskGic(string id, string question, Func<HvfGic, RawGuest, string> answer) => Ask(id, question, null, () =>
    {
        HvfGic? gic = null;
        using var guest = new RawGuest(_host, () => gic = new HvfGic(Framework.Gic!, _host.System, 0x800_0000, 0x80a_0000));
        guest.Reset();
        return answer(gic!, guest);
    });

    private void AskAboutTime()
    {
        AskGuest("time.frequency", "CNTFRQ_EL0 is the host's counter's frequency", Number(_host.System.TicksPerSecond), guest =>
        {
            guest.Run(0xd53b_e000, Hvc); // mrs x0, cntfrq_el0
            return Number(guest.X(0));
        });
        AskGuest("time.offset", "CNTVCT_EL0 is mach_absolute_time less the offset", "yes", guest =>
        {
            ulong before = _host.System.mach_absolute_time();
            HvfCall.Check(Framework.hv_vcpu_set_vtimer_offset(guest.Id, before), "hv_vcpu_set_vtimer_offset");
            guest.Run(0xd53b_e040, Hvc); // mrs x0, cntvct_el0
            ulong passed = _host.System.mach_absolute_time() - before;
            return guest.X(0) <= passed ? "yes" : $"{guest.X(0)} of {passed}";
        });
        AskGuest("cost.hvc", "nanoseconds of a round trip by HVC", null, guest => Cost(guest, [Hvc, 0x17ff_ffff]));
        AskGuest("cost.load", "nanoseconds of a round trip by a load of no memory", null, guest =>
        {
            guest.SetX(1, RawGuest.Device);
            return Cost(guest, [0xf940_0020]);
        });
        AskGuest("time.execution", "ticks of hv_vcpu_get_exec_time to a tick of mach_absolute_time (1, or nanoseconds: 41.667)", null, guest =>
        {
            ulong before, after, start, passed;
            ulong rounds = 1000;
            do
            {
                start = _host.System.mach_absolute_time();
                HvfCall.Check(Framework.hv_vcpu_get_exec_time(guest.Id, &before), "hv_vcpu_get_exec_time");
                guest.SetX(0, rounds *= 4);
                guest.Run(0xf100_0400, 0x54ff_ffe1, Hvc); // subs x0, x0, #1; b.ne .-4; hvc
                HvfCall.Check(Framework.hv_vcpu_get_exec_time(guest.Id, &after), "hv_vcpu_get_exec_time");
                passed = _host.System.mach_absolute_time() - start;
            }
            while (passed < _host.System.TicksPerSecond / 1000);
            return Number((after - before) / (double)passed);
        });
        AskGuest("exit.unknown", "exits for an unknown reason while .NET collects garbage 200 times", null, guest =>
        {
            using var collected = new ManualResetEventSlim();
            var collector = new Thread(() =>
            {
                for (int i = 0; i < 200; i++) GC.Collect(0);
                collected.Set();
                guest.Cancel();
            });
            collector.Start();
            do guest.Run(LoopHere);
            while (!collected.IsSet);
            collector.Join();
            return Number(guest.UnknownExits);
        });
    }

    private string Cost(RawGuest guest, uint[] words)
    {
        guest.Run(words);
        ulong start = _host.System.mach_absolute_time();
        for (int i = 0; i < Rounds; i++) guest.Continue();
        double seconds = (_host.System.mach_absolute_time() - start) / (double)_host.System.TicksPerSecond;
        return Number(seconds / Rounds * 1e9);
    }
}
