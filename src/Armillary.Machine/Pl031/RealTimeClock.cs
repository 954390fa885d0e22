namespace Armillary.Machine.Pl031;

/// <summary>A PL031 real-time clock (Arm DDI 0224B): seconds since 1970, with an alarm.</summary>
internal sealed class RealTimeClock : IDevice, IDisposable
{
    private const int RTCDR = 0x000, RTCMR = 0x004, RTCLR = 0x008, RTCCR = 0x00c, RTCIMSC = 0x010, RTCRIS = 0x014, RTCMIS = 0x018, RTCICR = 0x01c,
        Identification = 0xfe0;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Action<bool> _interrupt;
    private readonly ITimer _alarm;
    private uint _match, _load, _offset, _left; // seconds to the alarm, when the timer was set
    private bool _isMasked = true, _raw, _isArmed, _asserted;

    public RealTimeClock(TimeProvider time, Action<bool> interrupt)
    {
        (_time, _interrupt) = (time, interrupt);
        _alarm = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static ReadOnlySpan<byte> Id => [0x31, 0x10, 0x14, 0x00, 0x0d, 0xf0, 0x05, 0xb1];

    private uint Now => (uint)_time.GetUtcNow().ToUnixTimeSeconds() + _offset;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        lock (_lock)
        {
            return offset switch
            {
                RTCDR => Now,
                RTCMR => _match,
                RTCLR => _load,
                RTCCR => 1,
                RTCIMSC => _isMasked ? 0u : 1,
                RTCRIS => _raw ? 1u : 0,
                RTCMIS => _asserted ? 1u : 0,
                >= Identification and < 0x1000 when (offset & 3) == 0 => Id[(int)(offset - Identification) / 4],
                _ => 0,
            };
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        lock (_lock)
        {
            switch (offset)
            {
                case RTCMR: _match = (uint)value; SetAlarm(); break;
                case RTCLR: _load = (uint)value; _offset += _load - Now; SetAlarm(); break;
                case RTCIMSC: _isMasked = (value & 1) == 0; break;
                case RTCICR: if ((value & 1) != 0) _raw = false; break;
            }

            Update();
        }
    }

    public Pl031State Save()
    {
        lock (_lock) return new(_match, _load, _offset, _isMasked, _raw, _isArmed);
    }

    public void Restore(Pl031State state)
    {
        lock (_lock)
        {
            (_match, _load, _offset, _isMasked, _raw) = (state.Match, state.Load, state.Offset, state.IsMasked, state.Raw);
            if (state.IsArmed) SetAlarm();
            Update();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _alarm.Dispose();

    private void Ring()
    {
        lock (_lock)
        {
            if (!_isArmed) return;
            uint left = _match - Now;
            if (left > 0 && left <= _left)
            {
                SetAlarm(); // further away than a timer reaches, or the timer is early
                return;
            }

            (_raw, _isArmed) = (true, false);
            Update();
        }
    }

    // The counter is compared for equality, so a match in the past is one after it has wrapped (DDI 0224B 2.2.2).
    private void SetAlarm()
    {
        const uint Reach = 1 << 20; // seconds
        (_isArmed, _left) = (true, _match - Now);
        _alarm.Change(TimeSpan.FromSeconds(Math.Min(_left, Reach)), Timeout.InfiniteTimeSpan);
    }

    private void Update()
    {
        bool asserted = _raw && !_isMasked;
        if (asserted == _asserted) return;
        _asserted = asserted;
        _interrupt(asserted);
    }
}
