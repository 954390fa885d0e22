namespace Armillary.Machine;

/// <summary>
/// The board's guest physical addresses, those of QEMU's <c>virt</c> machine, so that guests made for it run.
/// </summary>
/// <remarks>
/// <code>
/// 0x0800_0000  GIC distributor
/// 0x0801_0000  GICv2 CPU interface
/// 0x080a_0000  GICv3 redistributors, 0x2_0000 bytes a CPU
/// 0x0900_0000  PL011 UART
/// 0x0901_0000  PL031 real-time clock
/// 0x0903_0000  PL061 GPIO, whose line 3 is the power button
/// 0x0a00_0000  virtio-mmio, 0x200 bytes a device
/// 0x4000_0000  RAM
/// </code>
/// </remarks>
public static class MemoryMap
{
    /// <summary>GIC distributor.</summary>
    public const ulong GicDistributor = 0x0800_0000;

    /// <summary>GICv2 CPU interface.</summary>
    public const ulong GicCpuInterface = 0x0801_0000;

    /// <summary>GICv3 redistributors.</summary>
    public const ulong GicRedistributors = 0x080a_0000;

    /// <summary>PL011 UART.</summary>
    public const ulong Uart = 0x0900_0000;

    /// <summary>PL031 real-time clock.</summary>
    public const ulong RealTimeClock = 0x0901_0000;

    /// <summary>PL061 GPIO.</summary>
    public const ulong Gpio = 0x0903_0000;

    /// <summary>The first virtio device.</summary>
    public const ulong Virtio = 0x0a00_0000;

    /// <summary>First address of RAM.</summary>
    public const ulong Ram = 0x4000_0000;

    /// <summary>Bytes of the windows of the UART, the clock and the GPIO.</summary>
    internal const ulong PeripheralSize = 0x1000;

    /// <summary>SPIs, counted from INTID 32.</summary>
    internal const int UartInterrupt = 1, RealTimeClockInterrupt = 2, GpioInterrupt = 7, SharedInterrupts = 256;

    /// <summary>The GPIO's line of the power button.</summary>
    internal const int PowerButton = 3;

    /// <summary>SPI of the first virtio device, and how many there may be.</summary>
    internal const int VirtioInterrupt = 16, MaxVirtio = 32;

    /// <summary>Bytes from a virtio device to the next.</summary>
    internal const ulong VirtioSize = 0x200;
}
