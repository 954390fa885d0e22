using System.Buffers.Binary;
using System.IO.Compression;
using Armillary.Machine.Boot;

namespace Armillary.Machine.Tests.Boot;

public sealed class LinuxImageTests
{
    [Fact]
    public void A_header_says_where_the_kernel_goes()
    {
        LinuxImage image = LinuxImage.Parse(Image(textOffset: 0x1000, imageSize: 0x4000));
        Assert.Equal((0x1000ul, 0x4000ul), (image.TextOffset, image.ImageSize));
    }

    [Fact]
    public void A_compressed_kernel_is_the_same()
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Image(0, 0x4000));
        Assert.Equal(Image(0, 0x4000), LinuxImage.Parse(file.ToArray()).Content);
    }

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "less than its header", new byte[63] },
        { "no arm64 kernel", new byte[64] },
        { "big-endian", Image(0, 0x4000, flags: 1) },
        { "header is damaged", Image(0x20_0000, 0x4000) },
        { "header is damaged", Image(0, 1ul << 40) },
        { "compressed kernel is damaged", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_kernel_is_refused_with_the_reason(string reason, byte[] file)
        => Assert.Contains(reason, Assert.Throws<ArmillaryException>(() => LinuxImage.Parse(file)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_kernel_that_becomes_too_large_is_refused_while_it_is_decompressed()
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i <= LinuxImage.MaxSize >> 20; i++) gzip.Write(zeros);
        }

        Assert.Contains("larger than 512 MiB", Assert.Throws<ArmillaryException>(() => LinuxImage.Parse(file.ToArray())).Message, StringComparison.Ordinal);
    }

    internal static byte[] Image(ulong textOffset, ulong imageSize, ulong flags = 0)
    {
        byte[] image = new byte[0x1000];
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(8), textOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(16), imageSize);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(24), flags);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(56), 0x644d_5241);
        return image;
    }
}
