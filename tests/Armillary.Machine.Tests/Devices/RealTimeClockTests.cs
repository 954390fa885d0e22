using Armillary.Machine.Pl031;
using Microsoft.Extensions.Time.Testing;

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

    // A timer reaches twelve days. A match in the past is one after the counter has wrapped.
    [Theory]
    [InlineData(10, 9, 10)]
    [InlineData(40 * 86400, (40 * 86400) - 1, 40 * 86400)]
    [InlineData(-5, 300 * 86400, 0)]
    public void An_alarm_rings_at_its_second_however_far_away_and_on_a_fresh_clock_too(int seconds, int before, int after)
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        bool level = false, freshLevel = false;
        using var clock = new RealTimeClock(time, asserted => level = asserted);
        clock.Write(8, 4, 1000);
        clock.Write(0x10, 4, 1);
        clock.Write(4, 4, (uint)(1000 + seconds));
        using var fresh = new RealTimeClock(time, asserted => freshLevel = asserted);
        fresh.Restore(clock.Save());
        Assert.Equal(clock.Save(), fresh.Save());
        time.Advance(TimeSpan.FromSeconds(before));
        Assert.Equal((false, false), (level, freshLevel));
        Assert.Equal(1000ul + (ulong)before, fresh.Read(0, 4));
        if (after == 0) return;
        time.Advance(TimeSpan.FromSeconds(after - before));
        Assert.Equal((true, true), (level, freshLevel));
        time.Advance(TimeSpan.FromDays(30));
        Assert.Equal((true, true), (level, freshLevel));
    }
}
