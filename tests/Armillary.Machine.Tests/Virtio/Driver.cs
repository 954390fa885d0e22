using Armillary.Emulation;
using Armillary.Machine.Virtio;
using static Armillary.Machine.Virtio.VirtioRegisters;

namespace Armillary.Machine.Tests.Virtio;

/// <summary>A driver of a device on its own: rings in guest memory, registers by MMIO, as virtio 1.2 tells drivers to do.</summary>
internal sealed class Driver : IDisposable
{
    public const ulong Ram = 0x4000_0000, Rings = Ram, Buffers = Ram + 0x10_0000, RamSize = 0x40_0000, RingSpace = 0x4000;

    private const ushort NEXT = 1, WRITE = 2, INDIRECT = 4, AVAIL = 1 << 7, USED = 1 << 15;

    private readonly Dictionary<int, Ring> _rings = [];
    private readonly bool _packed, _indirect, _events;
    private ulong _nextBuffer = Buffers;

    public Driver(VirtioDevice device, bool packed = false, bool indirect = false, bool events = false)
    {
        (_packed, _indirect, _events) = (packed, indirect, events);
        Machine = new SoftwareBackend().CreateVirtualMachine();
        Machine.Memory.Map(Ram, RamSize);
        Transport = new VirtioTransport(device, Machine.Memory, _ => Machine.CreateDoorbell(0, 4, 0), level =>
        {
            lock (this)
            {
                Level = level;
                if (level) Interrupts++;
                Monitor.PulseAll(this);
            }
        });
    }

    public VirtualMachine Machine { get; }

    public VirtioTransport Transport { get; private set; }

    public bool Level { get; private set; }

    public int Interrupts { get; private set; }

    public GuestMemory Memory => Machine.Memory;

    public uint Status => this[VirtioRegisters.Status];

    public uint this[int register]
    {
        get => (uint)Transport.Read((ulong)register, 4);
        set => Transport.Write((ulong)register, 4, value);
    }

    public ulong DeviceFeatures()
    {
        this[DeviceFeaturesSel] = 1;
        ulong high = this[VirtioRegisters.DeviceFeatures];
        this[DeviceFeaturesSel] = 0;
        return (high << 32) | this[VirtioRegisters.DeviceFeatures];
    }

    /// <summary>From a reset to DRIVER_OK, with the features that were asked for and those of the device that are given.</summary>
    public void Start(ulong features = 0, int size = 16)
    {
        features |= VIRTIO_F_VERSION_1 | (_packed ? VIRTIO_F_RING_PACKED : 0) | (_indirect ? VIRTIO_F_INDIRECT_DESC : 0) | (_events ? VIRTIO_F_EVENT_IDX : 0);
        this[VirtioRegisters.Status] = 0;
        _rings.Clear();
        this[VirtioRegisters.Status] = ACKNOWLEDGE;
        this[VirtioRegisters.Status] = ACKNOWLEDGE | DRIVER;
        for (uint word = 0; word < 2; word++)
        {
            this[DriverFeaturesSel] = word;
            this[DriverFeatures] = (uint)(features >> (32 * (int)word));
        }

        this[VirtioRegisters.Status] = ACKNOWLEDGE | DRIVER | FEATURES_OK;
        Assert.Equal(ACKNOWLEDGE | DRIVER | FEATURES_OK, Status);
        for (int queue = 0; SetQueue(queue, size); queue++)
        {
            // All that there are.
        }

        this[VirtioRegisters.Status] = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK;
        Assert.Equal(ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK, Status & ~DEVICE_NEEDS_RESET); // rings that others write to may be broken already
    }

    public bool SetQueue(int queue, int size)
    {
        this[QueueSel] = (uint)queue;
        if (this[QueueSizeMax] == 0) return false;
        ulong at = Rings + ((ulong)queue * RingSpace);
        var ring = new Ring(at, at + 0x2000, at + 0x3000, size);
        Memory.Write(at, new byte[RingSpace]);
        this[QueueSize] = (uint)size;
        (this[QueueDescLow], this[QueueDescHigh]) = ((uint)ring.Descriptors, 0);
        (this[QueueDriverLow], this[QueueDriverHigh]) = ((uint)ring.Driver, 0);
        (this[QueueDeviceLow], this[QueueDeviceHigh]) = ((uint)ring.Device, 0);
        this[QueueReady] = 1;
        Assert.Equal(1u, this[QueueReady]);
        _rings[queue] = ring;
        return true;
    }

    /// <summary>A buffer in RAM.</summary>
    public ulong Allocate(ReadOnlySpan<byte> content)
    {
        ulong at = _nextBuffer;
        _nextBuffer += (ulong)((content.Length + 15) & ~15);
        Memory.Write(at, content);
        return at;
    }

    /// <summary>Makes a chain available, notifies, and waits until it is used; returns the length that the device told.</summary>
    public uint Request(int queue, params ReadOnlySpan<(ulong Address, uint Length, bool Writable)> buffers)
    {
        Submit(queue, buffers);
        return Wait(queue);
    }

    public void Submit(int queue, params ReadOnlySpan<(ulong Address, uint Length, bool Writable)> buffers)
    {
        Ring ring = _rings[queue];
        if (_indirect)
        {
            byte[] table = new byte[16 * buffers.Length];
            ulong at = Allocate(table);
            for (int i = 0; i < buffers.Length; i++)
            {
                ushort flags = (ushort)((buffers[i].Writable ? WRITE : 0) | (!_packed && i + 1 < buffers.Length ? NEXT : 0));
                Describe(at + (16 * (ulong)i), buffers[i].Address, buffers[i].Length, _packed ? (ushort)0 : flags, _packed ? flags : (ushort)(i + 1));
            }

            Put(ring, [(at, (uint)table.Length, false)], INDIRECT);
        }
        else
        {
            Put(ring, buffers, 0);
        }

        this[QueueNotify] = (uint)queue;
    }

    public uint Wait(int queue)
    {
        Ring ring = _rings[queue];
        Assert.True(SpinWait.SpinUntil(() => IsUsed(ring) || (Status & DEVICE_NEEDS_RESET) != 0, TimeSpan.FromSeconds(10)), "The device did not answer.");
        Assert.True(IsUsed(ring), "The device needs a reset.");
        if (_packed)
        {
            uint length = Memory.Read<uint>(ring.Descriptors + (16 * (ulong)ring.Used) + 8);
            ring.Used += ring.Lengths.Dequeue();
            if (ring.Used >= ring.Size) (ring.Used, ring.UsedWrap) = (ring.Used - ring.Size, !ring.UsedWrap);
            return length;
        }

        uint told = Memory.Read<uint>(ring.Device + 4 + (8 * (ulong)(ring.Used % ring.Size)) + 4);
        ring.Used++;
        return told;
    }

    /// <summary>Waits until the interrupt is raised, and acknowledges it.</summary>
    public uint WaitForInterrupt()
    {
        lock (this)
        {
            while (!Level) Assert.True(Monitor.Wait(this, TimeSpan.FromSeconds(10)), "There was no interrupt.");
        }

        uint reasons = this[InterruptStatus];
        this[InterruptACK] = reasons;
        return reasons;
    }

    public void Describe(ulong at, ulong address, uint length, ushort low, ushort high)
    {
        Memory.Write(at, address);
        Memory.Write(at + 8, length);
        Memory.Write(at + 12, low);
        Memory.Write(at + 14, high);
    }

    /// <summary>In place of this device's transport, another with its state.</summary>
    public void Replace(VirtioDevice device)
    {
        VirtioState state = Transport.Save();
        VirtioTransport old = Transport;
        Transport = new VirtioTransport(device, Memory, _ => Machine.CreateDoorbell(0, 4, 0), level => Level = level);
        old.Dispose();
        Transport.Restore(state);
    }

    public void Dispose()
    {
        Transport.Dispose();
        Machine.Dispose();
    }

    private void Put(Ring ring, ReadOnlySpan<(ulong Address, uint Length, bool Writable)> buffers, ushort extra)
    {
        if (_packed)
        {
            int first = ring.Next;
            ushort firstFlags = 0;
            for (int i = 0; i < buffers.Length; i++)
            {
                ushort flags = (ushort)((buffers[i].Writable ? WRITE : 0) | (i + 1 < buffers.Length ? NEXT : 0) | extra | (ring.Wrap ? AVAIL : USED));
                if (i == 0) firstFlags = flags;
                Describe(ring.Descriptors + (16 * (ulong)ring.Next), buffers[i].Address, buffers[i].Length, (ushort)first, i == 0 ? (ushort)(ring.Wrap ? USED : AVAIL) : flags);
                if (++ring.Next == ring.Size) (ring.Next, ring.Wrap) = (0, !ring.Wrap);
            }

            Memory.Write(ring.Descriptors + (16 * (ulong)first) + 14, firstFlags);
            ring.Lengths.Enqueue(buffers.Length);
            return;
        }

        int head = ring.Next;
        for (int i = 0; i < buffers.Length; i++)
        {
            int at = (head + i) % ring.Size;
            ushort flags = (ushort)((buffers[i].Writable ? WRITE : 0) | (i + 1 < buffers.Length ? NEXT : 0) | extra);
            Describe(ring.Descriptors + (16 * (ulong)at), buffers[i].Address, buffers[i].Length, flags, (ushort)((at + 1) % ring.Size));
        }

        ring.Next = (head + buffers.Length) % ring.Size;
        Memory.Write(ring.Driver + 4 + (2 * (ulong)(ring.Available % ring.Size)), (ushort)head);
        ring.Available++;
        if (_events) Memory.Write(ring.Driver + 4 + (2 * (ulong)ring.Size), (ushort)(ring.Available - 1)); // used_event: tell me of this one
        Memory.Write(ring.Driver + 2, (ushort)ring.Available);
    }

    private bool IsUsed(Ring ring)
    {
        if (!_packed) return Memory.Read<ushort>(ring.Device + 2) != (ushort)ring.Used;
        ushort flags = Memory.Read<ushort>(ring.Descriptors + (16 * (ulong)ring.Used) + 14);
        return (flags & AVAIL) != 0 == ring.UsedWrap && (flags & USED) != 0 == ring.UsedWrap;
    }

    private sealed class Ring(ulong descriptors, ulong driver, ulong device, int size)
    {
        public ulong Descriptors => descriptors;

        public ulong Driver => driver;

        public ulong Device => device;

        public int Size => size;

        public int Next { get; set; }

        public int Available { get; set; }

        public int Used { get; set; }

        public bool Wrap { get; set; } = true;

        public bool UsedWrap { get; set; } = true;

        public Queue<int> Lengths { get; } = new();
    }
}
