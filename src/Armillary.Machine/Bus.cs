namespace Armillary.Machine;

/// <summary>The devices by address. Where there is none, reads give zero and writes go nowhere; both are counted.</summary>
internal sealed class Bus : IMmioHandler
{
    private readonly List<(ulong Base, ulong Size, IDevice Device)> _windows = [];
    private long _strayAccesses;

    /// <summary>Accesses to addresses where nothing is.</summary>
    public long StrayAccesses => Interlocked.Read(ref _strayAccesses);

    /// <summary>Adds a device; before the first virtual CPU runs.</summary>
    public void Add(ulong at, ulong size, IDevice device)
    {
        foreach ((ulong start, ulong length, _) in _windows)
        {
            if (at < start + length && start < at + size) throw new ArgumentException($"A device is at 0x{start:x} already, with 0x{length:x} bytes; 0x{at:x} overlaps it.", nameof(at));
        }

        _windows.Add((at, size, device));
    }

    /// <inheritdoc/>
    public bool Read(ulong gpa, int size, out ulong value)
    {
        value = Find(gpa, size, out ulong offset)?.Read(offset, size) ?? 0;
        return true;
    }

    /// <inheritdoc/>
    public bool Write(ulong gpa, int size, ulong value)
    {
        Find(gpa, size, out ulong offset)?.Write(offset, size, value);
        return true;
    }

    private IDevice? Find(ulong gpa, int size, out ulong offset)
    {
        foreach ((ulong start, ulong length, IDevice device) in _windows)
        {
            offset = gpa - start;
            if (offset <= length - (ulong)size) return device;
        }

        offset = 0;
        Interlocked.Increment(ref _strayAccesses);
        return null;
    }
}
