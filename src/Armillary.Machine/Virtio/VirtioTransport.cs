using System.Buffers.Binary;
using Armillary.Machine.Virtio.Queues;
using static Armillary.Machine.Virtio.VirtioRegisters;

namespace Armillary.Machine.Virtio;

/// <summary>
/// A virtio device's registers over MMIO (virtio 1.2, 4.2). What a driver may not do at a time is ignored: features after FEATURES_OK, a queue's
/// addresses while it is ready or after DRIVER_OK, status bits taken back. Registers are words; an access of another size reads zero.
/// </summary>
internal sealed class VirtioTransport : IDevice, IDisposable
{
    private const uint Known = ACKNOWLEDGE | DRIVER | DRIVER_OK | FEATURES_OK | FAILED, Vendor = 0x4d52_4141; // "AARM"

    private const ulong Common = VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX | VIRTIO_F_VERSION_1 | VIRTIO_F_RING_PACKED;

    private readonly Lock _lock = new();           // registers; before a queue's gate
    private readonly Lock _interruptLock = new();  // the innermost
    private readonly VirtioDevice _device;
    private readonly QueueSlot[] _queues;
    private readonly Action<bool> _line;
    private ulong _features;
    private uint _status, _featuresSelection, _driverFeaturesSelection, _queueSelection, _generation;
    private uint _interrupts;
    private volatile bool _isRunning, _isBroken, _isFrozen;

    /// <param name="device">What it is.</param>
    /// <param name="memory">Where rings and buffers lie.</param>
    /// <param name="bell">Makes the bell of a queue.</param>
    /// <param name="line">Called when the interrupt's level changes.</param>
    public VirtioTransport(VirtioDevice device, GuestMemory memory, Func<int, Doorbell> bell, Action<bool> line)
    {
        (_device, _line) = (device, line);
        _queues = [.. Enumerable.Range(0, device.QueueCount).Select(n => new QueueSlot(this, device, memory, n, bell(n)))];
        device.Attach(this);
    }

    /// <summary>True from DRIVER_OK to the next reset, unless the driver broke a queue's rules.</summary>
    public bool IsRunning => _isRunning && !_isBroken;

    /// <summary>May a queue's server begin a request?</summary>
    public bool MayServe => IsRunning && !_isFrozen;

    private ulong Offered => Common | _device.Features;

    private QueueSlot? Selected => _queueSelection < (uint)_queues.Length ? _queues[_queueSelection] : null;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (offset >= Config) return ReadConfiguration((int)offset - Config, size);
        if (size != sizeof(uint)) return 0;
        lock (_lock) return ReadRegister((int)offset);
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (offset >= Config)
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            lock (_lock) _device.WriteConfiguration((int)offset - Config, bytes[..size]);
        }
        else if (size == sizeof(uint) && offset == QueueNotify)
        {
            if (value < (uint)_queues.Length) _queues[value].Ring();
        }
        else if (size == sizeof(uint))
        {
            lock (_lock) WriteRegister((int)offset, (uint)value);
        }
    }

    /// <summary>Any thread: the device has something to do with a queue.</summary>
    public void Ring(int queue) => _queues[queue].Ring();

    /// <summary>Any thread: raises the interrupt for a reason.</summary>
    public void Interrupt(uint reason)
    {
        lock (_interruptLock)
        {
            bool was = _interrupts != 0;
            _interrupts |= reason;
            if (!was) _line(true);
        }
    }

    /// <summary>Any thread: the configuration changed.</summary>
    public void ChangeConfiguration()
    {
        Interlocked.Increment(ref _generation); // a queue's gate may be held
        if (IsRunning) Interrupt(ConfigurationChange);
    }

    /// <summary>The driver broke a queue's rules: the device stops until it is reset (virtio 1.2, 2.1.2).</summary>
    public void Break()
    {
        if (!_isRunning) return;
        _isBroken = true;
        Interrupt(ConfigurationChange);
    }

    /// <summary>No request begins any more; <see cref="Save"/> waits for those under way.</summary>
    public void Freeze() => _isFrozen = true;

    public VirtioState Save()
    {
        lock (_lock)
        {
            IReadOnlyList<VirtqueueState> queues = [.. _queues.Select(q => q.Save())];
            lock (_interruptLock)
            {
                return new(_status | (_isBroken ? DEVICE_NEEDS_RESET : 0), _features, _featuresSelection, _driverFeaturesSelection, _queueSelection, _interrupts, _generation, queues, _device.Save());
            }
        }
    }

    public void Restore(VirtioState state)
    {
        lock (_lock)
        {
            Reset();
            (_status, _features, _featuresSelection, _driverFeaturesSelection) = (state.Status & Known, state.DriverFeatures & Offered, state.DeviceFeaturesSelection, state.DriverFeaturesSelection);
            (_queueSelection, _generation, _isBroken) = (state.QueueSelection, state.Generation, (state.Status & DEVICE_NEEDS_RESET) != 0);
            _device.Restore(state.Device);
            _isRunning = (_status & DRIVER_OK) != 0;
            if (_isRunning) _device.Start(_features);
            foreach ((QueueSlot queue, VirtqueueState saved) in _queues.Zip(state.Queues)) queue.Restore(saved, _features);
            if (state.InterruptStatus != 0) Interrupt(state.InterruptStatus);
        }
    }

    public void Dispose()
    {
        _device.Detach();
        foreach (QueueSlot queue in _queues) queue.Dispose();
        _device.Dispose();
    }

    private ulong ReadConfiguration(int offset, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        lock (_lock) _device.ReadConfiguration(offset, bytes[..size]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private uint ReadRegister(int offset) => offset switch
    {
        MagicValue => Magic,
        VirtioRegisters.Version => 2,
        DeviceID => _device.DeviceId,
        VendorID => Vendor,
        DeviceFeatures => Word(Offered, _featuresSelection),
        QueueSizeMax => Selected is null ? 0u : QueueSlot.MaxSize,
        QueueReady => Selected is { IsReady: true } ? 1u : 0,
        InterruptStatus => Volatile.Read(ref _interrupts),
        Status => _status | (_isBroken ? DEVICE_NEEDS_RESET : 0),
        >= SHMLenLow and <= SHMBaseHigh => uint.MaxValue, // no shared memory (4.2.2)
        ConfigGeneration => _generation,
        _ => 0,
    };

    private void WriteRegister(int offset, uint value)
    {
        switch (offset)
        {
            case DeviceFeaturesSel: _featuresSelection = value; break;
            case DriverFeaturesSel: _driverFeaturesSelection = value; break;
            case DriverFeatures: SetFeatures(value); break;
            case QueueSel: _queueSelection = value; break;
            case QueueReady: SetReady(value); break;
            case InterruptACK: Acknowledge(value); break;
            case Status: SetStatus(value); break;
            default: SetQueue(offset, value); break;
        }
    }

    private void SetFeatures(uint value)
    {
        if ((_status & (DRIVER | FEATURES_OK)) != DRIVER || _driverFeaturesSelection > 1) return;
        int shift = 32 * (int)_driverFeaturesSelection;
        _features = (_features & ~((ulong)uint.MaxValue << shift)) | ((ulong)value << shift);
    }

    private void SetQueue(int offset, uint value)
    {
        if (Selected is not { IsReady: false } queue || (_status & (FEATURES_OK | DRIVER_OK)) != FEATURES_OK) return;
        switch (offset)
        {
            case QueueSize: queue.Size = value <= QueueSlot.MaxSize ? (int)value : 0; break;
            case QueueDescLow: queue.Descriptors = Low(queue.Descriptors, value); break;
            case QueueDescHigh: queue.Descriptors = High(queue.Descriptors, value); break;
            case QueueDriverLow: queue.Driver = Low(queue.Driver, value); break;
            case QueueDriverHigh: queue.Driver = High(queue.Driver, value); break;
            case QueueDeviceLow: queue.Device = Low(queue.Device, value); break;
            case QueueDeviceHigh: queue.Device = High(queue.Device, value); break;
        }

        static ulong Low(ulong address, uint value) => (address & ~(ulong)uint.MaxValue) | value;
        static ulong High(ulong address, uint value) => (uint)address | ((ulong)value << 32);
    }

    private void SetReady(uint value)
    {
        if (Selected is not { } queue) return;
        if ((value & 1) == 0) queue.Disable();
        else if ((_status & (FEATURES_OK | DRIVER_OK)) == FEATURES_OK) queue.Enable(_features);
    }

    private void SetStatus(uint value)
    {
        if (value == 0)
        {
            Reset();
            return;
        }

        value &= Known;
        if ((_status & ~value & Known) != 0) return; // bits are taken back by a reset alone (2.1.1)
        if ((value & FEATURES_OK & ~_status) != 0 && ((value & DRIVER) == 0 || (_features & ~Offered) != 0 || (_features & VIRTIO_F_VERSION_1) == 0)) value &= ~FEATURES_OK;
        if ((value & FEATURES_OK) == 0) value &= ~DRIVER_OK;
        bool starts = (value & DRIVER_OK & ~_status) != 0;
        _status = value;
        if (!starts) return;
        _device.Start(_features);
        _isRunning = true;
        foreach (QueueSlot queue in _queues) queue.Ring(); // what was made available before
    }

    private void Reset()
    {
        _isRunning = false;
        foreach (QueueSlot queue in _queues) queue.Reset();
        _device.Reset();
        (_status, _features, _featuresSelection, _driverFeaturesSelection, _queueSelection, _isBroken) = (0, 0, 0, 0, 0, false);
        Acknowledge(uint.MaxValue);
    }

    private void Acknowledge(uint value)
    {
        lock (_interruptLock)
        {
            if (_interrupts == 0) return;
            _interrupts &= ~value;
            if (_interrupts == 0) _line(false);
        }
    }

    private static uint Word(ulong features, uint selection) => selection > 1 ? 0 : (uint)(features >> (32 * (int)selection));
}
