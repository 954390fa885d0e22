using System.Buffers;

namespace Armillary;

/// <summary>
/// A guest program to put into guest memory: a flat image, or an ELF file for AArch64. Reading one checks it whole, so
/// that <see cref="WriteTo"/> can only fail for want of memory.
/// </summary>
public sealed class GuestImage
{
    /// <summary>The longest file that <see cref="ReadFile"/> takes from a source without a length, such as a pipe: 1 GiB.</summary>
    public const int MaxStreamLength = 1 << 30;

    private const int ZeroChunk = 64 * 1024;

    internal GuestImage(IReadOnlyList<ImageSegment> segments, ulong? entryPoint)
    {
        Segments = segments;
        EntryPoint = entryPoint;
    }

    /// <summary>The pieces, sorted by address, not overlapping, none empty; at least one.</summary>
    public IReadOnlyList<ImageSegment> Segments { get; }

    /// <summary>Guest physical address of the first instruction; null if the image names none.</summary>
    public ulong? EntryPoint { get; }

    /// <summary>True if the bytes begin as an ELF file does, of any class and machine.</summary>
    public static bool IsElf(ReadOnlySpan<byte> file) => file.StartsWith("\u007fELF"u8);

    /// <summary>An image without a format: the file's bytes stand at an address, and execution starts at the first.</summary>
    /// <param name="file">The file; kept, not copied.</param>
    /// <param name="loadAddress">Guest physical address of the first byte, a multiple of 4.</param>
    /// <exception cref="ImageFormatException">The file is empty, the address misaligned, or the end beyond 64-bit addresses.</exception>
    public static GuestImage FromFlat(ReadOnlyMemory<byte> file, ulong loadAddress)
    {
        if (file.IsEmpty) throw new ImageFormatException("The image is empty: 0 bytes.");
        if (loadAddress % 4 != 0) throw new ImageFormatException($"A flat image starts with an instruction: its load address 0x{loadAddress:x} must be a multiple of 4.");
        ulong size = (ulong)file.Length;
        if (loadAddress > ulong.MaxValue - (size - 1)) throw new ImageFormatException($"The image of 0x{size:x} bytes at 0x{loadAddress:x} reaches beyond the last address.");
        return new GuestImage([new ImageSegment(loadAddress, file, size, IsExecutable: true)], loadAddress);
    }

    /// <summary>Reads a 64-bit little-endian ELF file for AArch64: ET_EXEC, or a static ET_DYN that needs no relocation.</summary>
    /// <remarks>
    /// Segments stand at their physical addresses (<c>p_paddr</c>), as a boot loader puts them, since the MMU is off at the
    /// start; an entry point that is a virtual address is moved along with its segment.
    /// </remarks>
    /// <param name="file">The file; kept, not copied.</param>
    /// <param name="loadAddress">
    /// For ET_DYN, where its lowest segment stands; null: where the file says. An ET_EXEC has its own addresses and refuses one.
    /// </param>
    /// <exception cref="ImageFormatException">The file is no such ELF, is truncated, or contradicts itself.</exception>
    public static GuestImage FromElf(ReadOnlyMemory<byte> file, ulong? loadAddress = null) => ElfReader.Read(file, loadAddress);

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file. A source without a length is read up to <see cref="MaxStreamLength"/> bytes.</param>
    /// <exception cref="ImageFormatException">It has more bytes than an image may have.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static ReadOnlyMemory<byte> ReadFile(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        if (stream.CanSeek)
        {
            if (stream.Length > Array.MaxLength) throw new ImageFormatException($"{path} has {stream.Length} bytes; an image may have {Array.MaxLength}.");
            byte[] bytes = new byte[stream.Length];
            return bytes.AsMemory(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        }

        var buffer = new ArrayBufferWriter<byte>();
        for (int read = stream.Read(buffer.GetSpan(ZeroChunk)); read > 0; read = stream.Read(buffer.GetSpan(ZeroChunk)))
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > MaxStreamLength) throw new ImageFormatException($"{path} gives more than {MaxStreamLength} bytes.");
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Puts the image into guest memory.</summary>
    /// <exception cref="GuestMemoryException">Some segment lies outside memory; nothing was written.</exception>
    public void WriteTo(GuestMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        foreach (ImageSegment segment in Segments)
        {
            if (memory.IsMapped(segment.Address, segment.Size)) continue;
            throw new GuestMemoryException(
                $"The image's segment at 0x{segment.Address:x} of 0x{segment.Size:x} bytes lies outside guest memory ("
                + string.Join(", ", memory.Regions.Select(r => $"0x{r.Address:x}-0x{r.LastAddress:x}")) + ").", segment.Address, segment.Size);
        }

        foreach (ImageSegment segment in Segments)
        {
            memory.Write(segment.Address, segment.Data.Span);
            Clear(memory, segment.Address + (ulong)segment.Data.Length, segment.Size - (ulong)segment.Data.Length);
        }
    }

    // Fresh guest memory is zero and takes no host memory until it is written: only what is not zero is.
    private static void Clear(GuestMemory memory, ulong address, ulong length)
    {
        byte[] chunk = new byte[(int)Math.Min(length, ZeroChunk)];
        while (length > 0)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(length, ZeroChunk));
            memory.Read(address, part);
            if (part.ContainsAnyExcept((byte)0))
            {
                part.Clear();
                memory.Write(address, part);
            }

            address += (ulong)part.Length;
            length -= (ulong)part.Length;
        }
    }
}
