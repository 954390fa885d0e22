using System.Buffers.Binary;
using System.IO.Compression;

namespace Armillary.Machine.Boot;

/// <summary>An arm64 Linux kernel image (Documentation/arch/arm64/booting.rst), plain or compressed by gzip.</summary>
internal sealed class LinuxImage
{
    private const int HeaderSize = 64;
    private const uint Magic = 0x644d_5241; // "ARM\x64"

    /// <summary>A compressed kernel may not become larger than this.</summary>
    public const int MaxSize = 1 << 29;

    private LinuxImage(byte[] content, ulong textOffset, ulong imageSize) => (Content, TextOffset, ImageSize) = (content, textOffset, imageSize);

    public byte[] Content { get; }

    /// <summary>Where it goes, from a multiple of 2 MiB.</summary>
    public ulong TextOffset { get; }

    /// <summary>The memory that it uses, with its BSS.</summary>
    public ulong ImageSize { get; }

    /// <summary>True of what is compressed by gzip, and of what has the header.</summary>
    public static bool IsLinux(ReadOnlySpan<byte> file)
        => file.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) || (file.Length >= HeaderSize && BinaryPrimitives.ReadUInt32LittleEndian(file[56..]) == Magic);

    /// <exception cref="ArmillaryException">It is no kernel of arm64, it is damaged, or it is too large.</exception>
    public static LinuxImage Parse(byte[] file)
    {
        byte[] content = file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? Decompress(file) : file;
        if (content.Length < HeaderSize) throw new ArmillaryException($"The kernel has {content.Length} bytes, less than its header of {HeaderSize}.");
        ReadOnlySpan<byte> header = content;
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header[56..]);
        if (magic != Magic) throw new ArmillaryException($"This is no arm64 kernel image: its magic number is 0x{magic:x8}, not 0x{Magic:x8}.");
        ulong textOffset = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), imageSize = BinaryPrimitives.ReadUInt64LittleEndian(header[16..]);
        ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        if ((flags & 1) != 0) throw new ArmillaryException("The kernel is big-endian, which no engine runs.");
        if (imageSize == 0) (textOffset, imageSize) = (0x8_0000, (ulong)content.Length); // before Linux 3.17
        if (textOffset >= 0x20_0000 || imageSize > MaxSize) throw new ArmillaryException($"The kernel's header is damaged: text offset 0x{textOffset:x}, image size 0x{imageSize:x}.");
        return new(content, textOffset, Math.Max(imageSize, (ulong)content.Length));
    }

    private static byte[] Decompress(byte[] file)
    {
        try
        {
            using var source = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
            using var content = new MemoryStream();
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = source.Read(buffer)) > 0;)
            {
                if (content.Length + read > MaxSize) throw new ArmillaryException($"The kernel becomes larger than {MaxSize >> 20} MiB when it is decompressed.");
                content.Write(buffer, 0, read);
            }

            return content.ToArray();
        }
        catch (InvalidDataException error)
        {
            throw new ArmillaryException("The compressed kernel is damaged: " + error.Message, error);
        }
    }
}
