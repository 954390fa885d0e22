namespace Armillary.Machine;

/// <summary>
/// A machine's console as a stream of bytes each way. What the guest prints waits for its reader; beyond the limit the oldest goes, so that a
/// guest that prints without end neither waits nor fills the host.
/// </summary>
internal sealed class ConsoleStream : Stream
{
    /// <summary>Bytes that wait at most.</summary>
    public const int Limit = 1 << 20;

    private readonly object _lock = new();
    private readonly byte[] _ring = new byte[Limit];
    private readonly Action<ReadOnlySpan<byte>> _type;
    private int _first, _count;
    private bool _isEnded;

    /// <param name="type">Takes what is written.</param>
    public ConsoleStream(Action<ReadOnlySpan<byte>> type) => _type = type;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The guest prints.</summary>
    public void Add(byte value)
    {
        lock (_lock)
        {
            _ring[(_first + _count) % Limit] = value;
            if (_count == Limit) _first = (_first + 1) % Limit;
            else _count++;
            if (_count == 1) Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The guest prints no more: readers get the rest, and then the end.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isEnded = true;
            Monitor.PulseAll(_lock);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        lock (_lock)
        {
            while (_count == 0 && !_isEnded) Monitor.Wait(_lock);
            int length = Math.Min(buffer.Length, _count);
            for (int i = 0; i < length; i++) buffer[i] = _ring[(_first + i) % Limit];
            (_first, _count) = ((_first + length) % Limit, _count - length);
            return length;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => _type(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
