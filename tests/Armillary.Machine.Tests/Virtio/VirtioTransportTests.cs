using Armillary.Machine.Virtio;
using Armillary.Machine.Virtio.Block;
using Armillary.Machine.Virtio.Entropy;
using static Armillary.Machine.Virtio.VirtioRegisters;

namespace Armillary.Machine.Tests.Virtio;

/// <summary>The registers as a state machine: what a driver may do when, and what happens to one that does otherwise.</summary>
public sealed class VirtioTransportTests
{
    private const uint Acknowledged = ACKNOWLEDGE | DRIVER, Agreed = Acknowledged | FEATURES_OK;

    private static Driver Device() => new(new EntropyDevice(static bytes => bytes.Fill(0x5a)));

    [Fact]
    public void It_says_what_it_is()
    {
        using Driver driver = Device();
        Assert.Equal((0x7472_6976u, 2u, 4u), (driver[MagicValue], driver[VirtioRegisters.Version], driver[DeviceID]));
        Assert.Equal(VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX | VIRTIO_F_RING_PACKED, driver.DeviceFeatures());
        driver[DeviceFeaturesSel] = 2;
        Assert.Equal(0u, driver[DeviceFeatures]);
        Assert.Equal(uint.MaxValue, driver[SHMLenLow]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Registers_are_words(int size)
    {
        using Driver driver = Device();
        Assert.Equal(0ul, driver.Transport.Read(MagicValue, size));
        driver.Transport.Write(VirtioRegisters.Status, size, ACKNOWLEDGE);
        Assert.Equal(0u, driver.Status);
    }

    [Fact]
    public void Features_without_VERSION_1_or_that_were_not_offered_are_refused()
    {
        foreach (ulong features in (ulong[])[0, VIRTIO_F_VERSION_1 | 1ul << 50, VIRTIO_F_VERSION_1 | 1])
        {
            using Driver driver = Device();
            driver[VirtioRegisters.Status] = Acknowledged;
            SetFeatures(driver, features);
            driver[VirtioRegisters.Status] = Agreed;
            Assert.Equal(Acknowledged, driver.Status);
            driver[VirtioRegisters.Status] = Agreed | DRIVER_OK;
            Assert.Equal(Acknowledged, driver.Status);
        }
    }

    [Fact]
    public void Features_are_taken_between_DRIVER_and_FEATURES_OK_alone()
    {
        using Driver driver = Device();
        SetFeatures(driver, VIRTIO_F_VERSION_1); // before DRIVER
        driver[VirtioRegisters.Status] = Acknowledged;
        driver[VirtioRegisters.Status] = Agreed;
        Assert.Equal(Acknowledged, driver.Status);
        SetFeatures(driver, VIRTIO_F_VERSION_1);
        driver[VirtioRegisters.Status] = Agreed;
        Assert.Equal(Agreed, driver.Status);
        SetFeatures(driver, VIRTIO_F_VERSION_1 | VIRTIO_F_RING_PACKED); // too late
        Assert.Equal(VIRTIO_F_VERSION_1, driver.Transport.Save().DriverFeatures);
    }

    [Fact]
    public void Status_bits_are_taken_back_by_a_reset_alone()
    {
        using Driver driver = Device();
        driver.Start();
        driver[VirtioRegisters.Status] = ACKNOWLEDGE;
        Assert.Equal(Agreed | DRIVER_OK, driver.Status);
        driver[VirtioRegisters.Status] = Agreed | DRIVER_OK | FAILED;
        Assert.Equal(Agreed | DRIVER_OK | FAILED, driver.Status);
        driver[VirtioRegisters.Status] = 0;
        Assert.Equal(0u, driver.Status);
        driver[QueueSel] = 0;
        Assert.Equal(0u, driver[QueueReady]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(257)]
    [InlineData(0x1_0000)]
    public void A_size_that_no_split_ring_has_is_not_ready(int size)
    {
        using Driver driver = Device();
        Agree(driver, 0);
        Configure(driver, size, Driver.Rings, Driver.Rings + 0x2000, Driver.Rings + 0x3000);
        Assert.Equal(0u, driver[QueueReady]);
    }

    [Theory]
    [InlineData(Driver.Rings + 8, Driver.Rings + 0x2000, Driver.Rings + 0x3000)]
    [InlineData(Driver.Rings, Driver.Rings + 0x2001, Driver.Rings + 0x3000)]
    [InlineData(Driver.Rings, Driver.Rings + 0x2000, Driver.Rings + 0x3002)]
    [InlineData(0x900_0000, Driver.Rings + 0x2000, Driver.Rings + 0x3000)]
    [InlineData(Driver.Rings, Driver.Ram + Driver.RamSize - 16, Driver.Rings + 0x3000)]
    [InlineData(Driver.Rings, Driver.Rings + 0x2000, 0xffff_ffff_ffff_fff0)]
    public void Rings_that_are_misaligned_or_outside_RAM_are_not_ready(ulong descriptors, ulong driverRing, ulong deviceRing)
    {
        using Driver driver = Device();
        Agree(driver, 0);
        Configure(driver, 16, descriptors, driverRing, deviceRing);
        Assert.Equal(0u, driver[QueueReady]);
    }

    [Fact]
    public void A_queue_that_is_ready_or_of_a_device_that_runs_is_not_changed()
    {
        using Driver driver = Device();
        driver.Start();
        VirtqueueStateOf(driver, out int size, out ulong descriptors);
        foreach (uint ready in (uint[])[1, 0])
        {
            driver[QueueSel] = 0;
            driver[QueueReady] = ready;
            (driver[QueueSize], driver[QueueDescLow], driver[QueueDescHigh]) = (4, 0x1234, 5);
            VirtqueueStateOf(driver, out int size2, out ulong descriptors2);
            Assert.Equal((size, descriptors), (size2, descriptors2));
        }

        driver[QueueReady] = 1; // after DRIVER_OK
        Assert.Equal(0u, driver[QueueReady]);
    }

    [Fact]
    public void Queues_that_are_not_there_have_no_size_and_ring_no_bell()
    {
        using Driver driver = Device();
        Agree(driver, 0);
        foreach (uint queue in (uint[])[1, 100, uint.MaxValue])
        {
            driver[QueueSel] = queue;
            Assert.Equal((0u, 0u), (driver[QueueSizeMax], driver[QueueReady]));
            driver[QueueReady] = 1;
            driver[QueueNotify] = queue;
        }
    }

    [Fact]
    public void A_request_before_DRIVER_OK_is_served_after_it()
    {
        using Driver driver = Device();
        Agree(driver, 0);
        Assert.True(driver.SetQueue(0, 16));
        ulong buffer = driver.Allocate(new byte[64]);
        driver.Submit(0, (buffer, 64u, true));
        Thread.Sleep(20);
        Assert.Equal(0, driver.Memory.Read<byte>(buffer));
        driver[VirtioRegisters.Status] = Agreed | DRIVER_OK;
        Assert.Equal(64u, driver.Wait(0));
        Assert.Equal(0x5a, driver.Memory.Read<byte>(buffer + 63));
    }

    [Fact]
    public void A_giant_request_for_entropy_is_given_64_KiB()
    {
        using Driver driver = Device();
        driver.Start();
        ulong buffer = driver.Allocate([]);
        Assert.Equal(0x1_0000u, driver.Request(0, (buffer, 0x20_0000u, true)));
        Assert.Equal(0u, driver.Request(0, (buffer, 0u, true)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Configuration_accesses_beyond_its_end_read_zero(bool packed)
    {
        using var driver = new Driver(new BlockDevice(new MemoryDisk(8), "", 1), packed);
        for (ulong offset = Config; offset < WindowSize; offset++)
        {
            foreach (int size in (int[])[1, 2, 4, 8])
            {
                ulong value = driver.Transport.Read(offset, size);
                if (offset >= Config + BlockRegisters.ConfigurationSize) Assert.Equal(0ul, value);
                driver.Transport.Write(offset, size, ulong.MaxValue);
            }
        }

        Assert.Equal(8ul, driver.Transport.Read(Config, 8));
    }

    private static void SetFeatures(Driver driver, ulong features)
    {
        for (uint word = 0; word < 2; word++)
        {
            driver[DriverFeaturesSel] = word;
            driver[DriverFeatures] = (uint)(features >> (32 * (int)word));
        }

        driver[DriverFeaturesSel] = 2;
        driver[DriverFeatures] = uint.MaxValue;
    }

    private static void Agree(Driver driver, ulong features)
    {
        driver[VirtioRegisters.Status] = Acknowledged;
        SetFeatures(driver, features | VIRTIO_F_VERSION_1);
        driver[VirtioRegisters.Status] = Agreed;
        Assert.Equal(Agreed, driver.Status);
    }

    private static void Configure(Driver driver, int size, ulong descriptors, ulong driverRing, ulong deviceRing)
    {
        driver[QueueSel] = 0;
        driver[QueueSize] = (uint)size;
        (driver[QueueDescLow], driver[QueueDescHigh]) = ((uint)descriptors, (uint)(descriptors >> 32));
        (driver[QueueDriverLow], driver[QueueDriverHigh]) = ((uint)driverRing, (uint)(driverRing >> 32));
        (driver[QueueDeviceLow], driver[QueueDeviceHigh]) = ((uint)deviceRing, (uint)(deviceRing >> 32));
        driver[QueueReady] = 1;
    }

    private static void VirtqueueStateOf(Driver driver, out int size, out ulong descriptors)
    {
        VirtqueueState state = driver.Transport.Save().Queues[0];
        (size, descriptors) = (state.Size, state.Descriptors);
    }
}
