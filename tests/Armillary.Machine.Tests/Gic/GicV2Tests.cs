using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Machine.Gic;
using Armillary.Machine.Tests.Boot;
using static Armillary.Arm64.A64;
using static Armillary.Machine.Gic.GicV2Registers;

namespace Armillary.Machine.Tests.Gic;

public sealed class GicV2Tests
{
    private const int Spi = 40, Other = 41, Timer = 27;

    private readonly HashSet<(int Cpu, InterruptLine Line)> _asserted = [];
    private readonly GicV2 _gic;

    public GicV2Tests()
    {
        _gic = New(4);
        WriteD(0, GICD_CTLR, 3);
        for (int cpu = 0; cpu < 4; cpu++)
        {
            WriteC(cpu, GICC_PMR, 0xf8);
            WriteC(cpu, GICC_CTLR, 3);
        }
    }

    [Fact]
    public void A_level_is_pending_while_it_stands_and_not_while_it_is_active()
    {
        Enable(Spi, targets: 1);
        _gic.SetShared(Spi, true);
        Assert.True(IsAsserted(0));
        Assert.Equal((uint)Spi, ReadC(0, GICC_IAR));
        Assert.False(IsAsserted(0));
        WriteC(0, GICC_EOIR, Spi);
        Assert.True(IsAsserted(0));
        Assert.Equal((uint)Spi, ReadC(0, GICC_IAR));
        _gic.SetShared(Spi, false);
        WriteC(0, GICC_EOIR, Spi);
        Assert.False(IsAsserted(0));
        Assert.Equal(1023u, ReadC(0, GICC_IAR));
    }

    [Fact]
    public void A_shared_interrupt_of_several_CPUs_is_taken_once()
    {
        Enable(Spi, targets: 0b1010);
        _gic.SetShared(Spi, true);
        Assert.Equal([1, 3], Enumerable.Range(0, 4).Where(cpu => IsAsserted(cpu)));
        Assert.Equal((uint)Spi, ReadC(3, GICC_IAR));
        Assert.Equal(1023u, ReadC(1, GICC_IAR));
        Assert.False(IsAsserted(1));
    }

    [Fact]
    public void An_SGI_knows_each_of_its_senders()
    {
        for (int cpu = 0; cpu < 3; cpu++) WriteD(cpu, GICD_SGIR, (0b1000 << 16) | 5);
        Assert.Equal(0b0111_0000_0000u, ReadD(3, GICD_SPENDSGIR + 4));
        Assert.False(IsAsserted(3)); // not enabled
        WriteD(3, GicRegisters.ISENABLER, 1 << 5);
        Assert.True(IsAsserted(3));
        Assert.Equal([5u, 5u | (1 << 10), 5u | (2 << 10)], Enumerable.Range(0, 3).Select(_ => TakeAndEnd(3)));
        Assert.Equal(1023u, ReadC(3, GICC_IAR));
    }

    [Theory]
    [InlineData(0u, 0b0101, new[] { 0, 2 })]
    [InlineData(1u, 0b0101, new[] { 0, 2, 3 })]
    [InlineData(2u, 0b0101, new[] { 1 })]
    [InlineData(3u, 0b0101, new int[0])]
    public void An_SGI_goes_to_a_list_to_all_others_or_to_oneself(uint filter, int list, int[] expected)
    {
        for (int cpu = 0; cpu < 4; cpu++) WriteD(cpu, GicRegisters.ISENABLER, 1);
        WriteD(1, GICD_SGIR, (filter << 24) | ((uint)list << 16));
        Assert.Equal(expected, Enumerable.Range(0, 4).Where(cpu => IsAsserted(cpu)));
    }

    [Fact]
    public void Pending_SGIs_are_set_and_cleared_by_their_senders_and_not_by_the_common_registers()
    {
        WriteD(0, GicRegisters.ISENABLER, 1 << 2);
        WriteD(0, GicRegisters.ISPENDR, 1 << 2);
        Assert.False(IsAsserted(0));
        _gic.WriteDistributor(0, GICD_SPENDSGIR + 2, 1, 0b11);
        Assert.True(IsAsserted(0));
        WriteD(0, GicRegisters.ICPENDR, 1 << 2);
        Assert.True(IsAsserted(0));
        _gic.WriteDistributor(0, GICD_CPENDSGIR + 2, 1, 0b01);
        Assert.Equal(0b10ul, _gic.ReadDistributor(0, GICD_CPENDSGIR + 2, 1));
        _gic.WriteDistributor(0, GICD_CPENDSGIR + 2, 1, 0xff);
        Assert.False(IsAsserted(0));
    }

    [Fact]
    public void A_higher_priority_preempts_and_the_running_priority_comes_back()
    {
        Enable(Spi, 1, 0xa0);
        Enable(Other, 1, 0x40);
        _gic.SetShared(Spi, true);
        Assert.Equal((uint)Spi, ReadC(0, GICC_IAR));
        Assert.Equal(0xa0u, ReadC(0, GICC_RPR));
        _gic.SetShared(Other, true);
        Assert.True(IsAsserted(0));
        Assert.Equal((uint)Other, ReadC(0, GICC_IAR));
        Assert.Equal(0x40u, ReadC(0, GICC_RPR));
        WriteC(0, GICC_EOIR, Other);
        Assert.Equal(0xa0u, ReadC(0, GICC_RPR));
        WriteC(0, GICC_EOIR, Spi);
        Assert.Equal(0xffu, ReadC(0, GICC_RPR));
    }

    [Fact]
    public void Of_two_groups_each_has_its_registers_unless_one_acknowledges_both()
    {
        WriteD(0, GicRegisters.IGROUPR + 4, 1 << (Spi - 32));
        Enable(Spi, 1);
        _gic.SetShared(Spi, true);
        Assert.Equal((uint)OtherGroup, ReadC(0, GICC_HPPIR));
        Assert.Equal((uint)OtherGroup, ReadC(0, GICC_IAR));
        Assert.Equal((uint)Spi, ReadC(0, GICC_AHPPIR));
        Assert.Equal((uint)Spi, ReadC(0, GICC_AIAR));
        WriteC(0, GICC_EOIR, Spi); // not of this group: it stays active
        Assert.False(IsAsserted(0));
        WriteC(0, GICC_AEOIR, Spi);
        Assert.True(IsAsserted(0));
        WriteC(0, GICC_CTLR, 3 | CTLR_AckCtl);
        Assert.Equal((uint)Spi, ReadC(0, GICC_HPPIR));
        Assert.Equal((uint)Spi, TakeAndEnd(0));
        Assert.True(IsAsserted(0));
    }

    [Fact]
    public void Group_0_is_an_FIQ_only_if_asked_for()
    {
        Enable(Spi, 1);
        _gic.SetShared(Spi, true);
        Assert.True(IsAsserted(0) && !IsAsserted(0, InterruptLine.Fiq));
        WriteC(0, GICC_CTLR, 3 | CTLR_FIQEn);
        Assert.True(!IsAsserted(0) && IsAsserted(0, InterruptLine.Fiq));
        Assert.Equal(3u | CTLR_FIQEn, ReadC(0, GICC_CTLR));
    }

    [Fact]
    public void With_a_split_end_the_deactivation_is_a_write_of_its_own()
    {
        WriteC(0, GICC_CTLR, 3 | CTLR_EOImode);
        WriteD(0, GicRegisters.ISENABLER, 1 << Timer);
        _gic.SetPrivate(0, Timer, true);
        Assert.Equal((uint)Timer, ReadC(0, GICC_IAR));
        WriteC(0, GICC_EOIR, Timer);
        Assert.Equal(0xffu, ReadC(0, GICC_RPR));
        Assert.False(IsAsserted(0));
        WriteC(0, GICC_DIR, Timer);
        Assert.True(IsAsserted(0));
    }

    [Fact]
    public void Registers_say_what_is_there()
    {
        Assert.Equal(3u | (3 << 5), ReadD(0, GICD_TYPER));
        Assert.Equal(0x2bu, ReadD(0, GICD_PIDR2));
        Assert.Equal(2u << 16, ReadC(0, GICC_IIDR));
        Assert.Equal(0x0404_0404u, ReadD(2, GICD_ITARGETSR));
        WriteD(0, GICD_ITARGETSR + Spi, 0xffff_ffff);
        Assert.Equal(0x0f0f_0f0fu, ReadD(0, GICD_ITARGETSR + Spi));
        Assert.Equal(0ul, _gic.ReadDistributor(0, GICD_TYPER, 8));
        Assert.Equal(0ul, _gic.ReadDistributor(0, GICD_TYPER, 1));
        Assert.Equal(0ul, New(1).ReadDistributor(0, GICD_ITARGETSR, 4));
    }

    // Four CPUs and the lines poke at random; the state saved and restored into a fresh controller does the same from there on.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_restored_controller_goes_on_as_the_saved_one(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++) Poke(_gic, random);
        GicV2 copy = New(4);
        copy.Restore(_gic.Save());
        Random first = new(seed + 100), second = new(seed + 100);
        for (int i = 0; i < 5_000; i++) Assert.Equal(Poke(_gic, first), Poke(copy, second));
        Assert.Equivalent(_gic.Save(), copy.Save());
        Assert.Throws<ArgumentException>(() => New(3).Restore(_gic.Save()));
    }

    [Fact]
    public async Task Guests_that_poke_from_several_CPUs_do_no_harm()
    {
        Task[] pokers = [.. Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            for (int i = 0; i < 50_000; i++) Poke(_gic, random);
        }, TestContext.Current.CancellationToken))];
        await Task.WhenAll(pokers);
        for (int cpu = 0; cpu < 4; cpu++) Assert.InRange(ReadC(cpu, GICC_HPPIR) & 0x3ff, 0u, 1023u);
    }

    // A guest takes its timer's interrupt by a GICv2: acknowledges it, prints, ends it and switches off.
    [Fact]
    public void A_machine_with_a_GICv2_wires_it()
    {
        const ulong Flat = MemoryMap.Ram + 0x8_0000;
        Label wait = new("wait");
        Instruction[] program =
        [
            Movz(X10, 0x0800, 16), Movz(X11, 0x0801, 16), Movz(X5, 0x0900, 16),
            Movz(X1, 1), Str(W1, Mem(X10)), // GICD_CTLR
            Movz(X1, 1 << (Timer - 16), 16), Str(W1, Mem(X10, 0x100)),
            Movz(X1, 0xf8), Str(W1, Mem(X11, 4)), Movz(X1, 1), Str(W1, Mem(X11)),
            Msr(SystemRegister.CNTV_CVAL_EL0, Xzr), Msr(SystemRegister.CNTV_CTL_EL0, X1),
            wait, Wfi(), Ldr(W1, Mem(X11, 0xc)), Movz(X2, 1023), Cmp(X1, X2), B(Condition.Eq, wait),
            Add(X3, X1, 'a' - Timer), Str(W3, Mem(X5)), Str(W1, Mem(X11, 0x10)),
            Movz(X0, 8), Movk(X0, 0x8400, 16), Hvc(0),
        ];
        using var output = new MemoryStream();
        using Machine machine = Machine.CreateBuilder().WithEngine(new SoftwareBackend()).WithKernel(MemoryMarshal.AsBytes(Assemble(Flat, program).AsSpan()).ToArray())
            .WithConsoleOutput(output).With(options => options with { GicVersion = 2 }).Build();
        Assert.Equal(MachineExitReason.PowerOff, machine.Run(TestContext.Current.CancellationToken).Reason);
        Assert.Equal("a"u8.ToArray(), output.ToArray());
    }

    [Fact]
    public void The_device_tree_has_a_GICv2_and_the_compiler_no_complaint()
    {
        (string text, string complaints) = DeviceTreeTests.Decompile(DeviceTree.BoardTree.Build(DeviceTreeTests.Options(cpus: 4) with { GicVersion = 2 }, 0, hasPerformanceMonitors: true));
        Assert.Equal("", complaints);
        Assert.Contains("compatible = \"arm,cortex-a15-gic\"", text, StringComparison.Ordinal);
        Assert.Contains("0x01 0x0d 0xf04", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 9)]
    public void A_machine_that_cannot_be_is_refused(int version, int cpus)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new Machine(DeviceTreeTests.Options(cpus) with { GicVersion = version }));

    private static ulong Poke(GicV2 gic, Random random)
    {
        int cpu = random.Next(4), size = random.Next(8) == 0 ? 1 << random.Next(4) : 4;
        uint distributor = (uint)random.Next(0x1000 / size) * (uint)size, own = random.Next(6) == 0 ? GICC_DIR : (uint)random.Next(0x100 / 4) * 4;
        ulong value = random.Next(4) == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(1024);
        switch (random.Next(8))
        {
            case 0: gic.SetShared(GicRegisters.PrivateCount + random.Next(96), random.Next(2) == 0); return 0;
            case 1: gic.SetPrivate(cpu, 16 + random.Next(16), random.Next(2) == 0); return 0;
            case 2 or 3: gic.WriteDistributor(cpu, distributor, size, value); return 0;
            case 4 or 5: gic.WriteInterface(cpu, own, size, value); return 0;
            case 6: return gic.ReadDistributor(cpu, distributor, size);
            default: return gic.ReadInterface(cpu, own, size);
        }
    }

    private GicV2 New(int cpus) => new(cpus, 96, (cpu, line, asserted) =>
    {
        lock (_asserted)
        {
            if (asserted) _asserted.Add((cpu, line));
            else _asserted.Remove((cpu, line));
        }
    });

    private bool IsAsserted(int cpu, InterruptLine line = InterruptLine.Irq) => _asserted.Contains((cpu, line));

    private void Enable(int intid, byte targets, byte priority = 0xa0)
    {
        _gic.WriteDistributor(0, GicRegisters.IPRIORITYR + (ulong)intid, 1, priority);
        _gic.WriteDistributor(0, GICD_ITARGETSR + (ulong)intid, 1, targets);
        WriteD(0, GicRegisters.ISENABLER + ((uint)intid / 32 * 4), 1u << (intid % 32));
    }

    private uint TakeAndEnd(int cpu)
    {
        uint identity = ReadC(cpu, GICC_IAR);
        WriteC(cpu, GICC_EOIR, identity);
        return identity;
    }

    private uint ReadC(int cpu, uint offset) => (uint)_gic.ReadInterface(cpu, offset, 4);

    private void WriteC(int cpu, uint offset, uint value) => _gic.WriteInterface(cpu, offset, 4, value);

    private uint ReadD(int cpu, uint offset) => (uint)_gic.ReadDistributor(cpu, offset, 4);

    private void WriteD(int cpu, uint offset, uint value) => _gic.WriteDistributor(cpu, offset, 4, value);
}
