using static Armillary.Machine.Pl061.Pl061Registers;

namespace Armillary.Machine.Pl061;

/// <summary>A PL061: eight lines, of which the host drives those that the guest has as inputs.</summary>
/// <param name="interrupt">Called when the level of GPIOINTR changes.</param>
internal sealed class Gpio(Action<bool> interrupt) : IDevice
{
    private readonly Lock _lock = new();
    private byte _inputs, _outputs, _directions, _levels, _bothEdges, _events, _enabled, _raw, _alternates;
    private bool _asserted;

    private byte Lines => (byte)((_outputs & _directions) | (_inputs & ~_directions));

    /// <summary>Any thread: a line from outside is high or low.</summary>
    public void Set(int line, bool high)
    {
        lock (_lock)
        {
            byte before = Lines;
            _inputs = (byte)(high ? _inputs | (1 << line) : _inputs & ~(1 << line));
            Notice(before);
            Update();
        }
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if ((offset & 3) != 0) return 0;
        lock (_lock) return ReadRegister((int)offset);
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if ((offset & 3) != 0) return;
        lock (_lock)
        {
            byte before = Lines;
            WriteRegister((int)offset, (byte)value);
            Notice(before);
            Update();
        }
    }

    public Pl061State Save()
    {
        lock (_lock) return new(_inputs, _outputs, _directions, _levels, _bothEdges, _events, _enabled, _raw, _alternates);
    }

    public void Restore(Pl061State state)
    {
        lock (_lock)
        {
            (_inputs, _outputs, _directions, _levels) = (state.Inputs, state.Outputs, state.Directions, state.Levels);
            (_bothEdges, _events, _enabled, _raw, _alternates) = (state.BothEdges, state.Events, state.Enabled, state.Raw, state.Alternates);
            Update();
        }
    }

    private byte ReadRegister(int offset) => offset switch
    {
        < DataEnd => (byte)(Lines & (offset >> 2)),
        GPIODIR => _directions,
        GPIOIS => _levels,
        GPIOIBE => _bothEdges,
        GPIOIEV => _events,
        GPIOIE => _enabled,
        GPIORIS => Raw(),
        GPIOMIS => (byte)(Raw() & _enabled),
        GPIOAFSEL => _alternates,
        >= Identification and < 0x1000 => Id[(offset - Identification) / 4],
        _ => 0,
    };

    private void WriteRegister(int offset, byte value)
    {
        switch (offset)
        {
            case < DataEnd: _outputs = (byte)((_outputs & ~(offset >> 2)) | (value & (offset >> 2))); break;
            case GPIODIR: _directions = value; break;
            case GPIOIS: _levels = value; break;
            case GPIOIBE: _bothEdges = value; break;
            case GPIOIEV: _events = value; break;
            case GPIOIE: _enabled = value; break;
            case GPIOIC: _raw &= (byte)~value; break; // of edges; a level stays until it falls
            case GPIOAFSEL: _alternates = value; break;
        }
    }

    // What is at its level now, and the edges that were seen.
    private byte Raw() => (byte)((_levels & ~(Lines ^ _events)) | (~_levels & _raw));

    private void Notice(byte before)
    {
        byte now = Lines, rose = (byte)(now & ~before), fell = (byte)(before & ~now);
        _raw |= (byte)(~_levels & ((_bothEdges & (rose | fell)) | (~_bothEdges & ((_events & rose) | (~_events & fell)))));
    }

    private void Update()
    {
        bool asserted = (Raw() & _enabled) != 0;
        if (asserted == _asserted) return;
        _asserted = asserted;
        interrupt(asserted);
    }
}
