using Armillary.Arm64;
using Armillary.Hvf;
using Armillary.Hvf.Interop;
using Armillary.Tests.Engine;
using Armillary.Tests.Guests;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Hvf;

/// <summary>The order and the threads of the engine's calls, and exits that no guest of the software CPU makes.</summary>
public sealed unsafe class HvfProtocolTests : ShimTest
{
    private static hv_vcpu_exit_t Exit(ExceptionClass exceptionClass, uint specific, ulong va = 0, ulong gpa = 0) => new()
    {
        reason = hv_exit_reason_t.HV_EXIT_REASON_EXCEPTION,
        exception = new hv_vcpu_exit_exception_t { syndrome = Syndrome.Create(exceptionClass, specific).Value, virtual_address = va, physical_address = gpa },
    };

    private GuestRun Guest(HvfOptions? options = null) => new(Engine(options).CreateVirtualMachine());

    [Fact]
    public void Lines_are_pending_before_every_run()
    {
        using GuestRun guest = Guest();
        guest.Program(Mov(X1, GuestRun.Device), Str(X0, Mem(X1)), Str(X0, Mem(X1)), Brk());
        guest.Cpu.SetInterruptLine(InterruptLine.Irq, true);
        guest.Cpu.SetInterruptLine(InterruptLine.Fiq, true);
        Shim.TakeLog();
        guest.RunToBreak();
        string[] runs = [.. Shim.TakeLog().Where(line => line.StartsWith("hv_vcpu_run", StringComparison.Ordinal))];
        Assert.Equal(3, runs.Length);
        Assert.All(runs, line => Assert.Contains("irq=1 fiq=1", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_request_of_this_thread_makes_no_call_and_one_of_another_is_not_lost()
    {
        using GuestRun guest = Guest();
        var loop = new Label("loop");
        guest.Program(loop, B(loop));
        Shim.TakeLog();
        guest.Cpu.RequestExit();
        Assert.Equal(VmExitReason.Canceled, guest.Cpu.Run().Reason);
        Assert.DoesNotContain(Shim.TakeLog(), line => line.StartsWith("hv_vcpu", StringComparison.Ordinal));
        for (int i = 0; i < 50; i++)
        {
            var other = HostThread.Start(guest.Cpu.RequestExit);
            Assert.Equal(VmExitReason.Canceled, guest.Run().Reason);
            other.Join();
        }
    }

    [Fact]
    public void Exits_without_a_reason_are_run_again_within_bounds()
    {
        using GuestRun guest = Guest();
        guest.Program(Brk(1));
        var unknown = new hv_vcpu_exit_t { reason = hv_exit_reason_t.HV_EXIT_REASON_UNKNOWN };
        ulong id = ((HvfVirtualCpu)guest.Cpu).Id;
        for (int i = 0; i < 999; i++) Shim.Script(id, unknown);
        Assert.Equal(ExceptionClass.Brk64, guest.Run().ExceptionClass);

        for (int i = 0; i < 1000; i++) Shim.Script(id, unknown);
        Assert.Contains("1000 runs of virtual CPU 0", Assert.Throws<ArmillaryException>(() => guest.Run()).Message, StringComparison.Ordinal);

        // Signals while the guest gets on: the syndrome of an unknown exit is the shim's measure of time spent in the guest.
        unknown.exception.syndrome = 1000;
        for (int i = 0; i < 4000; i++) Shim.Script(id, unknown);
        Assert.Equal(ExceptionClass.Brk64, guest.Run().ExceptionClass);
    }

    [Fact]
    public void A_cancel_that_nobody_asked_for_is_run_again()
    {
        using GuestRun guest = Guest();
        guest.Program(Brk(1));
        Shim.Script(((HvfVirtualCpu)guest.Cpu).Id, new hv_vcpu_exit_t { reason = hv_exit_reason_t.HV_EXIT_REASON_CANCELED });
        Assert.Equal(ExceptionClass.Brk64, guest.Run().ExceptionClass);
    }

    [Theory]
    [InlineData(0x19u)] // SVE
    [InlineData(0x1du)] // SME
    [InlineData(0x07u)] // FP of which the hypervisor's control knows
    public void What_the_guest_was_told_that_it_lacks_is_undefined(uint exceptionClass)
    {
        using GuestRun guest = Guest();
        guest.Program(Nop());
        Shim.Script(((HvfVirtualCpu)guest.Cpu).Id, Exit((ExceptionClass)exceptionClass, 0));
        Assert.Equal((GuestRun.Vectors + 0x200, ExceptionClass.Brk64), (VectorOf(guest), guest.Run().ExceptionClass));
        Assert.Equal(0x0200_0000ul, guest.Get(SystemRegister.ESR_EL1));
        Assert.Equal(GuestRun.Code, guest.Get(SystemRegister.ELR_EL1));

        static ulong VectorOf(GuestRun g) => g.Get(SystemRegister.VBAR_EL1) + 0x200;
    }

    [Theory]
    [InlineData(0x00u)]
    [InlineData(0x0eu)]
    [InlineData(0x3fu)]
    public void Classes_that_mean_nothing_here_are_reported_as_they_are(uint exceptionClass)
    {
        using GuestRun guest = Guest();
        Shim.Script(((HvfVirtualCpu)guest.Cpu).Id, Exit((ExceptionClass)exceptionClass, 0x1234, 0x5678, 0x9000));
        VmExit exit = guest.Run();
        Assert.Equal((VmExitReason.Exception, Syndrome.Create((ExceptionClass)exceptionClass, 0x1234), 0x5678ul, 0x9000ul), (exit.Reason, exit.Syndrome, exit.VirtualAddress, exit.PhysicalAddress));
        Assert.Equal(GuestRun.Code, guest.Cpu.Pc);
    }

    [Fact]
    public void Maintenance_of_a_line_without_memory_is_skipped()
    {
        const uint CM = 1 << 8, WnR = 1 << 6;
        using GuestRun guest = Guest();
        guest.Program(Nop(), Brk(1));
        Shim.Script(((HvfVirtualCpu)guest.Cpu).Id, Exit(ExceptionClass.DataAbortLower, CM | WnR | 6, GuestRun.Device, GuestRun.Device));
        Assert.Equal(ExceptionClass.Brk64, guest.Run().ExceptionClass);
        Assert.Equal(GuestRun.Code + 4, guest.Cpu.Pc);
    }

    [Fact]
    public void A_load_that_authenticates_its_base_ends_with_what_the_hardware_said()
    {
        using GuestRun guest = Guest();
        guest.Words(0xf8200420); // ldraa x0, [x1]
        Shim.Script(((HvfVirtualCpu)guest.Cpu).Id, Exit(ExceptionClass.DataAbortLower, 6, GuestRun.Device + 8, GuestRun.Device));
        VmExit exit = guest.Run();
        Assert.Equal((VmExitReason.Exception, Syndrome.Create(ExceptionClass.DataAbortLower, 6), GuestRun.Code), (exit.Reason, exit.Syndrome, guest.Cpu.Pc));
    }

    [Fact]
    public void A_fault_that_comes_again_though_the_access_is_allowed_is_executed_here()
    {
        using GuestRun guest = Guest();
        guest.Memory.Write(GuestRun.Data, 0x1234ul);
        guest.Words(0xa9400820, 0xd4200020); // ldp x0, x2, [x1]; brk #1
        guest.Cpu.SetX(1, GuestRun.Data);
        ulong id = ((HvfVirtualCpu)guest.Cpu).Id;
        for (int i = 0; i < 2; i++) Shim.Script(id, Exit(ExceptionClass.DataAbortLower, 6, GuestRun.Data, GuestRun.Data));
        guest.Cpu.SetX(0, 1);
        Assert.Equal(ExceptionClass.Brk64, guest.Run().ExceptionClass);
        Assert.Equal(0x1234ul, guest.Cpu.GetX(0));
    }

    [Fact]
    public void Host_writes_of_code_are_followed_by_maintenance()
    {
        using GuestRun guest = Guest();
        Shim.TakeLog();
        guest.Program(Brk(1));
        guest.Memory.Write(GuestRun.Data, 1ul);
        Assert.Equal(["sys_icache_invalidate(4)"], Shim.TakeLog());
    }

    [Fact]
    public void Signals_are_blocked_while_there_is_a_virtual_CPU_on_the_thread()
    {
        Shim.TakeLog();
        Guest().Dispose();
        string[] calls = [.. Shim.TakeLog().Where(line => line.StartsWith("pthread_sigmask", StringComparison.Ordinal))];
        Assert.Equal(["pthread_sigmask(1, 0x80c6003)", "pthread_sigmask(3, 0x0)"], calls);
    }

    [Fact]
    public void A_machine_is_destroyed_after_its_virtual_CPUs_and_another_may_follow()
    {
        for (int i = 0; i < 3; i++) Guest().Dispose();
        string[] calls = [.. Shim.TakeLog().Where(line => line.StartsWith("hv_vm_c", StringComparison.Ordinal) || line.StartsWith("hv_vm_d", StringComparison.Ordinal) || line.StartsWith("hv_vcpu_d", StringComparison.Ordinal))];
        Assert.Equal(Enumerable.Repeat((string[])["hv_vm_create() = 0x0", "hv_vcpu_destroy(0) = 0x0", "hv_vm_destroy()"], 3).SelectMany(c => c), calls);
    }

    [Fact]
    public void The_timer_is_masked_without_anything_that_it_is_wired_to()
    {
        using GuestRun guest = Guest();
        guest.Program(Msr(SystemRegister.CNTV_TVAL_EL0, Xzr), Mov(X0, 1), Msr(SystemRegister.CNTV_CTL_EL0, X0), Brk(1));
        Assert.Equal(ExceptionClass.Brk64, guest.Run().ExceptionClass);
        Assert.All(Shim.TakeLog().Where(line => line.StartsWith("hv_vcpu_run", StringComparison.Ordinal)), line => Assert.EndsWith("vtimer_mask=1", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_guests_counter_begins_at_0_with_the_machine()
    {
        Shim.Configuration->Time = 1000;
        using GuestRun guest = Guest();
        Shim.Configuration->Time = 1240;
        guest.Program(Mrs(X0, SystemRegister.CNTVCT_EL0), Mrs(X1, SystemRegister.CNTPCT_EL0), Mrs(X2, SystemRegister.CNTFRQ_EL0), Brk());
        guest.Run();
        Assert.Equal((240ul, 240ul, 24_000_000ul, 240ul), (guest.Cpu.GetX(0), guest.Cpu.GetX(1), guest.Cpu.GetX(2), guest.Get(SystemRegister.CNTVCT_EL0)));
    }

    [Fact]
    public void Identification_claims_what_a_guest_can_have()
    {
        using GuestRun guest = Guest();
        guest.Program(Mrs(X0, SystemRegister.ID_AA64PFR0_EL1), Mrs(X1, SystemRegister.ID_AA64PFR1_EL1), Mrs(X2, SystemRegister.ID_AA64DFR0_EL1), Mrs(X3, SystemRegister.ID_AA64MMFR0_EL1), Mrs(X4, SystemRegister.ID_AA64MMFR2_EL1), Mrs(X5, SystemRegister.ID_AA64ISAR2_EL1), Brk());
        guest.Run();
        Assert.Equal(0ul, guest.Cpu.GetX(0) & 0x0000_f00f_0f00_ff00); // AMU, SVE, GIC, EL3, EL2
        Assert.Equal(0ul, guest.Cpu.GetX(1) & 0x0f00_0f00);           // SME, MTE
        Assert.Equal(0ul, guest.Cpu.GetX(2) & 0x0f0f_0000_0ff0);      // trace filter, SPE, PMU, trace
        Assert.Equal(1ul, guest.Cpu.GetX(3) & 15);                    // 36 bits
        Assert.Equal(0ul, guest.Cpu.GetX(4) & 0x0f00_0000);           // NV
        Assert.Equal(0ul, guest.Cpu.GetX(5));                         // traps, and reads as zero
        guest.Cpu.GicCpuInterface = new NoInterrupts();
        guest.Cpu.Pc = GuestRun.Code;
        guest.Run();
        Assert.Equal(1ul << 24, guest.Cpu.GetX(0) & 0x0f00_0000);
        Assert.Equal(guest.Cpu.GetX(0), guest.Get(SystemRegister.ID_AA64PFR0_EL1));
    }

    [Fact]
    public void Performance_monitors_are_undefined()
    {
        using GuestRun guest = Guest();
        guest.Program(Mrs(X0, SystemRegister.PMCCNTR_EL0));
        guest.Run();
        Assert.Equal((0x0200_0000ul, GuestRun.Code), (guest.Get(SystemRegister.ESR_EL1), guest.Get(SystemRegister.ELR_EL1)));
        Assert.Throws<SystemRegisterException>(() => guest.Get(SystemRegister.PMCCNTR_EL0));
    }

    [Fact]
    public void A_step_leaves_no_trace_of_itself()
    {
        using GuestRun guest = Guest();
        guest.Program(Mrs(X0, SystemRegister.MDSCR_EL1), Svc(1));
        guest.Cpu.TrapDebugExceptions = false;
        guest.Set(SystemRegister.MDSCR_EL1, 1 << 13);
        guest.Step();
        guest.Step();
        Assert.Equal((1ul << 13, 1ul << 13), (guest.Cpu.GetX(0), guest.Get(SystemRegister.MDSCR_EL1)));
        Assert.Equal((0u, 0ul), (guest.Cpu.Pstate & Pstate.SS, guest.Get(SystemRegister.SPSR_EL1) & Pstate.SS));
        string[] traps = [.. Shim.TakeLog().Where(line => line.StartsWith("hv_vcpu_set_trap", StringComparison.Ordinal)).TakeLast(2)];
        Assert.Equal(["hv_vcpu_set_trap_debug_exceptions(0, 0)", "hv_vcpu_set_trap_debug_reg_accesses(0, 0)"], traps);
    }

    [Fact]
    public void Vector_registers_arrive_whole()
    {
        using GuestRun guest = Guest();
        for (int i = 0; i < 32; i++) guest.Cpu.SetV(i, ((UInt128)0x0102_0304_0506_0708 << 64) | (0x1112_1314_1516_1718 + (ulong)i));
        for (int i = 0; i < 32; i++) Assert.Equal(((UInt128)0x0102_0304_0506_0708 << 64) | (0x1112_1314_1516_1718 + (ulong)i), guest.Cpu.GetV(i));
    }

    private sealed class NoInterrupts : IGicCpuInterface
    {
        public bool TryRead(VirtualCpu cpu, SystemRegister register, out ulong value)
        {
            value = 1023;
            return true;
        }

        public bool TryWrite(VirtualCpu cpu, SystemRegister register, ulong value) => true;
    }
}
