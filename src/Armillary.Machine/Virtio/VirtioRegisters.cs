namespace Armillary.Machine.Virtio;

/// <summary>Registers, status bits and features of virtio over MMIO (virtio 1.2, 4.2.2, 2.1 and 6).</summary>
internal static class VirtioRegisters
{
    public const int MagicValue = 0x000, Version = 0x004, DeviceID = 0x008, VendorID = 0x00c, DeviceFeatures = 0x010, DeviceFeaturesSel = 0x014,
        DriverFeatures = 0x020, DriverFeaturesSel = 0x024, QueueSel = 0x030, QueueSizeMax = 0x034, QueueSize = 0x038, QueueReady = 0x044,
        QueueNotify = 0x050, InterruptStatus = 0x060, InterruptACK = 0x064, Status = 0x070, QueueDescLow = 0x080, QueueDescHigh = 0x084,
        QueueDriverLow = 0x090, QueueDriverHigh = 0x094, QueueDeviceLow = 0x0a0, QueueDeviceHigh = 0x0a4, SHMLenLow = 0x0b0, SHMBaseHigh = 0x0bc,
        ConfigGeneration = 0x0fc, Config = 0x100, WindowSize = 0x200;

    public const uint Magic = 0x7472_6976; // "virt"

    public const uint ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4, FEATURES_OK = 8, DEVICE_NEEDS_RESET = 64, FAILED = 128;

    /// <summary>Bits of InterruptStatus: a buffer was used; the configuration, or DEVICE_NEEDS_RESET, changed.</summary>
    public const uint UsedBuffer = 1, ConfigurationChange = 2;

    public const ulong VIRTIO_F_INDIRECT_DESC = 1ul << 28, VIRTIO_F_EVENT_IDX = 1ul << 29, VIRTIO_F_VERSION_1 = 1ul << 32, VIRTIO_F_RING_PACKED = 1ul << 34;
}
