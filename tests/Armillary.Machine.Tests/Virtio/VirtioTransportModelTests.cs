using Armillary.Machine.Virtio;
using Armillary.Machine.Virtio.Entropy;
using CsCheck;
using static Armillary.Machine.Virtio.VirtioRegisters;

namespace Armillary.Machine.Tests.Virtio;

/// <summary>The transport's registers against a model of what a driver may do when (virtio 1.2, 2.1, 3.1.1 and 4.2.2).</summary>
public sealed class VirtioTransportModelTests
{
    private static readonly int[] s_registers = [Status, Status, Status, Status, DriverFeaturesSel, DriverFeatures, QueueSel, QueueSize, QueueReady, QueueReady, QueueDescLow, QueueDescHigh, QueueDriverLow, QueueDeviceLow];

    private static readonly Dictionary<int, uint[]> s_values = new()
    {
        [Status] = [0, 1, 3, 3, 7, 11, 11, 11, 15, 15, 15, 128, 139, 143, 64, 0xffff_ff00, 2, 8, 4],
        [DriverFeaturesSel] = [0, 1, 1, 1, 2, uint.MaxValue],
        [DriverFeatures] = [1, 1, 1, 5, 0, 1 << 28, 3 << 28, uint.MaxValue],
        [QueueSel] = [0, 0, 0, 1, uint.MaxValue],
        [QueueSize] = [16, 16, 16, 256, 1, 0, 257, 17, 0x10_0000],
        [QueueReady] = [0, 1, 1, 1, 2, 3],
        [QueueDescLow] = [(uint)Driver.Rings, (uint)Driver.Rings, (uint)Driver.Rings + 8, 0],
        [QueueDescHigh] = [0, 0, 0, 1],
        [QueueDriverLow] = [(uint)Driver.Rings + 0x2000, (uint)Driver.Rings + 0x2000, (uint)Driver.Rings + 0x2001],
        [QueueDeviceLow] = [(uint)Driver.Rings + 0x3000, (uint)Driver.Rings + 0x3000, (uint)(Driver.Ram + Driver.RamSize - 8)],
    };

    private static readonly Gen<(int Register, uint Value)> s_writes = Gen.Select(Gen.OneOf([.. s_registers.Select(Gen.Const)]), Gen.Int[0, 1000], (register, n) => (register, s_values[register][n % s_values[register].Length]));

    // Most histories begin where a driver is whose features were accepted, or that has placed its queue too.
    private static readonly (int, uint)[] s_begun =
    [
        (Status, 1), (Status, 3), (DriverFeaturesSel, 1), (DriverFeatures, 1), (Status, 11),
        (QueueSize, 16), (QueueDescLow, (uint)Driver.Rings), (QueueDriverLow, (uint)Driver.Rings + 0x2000), (QueueDeviceLow, (uint)Driver.Rings + 0x3000),
    ];

    private static readonly Gen<(int Register, uint Value)[]> s_histories = Gen.Select(Gen.OneOf(Gen.Const(0), Gen.Const(5), Gen.Const(9)), s_writes.Array[1, 50], (begun, writes) => ((int, uint)[])[.. s_begun[..begun], .. writes]);

    [Fact]
    public void Every_history_gives_what_the_model_gives()
    {
        int steps = 0, ready = 0, running = 0;
        using var driver = new Driver(new EntropyDevice(static bytes => bytes.Fill(1)));
        s_histories.Sample(history =>
        {
            driver[Status] = 0;
            var model = new Model(driver.DeviceFeatures());
            foreach ((int register, uint value) in history)
            {
                driver[register] = value;
                model.Write(register, value);
                Assert.Equal((model.Status, model.IsReadyRead, model.SizeMaxRead), (driver.Status, driver[QueueReady], driver[QueueSizeMax]));
                VirtqueueState queue = driver.Transport.Save().Queues[0];
                Assert.Equal((model.Size, model.IsReady, model.Descriptors, model.DriverArea, model.DeviceArea), (queue.Size, queue.IsReady, queue.Descriptors, queue.Driver, queue.Device));
                steps++;
                if (model.IsReady) ready++;
                if ((model.Status & DRIVER_OK) != 0) running++;
            }
        }, iter: 5000, threads: 1);
        Assert.True(ready > steps / 50 && running > steps / 50, $"{steps} steps, {ready} with a queue, {running} running");
        TestContext.Current.TestOutputHelper!.WriteLine($"{steps} steps, {ready} with a queue, {running} running");
    }

    private sealed class Model(ulong offered)
    {
        private ulong _accepted;
        private uint _word, _queue;

        public uint Status { get; private set; }

        public int Size { get; private set; }

        public bool IsReady { get; private set; }

        public ulong Descriptors { get; private set; }

        public ulong DriverArea { get; private set; }

        public ulong DeviceArea { get; private set; }

        public uint IsReadyRead => _queue == 0 && IsReady ? 1u : 0;

        public uint SizeMaxRead => _queue == 0 ? 256u : 0;

        private bool IsNegotiating => (Status & DRIVER) != 0 && (Status & FEATURES_OK) == 0;

        private bool IsSettingUp => (Status & FEATURES_OK) != 0 && (Status & DRIVER_OK) == 0;

        private bool MayLieThere => Size > 0 && (Size & (Size - 1)) == 0 && IsRam(Descriptors, 16, 16 * Size) && IsRam(DriverArea, 2, 6 + (2 * Size)) && IsRam(DeviceArea, 4, 6 + (8 * Size));

        public void Write(int register, uint value)
        {
            switch (register)
            {
                case VirtioRegisters.Status when value == 0:
                    (Status, _accepted, _word, _queue, Size, IsReady, Descriptors, DriverArea, DeviceArea) = (0, 0, 0, 0, 0, false, 0, 0, 0);
                    break;
                case VirtioRegisters.Status:
                    SetStatus(value);
                    break;
                case DriverFeaturesSel:
                    _word = value;
                    break;
                case DriverFeatures when IsNegotiating && _word < 2:
                    _accepted = _word == 0 ? (_accepted >> 32 << 32) | value : (uint)_accepted | ((ulong)value << 32);
                    break;
                case QueueSel:
                    _queue = value;
                    break;
                case QueueReady when _queue == 0:
                    IsReady = (value & 1) != 0 && (IsReady || (IsSettingUp && MayLieThere));
                    break;
                case >= QueueSize and <= QueueDeviceHigh when _queue == 0 && IsSettingUp && !IsReady:
                    Place(register, value);
                    break;
            }
        }

        // No bit but by a reset goes away; FEATURES_OK is refused unless what was accepted is what was offered, of a driver that is there.
        private void SetStatus(uint value)
        {
            value &= ACKNOWLEDGE | DRIVER | DRIVER_OK | FEATURES_OK | FAILED;
            if ((Status & ~value) != 0) return;
            bool fits = (value & DRIVER) != 0 && (_accepted & ~offered) == 0 && (_accepted & VIRTIO_F_VERSION_1) != 0;
            if ((Status & FEATURES_OK) == 0 && !fits) value &= ~FEATURES_OK;
            if ((value & FEATURES_OK) == 0) value &= ~DRIVER_OK;
            Status = value;
        }

        private void Place(int register, uint value)
        {
            if (register == QueueSize) Size = value <= 256 ? (int)value : 0;
            if (register == QueueDescLow) Descriptors = (Descriptors >> 32 << 32) | value;
            if (register == QueueDescHigh) Descriptors = (uint)Descriptors | ((ulong)value << 32);
            if (register == QueueDriverLow) DriverArea = (DriverArea >> 32 << 32) | value;
            if (register == QueueDeviceLow) DeviceArea = (DeviceArea >> 32 << 32) | value;
        }

        private static bool IsRam(ulong address, uint alignment, int length) => address % alignment == 0 && address >= Driver.Ram && address + (ulong)length <= Driver.Ram + Driver.RamSize;
    }
}
