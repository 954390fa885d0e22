using System.Buffers.Binary;

namespace Armillary.Machine.Virtio.Queues;

/// <summary>What taking the next chain of a queue gave.</summary>
internal enum Taken
{
    Nothing,
    Chain,

    /// <summary>The driver broke the queue's rules; nothing in it can be trusted until a reset.</summary>
    Broken,
}

/// <summary>The device's side of a queue: split or packed rings in guest memory (virtio 1.2, 2.6). Under its gate.</summary>
internal abstract class Virtqueue(GuestMemory memory, int size, ulong descriptors, ulong driver, ulong device, ulong features)
{
    protected const ushort NEXT = 1, WRITE = 2, INDIRECT = 4;
    protected const int DescriptorSize = 16;

    protected GuestMemory Memory { get; } = memory;

    protected int Size { get; } = size;

    protected ulong Descriptors { get; } = descriptors;

    protected ulong Driver { get; } = driver;

    protected ulong Device { get; } = device;

    protected bool HasEvents { get; } = (features & VirtioRegisters.VIRTIO_F_EVENT_IDX) != 0;

    private bool HasIndirect { get; } = (features & VirtioRegisters.VIRTIO_F_INDIRECT_DESC) != 0;

    /// <summary>The next chain that the driver made available.</summary>
    public abstract Taken TryTake(DescriptorChain chain);

    /// <summary>Gives a chain back; false if the ring is not in RAM.</summary>
    public abstract bool Return(DescriptorChain chain);

    /// <summary>Whether the driver wants to hear of what was returned since it was last asked.</summary>
    public abstract bool WantsInterrupt();

    /// <summary>Asks the driver to notify, or not to bother.</summary>
    public abstract void AskForNotifications(bool wanted);

    /// <summary>Where the device is in the rings.</summary>
    public abstract VirtqueueState Save();

    public abstract void Restore(VirtqueueState state);

    /// <summary>True if rings of this size may lie there: aligned, and in RAM.</summary>
    public static bool MayBe(GuestMemory memory, bool isPacked, int size, ulong descriptors, ulong driver, ulong device)
    {
        ulong entries = (ulong)size;
        if (size == 0 || (!isPacked && !int.IsPow2(size))) return false;
        return isPacked
            ? IsRam(descriptors, 16, 16 * entries) && IsRam(driver, 4, 4) && IsRam(device, 4, 4)
            : IsRam(descriptors, 16, 16 * entries) && IsRam(driver, 2, 6 + (2 * entries)) && IsRam(device, 4, 6 + (8 * entries));

        bool IsRam(ulong address, ulong alignment, ulong length) => address % alignment == 0 && memory.IsMapped(address, length);
    }

    // The descriptors of a table, from one that has them all (2.7.5.3): flags other than WRITE mean nothing in packed tables.
    protected bool TryAddTable(DescriptorChain chain, ulong table, uint length, bool isPacked)
    {
        Span<byte> descriptor = stackalloc byte[DescriptorSize];
        if (!HasIndirect || length == 0 || length % DescriptorSize != 0) return false;
        uint entries = length / DescriptorSize, index = 0;
        for (uint n = 0; n < entries; n++)
        {
            if (chain.Count >= Size || !Memory.TryRead(table + (DescriptorSize * index), descriptor)) return false;
            ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[(isPacked ? 14 : 12)..]);
            if ((flags & INDIRECT) != 0 || !TryAdd(chain, descriptor, flags)) return false;
            if (isPacked)
            {
                index++;
                continue;
            }

            if ((flags & NEXT) == 0) return true;
            index = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[14..]);
            if (index >= entries) return false;
        }

        return isPacked; // a split table that is all NEXT is a loop
    }

    protected static bool TryAdd(DescriptorChain chain, ReadOnlySpan<byte> descriptor, ushort flags)
        => chain.TryAdd(BinaryPrimitives.ReadUInt64LittleEndian(descriptor), BinaryPrimitives.ReadUInt32LittleEndian(descriptor[8..]), (flags & WRITE) != 0);

    protected bool TryRead(ulong address, out ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        bool read = Memory.TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        return read;
    }

    protected bool TryWrite(ulong address, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return Memory.TryWrite(address, bytes);
    }
}
