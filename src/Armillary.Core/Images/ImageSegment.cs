namespace Armillary;

/// <summary>A piece of a guest image: bytes for guest memory.</summary>
/// <param name="Address">Guest physical address of the first byte.</param>
/// <param name="Data">What stands there; the file's own bytes, not a copy.</param>
/// <param name="Size">Bytes in guest memory, at least the length of <paramref name="Data"/>: the rest is zero.</param>
/// <param name="IsExecutable">True if the image says that code may be in it.</param>
public sealed record ImageSegment(ulong Address, ReadOnlyMemory<byte> Data, ulong Size, bool IsExecutable)
{
    /// <summary>Guest physical address of the last byte.</summary>
    public ulong LastAddress => Address + (Size - 1);

    internal bool Contains(ulong address) => address - Address < Size;
}
