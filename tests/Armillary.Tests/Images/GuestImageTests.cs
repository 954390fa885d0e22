using Armillary.Tests.Facade;

namespace Armillary.Tests.Images;

public sealed class GuestImageTests
{
    private static VirtualMachine Machine()
    {
        VirtualMachine machine = new ScriptedBackend().CreateVirtualMachine();
        machine.Memory.Map(0x10000, 0x20000);
        return machine;
    }

    [Fact]
    public void A_flat_image_starts_at_its_first_byte()
    {
        GuestImage image = GuestImage.FromFlat(new byte[] { 1, 2, 3 }, 0x10004);
        Assert.Equal(0x10004ul, image.EntryPoint);
        using VirtualMachine machine = Machine();
        image.WriteTo(machine.Memory);
        Assert.Equal(0x030201u, machine.Memory.Read<uint>(0x10004));
    }

    [Fact]
    public void A_flat_image_that_cannot_be_is_refused()
    {
        Assert.Throws<ImageFormatException>(() => GuestImage.FromFlat(default, 0x10000));
        Assert.Throws<ImageFormatException>(() => GuestImage.FromFlat(new byte[4], 0x10002));
        Assert.Throws<ImageFormatException>(() => GuestImage.FromFlat(new byte[5], ulong.MaxValue - 3));
        Assert.Equal(ulong.MaxValue, GuestImage.FromFlat(new byte[4], ulong.MaxValue - 3).Segments[0].LastAddress);
    }

    [Fact]
    public void What_the_file_leaves_out_is_zero_even_in_used_memory()
    {
        using VirtualMachine machine = Machine();
        byte[] old = new byte[0x20000];
        old.AsSpan().Fill(0xaa);
        machine.Memory.Write(0x10000, old);
        GuestImage.FromElf(new ElfFile { Segments = [new(0x10000, [1]) { MemorySize = 0x11001 }] }.ToBytes()).WriteTo(machine.Memory);
        machine.Memory.Read(0x10000, old);
        Assert.Equal(1, old[0]);
        Assert.False(old.AsSpan(1, 0x11000).ContainsAnyExcept((byte)0));
        Assert.Equal(0xaa, old[0x11001]);
    }

    [Theory]
    [InlineData(0xf000, 1, 8)]
    [InlineData(0xfffc, 8, 8)]
    [InlineData(0x2fffc, 8, 8)]
    [InlineData(0x30000, 1, 1)]
    [InlineData(0x2f000, 1, 0x1001)]
    [InlineData(0x10008, 1, 0xffff_ffff_fff0_0000)]
    public void An_image_outside_memory_is_refused_and_nothing_is_written(ulong address, int length, ulong size)
    {
        using VirtualMachine machine = Machine();
        byte[] data = new byte[length];
        data.AsSpan().Fill(0xff);
        GuestImage image = GuestImage.FromElf(new ElfFile { Segments = [new(0x1_0004, [1, 2, 3, 4]), new(address, data) { MemorySize = size }] }.ToBytes());
        GuestMemoryException error = Assert.Throws<GuestMemoryException>(() => image.WriteTo(machine.Memory));
        Assert.Equal(address, error.Address);
        Assert.Contains("0x10000-0x2ffff", error.Message, StringComparison.Ordinal);
        Assert.Equal(0u, machine.Memory.Read<uint>(0x1_0004));
    }

    [Fact]
    public void A_file_is_read_whole()
    {
        string path = Path.GetTempFileName();
        try
        {
            Assert.True(GuestImage.ReadFile(path).IsEmpty);
            File.WriteAllBytes(path, [1, 2, 3]);
            Assert.Equal([1, 2, 3], GuestImage.ReadFile(path).ToArray());
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<FileNotFoundException>(() => GuestImage.ReadFile(path));
    }
}
