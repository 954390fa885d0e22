using Armillary.Emulation;
using Armillary.Machine.Psci;

namespace Armillary.Machine.Tests.Psci;

/// <summary>Calls of guests, one by one.</summary>
public sealed class FirmwareTests
{
    private const uint RndVersion = 0x8400_0050, RndFeatures = 0x8400_0051, RndUuid = 0x8400_0052, Rnd32 = 0x8400_0053, Rnd64 = 0xc400_0053, Reset2 = 0xc400_0012, CpuSuspend = 0xc400_0001, CpuOn = 0xc400_0003;

    [Fact]
    public void Random_numbers_have_the_bits_that_were_asked_for()
    {
        using var guest = new Caller();
        Assert.Equal(0x1_0000ul, guest.Call(RndVersion));
        Assert.Equal(0ul, guest.Call(RndFeatures, Rnd64));
        Assert.Equal(ulong.MaxValue, guest.Call(RndFeatures, 0x8400_0054));
        Assert.NotEqual(ulong.MaxValue, guest.Call(RndUuid));
        Assert.Equal(0ul, guest.Call(Rnd64, 192));
        Assert.Equal((ulong.MaxValue, ulong.MaxValue, ulong.MaxValue), guest.Results);
        Assert.Equal(0ul, guest.Call(Rnd64, 65));
        Assert.Equal((0ul, 1ul, ulong.MaxValue), guest.Results);
        Assert.Equal(0ul, guest.Call(Rnd32, 33));
        Assert.Equal((0ul, 1ul, 0xffff_fffful), guest.Results);
        Assert.Equal(0ul, guest.Call(Rnd32, 1));
        Assert.Equal((0ul, 0ul, 1ul), guest.Results);
    }

    [Theory]
    [InlineData(Rnd64, 0)]
    [InlineData(Rnd64, 193)]
    [InlineData(Rnd32, 97)]
    [InlineData(Rnd32, uint.MaxValue)]
    public void More_or_fewer_bits_than_there_can_be_are_refused(uint function, ulong bits)
    {
        using var guest = new Caller();
        Assert.Equal(unchecked((ulong)-2L), guest.Call(function, bits));
    }

    [Fact]
    public void Without_entropy_there_is_no_such_service()
    {
        using var guest = new Caller(hasEntropy: false);
        Assert.Equal(ulong.MaxValue, guest.Call(RndVersion));
        Assert.Equal(ulong.MaxValue, guest.Call(Rnd64, 64));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0x8000_0001, true)]
    [InlineData(1, false)]
    [InlineData(0x7fff_ffff, false)]
    public void A_reset_is_of_a_known_type_or_a_vendors(ulong type, bool resets)
    {
        using var guest = new Caller();
        ulong result = guest.Call(Reset2, type);
        Assert.Equal(resets, guest.Exit is { Reason: MachineExitReason.Reset });
        if (!resets) Assert.Equal(unchecked((ulong)-2L), result);
    }

    [Theory]
    [InlineData(0x100, 0x4000_0000, -2)] // no such CPU
    [InlineData(1ul << 31, 0x4000_0000, -2)]
    [InlineData(ulong.MaxValue, 0x4000_0000, -2)]
    [InlineData(1, 0x4000_0002, -9)]
    [InlineData(1, 0x900_0000, -9)]
    [InlineData(1, 0xffff_ffff_ffff_fffc, -9)]
    [InlineData(0, 0x4000_0000, -5)] // on its way already
    public void A_CPU_that_cannot_be_switched_on_is_refused(ulong target, ulong entry, long result)
    {
        using var guest = new Caller();
        Assert.Equal(unchecked((ulong)result), guest.Call(CpuOn, target, entry, 0));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0x1_ffff, 0)]
    [InlineData(0x100_0000, -2)] // a cluster
    [InlineData(0x2_0000, -2)] // no bit of a state
    public void What_a_CPU_is_suspended_to_is_its_own_level(ulong state, long result)
    {
        using var guest = new Caller();
        Assert.Equal(unchecked((ulong)result), guest.Call(CpuSuspend, state, 0x4000_0000, 0));
    }

    [Fact]
    public void A_CPU_is_switched_on_once()
    {
        using var guest = new Caller();
        Assert.Equal([0ul, unchecked((ulong)-5L)], [guest.Call(CpuOn, 1, 0x4000_0000, 7), guest.Call(CpuOn, 1, 0x4000_0000, 8)]);
    }

    [Fact]
    public void No_call_does_harm()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var guest = new Caller();
        for (int i = 0; i < 100_000; i++)
        {
            uint function = (uint)((random.Next(2) == 0 ? 0x8400_0000 : 0xc400_0000) + random.Next(0x60)) ^ (random.Next(16) == 0 ? (uint)random.Next() : 0);
            guest.Call(function, (ulong)random.NextInt64() >> random.Next(64), (ulong)random.NextInt64() >> random.Next(64), (ulong)random.NextInt64());
        }
    }

    private sealed class Caller : IDisposable
    {
        private readonly VirtualMachine _machine = new SoftwareBackend().CreateVirtualMachine();
        private readonly CpuPower[] _power = [new(), new()];
        private readonly VirtualCpu _cpu;
        private readonly Firmware _firmware;

        public Caller(bool hasEntropy = true)
        {
            _machine.Memory.Map(0x4000_0000, 0x1000);
            _cpu = _machine.CreateVirtualCpu();
            _power[0].TurnOn(0x4000_0000, 0);
            _firmware = new Firmware(_power, hasEntropy ? static bytes => bytes.Fill(0xff) : null, exit => Exit = exit);
        }

        public MachineExit? Exit { get; private set; }

        public (ulong, ulong, ulong) Results => (_cpu.GetX(1), _cpu.GetX(2), _cpu.GetX(3));

        public ulong Call(uint function, params ReadOnlySpan<ulong> arguments)
        {
            _cpu.SetX(0, function);
            for (int i = 0; i < arguments.Length; i++) _cpu.SetX(i + 1, arguments[i]);
            _firmware.Serve(_cpu);
            return _cpu.GetX(0);
        }

        public void Dispose()
        {
            foreach (CpuPower power in _power) power.Dispose();
            _machine.Dispose();
        }
    }
}
