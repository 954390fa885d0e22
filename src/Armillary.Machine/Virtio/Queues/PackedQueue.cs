using System.Buffers.Binary;

namespace Armillary.Machine.Virtio.Queues;

/// <summary>A packed ring (virtio 1.2, 2.8): descriptors that driver and device write in turn, with a wrap counter to tell whose they are.</summary>
internal sealed class PackedQueue(GuestMemory memory, int size, ulong descriptors, ulong driver, ulong device, ulong features)
    : Virtqueue(memory, size, descriptors, driver, device, features)
{
    private const ushort AVAIL = 1 << 7, USED = 1 << 15;
    private const ushort RING_EVENT_FLAGS_ENABLE = 0, RING_EVENT_FLAGS_DISABLE = 1, RING_EVENT_FLAGS_DESC = 2;

    private ushort _next, _used, _signalled;
    private bool _nextWrap = true, _usedWrap = true, _hasSignalled;

    public override Taken TryTake(DescriptorChain chain)
    {
        Span<byte> descriptor = stackalloc byte[DescriptorSize];
        if (!TryRead(At(_next) + 14, out ushort flags)) return Taken.Broken;
        if (!IsAvailable(flags)) return Taken.Nothing;
        Interlocked.MemoryBarrier(); // what the flags are of (2.8.21)
        chain.Begin(0);
        ushort index = _next;
        bool wrap = _nextWrap;
        int entries = 0;
        while (true)
        {
            if (entries >= Size || chain.Count >= Size || !Memory.TryRead(At(index), descriptor)) return Taken.Broken;
            entries++;
            flags = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[14..]);
            ushort id = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[12..]);
            if ((flags & INDIRECT) != 0)
            {
                if (entries > 1 || (flags & NEXT) != 0 || !TryAddTable(chain, BinaryPrimitives.ReadUInt64LittleEndian(descriptor), BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]), isPacked: true)) return Taken.Broken;
            }
            else if (!TryAdd(chain, descriptor, flags))
            {
                return Taken.Broken;
            }

            Advance(ref index, ref wrap, 1);
            if ((flags & NEXT) != 0) continue;
            chain.Name(id);
            chain.RingEntries = entries;
            (_next, _nextWrap) = (index, wrap);
            return Taken.Chain;
        }
    }

    public override bool Return(DescriptorChain chain)
    {
        Span<byte> rest = stackalloc byte[6]; // length and id; the address means nothing
        BinaryPrimitives.WriteUInt32LittleEndian(rest, chain.Written);
        BinaryPrimitives.WriteUInt16LittleEndian(rest[4..], chain.Id);
        ulong descriptor = At(_used);
        if (!Memory.TryWrite(descriptor + 8, rest)) return false;
        Interlocked.MemoryBarrier();
        ushort flags = (ushort)((_usedWrap ? AVAIL | USED : 0) | (chain.Written > 0 ? WRITE : 0));
        if (!TryWrite(descriptor + 14, flags)) return false;
        Advance(ref _used, ref _usedWrap, chain.RingEntries);
        return true;
    }

    public override bool WantsInterrupt()
    {
        Interlocked.MemoryBarrier();
        if (!TryRead(Driver + 2, out ushort flags)) return false;
        ushort before = _signalled;
        bool had = _hasSignalled;
        (_signalled, _hasSignalled) = (_used, true);
        if (flags != RING_EVENT_FLAGS_DESC || !HasEvents) return flags != RING_EVENT_FLAGS_DISABLE;
        if (!TryRead(Driver, out ushort wanted)) return false;
        if (!had) return true;

        // Positions of the round before are below zero (2.8.10).
        int position = wanted & 0x7fff;
        if ((wanted >> 15 != 0) != _usedWrap) position -= Size;
        int old = before > _used ? before - Size : before;
        return (ushort)(_used - position - 1) < (ushort)(_used - old);
    }

    public override void AskForNotifications(bool wanted)
    {
        if (wanted && HasEvents) TryWrite(Device, (ushort)(_next | (_nextWrap ? 0x8000 : 0)));
        Interlocked.MemoryBarrier();
        TryWrite(Device + 2, !wanted ? RING_EVENT_FLAGS_DISABLE : HasEvents ? RING_EVENT_FLAGS_DESC : RING_EVENT_FLAGS_ENABLE);
        Interlocked.MemoryBarrier();
    }

    public override VirtqueueState Save() => new(Size, true, Descriptors, Driver, Device, _next, _used, _nextWrap, _usedWrap, _signalled, _hasSignalled);

    public override void Restore(VirtqueueState state)
        => (_next, _used, _nextWrap, _usedWrap, _signalled, _hasSignalled) = (state.Next, state.Used, state.NextWrap, state.UsedWrap, state.Signalled, state.HasSignalled);

    private ulong At(ushort index) => Descriptors + (DescriptorSize * (ulong)index);

    private bool IsAvailable(ushort flags) => (flags & AVAIL) != 0 == _nextWrap && (flags & USED) != 0 != _nextWrap;

    private void Advance(ref ushort index, ref bool wrap, int entries)
    {
        int next = index + entries;
        if (next >= Size)
        {
            next -= Size;
            wrap = !wrap;
        }

        index = (ushort)next;
    }
}
