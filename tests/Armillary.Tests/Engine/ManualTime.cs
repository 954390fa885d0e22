namespace Armillary.Tests.Engine;

/// <summary>Time that stands still until it is moved; its timers ring in the thread that moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Alarm> _alarms = [];
    private long _now;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        lock (_lock) _alarms.Add(alarm);
        alarm.Change(dueTime, period);
        return alarm;
    }

    public void Advance(TimeSpan span)
    {
        Interlocked.Add(ref _now, span.Ticks * 100);
        Alarm[] ringing;
        lock (_lock) ringing = [.. _alarms.Where(a => a.Due <= _now)];
        foreach (Alarm alarm in ringing) alarm.Ring();
    }

    private sealed class Alarm(ManualTime time, Action ring) : ITimer
    {
        public long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.GetTimestamp() + (dueTime.Ticks * 100);
            return true;
        }

        public void Ring()
        {
            Due = long.MaxValue;
            ring();
        }

        public void Dispose()
        {
            lock (time._lock) time._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
