using Armillary.Machine.Virtio.Queues;

namespace Armillary.Machine.Virtio;

/// <summary>
/// What a kind of virtio device does; <see cref="VirtioTransport"/> does what all have in common. A queue is served by a thread of its own,
/// which holds the queue's gate: whatever the guest does meanwhile, a request is begun and ended as a whole.
/// </summary>
internal abstract class VirtioDevice : IDisposable
{
    /// <summary>Its number (virtio 1.2, 5).</summary>
    public abstract uint DeviceId { get; }

    /// <summary>Features of its own kind; bits 0 to 23.</summary>
    public abstract ulong Features { get; }

    /// <summary>How many queues it has.</summary>
    public abstract int QueueCount { get; }

    /// <summary>The transport, once it is on the board.</summary>
    protected VirtioTransport? Transport { get; private set; }

    /// <summary>The configuration; offsets beyond it read as zero.</summary>
    public virtual void ReadConfiguration(int offset, Span<byte> destination) => destination.Clear();

    /// <summary>The driver writes to the configuration, most of which is read-only.</summary>
    public virtual void WriteConfiguration(int offset, ReadOnlySpan<byte> source)
    {
    }

    /// <summary>False while the device has no use for a buffer of a queue that it fills.</summary>
    public virtual bool WantsBuffer(int queue) => true;

    /// <summary>Does what a chain of descriptors asks for; on the queue's thread. What it wrote is counted by the chain.</summary>
    public abstract void Serve(int queue, DescriptorChain chain);

    /// <summary>The driver has taken its features and goes to work.</summary>
    public virtual void Start(ulong features)
    {
    }

    /// <summary>The driver reset the device; no request is under way.</summary>
    public virtual void Reset()
    {
    }

    /// <summary>State beyond the transport's.</summary>
    public virtual VirtioDeviceState Save() => new();

    /// <summary>Takes what <see cref="Save"/> gave.</summary>
    public virtual void Restore(VirtioDeviceState state)
    {
    }

    /// <summary>From now on nothing on the host's side may ring for it.</summary>
    public virtual void Detach()
    {
    }

    internal void Attach(VirtioTransport transport) => Transport = transport;

    /// <summary>Frees what it holds; its queues' threads have ended.</summary>
    public virtual void Dispose()
    {
    }
}
