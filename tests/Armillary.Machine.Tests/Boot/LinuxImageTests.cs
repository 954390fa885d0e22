using System.Buffers.Binary;
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

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "less than its header", new byte[63] },
        { "no arm64 kernel", new byte[64] },
        { "big-endian", Image(0, 0x4000, flags: 1) },
        { "header is damaged", Image(0x20_0000, 0x4000) },
        { "header is damaged", Image(0, 1ul << 40) },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_kernel_is_refused_with_the_reason(string reason, byte[] file)
        => Assert.Contains(reason, Assert.Throws<ArmillaryException>(() => LinuxImage.Parse(file)).Message, StringComparison.Ordinal);

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
