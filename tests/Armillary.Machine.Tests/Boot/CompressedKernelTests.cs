using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Armillary.Machine.Boot;
using ZstdSharp;

namespace Armillary.Machine.Tests.Boot;

/// <summary>Compressed kernels, whole and broken.</summary>
public sealed class CompressedKernelTests
{
    private static readonly byte[] s_kernel = LinuxImageTests.Image(0, 0x4000);

    public static TheoryData<string> Methods => ["none", "gzip", "zstd", "zboot gzip", "zboot zstd"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void What_comes_out_is_the_kernel(string method) => Assert.Equal(s_kernel, CompressedKernel.Unpack(Pack(method, s_kernel)).ToArray());

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_kernel_in_a_machine_runs_whatever_it_is_packed_in(string method)
        => LinuxImage.Parse(CompressedKernel.Unpack(Pack(method, s_kernel)));

    // Every length of the file: it is refused, or it gives a beginning of the kernel that the kernel's own header refuses or not; nothing else is thrown.
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_truncated_file_is_refused_with_the_reason(string method)
    {
        byte[] whole = Pack(method, s_kernel);
        for (int length = 1; length < whole.Length; length++) Probe(whole[..length]);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_damaged_file_is_refused_with_the_reason(string method)
    {
        byte[] whole = Pack(method, s_kernel);
        for (int at = 0; at < Math.Min(whole.Length, 512); at++)
        {
            byte[] broken = [.. whole];
            broken[at] ^= 0x55;
            Probe(broken);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("zboot zstd")]
    public void A_kernel_that_becomes_too_large_is_refused_while_it_is_decompressed(string method)
    {
        byte[] bomb = Pack(method, new byte[CompressedKernel.MaxSize + 1]);
        Assert.True(bomb.Length < 8 << 20);
        Assert.Contains("larger than 512 MiB", Assert.Throws<ArmillaryException>(() => CompressedKernel.Unpack(bomb)).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "compressed by lz4, which", [4, 0x22, 0x4d, 0x18, 0] },
        { "compressed by xz, which", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] },
        { "compressed by bzip2, which", "BZh9"u8.ToArray() },
        { "compressed by lzma, which", Zboot("lzma", [0x5d, 0, 0, 0]) },
        { "compressed by something unknown, which", Zboot("", [1, 2, 3, 4]) },
        { "1073741824 bytes from 64", Broken(12, 1u << 30) },
        { "bytes from 4294967295", Broken(8, uint.MaxValue) },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_cannot_be_unpacked_is_refused_with_the_reason(string reason, byte[] file)
        => Assert.Contains(reason, Assert.Throws<ArmillaryException>(() => CompressedKernel.Unpack(file)).Message, StringComparison.Ordinal);

    private static void Probe(byte[] file)
    {
        try
        {
            ReadOnlyMemory<byte> kernel = CompressedKernel.Unpack(file);
            if (LinuxImage.IsLinux(kernel.Span)) LinuxImage.Parse(kernel);
        }
        catch (ArmillaryException)
        {
            // The documented answer.
        }
    }

    private static byte[] Pack(string method, byte[] kernel)
    {
        if (method == "none") return kernel;
        using var file = new MemoryStream();
        using (Stream stream = method.EndsWith("gzip", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true) : new CompressionStream(file, leaveOpen: true))
        {
            stream.Write(kernel);
        }

        return method.StartsWith("zboot ", StringComparison.Ordinal) ? Zboot(method["zboot ".Length..], file.ToArray()) : file.ToArray();
    }

    private static byte[] Zboot(string method, byte[] payload)
    {
        byte[] file = new byte[0x40 + payload.Length];
        "MZ\0\0zimg"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), 0x40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), payload.Length);
        Encoding.ASCII.GetBytes(method, file.AsSpan(24));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x38), 0x8182_23cd);
        payload.CopyTo(file, 0x40);
        return file;
    }

    private static byte[] Broken(int at, uint value)
    {
        byte[] file = Zboot("gzip", [0x1f, 0x8b]);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        return file;
    }
}
