using System.Globalization;
using System.Reflection;
using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>FEAT_MOPS: against an independent CPU, and in the middle of a block.</summary>
public sealed class MemoryCopyAndSetTests : IDisposable
{
    private const ulong Code = 0x4000_1000, Vectors = 0x4001_0000, Tables = 0x4010_0000, Data = 0x5010_0000, DataSize = 4 << 20;
    private const ulong MemoryCopyEnable = 1ul << 33, Enabled = PageTables.AccessFlag | PageTables.InnerShareable;
    private const uint Cpyp = 0x1d02_0461, Setp = 0x19c2_0461; // [x1]!, [x2]!, x3! and [x1]!, x3!, x2
    private const uint NextPhaseOfCopy = 1 << 22, NextPhaseOfSet = 1 << 14;

    private readonly ManualTime _time = new();
    private readonly VirtualMachine _machine;
    private readonly VirtualCpu _cpu;
    private ulong _hypervisorCalls;

    public MemoryCopyAndSetTests()
    {
        _machine = new SoftwareBackend(_time).CreateVirtualMachine();
        _machine.Memory.Map(0x4000_0000, 4 << 20);
        _machine.Memory.Map(Data & ~0x1f_fffful, DataSize);
        _cpu = _machine.CreateVirtualCpu();
        for (ulong vector = 0; vector < 0x800; vector += 0x80) _machine.Memory.Write(Vectors + vector, Hvc(0).Word);
        _cpu.SetSystemRegister(SystemRegister.VBAR_EL1, Vectors);
    }

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Registers_and_syndromes_are_those_of_hardware(bool isIr)
    {
        if (isIr) IrStepping.Use((Armillary.Emulation.Cpu.SoftwareVirtualCpu)_cpu, _machine);
        var failures = new List<string>();
        string[] lines = [.. ReadLines().Where(l => l[0] != '#')];
        foreach (string line in lines)
        {
            string[] parts = line.Split(' ');
            uint word = (uint)Number(parts[3]), level = line[2] == '0' ? Pstate.EL0t : Pstate.EL1h;
            int[] registers = [(int)(word & 31), (int)(word >> 16 & 31), (int)(word >> 5 & 31)];
            for (int i = 0; i < 3; i++) _cpu.SetX(registers[i], Number(parts[4 + i]));
            Control(parts[1] == "1" ? MemoryCopyEnable : 0);
            Load(word, 0xd421_e000);
            (_cpu.Pc, _cpu.Pstate) = (Code, Pstate.Daif | level | (uint)(Number(parts[2]) << 28));
            Run(isIr);
            string found = $"{Get(SystemRegister.ESR_EL1):x} {Get(SystemRegister.SPSR_EL1) >> 28:x} {string.Join(' ', registers.Select(r => $"{_cpu.GetX(r):x}"))}";
            if (found != string.Join(' ', parts[8..13])) failures.Add($"{line}: found {found}");
        }

        Assert.True(lines.Length > 2000 && failures.Count == 0, $"{failures.Count} of {lines.Length} differ:\n{string.Join('\n', failures.Take(20))}");
    }

    // Each page is mapped only when the block has come to it: the registers must say where to go on, whatever the direction.
    [Theory]
    [InlineData(0, 0x5fff)]
    [InlineData(0x123, 0x4567)]
    [InlineData(0x1800, 0x3800)]
    [InlineData(-0x1800, 0x3801)]
    [InlineData(-0x5432, 0x4567)]
    public void A_copy_that_faults_on_every_page_goes_on_where_it_was(long distance, int size)
    {
        const ulong Source = 0x7f_0000_0777;
        ulong target = Source + (ulong)distance, low = Math.Min(Source, target) & ~0xffful;
        var tables = new PageTables(_machine, Tables, 12, 48);
        tables.Map(Code, Code, Enabled | PageTables.UserNever);
        tables.Map(Vectors, Vectors, Enabled | PageTables.UserNever);
        _cpu.SetSystemRegister(SystemRegister.TCR_EL1, 16 | (5ul << 32) | (1ul << 23));
        _cpu.SetSystemRegister(SystemRegister.MAIR_EL1, 0xff);
        _cpu.SetSystemRegister(SystemRegister.TTBR0_EL1, tables.Root);
        Control(1);

        byte[] before = new byte[0x1_0000], expected = new byte[before.Length], after = new byte[before.Length];
        new Random(size).NextBytes(before);
        _machine.Memory.Write(Data, before);
        before.CopyTo(expected, 0);
        before.AsSpan((int)(Source - low), size).CopyTo(expected.AsSpan((int)(target - low)));

        Load(Cpyp, Cpyp + NextPhaseOfCopy, Cpyp + (2 * NextPhaseOfCopy), 0xd421_e000);
        (_cpu.Pc, _cpu.Pstate) = (Code, Pstate.EL1h | Pstate.Daif);
        (ulong, ulong)[] arguments = [(1, target), (2, Source), (3, (ulong)size)];
        foreach ((ulong register, ulong value) in arguments) _cpu.SetX((int)register, value);
        var pages = new HashSet<ulong>();
        while (true)
        {
            Run(false);
            ulong esr = Get(SystemRegister.ESR_EL1), page = Get(SystemRegister.FAR_EL1) & ~0xffful;
            if (esr == 0xf200_0f00) break;
            Assert.Contains(esr, (ulong[])[0x9600_0004, 0x9600_0005, 0x9600_0006, 0x9600_0007, 0x9600_0044, 0x9600_0045, 0x9600_0046, 0x9600_0047]);
            Assert.True(page >= low && page < low + (ulong)before.Length && pages.Add(page), $"a second fault at {page:x}");
            tables.Map(page, Data + (page - low), Enabled);
            (_cpu.Pc, _cpu.Pstate) = (Get(SystemRegister.ELR_EL1), (uint)Get(SystemRegister.SPSR_EL1));
        }

        Assert.Equal(Pages(Source, size).Concat(Pages(target, size)).ToHashSet(), pages);
        _machine.Memory.Read(Data, after);
        Assert.Equal(expected, after);
        Assert.Equal(0ul, _cpu.GetX(3));
        Assert.Equal(3ul, _cpu.InstructionCount - _hypervisorCalls);
    }

    // A page at a time, so that an interrupt is not kept waiting by a block of any length.
    [Fact]
    public void An_interrupt_is_taken_in_the_middle_and_the_rest_done_behind_it()
    {
        var tables = new PageTables(_machine, Tables, 12, 48);
        tables.Map(Code, Code, Enabled | PageTables.UserNever);
        tables.Map(Vectors, Vectors, Enabled | PageTables.UserNever);
        // 2^39 bytes of addresses for one megabyte of memory, 2 MiB at a time: the set would take hours.
        for (ulong va = 0x80_0000_0000; va < 0x80_4000_0000; va += 2 << 20) tables.Map(va, Data & ~0x1f_fffful, Enabled, level: 2);
        ulong level1 = _machine.Memory.Read<ulong>(tables.Place(0x80_0000_0000, 1));
        for (ulong va = 0x80_4000_0000; va < 0x100_0000_0000; va += 1 << 30) _machine.Memory.Write(tables.Place(va, 1), level1);
        _cpu.SetSystemRegister(SystemRegister.TCR_EL1, 16 | (5ul << 32) | (1ul << 23));
        _cpu.SetSystemRegister(SystemRegister.MAIR_EL1, 0xff);
        _cpu.SetSystemRegister(SystemRegister.TTBR0_EL1, tables.Root);
        Control(1);
        Load(Setp, Setp + NextPhaseOfSet, Setp + (2 * NextPhaseOfSet), 0xd421_e000);
        (_cpu.Pc, _cpu.Pstate) = (Code, Pstate.EL1h);
        _cpu.SetX(1, 0x80_0000_0000);
        _cpu.SetX(2, 0x5a);
        _cpu.SetX(3, 0x80_0000_0000);
        HostThread other = HostThread.Start(() =>
        {
            Span<byte> first = stackalloc byte[1];
            while (first[0] != 0x5a) _machine.Memory.Read(Data & ~0x1f_fffful, first);
            _cpu.SetInterruptLine(InterruptLine.Irq, true);
        });
        Assert.Equal(ExceptionClass.Hvc64, Guest.Run(_cpu).ExceptionClass);
        other.Join();
        Assert.Equal((Vectors + 0x280 + 4, Code + 4), (_cpu.Pc, Get(SystemRegister.ELR_EL1)));
        Assert.InRange(0 - _cpu.GetX(3), 1ul, 0x80_0000_0000ul - 0x1000);
        Assert.Equal((0x100_0000_0000ul, 1ul), (_cpu.GetX(1), _cpu.InstructionCount - 1));

        // The host stops it too.
        _cpu.SetInterruptLine(InterruptLine.Irq, false);
        (_cpu.Pc, _cpu.Pstate) = (Code + 4, Pstate.EL1h);
        ulong left = 0 - _cpu.GetX(3);
        HostThread third = HostThread.Start(_cpu.RequestExit);
        Assert.Equal(VmExitReason.Canceled, Guest.Run(_cpu).Reason);
        third.Join();
        Assert.InRange(0 - _cpu.GetX(3), 1ul, left);
        Assert.Equal(Code + 4, _cpu.Pc);
    }

    // Byte by byte, whether the devices are answered in place or by ends of the run.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Devices_are_copied_to_and_from_byte_by_byte(bool inPlace)
    {
        const ulong From = 0x900_0ffe, To = 0x910_0ffd;
        var device = new Bytes();
        if (inPlace) _cpu.MmioHandler = device;
        Load(Cpyp, Cpyp + NextPhaseOfCopy, Cpyp + (2 * NextPhaseOfCopy), Setp, Setp + NextPhaseOfSet, Setp + (2 * NextPhaseOfSet), 0xd421_e000);
        (_cpu.Pc, _cpu.Pstate) = (Code, Pstate.EL1h | Pstate.Daif);
        _cpu.SetX(1, To);
        _cpu.SetX(2, From);
        _cpu.SetX(3, 5);
        Complete(device, until: Code + 12);
        Assert.Equal(Enumerable.Range(0, 5).Select(i => (To + (ulong)i, (ulong)(byte)(From + (ulong)i))), device.Written);
        Assert.Equal((To + 5, From + 5, 0ul), (_cpu.GetX(1), _cpu.GetX(2), _cpu.GetX(3)));

        device.Written.Clear();
        _cpu.SetX(1, To);
        _cpu.SetX(2, 0x177);
        _cpu.SetX(3, 4);
        Complete(device, until: Code + 24);
        Assert.Equal(Enumerable.Range(0, 4).Select(i => (To + (ulong)i, 0x77ul)), device.Written);
        Assert.Equal(6ul, _cpu.InstructionCount);
    }

    [Fact]
    public void A_copy_over_code_is_seen()
    {
        const uint Mov7 = 0xd280_00e0, Mov9 = 0xd280_0120; // mov x0, #7 and #9
        Load(Mov7, Cpyp, Cpyp + NextPhaseOfCopy, Cpyp + (2 * NextPhaseOfCopy), B(Here(-16)).Word, 0xd421_e000);
        _machine.Memory.Write(Data, Mov9);
        _machine.Memory.Write(Data + 4, 0xd421_e000u); // brk
        (_cpu.Pc, _cpu.Pstate) = (Code, Pstate.EL1h | Pstate.Daif);
        _cpu.SetX(1, Code);
        _cpu.SetX(2, Data);
        _cpu.SetX(3, 8);
        Run(false);
        Assert.Equal((9ul, Code + 4), (_cpu.GetX(0), Get(SystemRegister.ELR_EL1)));
    }

    private void Complete(Bytes device, ulong until)
    {
        while (_cpu.Pc != until)
        {
            VmExit exit = _cpu.Step();
            if (exit.Reason != VmExitReason.Mmio) continue;
            Assert.Equal(1, exit.Size);
            if (exit.IsWrite) device.Write(exit.PhysicalAddress, 1, exit.Value);
            else _cpu.CompleteMmioRead((byte)exit.PhysicalAddress);
        }
    }

    private static IEnumerable<ulong> Pages(ulong start, int size)
    {
        for (ulong page = start & ~0xffful; page < start + (ulong)size; page += 0x1000) yield return page;
    }

    private void Load(params ReadOnlySpan<uint> words)
    {
        for (int i = 0; i < words.Length; i++) _machine.Memory.Write(Code + (4 * (ulong)i), words[i]);
    }

    private void Control(ulong bits) => _cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, bits | (1ul << 23));

    // To the HVC of a vector.
    private void Run(bool isStepped)
    {
        if (isStepped)
        {
            while (_cpu.Pc is < Vectors or > Vectors + 0x800) _cpu.Step();
            return;
        }

        Assert.Equal(ExceptionClass.Hvc64, Guest.Run(_cpu).ExceptionClass);
        _hypervisorCalls++;
    }

    private ulong Get(SystemRegister register) => _cpu.GetSystemRegister(register);

    private static IEnumerable<string> ReadLines()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("memory-operations.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static ulong Number(string hexadecimal) => ulong.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    // Reads give the address.
    private sealed class Bytes : IMmioHandler
    {
        public List<(ulong Address, ulong Value)> Written { get; } = [];

        public bool Read(ulong address, int size, out ulong value)
        {
            value = (byte)address;
            return size == 1;
        }

        public bool Write(ulong address, int size, ulong value)
        {
            Written.Add((address, value));
            return size == 1;
        }
    }
}
