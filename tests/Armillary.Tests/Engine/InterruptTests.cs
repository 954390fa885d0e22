using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>Interrupt lines, masks, WFI, and the generic timer on a clock that the test moves.</summary>
public sealed class InterruptTests : IDisposable
{
    private const ulong Code = 0x4000_0000, Vectors = 0x4000_8000;

    private readonly ManualTime _time = new();
    private readonly VirtualMachine _machine;
    private readonly VirtualCpu _cpu;

    public InterruptTests()
    {
        _machine = new SoftwareBackend(_time).CreateVirtualMachine();
        _machine.Memory.Map(Code, 0x1_0000);
        uint[] brks = new uint[2048 / 4];
        Array.Fill(brks, 0xD420_0000);
        _machine.Memory.Write(Vectors, MemoryMarshal.AsBytes<uint>(brks));
        _cpu = _machine.CreateVirtualCpu();
        _cpu.TrapDebugExceptions = true;
        _cpu.SetSystemRegister(SystemRegister.VBAR_EL1, Vectors);
    }

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(Pstate.EL1h, InterruptLine.Irq, 0x280)]
    [InlineData(Pstate.EL1h, InterruptLine.Fiq, 0x300)]
    [InlineData(Pstate.EL1t, InterruptLine.Irq, 0x080)]
    [InlineData(Pstate.EL0t, InterruptLine.Fiq, 0x500)]
    [InlineData(Pstate.EL1h, InterruptLine.SError, 0x380)]
    [InlineData(Pstate.EL0t, InterruptLine.SError, 0x580)]
    public void An_asserted_line_is_taken_before_the_next_instruction(uint mode, InterruptLine line, int vector)
    {
        Load(mode, Nop(), Brk(1));
        _cpu.SetInterruptLine(line, true);
        Assert.Equal(ExceptionClass.Brk64, Run().ExceptionClass);
        Assert.Equal(Vectors + (ulong)vector, _cpu.Pc);
        Assert.Equal((Code, (ulong)mode), (_cpu.GetSystemRegister(SystemRegister.ELR_EL1), _cpu.GetSystemRegister(SystemRegister.SPSR_EL1)));
        Assert.Equal(Pstate.EL1h | Pstate.Daif, _cpu.Pstate);
        Assert.Equal(0ul, _cpu.InstructionCount);
    }

    // EC 0x2f with IL and no more; an interrupt leaves ESR_EL1 alone.
    [Fact]
    public void An_SError_has_a_syndrome_comes_first_and_is_taken_once()
    {
        Load(Pstate.EL1h | Pstate.A, Mrs(X0, SystemRegister.ISR_EL1), Msr(PstateField.DAIFClr, 4), B(Here(4)), Brk(1));
        _cpu.SetSystemRegister(SystemRegister.ESR_EL1, 0x1234);
        _cpu.SetInterruptLine(InterruptLine.SError, true);
        Run();
        Assert.Equal((1ul << 8, Vectors + 0x380, 0xbe00_0000ul), (_cpu.GetX(0), _cpu.Pc, _cpu.GetSystemRegister(SystemRegister.ESR_EL1)));
        Assert.Equal(0ul, _cpu.GetSystemRegister(SystemRegister.ISR_EL1));

        Load(Pstate.EL1h, Nop(), Brk(1));
        _cpu.SetInterruptLine(InterruptLine.Irq, true);
        _cpu.SetInterruptLine(InterruptLine.SError, true);
        Run();
        Assert.Equal((Vectors + 0x380, 1ul << 7), (_cpu.Pc, _cpu.GetSystemRegister(SystemRegister.ISR_EL1)));
        Load(Pstate.EL1h, Nop(), Brk(1));
        Run();
        Assert.Equal((Vectors + 0x280, 0xbe00_0000ul), (_cpu.Pc, _cpu.GetSystemRegister(SystemRegister.ESR_EL1)));
    }

    [Fact]
    public void A_masked_line_waits_until_it_is_unmasked_and_shows_in_ISR()
    {
        Load(Pstate.EL1h | Pstate.I, Mrs(X0, SystemRegister.ISR_EL1), Msr(PstateField.DAIFClr, 2), B(Here(4)), Brk(1));
        _cpu.SetInterruptLine(InterruptLine.Irq, true);
        Run();
        Assert.Equal((1ul << 7, Vectors + 0x280), (_cpu.GetX(0), _cpu.Pc));
        Assert.Equal(Code + 8, _cpu.GetSystemRegister(SystemRegister.ELR_EL1));
    }

    public static TheoryData<uint> Unmasks => [Msr(PstateField.DAIFClr, 2).Word, Msr(SystemRegister.DAIF, Xzr).Word];

    [Theory]
    [MemberData(nameof(Unmasks))]
    public void A_line_that_waits_is_taken_before_the_instruction_behind(uint unmask)
    {
        Load(Pstate.EL1h | Pstate.I, unmask, Movz(X0, 7), Movz(X0, 8), Brk(1));
        _cpu.SetX(0, 1);
        _cpu.SetInterruptLine(InterruptLine.Irq, true);
        Run();
        Assert.Equal((1ul, Vectors + 0x280, Code + 4), (_cpu.GetX(0), _cpu.Pc, _cpu.GetSystemRegister(SystemRegister.ELR_EL1)));
        Assert.Equal(1ul, _cpu.InstructionCount);
    }

    [Fact]
    public void A_line_that_falls_before_it_is_unmasked_is_not_taken()
    {
        Load(Pstate.EL1h, Nop(), B(Here(4)), Brk(1));
        _cpu.SetInterruptLine(InterruptLine.Irq, true);
        _cpu.SetInterruptLine(InterruptLine.Irq, false);
        Run();
        Assert.Equal(Code + 8, _cpu.Pc);
    }

    [Fact]
    public void A_line_from_another_thread_interrupts_a_loop()
    {
        Load(Pstate.EL1h, B(Here()), Brk(1));
        var other = new Thread(() => _cpu.SetInterruptLine(InterruptLine.Irq, true));
        other.Start();
        Run();
        other.Join();
        Assert.Equal((Vectors + 0x280, Code), (_cpu.Pc, _cpu.GetSystemRegister(SystemRegister.ELR_EL1)));
    }

    [Fact]
    public void WFI_sleeps_until_a_line_even_a_masked_one()
    {
        _cpu.PrivateInterruptHandler = new Wire(null);
        Load(Pstate.EL1h | Pstate.Daif, Wfi(), Brk(1));
        var other = new Thread(() => _cpu.SetInterruptLine(InterruptLine.Fiq, true));
        other.Start();
        Assert.Equal(ExceptionClass.Brk64, Run().ExceptionClass);
        other.Join();
        Assert.Equal(Code + 4, _cpu.Pc);
    }

    [Fact]
    public void A_request_wakes_a_sleeping_CPU()
    {
        _cpu.PrivateInterruptHandler = new Wire(null);
        Load(Pstate.EL1h | Pstate.Daif, Wfi(), B(Here(-4)));
        var other = new Thread(_cpu.RequestExit);
        other.Start();
        Assert.Equal(VmExitReason.Canceled, Run().Reason);
        other.Join();
    }

    [Theory]
    [InlineData(SystemRegister.CNTV_CTL_EL0, SystemRegister.CNTV_CVAL_EL0, PrivateInterrupt.VirtualTimer)]
    [InlineData(SystemRegister.CNTP_CTL_EL0, SystemRegister.CNTP_CVAL_EL0, PrivateInterrupt.PhysicalTimer)]
    public void A_timer_wakes_the_guest_when_its_time_has_come(SystemRegister control, SystemRegister compare, PrivateInterrupt output)
    {
        var wire = new Wire(InterruptLine.Irq);
        _cpu.PrivateInterruptHandler = wire;
        var loop = new Label("loop");
        Load(Pstate.EL1h, Mrs(X0, SystemRegister.CNTVCT_EL0), Add(X0, X0, 2048), Msr(compare, X0), Mov(X1, 1), Msr(control, X1), loop, Wfi(), B(loop));
        var other = new Thread(() =>
        {
            while (wire.Changes.Count == 0) _time.Advance(TimeSpan.FromMicroseconds(500));
        });
        other.Start();
        Assert.Equal(ExceptionClass.Brk64, Run().ExceptionClass);
        other.Join();
        Assert.Equal(Vectors + 0x280, _cpu.Pc);
        Assert.Equal([(output, true)], wire.Changes);
        Assert.Equal(5ul, _cpu.GetSystemRegister(control));
        _cpu.SetSystemRegister(control, 3);
        Assert.Equal([(output, true), (output, false)], wire.Changes);
        Assert.Equal(7ul, _cpu.GetSystemRegister(control));
    }

    // The host's alarm knows milliseconds; ISTATUS is exact, and whoever sees it finds the interrupt pending.
    [Fact]
    public void A_timer_whose_condition_is_seen_has_its_output_asserted()
    {
        var wire = new Wire(InterruptLine.Irq);
        _cpu.PrivateInterruptHandler = wire;
        _cpu.SetSystemRegister(SystemRegister.CNTV_CVAL_EL0, 625); // 10 us
        _cpu.SetSystemRegister(SystemRegister.CNTV_CTL_EL0, 1);
        _time.Advance(TimeSpan.FromMicroseconds(20));
        Assert.Empty(wire.Changes);
        Load(Pstate.EL1h | Pstate.I, Mrs(X0, SystemRegister.CNTV_CTL_EL0), Mrs(X1, SystemRegister.ISR_EL1), Brk(1));
        Run();
        Assert.Equal((5ul, 1ul << 7), (_cpu.GetX(0), _cpu.GetX(1)));
        Assert.Equal([(PrivateInterrupt.VirtualTimer, true)], wire.Changes);
    }

    [Fact]
    public void The_timer_value_is_a_signed_distance()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _cpu.SetSystemRegister(SystemRegister.CNTV_TVAL_EL0, 0xffff_fff0);
        Assert.Equal(62_500_000ul - 16, _cpu.GetSystemRegister(SystemRegister.CNTV_CVAL_EL0));
        Assert.Equal(0xffff_fff0ul, _cpu.GetSystemRegister(SystemRegister.CNTV_TVAL_EL0));
        Assert.Equal(62_500_000ul, _cpu.GetSystemRegister(SystemRegister.CNTVCT_EL0));
    }

    [Theory]
    [InlineData(1ul << 8, true)]
    [InlineData(1ul << 9, false)]
    public void EL0_reaches_the_virtual_timer_if_CNTKCTL_lets_it(ulong control, bool allowed)
    {
        _cpu.SetSystemRegister(SystemRegister.CNTKCTL_EL1, control);
        Load(Pstate.EL0t | Pstate.Daif, Mrs(X0, SystemRegister.CNTV_CTL_EL0), Brk(1));
        Run();
        Assert.Equal(allowed ? Code + 4 : Vectors + 0x400, _cpu.Pc);
    }

    private void Load(uint pstate, params ReadOnlySpan<Instruction> program)
    {
        _machine.Memory.Write(Code, MemoryMarshal.AsBytes<uint>(Assemble(program)));
        _cpu.Pstate = pstate;
        _cpu.Pc = Code;
    }

    private VmExit Run()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return _cpu.Run(limit.Token);
    }

    private sealed class Wire(InterruptLine? to) : IPrivateInterruptHandler
    {
        public List<(PrivateInterrupt, bool)> Changes { get; } = [];

        public void SetLevel(VirtualCpu cpu, PrivateInterrupt interrupt, bool asserted)
        {
            Changes.Add((interrupt, asserted));
            if (to is { } line) cpu.SetInterruptLine(line, asserted);
        }
    }
}
