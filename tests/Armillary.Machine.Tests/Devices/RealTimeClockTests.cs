using Armillary.Machine.Pl031;

namespace Armillary.Machine.Tests.Devices;

public sealed class RealTimeClockTests
{
    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    [Fact]
    public void It_counts_seconds_since_1970_and_can_be_set()
    {
        using var clock = new RealTimeClock(new FixedTime(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000)), _ => { });
        Assert.Equal(1_800_000_000ul, clock.Read(0, 4));
        clock.Write(8, 4, 5);
        Assert.Equal(5ul, clock.Read(0, 4));
        Assert.Equal(0x31ul, clock.Read(0xfe0, 4));
        Assert.Equal(0ul, clock.Read(0xfff, 1));
    }

    [Fact]
    public void The_alarm_rings_when_the_time_has_come_and_is_cleared()
    {
        using var rang = new SemaphoreSlim(0);
        bool level = false;
        using var clock = new RealTimeClock(TimeProvider.System, asserted =>
        {
            level = asserted;
            if (asserted) rang.Release();
        });
        clock.Write(0x10, 4, 1);
        clock.Write(4, 4, clock.Read(0, 4));
        Assert.True(rang.Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal(1ul, clock.Read(0x18, 4));
        clock.Write(0x1c, 4, 1);
        Assert.False(level);
    }
}
