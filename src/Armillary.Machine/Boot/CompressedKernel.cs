using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace Armillary.Machine.Boot;

/// <summary>
/// Kernels inside other files: compressed by gzip or zstd, and EFI applications that decompress themselves ("zboot", the header of Linux's
/// drivers/firmware/efi/libstub/zboot-header.S), whose kernel is inside, compressed by one of the two.
/// </summary>
internal static class CompressedKernel
{
    /// <summary>No kernel may become larger than this.</summary>
    public const int MaxSize = 1 << 29;

    private const int ZbootHeader = 0x40, ZbootName = 24, ZbootNameSize = 32;
    private const uint Zimg = 0x676d_697a; // "zimg"

    /// <summary>The kernel inside, or the same file if it is none of these.</summary>
    /// <exception cref="ArmillaryException">It is damaged, becomes too large, or is compressed by something else.</exception>
    public static ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> file)
    {
        if (IsZboot(file.Span)) file = Payload(file);
        return Method(file.Span) switch
        {
            null => file,
            "gzip" => Decompress(file, source => new GZipStream(source, CompressionMode.Decompress)),
            "zstd" => Decompress(file, source => new DecompressionStream(source)),
            var other => throw Unsupported(other),
        };
    }

    private static bool IsZboot(ReadOnlySpan<byte> file) => file.Length >= ZbootHeader && file.StartsWith("MZ"u8) && BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) == Zimg;

    private static ReadOnlyMemory<byte> Payload(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> header = file.Span;
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), size = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (offset > (uint)file.Length || size > (uint)file.Length - offset) throw new ArmillaryException($"The kernel is an EFI application of {file.Length} bytes, and says that what it unpacks is {size} bytes from {offset}: it is damaged.");
        ReadOnlyMemory<byte> payload = file.Slice((int)offset, (int)size);
        if (Method(payload.Span) is "gzip" or "zstd") return payload;
        ReadOnlySpan<byte> name = header.Slice(ZbootName, ZbootNameSize);
        int end = name.IndexOf((byte)0);
        throw Unsupported(string.Concat(Encoding.Latin1.GetString(end < 0 ? name : name[..end]).Where(char.IsAsciiLetterOrDigit)) is { Length: > 0 } method ? method : "something unknown");
    }

    private static ArmillaryException Unsupported(string method) => new($"The kernel is compressed by {method}, which is not supported: decompress it first, or take one compressed by gzip or zstd.");

    private static string? Method(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b])) return "gzip";
        if (file.StartsWith("BZh"u8)) return "bzip2";
        return file.Length < sizeof(uint) ? null : BinaryPrimitives.ReadUInt32LittleEndian(file) switch
        {
            0xfd2f_b528 => "zstd",
            0x184d_2204 or 0x184c_2102 => "lz4",
            0x587a_37fd => "xz",
            _ => null,
        };
    }

    private static byte[] Decompress(ReadOnlyMemory<byte> file, Func<Stream, Stream> open)
    {
        try
        {
            using Stream source = open(new MemoryStream(file.ToArray(), writable: false));
            using var content = new MemoryStream();
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = source.Read(buffer)) > 0;)
            {
                if (content.Length + read > MaxSize) throw new ArmillaryException($"The kernel becomes larger than {MaxSize >> 20} MiB when it is decompressed.");
                content.Write(buffer, 0, read);
            }

            return content.ToArray();
        }
        catch (Exception error) when (error is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw new ArmillaryException("The compressed kernel is damaged: " + error.Message, error);
        }
    }
}
