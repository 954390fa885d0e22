using System.Buffers.Binary;
using System.Text;
using Armillary.Machine.Virtio.Queues;
using static Armillary.Machine.Virtio.Block.BlockRegisters;

namespace Armillary.Machine.Virtio.Block;

/// <summary>A disk (virtio 1.2, 5.2). What a driver that does not know FLUSH writes is on the disk when it hears so.</summary>
internal sealed class BlockDevice : VirtioDevice
{
    private const int MaxSegments = 16, BufferSize = 1 << 17;
    private const uint MaxZeroSectors = 1 << 15; // 16 MiB: a request ends in bounded time

    private readonly IDisk _disk;
    private readonly byte[] _id = new byte[IdSize], _configuration = new byte[ConfigurationSize];
    private readonly byte[][] _buffers;
    private readonly ulong _sectors;
    private ulong _negotiated;

    /// <param name="disk">What it stores in; it is disposed with the device.</param>
    /// <param name="serial">Its serial number: what the guest sees of it are 20 bytes.</param>
    /// <param name="queues">Queues, each with a thread of its own.</param>
    public BlockDevice(IDisk disk, string serial, int queues)
    {
        (_disk, QueueCount) = (disk, queues);
        _sectors = (ulong)disk.Length / SectorSize;
        _buffers = [.. Enumerable.Range(0, queues).Select(_ => new byte[BufferSize])];
        byte[] ascii = Encoding.ASCII.GetBytes(serial);
        ascii.AsSpan(0, Math.Min(ascii.Length, IdSize)).CopyTo(_id);
        Set(Capacity, _sectors, 8);
        Set(SegMax, QueueSlot.MaxSize - 2, 4);
        Set(BlkSize, SectorSize, 4);
        Set(NumQueues, (ulong)queues, 2);
        Set(MaxDiscardSectors, MaxZeroSectors, 4);
        Set(MaxDiscardSeg, MaxSegments, 4);
        Set(DiscardSectorAlignment, 1, 4);
        Set(MaxWriteZeroesSectors, MaxZeroSectors, 4);
        Set(MaxWriteZeroesSeg, MaxSegments, 4);
        Set(WriteZeroesMayUnmap, 1, 1);
    }

    public override uint DeviceId => 2;

    public override ulong Features => SEG_MAX | BLK_SIZE | FLUSH | MQ | (_disk.IsReadOnly ? RO : DISCARD | WRITE_ZEROES);

    public override int QueueCount { get; }

    public override void ReadConfiguration(int offset, Span<byte> destination)
    {
        destination.Clear();
        if (offset < ConfigurationSize) _configuration.AsSpan(offset, Math.Min(destination.Length, ConfigurationSize - offset)).CopyTo(destination);
    }

    public override void Start(ulong features) => Volatile.Write(ref _negotiated, features);

    public override void Serve(int queue, DescriptorChain chain)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        byte status = IOERR;
        if (chain.Writable > 0 && chain.TryRead(header))
        {
            try
            {
                status = Serve(BinaryPrimitives.ReadUInt32LittleEndian(header), BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), chain, _buffers[queue]);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                status = IOERR; // the host's disk is full, or broken
            }
        }

        chain.TryWriteLast(status);
    }

    public override void Dispose()
    {
        _disk.Dispose();
        base.Dispose();
    }

    private byte Serve(uint request, ulong sector, DescriptorChain chain, byte[] buffer)
    {
        if (_disk.IsReadOnly && request is OUT or DISCARD_REQUEST or WRITE_ZEROES_REQUEST) return IOERR;
        return request switch
        {
            IN => Read(sector, chain, buffer),
            OUT => Store(Write(sector, chain, buffer)),
            FLUSH_REQUEST => Flush(),
            GET_ID => chain.Writable > IdSize && chain.TryWrite(_id) ? OK : IOERR,
            DISCARD_REQUEST => Clear(chain, isDiscard: true),
            WRITE_ZEROES_REQUEST => Store(Clear(chain, isDiscard: false)),
            _ => UNSUPP,
        };
    }

    private byte Read(ulong sector, DescriptorChain chain, byte[] buffer)
    {
        ulong length = chain.Writable - 1; // the last byte is the status
        if (!IsOnDisk(sector, length)) return IOERR;
        for (long offset = (long)sector * SectorSize; length > 0;)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(length, BufferSize));
            if (!_disk.TryRead(offset, part) || !chain.TryWrite(part)) return IOERR;
            offset += part.Length;
            length -= (ulong)part.Length;
        }

        return OK;
    }

    private byte Write(ulong sector, DescriptorChain chain, byte[] buffer)
    {
        ulong length = chain.Readable;
        if (!IsOnDisk(sector, length)) return IOERR;
        for (long offset = (long)sector * SectorSize; length > 0;)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(length, BufferSize));
            if (!chain.TryRead(part)) return IOERR;
            _disk.Write(offset, part);
            offset += part.Length;
            length -= (ulong)part.Length;
        }

        return OK;
    }

    // Segments of sector, number of sectors and flags, of which UNMAP, 1, is for zeroes alone (5.2.6.2).
    private byte Clear(DescriptorChain chain, bool isDiscard)
    {
        Span<byte> segment = stackalloc byte[SegmentSize];
        if (chain.Readable == 0 || chain.Readable % SegmentSize != 0 || chain.Readable > MaxSegments * SegmentSize) return IOERR;
        while (chain.Readable > 0)
        {
            if (!chain.TryRead(segment)) return IOERR;
            ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(segment);
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(segment[8..]), flags = BinaryPrimitives.ReadUInt32LittleEndian(segment[12..]);
            if (flags > 1 || (isDiscard && flags != 0)) return UNSUPP;
            if (count > MaxZeroSectors || !IsOnDisk(sector, (ulong)count * SectorSize)) return IOERR;
            if (isDiscard) _disk.Discard((long)sector * SectorSize, (long)count * SectorSize);
            else _disk.Clear((long)sector * SectorSize, (long)count * SectorSize);
        }

        return OK;
    }

    private byte Store(byte status) => status == OK && (Volatile.Read(ref _negotiated) & FLUSH) == 0 ? Flush() : status;

    private byte Flush()
    {
        _disk.Flush();
        return OK;
    }

    private bool IsOnDisk(ulong sector, ulong length) => length % SectorSize == 0 && sector <= _sectors && length / SectorSize <= _sectors - sector;

    private void Set(int offset, ulong value, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..size].CopyTo(_configuration.AsSpan(offset));
    }
}
