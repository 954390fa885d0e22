using System.Buffers.Binary;

namespace Armillary.Machine.Virtio.Queues;

/// <summary>
/// The buffers of a request: first those that the device reads, then those that it writes. Their descriptors were read once, so that a guest
/// that changes them meanwhile changes nothing. Buffers lie in RAM or an access fails.
/// </summary>
internal sealed class DescriptorChain(GuestMemory memory)
{
    private readonly List<(ulong Address, uint Length)> _readable = [], _writable = [];
    private int _reading, _writing;
    private uint _read, _wrote;

    /// <summary>The buffer's name in the ring: the head's index, or the driver's id in packed rings.</summary>
    public ushort Id { get; private set; }

    /// <summary>Entries of the ring that it took.</summary>
    public int RingEntries { get; set; }

    /// <summary>Bytes that the device may still read.</summary>
    public ulong Readable { get; private set; }

    /// <summary>Bytes that the device may still write.</summary>
    public ulong Writable { get; private set; }

    /// <summary>Bytes written.</summary>
    public uint Written { get; private set; }

    public int Count => _readable.Count + _writable.Count;

    public void Begin(ushort id)
    {
        _readable.Clear();
        _writable.Clear();
        (Id, RingEntries, _reading, _writing, _read, _wrote, Readable, Writable, Written) = (id, 1, 0, 0, 0, 0, 0, 0, 0);
    }

    /// <summary>In packed rings the last descriptor has the id (virtio 1.2, 2.8.6).</summary>
    public void Name(ushort id) => Id = id;

    /// <summary>Adds a buffer; false if one to read follows one to write, or all are more than 4 GiB (virtio 1.2, 2.7.4.2 and 2.7.5).</summary>
    public bool TryAdd(ulong address, uint length, bool isWritable)
    {
        if (!isWritable && _writable.Count > 0) return false;
        (isWritable ? _writable : _readable).Add((address, length));
        if (isWritable) Writable += length;
        else Readable += length;
        return Readable + Writable <= uint.MaxValue;
    }

    /// <summary>Reads the next bytes; false if there are fewer, or they are not in RAM.</summary>
    public bool TryRead(Span<byte> destination)
    {
        if ((ulong)destination.Length > Readable) return false;
        while (destination.Length > 0)
        {
            (ulong address, uint length) = _readable[_reading];
            int part = (int)Math.Min((uint)destination.Length, length - _read);
            if (!memory.TryRead(address + _read, destination[..part])) return false;
            Advance(part, length, ref _read, ref _reading);
            Readable -= (uint)part;
            destination = destination[part..];
        }

        return true;
    }

    /// <summary>Writes the next bytes; false if there is less room, or it is not in RAM.</summary>
    public bool TryWrite(ReadOnlySpan<byte> source)
    {
        if ((ulong)source.Length > Writable) return false;
        while (source.Length > 0)
        {
            (ulong address, uint length) = _writable[_writing];
            int part = (int)Math.Min((uint)source.Length, length - _wrote);
            if (!memory.TryWrite(address + _wrote, source[..part])) return false;
            Advance(part, length, ref _wrote, ref _writing);
            Writable -= (uint)part;
            Written += (uint)part;
            source = source[part..];
        }

        return true;
    }

    /// <summary>Writes the last byte of all, which tells how it went in some protocols. What is between stays as it is, and counts as written.</summary>
    public bool TryWriteLast(byte value)
    {
        for (int i = _writable.Count - 1; i >= 0; i--)
        {
            (ulong address, uint length) = _writable[i];
            if (length == 0) continue;
            Written += (uint)Writable;
            Writable = 0;
            return memory.TryWrite(address + (length - 1), [value]);
        }

        return false;
    }

    public bool TryRead(out ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bool read = TryRead(bytes);
        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return read;
    }

    private static void Advance(int part, uint length, ref uint position, ref int index)
    {
        position += (uint)part;
        if (position < length) return;
        position = 0;
        index++;
    }
}
