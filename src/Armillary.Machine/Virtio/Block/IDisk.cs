namespace Armillary.Machine.Virtio.Block;

/// <summary>What a disk stores in. Calls come from the threads of its queues, several at a time, and may throw <see cref="IOException"/>.</summary>
internal interface IDisk : IDisposable
{
    /// <summary>Bytes; what does not fill a sector at the end is not seen.</summary>
    long Length { get; }

    bool IsReadOnly { get; }

    /// <summary>False if fewer bytes are there than there were.</summary>
    bool TryRead(long offset, Span<byte> destination);

    void Write(long offset, ReadOnlySpan<byte> source);

    /// <summary>Returns when what was written is where it stays.</summary>
    void Flush();

    /// <summary>What is there is of no more use.</summary>
    void Discard(long offset, long length);

    /// <summary>Makes a range zero.</summary>
    void Clear(long offset, long length);
}
