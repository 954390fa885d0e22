using System.Buffers.Binary;

namespace Armillary.Machine.Boot;

/// <summary>An arm64 Linux kernel image (Documentation/arch/arm64/booting.rst).</summary>
internal sealed class LinuxImage
{
    private const int HeaderSize = 64;
    private const uint Magic = 0x644d_5241; // "ARM\x64"

    private LinuxImage(ReadOnlyMemory<byte> content, ulong textOffset, ulong imageSize) => (Content, TextOffset, ImageSize) = (content, textOffset, imageSize);

    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Where it goes, from a multiple of 2 MiB.</summary>
    public ulong TextOffset { get; }

    /// <summary>The memory that it uses, with its BSS.</summary>
    public ulong ImageSize { get; }

    /// <summary>True of what has the header.</summary>
    public static bool IsLinux(ReadOnlySpan<byte> file)
        => file.Length >= HeaderSize && BinaryPrimitives.ReadUInt32LittleEndian(file[56..]) == Magic;

    /// <exception cref="ArmillaryException">It is no kernel of arm64, it is damaged, or it is too large.</exception>
    public static LinuxImage Parse(ReadOnlyMemory<byte> content)
    {
        if (content.Length < HeaderSize) throw new ArmillaryException($"The kernel has {content.Length} bytes, less than its header of {HeaderSize}.");
        ReadOnlySpan<byte> header = content.Span;
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header[56..]);
        if (magic != Magic) throw new ArmillaryException($"This is no arm64 kernel image: its magic number is 0x{magic:x8}, not 0x{Magic:x8}.");
        ulong textOffset = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), imageSize = BinaryPrimitives.ReadUInt64LittleEndian(header[16..]);
        ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        if ((flags & 1) != 0) throw new ArmillaryException("The kernel is big-endian, which no engine runs.");
        if (imageSize == 0) (textOffset, imageSize) = (0x8_0000, (ulong)content.Length); // before Linux 3.17
        if (textOffset >= 0x20_0000 || imageSize > CompressedKernel.MaxSize) throw new ArmillaryException($"The kernel's header is damaged: text offset 0x{textOffset:x}, image size 0x{imageSize:x}.");
        return new(content, textOffset, Math.Max(imageSize, (ulong)content.Length));
    }
}
