using System.Buffers.Binary;

namespace Armillary.Machine.Virtio.Queues;

/// <summary>Split rings (virtio 1.2, 2.7): a table of descriptors, a ring of what the driver makes available, a ring of what the device has used.</summary>
internal sealed class SplitQueue(GuestMemory memory, int size, ulong descriptors, ulong driver, ulong device, ulong features)
    : Virtqueue(memory, size, descriptors, driver, device, features)
{
    private const ulong Index = 2;
    private const ushort NO_INTERRUPT = 1, NO_NOTIFY = 1;

    private ushort _next, _used, _signalled;
    private bool _hasSignalled;

    private ulong UsedEvent => Driver + 4 + (2 * (ulong)Size);

    private ulong AvailableEvent => Device + 4 + (8 * (ulong)Size);

    public override Taken TryTake(DescriptorChain chain)
    {
        if (!TryRead(Driver + Index, out ushort available)) return Taken.Broken;
        int count = (ushort)(available - _next);
        if (count == 0) return Taken.Nothing;
        if (count > Size) return Taken.Broken;
        Interlocked.MemoryBarrier(); // the entry after the index (2.7.13)
        if (!TryRead(Driver + 4 + (2 * (ulong)(_next % Size)), out ushort head)) return Taken.Broken;
        chain.Begin(head);
        if (!TryFollow(chain, head)) return Taken.Broken;
        _next++;
        return Taken.Chain;
    }

    public override bool Return(DescriptorChain chain)
    {
        Span<byte> element = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(element, chain.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(element[4..], chain.Written);
        if (!Memory.TryWrite(Device + 4 + (8 * (ulong)(_used % Size)), element)) return false;
        Interlocked.MemoryBarrier();
        _used++;
        return TryWrite(Device + Index, _used);
    }

    public override bool WantsInterrupt()
    {
        Interlocked.MemoryBarrier(); // the driver's wish after our index (2.7.7)
        if (!HasEvents) return TryRead(Driver, out ushort flags) && (flags & NO_INTERRUPT) == 0;
        if (!TryRead(UsedEvent, out ushort wanted)) return false;
        bool wants = !_hasSignalled || (ushort)(_used - wanted - 1) < (ushort)(_used - _signalled);
        (_signalled, _hasSignalled) = (_used, true);
        return wants;
    }

    public override void AskForNotifications(bool wanted)
    {
        if (!HasEvents) TryWrite(Device, wanted ? (ushort)0 : NO_NOTIFY);
        else if (wanted) TryWrite(AvailableEvent, _next); // an old value is passed already
        Interlocked.MemoryBarrier();
    }

    public override VirtqueueState Save() => new(Size, true, Descriptors, Driver, Device, _next, _used, false, false, _signalled, _hasSignalled);

    public override void Restore(VirtqueueState state) => (_next, _used, _signalled, _hasSignalled) = (state.Next, state.Used, state.Signalled, state.HasSignalled);

    private bool TryFollow(DescriptorChain chain, ushort index)
    {
        Span<byte> descriptor = stackalloc byte[DescriptorSize];
        while (true)
        {
            // More buffers than the queue has entries: a loop, or a chain that is too long.
            if (index >= Size || chain.Count >= Size || !Memory.TryRead(Descriptors + (DescriptorSize * (ulong)index), descriptor)) return false;
            ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[12..]);
            if ((flags & INDIRECT) != 0)
            {
                return (flags & NEXT) == 0 && TryAddTable(chain, BinaryPrimitives.ReadUInt64LittleEndian(descriptor), BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]), isPacked: false);
            }

            if (!TryAdd(chain, descriptor, flags)) return false;
            if ((flags & NEXT) == 0) return true;
            index = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[14..]);
        }
    }
}
