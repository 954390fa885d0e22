using System.Diagnostics;
using Armillary.Machine.Virtio;
using Armillary.Machine.Virtio.Block;
using Armillary.Machine.Virtio.Console;
using Armillary.Machine.Virtio.Entropy;
using static Armillary.Machine.Virtio.VirtioRegisters;

namespace Armillary.Machine.Tests.Virtio;

/// <summary>Drivers that break the rules: the device stops until it is reset, or goes on; nothing else happens to the host.</summary>
public sealed class HostileDriverTests
{
    private const ushort NEXT = 1, WRITE = 2, INDIRECT = 4;
    private const ulong Table = Driver.Buffers + 0x8_0000, Available = Driver.Rings + 0x2000;

    public static TheoryData<string> BadRings => [.. s_badRings.Keys];

    // Each writes descriptors and the available ring of queue 0 with 16 entries, of a driver that negotiated indirect descriptors.
    private static readonly Dictionary<string, Action<Driver>> s_badRings = new(StringComparer.Ordinal)
    {
        ["a loop of one"] = d => d.Describe(Driver.Rings, Driver.Buffers, 1, WRITE | NEXT, 0),
        ["a loop of two"] = d =>
        {
            d.Describe(Driver.Rings, Driver.Buffers, 1, NEXT, 1);
            d.Describe(Driver.Rings + 16, Driver.Buffers, 1, NEXT, 0);
        },
        ["next behind the table"] = d => d.Describe(Driver.Rings, Driver.Buffers, 1, NEXT, 16),
        ["a head behind the table"] = d => d.Memory.Write(Available + 4, (ushort)16),
        ["one to read behind one to write"] = d =>
        {
            d.Describe(Driver.Rings, Driver.Buffers, 1, WRITE | NEXT, 1);
            d.Describe(Driver.Rings + 16, Driver.Buffers, 1, 0, 0);
        },
        ["an index that runs ahead"] = d => d.Memory.Write(Available + 2, (ushort)17),
        ["an index that goes back"] = d => d.Memory.Write(Available + 2, (ushort)0xffff),
        ["more than 4 GiB"] = d =>
        {
            d.Describe(Driver.Rings, Driver.Buffers, uint.MaxValue, NEXT, 1);
            d.Describe(Driver.Rings + 16, Driver.Buffers, uint.MaxValue, 0, 0);
        },
        ["an indirect table of no descriptor"] = d => d.Describe(Driver.Rings, Table, 0, INDIRECT, 0),
        ["an indirect table of half a descriptor"] = d => d.Describe(Driver.Rings, Table, 24, INDIRECT, 0),
        ["an indirect table outside RAM"] = d => d.Describe(Driver.Rings, 0x900_0000, 32, INDIRECT, 0),
        ["an indirect table at the end of all"] = d => d.Describe(Driver.Rings, 0xffff_ffff_ffff_fff0, 32, INDIRECT, 0),
        ["an indirect table with a next"] = d => d.Describe(Driver.Rings, Table, 32, INDIRECT | NEXT, 1),
        ["a table in a table"] = d =>
        {
            d.Describe(Driver.Rings, Table, 16, INDIRECT, 0);
            d.Describe(Table, Table, 16, INDIRECT, 0);
        },
        ["a loop in a table"] = d =>
        {
            d.Describe(Driver.Rings, Table, 32, INDIRECT, 0);
            d.Describe(Table, Driver.Buffers, 1, NEXT, 1);
            d.Describe(Table + 16, Driver.Buffers, 1, NEXT, 0);
        },
        ["next behind a table in a table"] = d =>
        {
            d.Describe(Driver.Rings, Table, 32, INDIRECT, 0);
            d.Describe(Table, Driver.Buffers, 1, NEXT, 2);
        },
        ["a chain longer than the queue"] = d =>
        {
            d.Describe(Driver.Rings, Table, 17 * 16, INDIRECT, 0);
            for (ulong i = 0; i < 17; i++) d.Describe(Table + (16 * i), Driver.Buffers, 1, i == 16 ? (ushort)0 : NEXT, (ushort)(i + 1));
        },
    };

    [Theory]
    [MemberData(nameof(BadRings))]
    public void A_broken_ring_stops_the_device_until_a_reset(string name)
    {
        using var driver = new Driver(new EntropyDevice(static bytes => bytes.Fill(1)), indirect: true);
        driver.Start();
        s_badRings[name](driver);
        if (driver.Memory.Read<ushort>(Available + 2) == 0) driver.Memory.Write(Available + 2, (ushort)1);
        driver[QueueNotify] = 0;
        Assert.Equal(ConfigurationChange, driver.WaitForInterrupt());
        Assert.NotEqual(0u, driver.Status & DEVICE_NEEDS_RESET);
        Assert.Equal(0, driver.Memory.Read<ushort>(Driver.Rings + 0x3000 + 2));
        driver.Start();
        Assert.Equal(8u, driver.Request(0, (driver.Allocate(new byte[8]), 8u, true)));
    }

    [Fact]
    public void A_broken_packed_ring_stops_the_device_until_a_reset()
    {
        const ushort AVAIL = 1 << 7;
        using var driver = new Driver(new EntropyDevice(static bytes => bytes.Fill(1)), packed: true);
        foreach (int kind in (int[])[0, 1, 2])
        {
            driver.Start();
            for (int i = 15; i >= 0; i--) driver.Describe(Driver.Rings + (16 * (ulong)i), Driver.Buffers, 1, 0, (ushort)(AVAIL | (kind switch { 0 => NEXT, 1 => INDIRECT, _ => i == 0 ? WRITE | NEXT : 0 })));
            driver[QueueNotify] = 0;
            Assert.Equal(ConfigurationChange, driver.WaitForInterrupt());
        }

        driver.Start();
        Assert.Equal(8u, driver.Request(0, (driver.Allocate(new byte[8]), 8u, true)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rings_that_another_thread_rewrites_do_no_harm(bool packed)
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var disk = new MemoryDisk(64);
        using var driver = new Driver(new BlockDevice(disk, "", 1), packed, indirect: true, events: true);
        bool stop = false;
        driver.Start();
        var writer = new Thread(() =>
        {
            var random = new Random(seed);
            while (!Volatile.Read(ref stop)) Scribble(driver, random);
        });
        writer.Start();
        var clock = Stopwatch.StartNew();
        var pokes = new Random(seed + 1);
        for (int resets = 0; clock.ElapsedMilliseconds < 1500; resets++)
        {
            for (int i = 0; i < 50; i++) driver[QueueNotify] = (uint)pokes.Next(3);
            if ((driver.Status & DEVICE_NEEDS_RESET) != 0 || resets % 64 == 0) driver.Start();
        }

        Volatile.Write(ref stop, true);
        writer.Join();
        Alive(driver);
    }

    [Fact]
    public void Registers_poked_at_random_by_two_threads_do_no_harm()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var port = new ConsolePort("port", Stream.Null);
        foreach (VirtioDevice device in (VirtioDevice[])[new BlockDevice(new MemoryDisk(64), "", 2), new ConsoleDevice([port, new ConsolePort("", Stream.Null)]), new EntropyDevice(static bytes => bytes.Fill(1))])
        {
            using var driver = new Driver(device);
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(n => new Thread(() => Poke(driver, new Random(seed + n), port)))];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) Assert.True(thread.Join(TimeSpan.FromSeconds(60)));
            driver.Start();
            if (device is BlockDevice) Alive(driver);
        }
    }

    private static void Alive(Driver driver)
    {
        driver.Start();
        byte[] header = new byte[16];
        ulong status = driver.Allocate([9]);
        Assert.Equal(513u, driver.Request(0, (driver.Allocate(header), 16u, false), (driver.Allocate(new byte[512]), 512u, true), (status, 1u, true)));
        Assert.Equal(0, driver.Memory.Read<byte>(status));
    }

    // Registers as drivers use them, more often than not, with values that are nearly right.
    private static void Poke(Driver driver, Random random, ConsolePort port)
    {
        int[] registers = [DeviceFeaturesSel, DriverFeatures, DriverFeaturesSel, QueueSel, QueueSize, QueueReady, QueueNotify, InterruptACK, Status, QueueDescLow, QueueDescHigh, QueueDriverLow, QueueDriverHigh, QueueDeviceLow, QueueDeviceHigh, Config, Config + 8];
        uint[] values = [0, 1, 2, 3, 8, 11, 15, 16, 128, 256, uint.MaxValue, (uint)Driver.Rings, (uint)Driver.Rings + 0x2000, (uint)Driver.Rings + 0x3000, 0x3000_0001];
        for (int i = 0; i < 30_000; i++)
        {
            ulong register = random.Next(10) == 0 ? (ulong)random.Next(0x200) : (ulong)registers[random.Next(registers.Length)];
            int size = random.Next(8) == 0 ? 1 << random.Next(4) : 4;
            ulong value = random.Next(8) == 0 ? (ulong)random.NextInt64() : values[random.Next(values.Length)];
            if (random.Next(4) == 0) driver.Transport.Read(register, size);
            else driver.Transport.Write(register, size, value);
            if (random.Next(16) == 0) Scribble(driver, random);
            if (random.Next(64) == 0) port.Send([1, 2, 3]);
        }
    }

    private static void Scribble(Driver driver, Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        ulong ring = Driver.Rings + (ulong)(random.Next(4) * 0x1000);
        switch (random.Next(4))
        {
            case 0:
                driver.Describe(Driver.Rings + (ulong)(16 * random.Next(16)), Driver.Buffers + (ulong)random.Next(0x10_0000), (uint)random.Next(4096), (ushort)random.Next(8), (ushort)random.Next(20));
                break;
            case 1:
                driver.Memory.Write(Driver.Rings + 0x2002, (ushort)random.Next(40));
                break;
            case 2:
                driver.Describe(Driver.Rings + (ulong)(16 * random.Next(16)), Driver.Buffers, (uint)(16 * random.Next(18)), (ushort)random.Next(16), (ushort)random.Next(0x1_0000));
                break;
            default:
                random.NextBytes(bytes);
                driver.Memory.Write(ring + (ulong)random.Next(0x200), bytes);
                break;
        }
    }
}
