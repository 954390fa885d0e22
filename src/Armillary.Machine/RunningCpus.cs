namespace Armillary.Machine;

/// <summary>
/// The virtual CPUs that are on: says where they are, and stops all between two of their instructions. Their registers are their threads' own,
/// so each is asked to leave its run, answers on its thread and goes on.
/// </summary>
internal sealed class RunningCpus(int cpus)
{
    // A virtual CPU answers in well under a millisecond, unless the host does not let its thread run.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private readonly VirtualCpu?[] _running = new VirtualCpu?[cpus];
    private readonly CpuPlace[] _places = [.. Enumerable.Range(0, cpus).Select(cpu => new CpuPlace(cpu, false, 0, 0, false))];
    private readonly bool[] _asked = new bool[cpus], _parked = new bool[cpus];
    private bool _isHeld;

    /// <summary>The virtual CPU's thread: it is on from here on.</summary>
    public void Enter(VirtualCpu cpu)
    {
        lock (_lock)
        {
            while (_isHeld) Monitor.Wait(_lock);
            _running[cpu.Index] = cpu;
        }
    }

    /// <summary>The virtual CPU's thread: it is off, or the machine stops, and this is its last place.</summary>
    public void Leave(VirtualCpu cpu, bool isOff)
    {
        lock (_lock)
        {
            _running[cpu.Index] = null;
            _places[cpu.Index] = isOff ? new(cpu.Index, false, 0, 0, false) : CpuPlace.Of(cpu);
            _asked[cpu.Index] = false;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The virtual CPU's thread, after each run: answers if somebody asks, and waits while all are held.</summary>
    public void Answer(VirtualCpu cpu)
    {
        if (!Volatile.Read(ref _asked[cpu.Index])) return;
        lock (_lock)
        {
            _places[cpu.Index] = CpuPlace.Of(cpu);
            _asked[cpu.Index] = false;
            _parked[cpu.Index] = true;
            Monitor.PulseAll(_lock);
            while (_isHeld) Monitor.Wait(_lock);
            _parked[cpu.Index] = false;
        }
    }

    /// <summary>Any other thread: the places of all.</summary>
    public IReadOnlyList<CpuPlace> Locate()
    {
        lock (_lock)
        {
            Ask();
            while (_asked.AsSpan().Contains(true) && Monitor.Wait(_lock, s_patience)) { }

            return [.. _places];
        }
    }

    /// <summary>Any other thread: does something while none of them runs.</summary>
    public void Hold(Action action)
    {
        lock (_lock)
        {
            while (_isHeld) Monitor.Wait(_lock);
            _isHeld = true;
            Ask();
            while (_asked.AsSpan().Contains(true)) Monitor.Wait(_lock);
        }

        try
        {
            action();
        }
        finally
        {
            lock (_lock)
            {
                _isHeld = false;
                Monitor.PulseAll(_lock);
            }
        }
    }

    private void Ask()
    {
        for (int i = 0; i < cpus; i++)
        {
            if (_running[i] is not { } cpu || _parked[i]) continue;
            Volatile.Write(ref _asked[i], true);
            cpu.RequestExit();
        }
    }
}
