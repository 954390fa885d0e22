using Armillary.Machine.Virtio.Queues;

namespace Armillary.Machine.Virtio;

/// <summary>A transport with its queues and its device, as a whole.</summary>
internal sealed record VirtioState(
    uint Status,
    ulong DriverFeatures,
    uint DeviceFeaturesSelection,
    uint DriverFeaturesSelection,
    uint QueueSelection,
    uint InterruptStatus,
    uint Generation,
    IReadOnlyList<VirtqueueState> Queues,
    VirtioDeviceState Device);

/// <summary>What a kind of device has besides; kinds with state derive from it.</summary>
internal record VirtioDeviceState;

/// <summary>A queue: what the driver has set, and where the device is in its rings.</summary>
internal sealed record VirtqueueState(int Size, bool IsReady, ulong Descriptors, ulong Driver, ulong Device, ushort Next, ushort Used, bool NextWrap, bool UsedWrap, ushort Signalled, bool HasSignalled);
