using Armillary.Machine.Gic;

namespace Armillary.Machine.DeviceTree;

/// <summary>The board's device tree, with QEMU's names for what is there.</summary>
internal static class BoardTree
{
    private const uint GicHandle = 1, ClockHandle = 2, GpioHandle = 3;
    private const uint Spi = 0, Ppi = 1, LevelHigh = 4;

    public static byte[] Build(MachineOptions options, ulong initrd, bool hasPerformanceMonitors)
    {
        var tree = new DeviceTreeWriter();
        tree.Begin("");
        tree.Cells("#address-cells", 2);
        tree.Cells("#size-cells", 2);
        tree.Cells("interrupt-parent", GicHandle);
        tree.Strings("compatible", "linux,dummy-virt");
        tree.Strings("model", "armillary,virt");
        Chosen(tree, options, initrd);
        Memory(tree, options.Memory);
        Cpus(tree, options.Cpus);
        tree.Begin("psci");
        tree.Strings("compatible", "arm,psci-1.0", "arm,psci-0.2");
        tree.Strings("method", "hvc");
        tree.EndOfNode();
        tree.Begin("timer");
        tree.Strings("compatible", "arm,armv8-timer");
        uint flags = PrivateFlags(options);
        tree.Cells("interrupts", Ppi, 13, flags, Ppi, 14, flags, Ppi, 11, flags, Ppi, 10, flags);
        tree.Empty("always-on");
        tree.EndOfNode();
        if (hasPerformanceMonitors) PerformanceMonitors(tree, PrivateFlags(options));
        InterruptController(tree, options);
        tree.Begin("apb-pclk");
        tree.Strings("compatible", "fixed-clock");
        tree.Cells("#clock-cells", 0);
        tree.Cells("clock-frequency", 24_000_000);
        tree.Strings("clock-output-names", "clk24mhz");
        tree.Cells("phandle", ClockHandle);
        tree.EndOfNode();
        Peripheral(tree, "pl011", MemoryMap.Uart, MemoryMap.UartInterrupt, ["arm,pl011", "arm,primecell"], ["uartclk", "apb_pclk"]);
        Peripheral(tree, "pl031", MemoryMap.RealTimeClock, MemoryMap.RealTimeClockInterrupt, ["arm,pl031", "arm,primecell"], ["apb_pclk"]);
        Gpio(tree);
        for (int i = 0; i < options.VirtioDevices; i++) Virtio(tree, i);
        tree.EndOfNode();
        return tree.ToArray();
    }

    // A GICv2's cells have the CPUs too that an interrupt of their own is for.
    private static uint PrivateFlags(MachineOptions options) => options.GicVersion == 2 ? LevelHigh | (((1u << options.Cpus) - 1) << 8) : LevelHigh;

    private static void PerformanceMonitors(DeviceTreeWriter tree, uint flags)
    {
        tree.Begin("pmu");
        tree.Strings("compatible", "arm,armv8-pmuv3");
        tree.Cells("interrupts", Ppi, 7, flags);
        tree.EndOfNode();
    }

    private static void Chosen(DeviceTreeWriter tree, MachineOptions options, ulong initrd)
    {
        tree.Begin("chosen");
        tree.Strings("stdout-path", $"/pl011@{MemoryMap.Uart:x}");
        ChosenNode.Write(tree, options, initrd);
        tree.EndOfNode();
    }

    private static void Memory(DeviceTreeWriter tree, ulong size)
    {
        tree.Begin($"memory@{MemoryMap.Ram:x}");
        tree.Strings("device_type", "memory");
        tree.Wide("reg", MemoryMap.Ram, size);
        tree.EndOfNode();
    }

    private static void Cpus(DeviceTreeWriter tree, int count)
    {
        tree.Begin("cpus");
        tree.Cells("#address-cells", 1);
        tree.Cells("#size-cells", 0);
        for (int i = 0; i < count; i++)
        {
            uint affinity = (uint)GicV3.AffinityOf(i);
            tree.Begin($"cpu@{affinity:x}");
            tree.Strings("device_type", "cpu");
            tree.Strings("compatible", "arm,armv8");
            tree.Cells("reg", affinity);
            tree.Strings("enable-method", "psci");
            tree.EndOfNode();
        }

        tree.EndOfNode();
    }

    private static void InterruptController(DeviceTreeWriter tree, MachineOptions options)
    {
        tree.Begin($"intc@{MemoryMap.GicDistributor:x}");
        tree.Strings("compatible", options.GicVersion == 2 ? "arm,cortex-a15-gic" : "arm,gic-v3");
        tree.Empty("interrupt-controller");
        tree.Cells("#interrupt-cells", 3);
        tree.Cells("#address-cells", 0);
        if (options.GicVersion == 2)
        {
            tree.Wide("reg", MemoryMap.GicDistributor, GicRegisters.DistributorSize, MemoryMap.GicCpuInterface, GicV2Registers.CpuInterfaceSize);
        }
        else
        {
            tree.Cells("#redistributor-regions", 1);
            tree.Wide("reg", MemoryMap.GicDistributor, GicRegisters.DistributorSize, MemoryMap.GicRedistributors, GicRegisters.RedistributorSize * (ulong)options.Cpus);
        }

        tree.Cells("phandle", GicHandle);
        tree.EndOfNode();
    }

    // A key that Linux takes as its power button.
    private static void Gpio(DeviceTreeWriter tree)
    {
        const uint PowerKey = 116; // KEY_POWER of <linux/input-event-codes.h>
        tree.Begin($"pl061@{MemoryMap.Gpio:x}");
        tree.Strings("compatible", "arm,pl061", "arm,primecell");
        tree.Wide("reg", MemoryMap.Gpio, MemoryMap.PeripheralSize);
        tree.Cells("interrupts", Spi, MemoryMap.GpioInterrupt, LevelHigh);
        tree.Cells("clocks", ClockHandle);
        tree.Strings("clock-names", "apb_pclk");
        tree.Empty("gpio-controller");
        tree.Cells("#gpio-cells", 2);
        tree.Cells("phandle", GpioHandle);
        tree.EndOfNode();
        tree.Begin("gpio-keys");
        tree.Strings("compatible", "gpio-keys");
        tree.Begin("poweroff");
        tree.Strings("label", "GPIO Key Poweroff");
        tree.Cells("linux,code", PowerKey);
        tree.Cells("gpios", GpioHandle, MemoryMap.PowerButton, 0);
        tree.EndOfNode();
        tree.EndOfNode();
    }

    private static void Virtio(DeviceTreeWriter tree, int number)
    {
        ulong address = MemoryMap.Virtio + ((ulong)number * MemoryMap.VirtioSize);
        tree.Begin($"virtio_mmio@{address:x}");
        tree.Strings("compatible", "virtio,mmio");
        tree.Wide("reg", address, MemoryMap.VirtioSize);
        tree.Cells("interrupts", Spi, (uint)(MemoryMap.VirtioInterrupt + number), LevelHigh);
        tree.Empty("dma-coherent");
        tree.EndOfNode();
    }

    private static void Peripheral(DeviceTreeWriter tree, string name, ulong address, int interrupt, ReadOnlySpan<string> compatible, ReadOnlySpan<string> clocks)
    {
        tree.Begin($"{name}@{address:x}");
        tree.Strings("compatible", compatible);
        tree.Wide("reg", address, MemoryMap.PeripheralSize);
        tree.Cells("interrupts", Spi, (uint)interrupt, LevelHigh);
        uint[] handles = new uint[clocks.Length];
        handles.AsSpan().Fill(ClockHandle);
        tree.Cells("clocks", handles);
        tree.Strings("clock-names", clocks);
        tree.EndOfNode();
    }
}
