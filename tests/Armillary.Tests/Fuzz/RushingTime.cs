namespace Armillary.Tests.Fuzz;

/// <summary>Time that jumps to whatever anybody waits for, so that a guest may wait for as long as it likes.</summary>
internal sealed class RushingTime : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Add(ref _now, 100);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Alarm(this, callback, state);

    private sealed class Alarm(RushingTime time, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            Interlocked.Add(ref time._now, dueTime.Ticks * 100);
            ThreadPool.UnsafeQueueUserWorkItem(_ => callback(state), null);
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
