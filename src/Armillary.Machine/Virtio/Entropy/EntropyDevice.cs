using Armillary.Machine.Virtio.Queues;

namespace Armillary.Machine.Virtio.Entropy;

/// <summary>Random bytes for the guest (virtio 1.2, 5.4).</summary>
/// <param name="fill">Where they come from; called by one thread at a time.</param>
internal sealed class EntropyDevice(Action<Span<byte>> fill) : VirtioDevice
{
    // A request is given that much at most, so that no guest keeps the host busy with one (64 KiB, as Firecracker caps it).
    private const int Most = 1 << 16, Part = 4096;

    public override uint DeviceId => 4;

    public override ulong Features => 0;

    public override int QueueCount => 1;

    public override void Serve(int queue, DescriptorChain chain)
    {
        Span<byte> bytes = stackalloc byte[Part];
        for (int left = (int)Math.Min(chain.Writable, Most); left > 0;)
        {
            Span<byte> part = bytes[..Math.Min(left, Part)];
            fill(part);
            if (!chain.TryWrite(part)) return;
            left -= part.Length;
        }
    }
}
