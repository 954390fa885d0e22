using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Tests.Engine;

/// <summary>The performance monitors: what is counted, exactly, and where an overflow interrupts (Arm ARM D13).</summary>
public sealed class PerformanceTests : IDisposable
{
    private const ulong Code = 0x4000_0000, Data = 0x4000_4000, Vectors = 0x4000_8000;
    private const ulong SwIncr = 0, InstRetired = 8, ExcTaken = 9, ExcReturn = 10, MemAccess = 0x13, Chain = 0x1e;
    private const ulong E = 1, P = 2, C = 4, LP = 1 << 7, NotEL1 = 1u << 31, NotEL0 = 1 << 30, Cycles = 1u << 31;

    private readonly ManualTime _time = new();
    private readonly VirtualMachine _machine;
    private readonly VirtualCpu _cpu;
    private readonly RecordingOutputs _outputs = new();

    public PerformanceTests()
    {
        _machine = new SoftwareBackend(_time).CreateVirtualMachine();
        _machine.Memory.Map(Code, 0x1_0000);
        for (ulong entry = 0; entry < 16; entry++) Write(Vectors + (entry * 0x80), Brk(9));
        _cpu = _machine.CreateVirtualCpu();
        _cpu.TrapDebugExceptions = true;
        _cpu.PrivateInterruptHandler = _outputs;
        _cpu.SetSystemRegister(VBAR_EL1, Vectors);
        _cpu.SetX(20, Data);
        _cpu.SetX(21, Data);
    }

    public void Dispose() => _machine.Dispose();

    // The MRS at the end has not retired when it reads; ISB after enabling has.
    [Theory]
    [InlineData(InstRetired, 9)]
    [InlineData(0x1bul, 9)]
    [InlineData(MemAccess, 4)]
    [InlineData(ExcTaken, 0)]
    [InlineData(0x23ul, 0)]
    [InlineData(0x7ful, 0)]
    public void What_instructions_do_is_counted_exactly(ulong what, ulong expected)
    {
        Label loop = new("loop");
        Prepare(0, what);
        Run(Pstate.EL1h, Msr(PMCNTENSET_EL0, X1), Isb(), Movz(X3, 2), loop, Ldp(X5, X6, Mem(X20)), Str(X5, Mem(X20)), Subs(X3, X3, 1), B(Ne, loop), Mrs(X0, PMEVCNTR0_EL0), Brk(1));
        Assert.Equal(what == InstRetired || what == 0x1b ? expected + 1 : expected, _cpu.GetX(0));
    }

    [Theory]
    [InlineData(0ul, 3, 7)]
    [InlineData(NotEL1, 3, 0)]
    [InlineData(NotEL0, 0, 7)]
    public void A_filter_leaves_out_an_exception_level(ulong filter, int atEL0, int atEL1)
    {
        // EL0: two NOPs and an SVC; EL1 before: ISB and ERET; and behind: MSR and the rest.
        Prepare(0, InstRetired | filter);
        _cpu.SetSystemRegister(ELR_EL1, Code + 0x100);
        _cpu.SetSystemRegister(SPSR_EL1, Pstate.EL0t);
        Write(Code + 0x100, Nop(), Nop(), Svc(0));
        Write(Vectors + 0x400, Nop(), Nop(), Nop(), Nop(), Mrs(X0, PMEVCNTR0_EL0), Brk(1));
        Run(Pstate.EL1h, Msr(PMCNTENSET_EL0, X1), Isb(), Nop(), Eret());
        Assert.Equal((ulong)(atEL0 + atEL1), _cpu.GetX(0));
    }

    [Fact]
    public void Exceptions_and_returns_are_counted()
    {
        Prepare(0, ExcTaken);
        Prepare(1, ExcReturn);
        _cpu.SetX(1, 3);
        Write(Vectors + 0x200, Eret());
        Run(Pstate.EL1h, Msr(PMCNTENSET_EL0, X1), Isb(), Svc(0), Svc(0), Mrs(X0, PMEVCNTR0_EL0), Mrs(X2, PMEVCNTR1_EL0), Brk(1));
        Assert.Equal((2ul, 2ul), (_cpu.GetX(0), _cpu.GetX(2)));
    }

    // A chain is made of 32-bit counters: with LP, which makes them 64 bits wide, the odd one of a pair counts nothing.
    [Theory]
    [InlineData(0ul, 0xffff_fffeul, true)]
    [InlineData(LP, 0xffff_fffeul, false)]
    [InlineData(LP, ulong.MaxValue - 1, true)]
    public void An_overflow_shows_and_goes_into_a_chain(ulong control, ulong start, bool overflows)
    {
        Prepare(0, SwIncr);
        Prepare(1, Chain);
        _cpu.SetSystemRegister(PMCR_EL0, E | control);
        _cpu.SetSystemRegister(PMEVCNTR0_EL0, start);
        _cpu.SetX(1, 1 | 2);
        Run(Pstate.EL1h, Msr(PMCNTENSET_EL0, X1), Movz(X2, 1), Msr(PMSWINC_EL0, X2), Msr(PMSWINC_EL0, X2), Mrs(X0, PMOVSSET_EL0), Mrs(X3, PMEVCNTR1_EL0), Mrs(X4, PMEVCNTR0_EL0), Msr(PMOVSCLR_EL0, X2), Mrs(X5, PMOVSSET_EL0), Brk(1));
        Assert.Equal((overflows ? 1ul : 0, overflows && control == 0 ? 1ul : 0, start + 2, 0ul), (_cpu.GetX(0), _cpu.GetX(3), _cpu.GetX(4), _cpu.GetX(5)));
    }

    // Twelve instructions from the one behind MSR: the thirteenth is where the interrupt is taken.
    [Fact]
    public void An_overflow_interrupts_behind_the_instruction_that_made_it()
    {
        Prepare(0, InstRetired);
        _cpu.SetSystemRegister(PMINTENSET_EL1, 1);
        _cpu.SetSystemRegister(PMEVCNTR0_EL0, 0x1_0000_0000 - 12);
        _outputs.Raise = level => _cpu.SetInterruptLine(InterruptLine.Irq, level);
        Instruction[] nops = [.. Enumerable.Repeat(Nop(), 30)];
        Run(Pstate.EL1h, [Msr(PMCNTENSET_EL0, X1), .. nops, Brk(1)]);
        Assert.Equal((Vectors + 0x280, Code + 4 + (12 * 4)), (_cpu.Pc, _cpu.GetSystemRegister(ELR_EL1)));
        Assert.Equal([(PrivateInterrupt.PerformanceMonitors, true)], _outputs.Levels);
        _cpu.SetSystemRegister(PMOVSCLR_EL0, 1);
        Assert.Equal((PrivateInterrupt.PerformanceMonitors, false), _outputs.Levels[^1]);
    }

    [Fact]
    public void Cycles_are_nanoseconds_and_interrupt_by_the_clock()
    {
        _cpu.SetSystemRegister(PMCR_EL0, E | C);
        _cpu.SetSystemRegister(PMCNTENSET_EL0, Cycles);
        ulong before = _cpu.GetSystemRegister(PMCCNTR_EL0);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.InRange(_cpu.GetSystemRegister(PMCCNTR_EL0) - before, 2_000_000ul, 2_000_002ul);
        _cpu.SetSystemRegister(PMCCNTR_EL0, unchecked(0ul - 5_000_000));
        _cpu.SetSystemRegister(PMINTENSET_EL1, Cycles);
        _outputs.Raise = level => _cpu.SetInterruptLine(InterruptLine.Irq, level);
        Write(Code, Wfi(), B(Here(-4)));
        _cpu.Pstate = Pstate.EL1h;
        _cpu.Pc = Code;
        HostThread clock = HostThread.Start(() =>
        {
            while (_outputs.Levels.Count == 0) _time.Advance(TimeSpan.FromMilliseconds(1));
        });
        Assert.Equal(ExceptionClass.Brk64, Guest.Run(_cpu).ExceptionClass);
        clock.Join();
        Assert.Equal((Vectors + 0x280, Cycles), (_cpu.Pc, _cpu.GetSystemRegister(PMOVSSET_EL0)));
    }

    // PMUSERENR_EL0: EN 1, SW 2, CR 4, ER 8. A bit that must be one of those, for reads and for writes.
    public static TheoryData<SystemRegister, int, int> AtEL0 => new()
    {
        { PMCR_EL0, 1, 1 }, { PMCNTENSET_EL0, 1, 1 }, { PMCNTENCLR_EL0, 1, 1 }, { PMOVSCLR_EL0, 1, 1 }, { PMOVSSET_EL0, 1, 1 }, { PMSELR_EL0, 9, 9 },
        { PMCEID0_EL0, 1, -1 }, { PMCEID1_EL0, 1, -1 }, { PMCCNTR_EL0, 5, 1 }, { PMCCFILTR_EL0, 1, 1 }, { PMXEVTYPER_EL0, 1, 1 }, { PMXEVCNTR_EL0, 9, 1 },
        { PMEVCNTR3_EL0, 9, 1 }, { PMEVTYPER3_EL0, 1, 1 }, { PMSWINC_EL0, -1, 3 }, { PMUSERENR_EL0, 15, -1 },
    };

    [Theory]
    [MemberData(nameof(AtEL0))]
    public void EL0_may_what_PMUSERENR_says(SystemRegister register, int reading, int writing)
    {
        foreach ((int allowed, Instruction access, bool isRead) in new[] { (reading, Mrs(X0, register), true), (writing, Msr(register, Xzr), false) })
        {
            for (uint bits = 0; bits < 16; bits++)
            {
                _cpu.SetSystemRegister(PMUSERENR_EL0, bits);
                Run(Pstate.EL0t, access, Brk(1));
                bool always = register == PMUSERENR_EL0 && isRead;
                string expected = allowed < 0 ? "undefined" : always || (bits & allowed) != 0 ? "done" : "trapped";
                var syndrome = new Syndrome(_cpu.GetSystemRegister(ESR_EL1));
                string found = _cpu.Pc == Code + 4 ? "done" : syndrome.Class == ExceptionClass.SystemRegister ? "trapped" : "undefined";
                Assert.Equal((register, isRead, bits, expected), (register, isRead, bits, found));
            }
        }
    }

    [Fact]
    public void The_selected_counter_is_the_one_by_its_number()
    {
        Run(Pstate.EL1h,
            Movz(X1, 2), Msr(PMSELR_EL0, X1), Movz(X2, 0x13), Msr(PMXEVTYPER_EL0, X2), Movz(X3, 77), Msr(PMXEVCNTR_EL0, X3), Mrs(X4, PMEVTYPER2_EL0), Mrs(X5, PMEVCNTR2_EL0),
            Movz(X1, 31), Msr(PMSELR_EL0, X1), Movz(X2, 0x4000, 16), Msr(PMXEVTYPER_EL0, X2), Mrs(X6, PMCCFILTR_EL0), Movz(X1, 7), Msr(PMSELR_EL0, X1), Msr(PMXEVCNTR_EL0, X3), Mrs(X7, PMXEVCNTR_EL0), Brk(1));
        Assert.Equal((0x13ul, 77ul, 0x4000_0000ul, 0ul), (_cpu.GetX(4), _cpu.GetX(5), _cpu.GetX(6), _cpu.GetX(7)));
        _cpu.SetSystemRegister(PMCR_EL0, P);
        Assert.Equal((0ul, 0x3040ul), (_cpu.GetSystemRegister(PMEVCNTR2_EL0), _cpu.GetSystemRegister(PMCR_EL0)));
    }

    [Theory]
    [InlineData("max", 6, 0x1_0000_0000ul)]
    [InlineData("neoverse-n1", 4, 0ul)]
    [InlineData("cortex-a72", 1, 0ul)]
    public void Each_CPU_has_its_version(string name, ulong version, ulong wide)
    {
        using var guest = new Guest(name, Brk(1));
        Assert.Equal(version, guest.Get(ID_AA64DFR0_EL1) >> 8 & 15);
        guest.Set(PMEVCNTR0_EL0, 0x1_0000_0001);
        guest.Set(PMCR_EL0, LP);
        guest.Set(PMEVTYPER0_EL0, 0xffff);
        Assert.Equal((wide + 1, wide != 0 ? LP : 0, version == 1 ? 0x3fful : 0xffff), (guest.Get(PMEVCNTR0_EL0), guest.Get(PMCR_EL0) & LP, guest.Get(PMEVTYPER0_EL0)));
    }

    // The events that PMCEID0_EL0 and PMCEID1_EL0 name, and no others.
    [Fact]
    public void PMCEID_names_what_is_counted()
        => Assert.Equal((0x480a_0701ul, 0x1000_0018ul), (_cpu.GetSystemRegister(PMCEID0_EL0), _cpu.GetSystemRegister(PMCEID1_EL0)));

    // Counter n counts an event from when the program sets its bit, in X1.
    private void Prepare(int counter, ulong type)
    {
        _cpu.SetSystemRegister(PMCR_EL0, E);
        _cpu.SetSystemRegister(SystemRegisters.Encode(3, 3, 14, 12, counter), type);
        _cpu.SetX(1, 1ul << counter);
    }

    private void Run(uint mode, params Instruction[] program)
    {
        Write(Code, program);
        _cpu.Pstate = mode;
        _cpu.Pc = Code;
        Assert.Equal(ExceptionClass.Brk64, Guest.Run(_cpu).ExceptionClass);
    }

    private void Write(ulong address, params ReadOnlySpan<Instruction> program) => _machine.Memory.Write(address, MemoryMarshal.AsBytes(Assemble(address, program).AsSpan()));

    private sealed class RecordingOutputs : IPrivateInterruptHandler
    {
        public List<(PrivateInterrupt Interrupt, bool Level)> Levels { get; } = [];

        public Action<bool> Raise { get; set; } = static _ => { };

        public void SetLevel(VirtualCpu cpu, PrivateInterrupt interrupt, bool asserted)
        {
            Levels.Add((interrupt, asserted));
            Raise(asserted);
        }
    }
}
