using Armillary.Arm64;
using Armillary.Machine.Gic;

namespace Armillary.Machine.Tests.Gic;

public sealed class GicV3Tests
{
    private const int Spi = 40;

    private readonly HashSet<(int Cpu, InterruptLine Line)> _asserted = [];
    private readonly GicV3 _gic;

    public GicV3Tests()
    {
        _gic = New(2);
        WriteD(GicRegisters.GICD_CTLR, 3);
        for (int cpu = 0; cpu < 2; cpu++)
        {
            WriteR(cpu, GicRegisters.GICR_WAKER, 0);
            Write(cpu, SystemRegister.ICC_PMR_EL1, 0xf8);
            Write(cpu, SystemRegister.ICC_IGRPEN1_EL1, 1);
            Write(cpu, SystemRegister.ICC_IGRPEN0_EL1, 1);
            WriteR(cpu, Sgi(GicRegisters.IGROUPR), 0xffff_ffff);
        }

        for (uint word = 4; word < 16; word += 4) WriteD(GicRegisters.IGROUPR + word, 0xffff_ffff);
    }

    [Fact]
    public void A_level_is_pending_while_it_stands_and_not_while_it_is_active()
    {
        Enable(Spi);
        _gic.SetShared(Spi, true);
        Assert.True(IsAsserted(0));
        Assert.Equal(Spi, Acknowledge(0));
        Assert.False(IsAsserted(0));
        End(0, Spi);
        Assert.True(IsAsserted(0));
        Assert.Equal(Spi, Acknowledge(0));
        _gic.SetShared(Spi, false);
        End(0, Spi);
        Assert.False(IsAsserted(0));
        Assert.Equal(GicRegisters.Spurious, Acknowledge(0));
    }

    [Fact]
    public void An_edge_is_pending_once_and_again_if_it_comes_while_active()
    {
        WriteD(GicRegisters.ICFGR + (Spi / 16 * 4), 2u << (2 * (Spi % 16)));
        Enable(Spi);
        _gic.SetShared(Spi, true);
        Assert.Equal(Spi, Acknowledge(0));
        End(0, Spi);
        Assert.False(IsAsserted(0));
        _gic.SetShared(Spi, false);
        _gic.SetShared(Spi, true);
        Assert.Equal(Spi, Acknowledge(0));
        _gic.SetShared(Spi, false);
        _gic.SetShared(Spi, true);
        End(0, Spi);
        Assert.True(IsAsserted(0));
    }

    [Fact]
    public void A_higher_priority_preempts_and_an_equal_one_waits()
    {
        Enable(Spi, priority: 0x80);
        Enable(Spi + 1, priority: 0x80);
        Enable(Spi + 2, priority: 0x40);
        _gic.SetShared(Spi, true);
        Assert.Equal(Spi, Acknowledge(0));
        Assert.Equal(0x80ul, Read(0, SystemRegister.ICC_RPR_EL1));
        _gic.SetShared(Spi + 1, true);
        Assert.False(IsAsserted(0));
        _gic.SetShared(Spi + 2, true);
        Assert.True(IsAsserted(0));
        Assert.Equal(Spi + 2, Acknowledge(0));
        Assert.Equal(0x40ul, Read(0, SystemRegister.ICC_RPR_EL1));
        End(0, Spi + 2);
        Assert.Equal(0x80ul, Read(0, SystemRegister.ICC_RPR_EL1));
    }

    [Theory]
    [InlineData(3, 0x78, true)]
    [InlineData(7, 0x48, false)] // a group priority of one bit: 0x48 and 0x70 are the same to preemption
    [InlineData(7, 0x00, false)]
    [InlineData(6, 0x38, true)]
    public void The_binary_point_decides_what_preempts(byte binaryPoint, byte priority, bool preempts)
    {
        Write(0, SystemRegister.ICC_BPR1_EL1, binaryPoint);
        Enable(Spi, priority: binaryPoint == 3 ? (byte)0x80 : (byte)0x70);
        Enable(Spi + 1, priority: priority);
        _gic.SetShared(Spi, true);
        Assert.Equal(Spi, Acknowledge(0));
        _gic.SetShared(Spi + 1, true);
        Assert.Equal(preempts, IsAsserted(0));
    }

    [Fact]
    public void The_priority_mask_holds_back_what_is_not_higher()
    {
        Enable(Spi, priority: 0x80);
        Write(0, SystemRegister.ICC_PMR_EL1, 0x80);
        _gic.SetShared(Spi, true);
        Assert.False(IsAsserted(0));
        Assert.Equal((ulong)Spi, Read(0, SystemRegister.ICC_HPPIR1_EL1));
        Assert.Equal(GicRegisters.Spurious, Acknowledge(0));
        Write(0, SystemRegister.ICC_PMR_EL1, 0x88);
        Assert.True(IsAsserted(0));
    }

    [Fact]
    public void With_EOImode_1_an_end_drops_the_priority_and_DIR_deactivates()
    {
        Write(0, SystemRegister.ICC_CTLR_EL1, 2);
        Enable(Spi);
        _gic.SetShared(Spi, true);
        Assert.Equal(Spi, Acknowledge(0));
        End(0, Spi);
        Assert.Equal(0xfful, Read(0, SystemRegister.ICC_RPR_EL1));
        Assert.False(IsAsserted(0)); // active still
        Write(0, SystemRegister.ICC_DIR_EL1, Spi);
        Assert.True(IsAsserted(0));
    }

    [Fact]
    public void Group_0_is_an_FIQ_and_is_acknowledged_by_its_own_register()
    {
        Enable(Spi);
        WriteD(GicRegisters.IGROUPR + 4, ~(1u << (Spi - 32)));
        _gic.SetShared(Spi, true);
        Assert.True(IsAsserted(0, InterruptLine.Fiq));
        Assert.False(IsAsserted(0));
        Assert.Equal(GicRegisters.Spurious, Acknowledge(0));
        Assert.Equal((ulong)Spi, Read(0, SystemRegister.ICC_IAR0_EL1));
        End(0, Spi); // of the other group: nothing
        Assert.NotEqual(0xfful, Read(0, SystemRegister.ICC_RPR_EL1));
        Write(0, SystemRegister.ICC_EOIR0_EL1, Spi);
        Assert.Equal(0xfful, Read(0, SystemRegister.ICC_RPR_EL1));
    }

    [Fact]
    public void An_SGI_reaches_the_CPUs_of_its_list_and_with_IRM_all_others()
    {
        for (int cpu = 0; cpu < 2; cpu++) WriteR(cpu, Sgi(GicRegisters.ISENABLER), 0xffff);
        Write(0, SystemRegister.ICC_SGI1R_EL1, (5ul << 24) | 2);
        Assert.False(IsAsserted(0));
        Assert.Equal(5, Acknowledge(1));
        End(1, 5);
        Assert.False(IsAsserted(1));
        Write(1, SystemRegister.ICC_SGI1R_EL1, (6ul << 24) | (1ul << 40));
        Assert.False(IsAsserted(1));
        Assert.Equal(6, Acknowledge(0));
        Write(0, SystemRegister.ICC_SGI1R_EL1, (7ul << 24) | (1ul << 16) | 3); // another cluster
        Write(0, SystemRegister.ICC_SGI0R_EL1, (8ul << 24) | 3);               // of group 1: not for this register
        End(0, 6);
        Assert.False(IsAsserted(0) || IsAsserted(1));
    }

    [Fact]
    public void An_SPI_goes_where_its_route_says_and_a_1_of_N_one_to_a_CPU_that_takes_it()
    {
        Enable(Spi);
        _gic.WriteDistributor(GicRegisters.GICD_IROUTER + (8 * Spi), 8, 1);
        _gic.SetShared(Spi, true);
        Assert.True(IsAsserted(1) && !IsAsserted(0));
        _gic.WriteDistributor(GicRegisters.GICD_IROUTER + (8 * Spi), 8, 7); // no such CPU
        Assert.False(IsAsserted(1) || IsAsserted(0));
        _gic.WriteDistributor(GicRegisters.GICD_IROUTER + (8 * Spi), 8, GicRegisters.IROUTER_IRM);
        Assert.True(IsAsserted(0) ^ IsAsserted(1));
        int first = IsAsserted(0) ? 0 : 1;
        Write(first, SystemRegister.ICC_PMR_EL1, 0);
        Assert.True(IsAsserted(1 - first) && !IsAsserted(first));
        WriteR(1 - first, GicRegisters.GICR_WAKER, GicRegisters.WAKER_ProcessorSleep);
        Assert.False(IsAsserted(1 - first));
    }

    [Fact]
    public void A_private_interrupt_is_its_own_CPUs()
    {
        for (int cpu = 0; cpu < 2; cpu++) WriteR(cpu, Sgi(GicRegisters.ISENABLER), 1u << 27);
        _gic.SetPrivate(1, 27, true);
        Assert.True(IsAsserted(1) && !IsAsserted(0));
        Assert.Equal(27, Acknowledge(1));
    }

    [Fact]
    public void The_identification_registers_say_what_is_there()
    {
        Assert.Equal(0x3bul, _gic.ReadDistributor(GicRegisters.PIDR2, 4));
        Assert.Equal(3ul, _gic.ReadDistributor(GicRegisters.GICD_TYPER, 4) & 0x1f);
        Assert.Equal(0x53ul, _gic.ReadDistributor(GicRegisters.GICD_CTLR, 4));
        ulong first = _gic.ReadRedistributor(GicRegisters.GICR_TYPER, 8), last = _gic.ReadRedistributor(GicRegisters.RedistributorSize + GicRegisters.GICR_TYPER, 8);
        Assert.Equal((0ul, 0ul), (first >> 32, first >> 4 & 1));
        Assert.Equal((1ul, 1ul), (last >> 32, last >> 4 & 1));
    }

    [Fact]
    public void Priorities_have_five_bits_and_bytes_reach_them()
    {
        _gic.WriteDistributor(GicRegisters.IPRIORITYR + Spi, 1, 0xff);
        Assert.Equal(0xf8ul, _gic.ReadDistributor(GicRegisters.IPRIORITYR + Spi, 1));
        Assert.Equal(0xf8ul, _gic.ReadDistributor(GicRegisters.IPRIORITYR + Spi, 4));
    }

    [Fact]
    public void A_saved_controller_goes_on_as_another()
    {
        Enable(Spi, priority: 0x40);
        Enable(Spi + 1, priority: 0x20);
        _gic.SetShared(Spi, true);
        Assert.Equal(Spi, Acknowledge(0));
        _gic.SetShared(Spi + 1, true);
        _asserted.Clear();
        GicV3 other = New(2);
        other.Restore(_gic.Save());
        Assert.True(IsAsserted(0));
        Assert.Equivalent(_gic.Save(), other.Save(), strict: true);
        Assert.Throws<ArgumentException>(() => New(3).Restore(_gic.Save()));
    }

    [Fact]
    public void Any_access_anywhere_is_harmless()
    {
        const int Seed = 20261124;
        var random = new Random(Seed);
        SystemRegister[] registers = [.. Enum.GetValues<SystemRegister>().Where(r => r.ToString().StartsWith("ICC_", StringComparison.Ordinal))];
        int[] sizes = [1, 2, 4, 8];
        for (int i = 0; i < 200_000; i++)
        {
            ulong offset = (ulong)random.Next(0x5_0000) & ~3ul, value = (ulong)random.NextInt64();
            int size = sizes[random.Next(4)], cpu = random.Next(2);
            switch (random.Next(6))
            {
                case 0: _gic.ReadDistributor(offset & 0xffff, size); break;
                case 1: _gic.WriteDistributor(offset & 0xffff, size, value); break;
                case 2: _gic.ReadRedistributor(offset, size); break;
                case 3: _gic.WriteRedistributor(offset, size, value); break;
                case 4: _gic.TryReadRegister(cpu, registers[random.Next(registers.Length)], out _); break;
                default: _gic.TryWriteRegister(cpu, registers[random.Next(registers.Length)], value); break;
            }
        }

        Assert.Equal(0x3bul, _gic.ReadDistributor(GicRegisters.PIDR2, 4));
    }

    private GicV3 New(int cpus) => new(cpus, 96, (cpu, line, asserted) =>
    {
        bool changed = asserted ? _asserted.Add((cpu, line)) : _asserted.Remove((cpu, line));
        if (_gic is not null) Assert.True(changed || !asserted, "A line was set to the level that it has.");
    });

    private static uint Sgi(uint offset) => offset + (uint)GicRegisters.FrameSize;

    private bool IsAsserted(int cpu, InterruptLine line = InterruptLine.Irq) => _asserted.Contains((cpu, line));

    private void Enable(int intid, byte priority = 0xa0)
    {
        _gic.WriteDistributor(GicRegisters.IPRIORITYR + (ulong)intid, 1, priority);
        WriteD(GicRegisters.ISENABLER + ((uint)intid / 32 * 4), 1u << (intid % 32));
    }

    private int Acknowledge(int cpu) => (int)Read(cpu, SystemRegister.ICC_IAR1_EL1);

    private void End(int cpu, int intid) => Write(cpu, SystemRegister.ICC_EOIR1_EL1, (ulong)intid);

    private ulong Read(int cpu, SystemRegister register)
    {
        Assert.True(_gic.TryReadRegister(cpu, register, out ulong value));
        return value;
    }

    private void Write(int cpu, SystemRegister register, ulong value) => Assert.True(_gic.TryWriteRegister(cpu, register, value));

    private void WriteD(uint offset, uint value) => _gic.WriteDistributor(offset, 4, value);

    private void WriteR(int cpu, uint offset, uint value) => _gic.WriteRedistributor(((ulong)cpu * GicRegisters.RedistributorSize) + offset, 4, value);
}
