namespace Armillary.Machine.Virtio.Block;

/// <summary>Features, requests and the configuration of a block device (virtio 1.2, 5.2).</summary>
internal static class BlockRegisters
{
    public const ulong SEG_MAX = 1 << 2, RO = 1 << 5, BLK_SIZE = 1 << 6, FLUSH = 1 << 9, MQ = 1 << 12, DISCARD = 1 << 13, WRITE_ZEROES = 1 << 14;

    public const uint IN = 0, OUT = 1, FLUSH_REQUEST = 4, GET_ID = 8, DISCARD_REQUEST = 11, WRITE_ZEROES_REQUEST = 13;

    public const byte OK = 0, IOERR = 1, UNSUPP = 2;

    public const int HeaderSize = 16, SegmentSize = 16, IdSize = 20, SectorSize = 512;

    /// <summary>Offsets of struct virtio_blk_config, and its size.</summary>
    public const int Capacity = 0, SegMax = 12, BlkSize = 20, NumQueues = 34, MaxDiscardSectors = 36, MaxDiscardSeg = 40, DiscardSectorAlignment = 44,
        MaxWriteZeroesSectors = 48, MaxWriteZeroesSeg = 52, WriteZeroesMayUnmap = 56, ConfigurationSize = 60;
}
