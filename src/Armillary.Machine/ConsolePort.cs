namespace Armillary.Machine;

/// <summary>
/// A port of a machine's virtio console: a stream of bytes each way. Linux shows a console as <c>/dev/hvcN</c>, and other ports as
/// <c>/dev/vportNpM</c> with their name in <c>/sys/class/virtio-ports</c>.
/// </summary>
/// <param name="name">The name that the guest sees.</param>
/// <param name="output">Takes what the guest sends, on a thread of the machine's; not closed.</param>
public sealed class ConsolePort(string name, Stream output)
{
    private const int MaxWaiting = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Queue<byte> _input = new();
    private Action? _arrived;

    /// <summary>The name that the guest sees.</summary>
    public string Name { get; } = name;

    /// <summary>True for a terminal, on which the guest may run a shell.</summary>
    public bool IsConsole { get; init; }

    /// <summary>Connects it: the action is called when there is input.</summary>
    internal void Connect(Action? arrived)
    {
        lock (_lock) _arrived = arrived;
    }

    internal bool HasInput
    {
        get
        {
            lock (_lock) return _input.Count > 0;
        }
    }

    /// <summary>Any thread: sends bytes to the guest. They wait until it reads.</summary>
    /// <returns>How many were taken: 64 KiB wait at most.</returns>
    public int Send(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            int taken = Math.Min(bytes.Length, MaxWaiting - _input.Count);
            foreach (byte value in bytes[..taken]) _input.Enqueue(value);
            _arrived?.Invoke(); // under the lock, so that nothing comes after it was disconnected
            return taken;
        }
    }

    internal int Take(Span<byte> destination)
    {
        lock (_lock)
        {
            int count = Math.Min(destination.Length, _input.Count);
            for (int i = 0; i < count; i++) destination[i] = _input.Dequeue();
            return count;
        }
    }

    internal byte[] Save()
    {
        lock (_lock) return [.. _input];
    }

    internal void Restore(ReadOnlySpan<byte> waiting)
    {
        lock (_lock) _input.Clear();
        Send(waiting);
    }

    internal void Receive(ReadOnlySpan<byte> bytes)
    {
        try
        {
            output.Write(bytes);
            output.Flush();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Nobody listens any more: what the guest says is lost, as on a line that is cut.
        }
    }
}
