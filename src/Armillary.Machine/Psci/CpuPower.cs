namespace Armillary.Machine.Psci;

/// <summary>Whether a virtual CPU is on, and with what it starts (DEN0022 5.6).</summary>
internal sealed class CpuPower : IDisposable
{
    private enum Level
    {
        On,
        Off,
        OnPending,
    }

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private Level _level = Level.Off;
    private ulong _entry, _context;

    /// <summary>AFFINITY_INFO: 0 on, 1 off, 2 about to be on.</summary>
    public long AffinityInfo
    {
        get
        {
            lock (_lock) return (long)_level;
        }
    }

    /// <summary>Any thread: CPU_ON.</summary>
    public long TurnOn(ulong entry, ulong context)
    {
        lock (_lock)
        {
            if (_level == Level.On) return PsciFunctions.AlreadyOn;
            if (_level == Level.OnPending) return PsciFunctions.OnPending;
            (_level, _entry, _context) = (Level.OnPending, entry, context);
            _wanted.Release();
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wanted.Dispose();

    /// <summary>The CPU's thread: CPU_OFF.</summary>
    public void TurnOff()
    {
        lock (_lock) _level = Level.Off;
    }

    /// <summary>True until <see cref="TurnOff"/>.</summary>
    public bool IsOn
    {
        get
        {
            lock (_lock) return _level == Level.On;
        }
    }

    /// <summary>The CPU's thread: waits until it is on.</summary>
    public (ulong Entry, ulong Context) Wait(CancellationToken stop)
    {
        _wanted.Wait(stop);
        lock (_lock)
        {
            _level = Level.On;
            return (_entry, _context);
        }
    }
}
