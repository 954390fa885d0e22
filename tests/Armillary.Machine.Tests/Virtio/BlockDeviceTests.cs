using System.Buffers.Binary;
using System.Text;
using Armillary.Machine.Virtio;
using Armillary.Machine.Virtio.Block;

namespace Armillary.Machine.Tests.Virtio;

/// <summary>Requests to a disk, over every kind of ring.</summary>
public sealed class BlockDeviceTests
{
    private const int Sectors = 64;

    public static TheoryData<bool, bool, bool> Rings => new() { { false, false, false }, { false, true, false }, { false, false, true }, { false, true, true }, { true, false, false }, { true, true, false }, { true, false, true }, { true, true, true } };

    [Theory]
    [MemberData(nameof(Rings))]
    public void What_is_written_is_read_back(bool packed, bool indirect, bool events)
    {
        var disk = new MemoryDisk(Sectors);
        using var driver = new Driver(new BlockDevice(disk, "", 1), packed, indirect, events);
        driver.Start(BlockRegisters.FLUSH, size: 8);
        for (int round = 0; round < 50; round++)
        {
            byte[] data = new byte[1024];
            new Random(round).NextBytes(data);
            ulong sector = (ulong)(round % 60), first = driver.Allocate(data.AsSpan(0, 512)), second = driver.Allocate(data.AsSpan(512));
            Assert.Equal((BlockRegisters.OK, 1u), Do(driver, BlockRegisters.OUT, sector, (first, 512u, false), (second, 512u, false)));
            Assert.Equal(data, disk.Content.AsSpan((int)sector * 512, 1024).ToArray());
            ulong back = driver.Allocate(new byte[1024]);
            Assert.Equal((BlockRegisters.OK, 1025u), Do(driver, BlockRegisters.IN, sector, (back, 1000u, true), (back + 1000, 24u, true)));
            byte[] read = new byte[1024];
            driver.Memory.Read(back, read);
            Assert.Equal(data, read);
            Assert.Equal(VirtioRegisters.UsedBuffer, driver.WaitForInterrupt());
        }

        Assert.Equal(0, disk.Flushes);
        Assert.Equal((BlockRegisters.OK, 1u), Do(driver, BlockRegisters.FLUSH_REQUEST, 0));
        Assert.Equal(1, disk.Flushes);
    }

    [Fact]
    public void A_driver_that_knows_no_flush_is_written_through()
    {
        var disk = new MemoryDisk(Sectors);
        using var driver = new Driver(new BlockDevice(disk, "", 1));
        driver.Start();
        Do(driver, BlockRegisters.OUT, 0, (driver.Allocate(new byte[512]), 512u, false));
        Assert.Equal(1, disk.Flushes);
    }

    [Fact]
    public void Its_configuration_and_serial_number()
    {
        using var driver = new Driver(new BlockDevice(new MemoryDisk(Sectors), "DISK-1", 3));
        Assert.Equal(2u, driver[VirtioRegisters.DeviceID]);
        Assert.Equal((ulong)Sectors, driver.Transport.Read(VirtioRegisters.Config, 8));
        Assert.Equal(3u, driver.Transport.Read(VirtioRegisters.Config + BlockRegisters.NumQueues, 2));
        Assert.Equal(0u, driver.Transport.Read(0x1ff, 1));
        driver.Start();
        ulong id = driver.Allocate(new byte[20]);
        Assert.Equal((BlockRegisters.OK, 21u), Do(driver, BlockRegisters.GET_ID, 0, (id, 20u, true)));
        byte[] text = new byte[20];
        driver.Memory.Read(id, text);
        Assert.Equal("DISK-1", Encoding.ASCII.GetString(text).TrimEnd('\0'));
    }

    [Fact]
    public void Zeroes_are_written_and_discards_accepted()
    {
        var disk = new MemoryDisk(Sectors);
        disk.Content.AsSpan().Fill(0xff);
        using var driver = new Driver(new BlockDevice(disk, "", 1));
        driver.Start(BlockRegisters.FLUSH);
        Assert.Equal(BlockRegisters.OK, Do(driver, BlockRegisters.WRITE_ZEROES_REQUEST, 0, Segment(driver, 3, 2, 1)).Status);
        Assert.Equal(2 * 512, disk.Content.Count(b => b == 0));
        Assert.True(disk.Content.AsSpan(3 * 512, 1024).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(BlockRegisters.OK, Do(driver, BlockRegisters.DISCARD_REQUEST, 0, Segment(driver, 0, Sectors, 0)).Status);
        Assert.Equal(BlockRegisters.UNSUPP, Do(driver, BlockRegisters.DISCARD_REQUEST, 0, Segment(driver, 0, 1, 1)).Status);
        Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.WRITE_ZEROES_REQUEST, 0, Segment(driver, Sectors - 1, 2, 0)).Status);
        Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.WRITE_ZEROES_REQUEST, 0, Segment(driver, ulong.MaxValue, 2, 0)).Status);
        Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.WRITE_ZEROES_REQUEST, 0, (driver.Allocate(new byte[16]), 15u, false)).Status);
    }

    [Theory]
    [InlineData(BlockRegisters.IN, Sectors, 512)] // behind the end
    [InlineData(BlockRegisters.IN, Sectors - 1, 1024)]
    [InlineData(BlockRegisters.IN, 0, 511)] // no whole sector
    [InlineData(BlockRegisters.OUT, ulong.MaxValue, 512)]
    [InlineData(BlockRegisters.OUT, ulong.MaxValue / 512, 512)] // its byte does not fit 64 bits
    public void What_is_not_on_the_disk_is_an_error(uint request, ulong sector, uint length)
    {
        using var driver = new Driver(new BlockDevice(new MemoryDisk(Sectors), "", 1));
        driver.Start();
        Assert.Equal(BlockRegisters.IOERR, Do(driver, request, sector, (driver.Allocate(new byte[length]), length, request == BlockRegisters.IN)).Status);
    }

    [Fact]
    public void A_buffer_that_is_no_RAM_is_an_error_and_the_device_goes_on()
    {
        using var driver = new Driver(new BlockDevice(new MemoryDisk(Sectors), "", 1));
        driver.Start();
        foreach (ulong address in (ulong[])[0, 0x900_0000, Driver.Ram + Driver.RamSize - 256, ulong.MaxValue - 100])
        {
            Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.IN, 0, (address, 512u, true)).Status);
            Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.OUT, 0, (address, 512u, false)).Status);
        }

        Assert.Equal(BlockRegisters.OK, Do(driver, BlockRegisters.FLUSH_REQUEST, 0).Status);
    }

    [Fact]
    public void A_read_only_disk_is_not_written_to_whatever_was_negotiated()
    {
        var disk = new MemoryDisk(Sectors, isReadOnly: true);
        using var driver = new Driver(new BlockDevice(disk, "", 1));
        Assert.NotEqual(0ul, driver.DeviceFeatures() & BlockRegisters.RO);
        Assert.Equal(0ul, driver.DeviceFeatures() & (BlockRegisters.DISCARD | BlockRegisters.WRITE_ZEROES));
        driver.Start();
        ulong data = driver.Allocate(Enumerable.Repeat((byte)1, 512).ToArray());
        Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.OUT, 0, (data, 512u, false)).Status);
        Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.WRITE_ZEROES_REQUEST, 0, Segment(driver, 0, 1, 0)).Status);
        Assert.Equal(BlockRegisters.OK, Do(driver, BlockRegisters.IN, 0, (data, 512u, true)).Status);
    }

    [Fact]
    public void A_disk_that_fails_is_an_error_of_the_request()
    {
        var disk = new MemoryDisk(Sectors) { Fails = true };
        using var driver = new Driver(new BlockDevice(disk, "", 1));
        driver.Start();
        ulong data = driver.Allocate(new byte[512]);
        Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.OUT, 0, (data, 512u, false)).Status);
        Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.IN, 0, (data, 512u, true)).Status);
        (disk.Fails, disk.IsCut) = (false, true);
        Assert.Equal(BlockRegisters.IOERR, Do(driver, BlockRegisters.IN, 0, (data, 512u, true)).Status);
        disk.IsCut = false;
        Assert.Equal(BlockRegisters.OK, Do(driver, BlockRegisters.IN, 0, (data, 512u, true)).Status);
        Assert.Equal(BlockRegisters.UNSUPP, Do(driver, 77, 0, (data, 512u, true)).Status);
    }

    [Fact]
    public void A_request_without_room_for_its_status_or_without_a_header_is_given_back()
    {
        using var driver = new Driver(new BlockDevice(new MemoryDisk(Sectors), "", 1));
        driver.Start();
        Assert.Equal(0u, driver.Request(0, (driver.Allocate(new byte[16]), 16u, false)));
        Assert.Equal(1u, driver.Request(0, (driver.Allocate(new byte[15]), 15u, false), (driver.Allocate([9]), 1u, true)));
        Assert.Equal(0u, driver.Request(0, (driver.Allocate(new byte[16]), 16u, false), (driver.Allocate([9]), 0u, true)));
    }

    [Fact]
    public void A_reset_waits_for_the_request_and_nothing_comes_after_it()
    {
        using var hold = new ManualResetEventSlim();
        var disk = new MemoryDisk(Sectors) { Holds = hold };
        using var driver = new Driver(new BlockDevice(disk, "", 1));
        driver.Start();
        ulong data = driver.Allocate(new byte[512]), header = driver.Allocate(Header(BlockRegisters.IN, 0)), status = driver.Allocate([9]);
        for (int i = 0; i < 4; i++) driver.Submit(0, (header, 16u, false), (data, 512u, true), (status, 1u, true));
        Thread.Sleep(20);
        var reset = new Thread(() => driver[VirtioRegisters.Status] = 0);
        reset.Start();
        hold.Set();
        Assert.True(reset.Join(TimeSpan.FromSeconds(10)));
        driver.Memory.Write(status, (byte)9);
        Thread.Sleep(20);
        Assert.Equal(9, driver.Memory.Read<byte>(status));
        Assert.False(driver.Level);
        driver.Start();
        Assert.Equal(BlockRegisters.OK, Do(driver, BlockRegisters.IN, 0, (data, 512u, true)).Status);
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Its_state_moves_to_a_fresh_device(bool packed, bool indirect, bool events)
    {
        var disk = new MemoryDisk(Sectors);
        using var driver = new Driver(new BlockDevice(disk, "", 1), packed, indirect, events);
        driver.Start(BlockRegisters.FLUSH, size: 8);
        for (int round = 0; round < 30; round++)
        {
            byte[] data = [.. Enumerable.Repeat((byte)round, 512)];
            Assert.Equal(BlockRegisters.OK, Do(driver, BlockRegisters.OUT, (ulong)round, (driver.Allocate(data), 512u, false)).Status);
            if (round % 3 == 0) driver.Replace(new BlockDevice(disk, "", 1));
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(n => (byte)n), Enumerable.Range(0, 30).Select(n => disk.Content[n * 512]));
    }

    private static (ulong, uint, bool) Segment(Driver driver, ulong sector, uint count, uint flags)
    {
        byte[] segment = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(segment, sector);
        BinaryPrimitives.WriteUInt32LittleEndian(segment.AsSpan(8), count);
        BinaryPrimitives.WriteUInt32LittleEndian(segment.AsSpan(12), flags);
        return (driver.Allocate(segment), 16u, false);
    }

    private static byte[] Header(uint request, ulong sector)
    {
        byte[] header = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, request);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), sector);
        return header;
    }

    private static (byte Status, uint Length) Do(Driver driver, uint request, ulong sector, params ReadOnlySpan<(ulong, uint, bool)> data)
    {
        ulong status = driver.Allocate([0xee]);
        uint length = driver.Request(0, [(driver.Allocate(Header(request, sector)), 16u, false), .. data, (status, 1u, true)]);
        return (driver.Memory.Read<byte>(status), length);
    }
}
