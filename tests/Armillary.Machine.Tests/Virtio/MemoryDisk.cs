using Armillary.Machine.Virtio.Block;

namespace Armillary.Machine.Tests.Virtio;

/// <summary>A disk in memory that counts, and fails when it is told to.</summary>
internal sealed class MemoryDisk(int sectors, bool isReadOnly = false) : IDisk
{
    public byte[] Content { get; } = new byte[sectors * 512];

    public int Flushes { get; private set; }

    public bool Fails { get; set; }

    /// <summary>As if the host had cut the file.</summary>
    public bool IsCut { get; set; }

    public ManualResetEventSlim? Holds { get; set; }

    public long Length => Content.Length;

    public bool IsReadOnly => isReadOnly;

    public bool TryRead(long offset, Span<byte> destination)
    {
        Holds?.Wait();
        if (Fails) throw new IOException("The disk is broken.");
        if (IsCut) return false;
        Content.AsSpan((int)offset, destination.Length).CopyTo(destination);
        return true;
    }

    public void Write(long offset, ReadOnlySpan<byte> source)
    {
        if (Fails) throw new IOException("No space left on device");
        source.CopyTo(Content.AsSpan((int)offset));
    }

    public void Flush() => Flushes++;

    public void Discard(long offset, long length)
    {
    }

    public void Clear(long offset, long length) => Content.AsSpan((int)offset, (int)length).Clear();

    public void Dispose()
    {
    }
}
