using System.Globalization;
using System.Reflection;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Emulation.Cpu;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>PSTATE.BTYPE and guarded pages: against an independent CPU, and what that cannot show.</summary>
public sealed class BranchTargetTests : IDisposable
{
    private const ulong Source = 0x4000_1000, Target = 0x4000_3000, Vectors = 0x4001_0000, Tables = 0x4010_0000, Guarded = 1ul << 50;
    private const ulong Attributes = PageTables.AccessFlag | PageTables.InnerShareable, Code = Attributes | PageTables.User | PageTables.ReadOnly;
    private const uint EndOfProgram = 0xd421_e000, Blr = 0xd63f_0000, BtiC = 0xd503_245f, BtiJ = 0xd503_249f;
    private const ulong BranchTarget = 0x3600_0000;

    private readonly VirtualMachine _machine = new SoftwareBackend().CreateVirtualMachine();
    private readonly SoftwareVirtualCpu _cpu;
    private readonly PageTables _tables;

    public BranchTargetTests()
    {
        _machine.Memory.Map(0x4000_0000, 4 << 20);
        _tables = new PageTables(_machine, Tables, 12, 39);
        _tables.Map(0, 0, Attributes | PageTables.UserNever | PageTables.PrivilegedNever, level: 1);
        _tables.Map(Vectors, Vectors, Attributes | Guarded); // an exception leaves BTYPE 0
        _cpu = (SoftwareVirtualCpu)_machine.CreateVirtualCpu();
        for (ulong vector = 0; vector < 0x800; vector += 0x80) _machine.Memory.Write(Vectors + vector, Hvc(0).Word);
        Set(SystemRegister.VBAR_EL1, Vectors);
        Set(SystemRegister.MAIR_EL1, 0xff);
        Set(SystemRegister.TCR_EL1, 25 | (1ul << 23));
        Set(SystemRegister.TTBR0_EL1, _tables.Root);
    }

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Branches_and_landings_do_what_hardware_does(bool isStepped, bool isIr)
    {
        if (isIr) IrStepping.Use(_cpu, _machine);
        var failures = new List<string>();
        string[] lines = [.. ReadLines().Where(l => l[0] != '#')];
        foreach (string line in lines)
        {
            string[] parts = line.Split(' ');
            uint level = line[2] == '0' ? Pstate.EL0t : Pstate.EL1h;
            Map(parts[2].Contains('S', StringComparison.Ordinal), parts[2].Contains('T', StringComparison.Ordinal));
            Write(Source, Word(parts[6]));
            Write(Target, Word(parts[7]));
            Control(parts[1] == "1" ? 3ul << 35 : 0);
            foreach (int register in (int[])[0, 16, 17, 30]) _cpu.SetX(register, Number(parts[5]));
            (_cpu.Pc, _cpu.Pstate) = (Number(parts[3]), Pstate.Daif | level | (uint)(Number(parts[4]) << 10));
            Assert.Equal((uint)Number(parts[4]), (_cpu.Pstate & Pstate.BTYPE) >> 10);
            Run(isStepped);
            string kept = parts[11] == "-" ? "-" : $"{(Get(SystemRegister.SPSR_EL1) & Pstate.BTYPE) >> 10}";
            string found = $"{Get(SystemRegister.ESR_EL1):x} {Get(SystemRegister.ELR_EL1):x} {kept}", expected = string.Join(' ', parts[9..12]);
            if (found != expected || (_cpu.Pstate & Pstate.BTYPE) != 0) failures.Add($"{line}: found {found}");
        }

        Assert.True(lines.Length > 1500 && failures.Count == 0, $"{failures.Count} of {lines.Length} differ:\n{string.Join('\n', failures.Take(20))}");
    }

    // Halting is never allowed here, so the Branch Target exception comes before the undefined instruction (D1.3.5.5).
    [Fact]
    public void HLT_is_no_landing()
    {
        Map(source: false, target: true);
        Write(Source, Blr);
        Write(Target, Hlt(1).Word);
        Start(Pstate.EL1h);
        Run();
        AssertException(BranchTarget | 2, Target, 2);
    }

    // BTYPE is PSTATE's at every end of a run, and goes on from there.
    [Fact]
    public void A_step_shows_BTYPE_and_the_next_checks_it()
    {
        Map(source: true, target: true);
        Write(Source, Br(X0).Word);
        Write(Target, BtiC);
        Start(Pstate.EL0t);
        _cpu.Step();
        Assert.Equal((Target, Pstate.Daif | Pstate.EL0t | Pstate.BTYPE), (_cpu.Pc, _cpu.Pstate));
        _cpu.Step();
        AssertException(BranchTarget | 3, Target, 3);
        Assert.Equal(1ul, _cpu.InstructionCount);

        Start(Pstate.EL0t);
        _cpu.Step();
        _cpu.Pstate &= ~Pstate.BTYPE;
        _cpu.Step();
        Assert.Equal((Target + 4, 0u), (_cpu.Pc, _cpu.Pstate & Pstate.BTYPE));
    }

    // A BRK that the host has set is where the landing was: put back, it is checked.
    [Fact]
    public void A_breakpoint_of_the_host_keeps_BTYPE()
    {
        Map(source: true, target: true);
        Write(Source, Blr);
        Write(Target, Brk(7).Word);
        _cpu.TrapDebugExceptions = true;
        Start(Pstate.EL1h);
        Assert.Equal(0xf200_0007ul, _cpu.Run(TestContext.Current.CancellationToken).Syndrome.Value);
        Assert.Equal((Target, 2u), (_cpu.Pc, (_cpu.Pstate & Pstate.BTYPE) >> 10));
        _machine.Memory.Write(Target, BtiJ);
        Run();
        AssertException(BranchTarget | 2, Target, 2);
    }

    // The interrupt is taken at the landing, before it executes; the landing is a branch, for that is where interrupts are looked for.
    [Fact]
    public void An_interrupt_between_the_branch_and_its_landing_keeps_BTYPE()
    {
        Map(source: false, target: false);
        Write(Source, Blr);
        Write(Target, 0x1400_0000); // B .
        Start(Pstate.EL1h);
        _cpu.Pstate = Pstate.EL1h;
        _cpu.Step();
        _cpu.SetInterruptLine(InterruptLine.Irq, true);
        Run();
        _cpu.SetInterruptLine(InterruptLine.Irq, false);
        Assert.Equal((Target, 2ul << 10), (Get(SystemRegister.ELR_EL1), Get(SystemRegister.SPSR_EL1) & Pstate.BTYPE));
    }

    // The same page under two addresses, and one address that becomes guarded by a change of its descriptor.
    [Fact]
    public void A_page_is_guarded_by_the_descriptor_that_is_in_force()
    {
        Map(source: false, target: false);
        Write(Source, Blr);
        Write(Target, Nop().Word);
        Start(Pstate.EL1h);
        Run();
        AssertException(0xf200_0f00, Target + 4, 0);
        Map(source: false, target: true); // flushes the TLB
        Start(Pstate.EL1h);
        Run();
        AssertException(BranchTarget | 2, Target, 2);

        const ulong Alias = 0x4000_5000;
        _tables.Map(Alias, Target, Code);
        Start(Pstate.EL1h, Alias);
        Run();
        AssertException(0xf200_0f00, Alias + 4, 0);
        Start(Pstate.EL1h);
        Run();
        AssertException(BranchTarget | 2, Target, 2);
    }

    [Fact]
    public void Code_that_is_written_anew_lands_by_what_it_is_then()
    {
        Map(source: false, target: true);
        Write(Source, Blr);
        Write(Target, BtiC);
        Start(Pstate.EL1h);
        Run();
        AssertException(0xf200_0f00, Target + 4, 0);
        Write(Target, BtiJ);
        Start(Pstate.EL1h);
        Run();
        AssertException(BranchTarget | 2, Target, 2);
    }

    [Fact]
    public void Without_the_MMU_nothing_is_guarded()
    {
        Map(source: false, target: true);
        Write(Source, Blr);
        Write(Target, Nop().Word);
        Start(Pstate.EL1h);
        Set(SystemRegister.SCTLR_EL1, 0);
        Run();
        AssertException(0xf200_0f00, Target + 4, 0);
    }

    // FAR_EL1 is not the Branch Target exception's.
    [Fact]
    public void The_exception_leaves_FAR_alone()
    {
        Map(source: false, target: true);
        Write(Source, Blr);
        Write(Target, Nop().Word);
        Set(SystemRegister.FAR_EL1, 77);
        Start(Pstate.EL1h);
        Run();
        AssertException(BranchTarget | 2, Target, 2);
        Assert.Equal(77ul, Get(SystemRegister.FAR_EL1));
    }

    private static IEnumerable<string> ReadLines()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("branch-targets.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static ulong Number(string hexadecimal) => ulong.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static uint Word(string hexadecimal) => (uint)Number(hexadecimal);

    private void Map(bool source, bool target)
    {
        _tables.Map(Source, Source, Code | (source ? Guarded : 0));
        _tables.Map(Target, Target, Code | (target ? Guarded : 0));
        _cpu.FlushTlb();
    }

    private void Write(ulong page, uint word)
    {
        uint[] words = new uint[64];
        Array.Fill(words, EndOfProgram);
        words[0] = word;
        _machine.Memory.Write(page, System.Runtime.InteropServices.MemoryMarshal.AsBytes<uint>(words));
    }

    private void Start(uint mode, ulong target = Target)
    {
        Control(3ul << 35);
        (_cpu.Pc, _cpu.Pstate) = (Source, Pstate.Daif | mode);
        _cpu.SetX(0, target);
    }

    // To the HVC of a vector.
    private void Run(bool isStepped = false)
    {
        _cpu.TrapDebugExceptions = false;
        for (int i = 0; i < 100; i++)
        {
            VmExit exit = isStepped ? _cpu.Step() : Guest.Run(_cpu);
            if (exit.ExceptionClass == ExceptionClass.Hvc64) return;
            Assert.Equal(ExceptionClass.SoftwareStepLower, exit.ExceptionClass);
        }

        Assert.Fail("It does not end.");
    }

    private void AssertException(ulong esr, ulong elr, ulong branchType)
        => Assert.Equal((esr, elr, branchType), (Get(SystemRegister.ESR_EL1), Get(SystemRegister.ELR_EL1), (Get(SystemRegister.SPSR_EL1) & Pstate.BTYPE) >> 10));

    // The MMU is on, and exceptions leave PSTATE.PAN alone.
    private void Control(ulong bits) => Set(SystemRegister.SCTLR_EL1, bits | 1 | (1ul << 23));

    private ulong Get(SystemRegister register) => _cpu.GetSystemRegister(register);

    private void Set(SystemRegister register, ulong value) => _cpu.SetSystemRegister(register, value);
}
