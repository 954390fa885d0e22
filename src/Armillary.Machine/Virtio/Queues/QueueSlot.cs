namespace Armillary.Machine.Virtio.Queues;

/// <summary>One of a device's queues: what the driver sets, and the thread that serves it.</summary>
internal sealed class QueueSlot : IDisposable
{
    public const int MaxSize = 256;

    private readonly VirtioTransport _transport;
    private readonly VirtioDevice _device;
    private readonly GuestMemory _memory;
    private readonly int _index;
    private readonly Doorbell _bell;
    private readonly DescriptorChain _chain;
    private readonly Lock _gate = new(); // whoever holds it may use the rings
    private Thread? _server;
    private Virtqueue? _queue;
    private volatile bool _isGone;

    public QueueSlot(VirtioTransport transport, VirtioDevice device, GuestMemory memory, int index, Doorbell bell)
    {
        (_transport, _device, _memory, _index, _bell) = (transport, device, memory, index, bell);
        _chain = new DescriptorChain(memory);
    }

    public int Size { get; set; }

    public ulong Descriptors { get; set; }

    public ulong Driver { get; set; }

    public ulong Device { get; set; }

    public bool IsReady { get; private set; }

    /// <summary>Any thread: there may be something to do.</summary>
    public void Ring() => _bell.Ring();

    /// <summary>The driver hands the queue over; nothing happens if its rings cannot lie where it says.</summary>
    public void Enable(ulong features, VirtqueueState? state = null)
    {
        bool isPacked = (features & VirtioRegisters.VIRTIO_F_RING_PACKED) != 0;
        if (IsReady || !Virtqueue.MayBe(_memory, isPacked, Size, Descriptors, Driver, Device)) return;
        lock (_gate)
        {
            _queue = isPacked ? new PackedQueue(_memory, Size, Descriptors, Driver, Device, features) : new SplitQueue(_memory, Size, Descriptors, Driver, Device, features);
            if (state is not null) _queue.Restore(state); // before its server sees it
            IsReady = true;
        }

        if (_server is not null) return;
        _server = new Thread(Serve) { Name = $"virtio {_device.DeviceId} queue {_index}", IsBackground = true };
        _server.Start();
    }

    /// <summary>Takes the queue away from the device; returns when no request of it is under way.</summary>
    public void Disable()
    {
        lock (_gate)
        {
            _queue = null;
            IsReady = false;
        }
    }

    public void Reset()
    {
        Disable();
        (Size, Descriptors, Driver, Device) = (0, 0, 0, 0);
    }

    public VirtqueueState Save()
    {
        lock (_gate) return _queue?.Save() ?? new(Size, false, Descriptors, Driver, Device, 0, 0, false, false, 0, false);
    }

    public void Restore(VirtqueueState state, ulong features)
    {
        Reset();
        (Size, Descriptors, Driver, Device) = (state.Size, state.Descriptors, state.Driver, state.Device);
        if (!state.IsReady) return;
        Enable(features, state);
        Ring();
    }

    public void Dispose()
    {
        _isGone = true;
        _bell.Ring();
        _server?.Join();
        _bell.Dispose();
    }

    private void Serve()
    {
        while (true)
        {
            _bell.Wait();
            if (_isGone) return;
            while (ServeOne() && !_isGone)
            {
                // A request at a time, so that a reset comes between.
            }
        }
    }

    // False when there is nothing to do until the bell rings.
    private bool ServeOne()
    {
        lock (_gate)
        {
            if (_queue is null || !_transport.MayServe || !_device.WantsBuffer(_index)) return false;
            _queue.AskForNotifications(false);
            Taken taken = _queue.TryTake(_chain);
            if (taken == Taken.Nothing)
            {
                _queue.AskForNotifications(true);
                taken = _queue.TryTake(_chain); // one that came before the driver saw the wish
            }

            if (taken == Taken.Nothing) return false;
            if (taken == Taken.Chain)
            {
                _device.Serve(_index, _chain);
                if (_queue.Return(_chain))
                {
                    if (_queue.WantsInterrupt()) _transport.Interrupt(VirtioRegisters.UsedBuffer);
                    return true;
                }
            }

            _queue = null; // what it says cannot be trusted; IsReady stays what the driver wrote
            _transport.Break();
            return false;
        }
    }
}
