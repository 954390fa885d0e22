namespace Armillary.Cli.Semihosting;

/// <summary>An open file of the guest: one of the host's, the console, or the description of features.</summary>
internal abstract class HostFile : IDisposable
{
    /// <summary>True for the console (SYS_ISTTY).</summary>
    public virtual bool IsConsole => false;

    /// <summary>Bytes, or null where there is no telling.</summary>
    public virtual long? Length => null;

    /// <summary>Reads some bytes; 0 at the end. -1 if it is not for reading.</summary>
    public virtual int Read(Span<byte> destination) => -1;

    /// <summary>Writes all bytes; false if it is not for writing.</summary>
    public virtual bool TryWrite(ReadOnlySpan<byte> source) => false;

    /// <summary>Goes to a position from the start, at most the length.</summary>
    public virtual bool TrySeek(long position) => false;

    public virtual void Dispose()
    {
    }
}

/// <summary>A file below the directory that the user named.</summary>
internal sealed class DiskFile(FileStream stream, bool appends) : HostFile
{
    public override long? Length => stream.Length;

    public override int Read(Span<byte> destination) => stream.CanRead ? stream.Read(destination) : -1;

    public override bool TryWrite(ReadOnlySpan<byte> source)
    {
        if (!stream.CanWrite) return false;
        if (appends) stream.Seek(0, SeekOrigin.End);
        stream.Write(source);
        return true;
    }

    public override bool TrySeek(long position)
    {
        if (!stream.CanSeek || position > stream.Length) return false;
        stream.Position = position;
        return true;
    }

    public override void Dispose()
    {
        base.Dispose();
        stream.Dispose();
    }
}

/// <summary><c>:tt</c> for reading.</summary>
internal sealed class ConsoleReader(ConsoleInput input) : HostFile
{
    public override bool IsConsole => true;

    public override int Read(Span<byte> destination) => input.Read(destination);
}

/// <summary><c>:tt</c> for writing: standard output, or standard error where it is opened to append.</summary>
internal sealed class ConsoleWriter(Stream output) : HostFile
{
    public override bool IsConsole => true;

    public override bool TryWrite(ReadOnlySpan<byte> source)
    {
        output.Write(source);
        output.Flush();
        return true;
    }
}

/// <summary><c>:semihosting-features</c>: the magic number, SH_EXT_EXIT_EXTENDED and SH_EXT_STDOUT_STDERR.</summary>
internal sealed class FeaturesFile : HostFile
{
    public const string Name = ":semihosting-features";

    private static readonly byte[] s_content = [(byte)'S', (byte)'H', (byte)'F', (byte)'B', 0b11];
    private int _position;

    public override long? Length => s_content.Length;

    public override int Read(Span<byte> destination)
    {
        ReadOnlySpan<byte> left = s_content.AsSpan(_position);
        int count = Math.Min(left.Length, destination.Length);
        left[..count].CopyTo(destination);
        _position += count;
        return count;
    }

    public override bool TrySeek(long position)
    {
        if (position > s_content.Length) return false;
        _position = (int)position;
        return true;
    }
}
