namespace Armillary.Cli;

/// <summary>A guest's console on its way out; tells when the guest has printed a text.</summary>
internal sealed class WatchedOutput(Stream output, ReadOnlyMemory<byte> text, Action found) : Stream
{
    private readonly byte[] _last = new byte[text.Length];
    private bool _isFound;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        output.Write(buffer);
        foreach (byte value in buffer) Look(value);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value)
    {
        output.WriteByte(value);
        Look(value);
    }

    public override void Flush() => output.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Look(byte value)
    {
        if (_isFound || _last.Length == 0) return;
        _last.AsSpan(1).CopyTo(_last);
        _last[^1] = value;
        if (!_last.AsSpan().SequenceEqual(text.Span)) return;
        _isFound = true;
        found();
    }
}
