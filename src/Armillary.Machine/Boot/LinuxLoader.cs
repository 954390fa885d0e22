using Armillary.Machine.DeviceTree;

namespace Armillary.Machine.Boot;

/// <summary>Puts a kernel, its RAM disk and the device tree into memory, one behind the other.</summary>
internal static class LinuxLoader
{
    // The tree stands at the beginning of RAM, as QEMU has it, and the kernel 2 MiB behind: it must not be larger (booting.rst).
    private const ulong Alignment = 0x20_0000;

    /// <summary>Returns the kernel's entry and the tree's address.</summary>
    /// <exception cref="ArmillaryException">The kernel is none, or something does not fit.</exception>
    public static (ulong Entry, ulong Tree) Load(MachineOptions options, GuestMemory memory)
    {
        LinuxImage kernel = LinuxImage.Parse(options.Kernel.ToArray());
        ulong entry = MemoryMap.Ram + Alignment + kernel.TextOffset, end = MemoryMap.Ram + options.Memory;
        ulong initrd = (entry + kernel.ImageSize + (Alignment - 1)) & ~(Alignment - 1);
        ulong behind = initrd + (ulong)options.Initrd.Length;
        if (behind > end) throw new ArmillaryException($"Kernel and RAM disk need 0x{behind - MemoryMap.Ram:x} bytes, and the machine has 0x{options.Memory:x}: give it more memory.");
        byte[] tree = BoardTree.Build(options, initrd);
        if ((ulong)tree.Length > Alignment) throw new ArmillaryException($"The device tree has {tree.Length} bytes, more than {Alignment}: shorten the command line.");
        memory.Write(entry, kernel.Content);
        memory.Write(initrd, options.Initrd.Span);
        memory.Write(MemoryMap.Ram, tree);
        return (entry, MemoryMap.Ram);
    }
}
