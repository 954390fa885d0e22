namespace Armillary.Cli.Running;

/// <summary>What a guest prints, on its way to where it is shown and to a log. It knows texts that it waits for, and when the last byte came.</summary>
/// <param name="outputs">Where it goes; the first is where people look.</param>
/// <param name="time">The clock of <see cref="Silence"/>.</param>
/// <param name="isLost">Called once if the first cannot be written to any more.</param>
internal sealed class GuestOutput(IReadOnlyList<Stream> outputs, TimeProvider time, Action isLost) : Stream
{
    private readonly Lock _lock = new();
    private readonly List<Watch> _watches = [];
    private long _last = time.GetTimestamp();
    private bool _isLost;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Any thread: when the guest printed last.</summary>
    public long LastTimestamp => Interlocked.Read(ref _last);

    /// <summary>Any thread: for how long the guest has printed nothing.</summary>
    public TimeSpan Silence => time.GetElapsedTime(LastTimestamp);

    /// <summary>Before the guest runs: calls back once, when the guest has printed the text.</summary>
    public void WaitFor(ReadOnlySpan<byte> text, Action found)
    {
        if (!text.IsEmpty) _watches.Add(new(text.ToArray(), found));
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_lock)
        {
            Interlocked.Exchange(ref _last, time.GetTimestamp());
            for (int i = 0; i < outputs.Count; i++) Send(i, buffer);
            foreach (Watch watch in _watches)
            {
                foreach (byte value in buffer) watch.Look(value);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write([value]);

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // A guest goes on if its log's disk is full, and ends in good order if nobody can see it any more.
    private void Send(int number, ReadOnlySpan<byte> buffer)
    {
        if (number == 0 && _isLost) return;
        try
        {
            outputs[number].Write(buffer);
        }
        catch (IOException) when (number == 0)
        {
            _isLost = true;
            isLost();
        }
        catch (IOException)
        {
        }
    }

    private sealed class Watch(byte[] text, Action found)
    {
        private readonly byte[] _last = new byte[text.Length];
        private bool _isFound;

        public void Look(byte value)
        {
            if (_isFound) return;
            _last.AsSpan(1).CopyTo(_last);
            _last[^1] = value;
            if (!_last.AsSpan().SequenceEqual(text)) return;
            _isFound = true;
            found();
        }
    }
}
