using System.Text;
using Armillary.Machine.DeviceTree;

namespace Armillary.Machine.Boot;

/// <summary>
/// Puts a kernel, its RAM disk and the device tree into memory. As QEMU's <c>-kernel</c> does, it takes Linux images by their own protocol, ELF files
/// at their addresses, and anything else as code for 512 KiB behind the beginning of RAM.
/// </summary>
internal static class GuestLoader
{
    private const ulong Alignment = 0x20_0000, FlatOffset = 0x8_0000;

    // COMMAND_LINE_SIZE of arm64, without its zero.
    private const int MaxCommandLine = 2047;

    /// <summary>Loads the guest. The tree is at the beginning of RAM for Linux, and for an ELF file that is not there itself; else behind all.</summary>
    /// <exception cref="ArmillaryException">The kernel is none, or something does not fit.</exception>
    public static LoadedGuest Load(MachineOptions options, VirtualMachine machine)
    {
        GuestMemory memory = machine.Memory;
        (GuestImage kernel, ulong kernelEnd, bool isFlat) = Read(options.Kernel);
        ulong entry = kernel.EntryPoint ?? kernel.Segments[0].Address, end = MemoryMap.Ram + options.Memory;
        ulong first = kernel.Segments[0].Address;
        if (first < MemoryMap.Ram || kernelEnd > end || kernelEnd < first) throw new ArmillaryException($"The kernel from 0x{first:x} to 0x{kernelEnd - 1:x} lies outside RAM, which is 0x{MemoryMap.Ram:x} to 0x{end - 1:x}.");
        ulong initrd = (kernelEnd + (Alignment - 1)) & ~(Alignment - 1), behind = options.Initrd.IsEmpty ? kernelEnd : initrd + (ulong)options.Initrd.Length;
        if (behind > end) throw new ArmillaryException($"Kernel and RAM disk need 0x{behind - MemoryMap.Ram:x} bytes, and the machine has 0x{options.Memory:x}: give it more memory.");
        byte[] tree = Tree(options, initrd, machine);
        ulong treeAddress = isFlat || MemoryMap.Ram + (ulong)tree.Length > first ? (behind + (Alignment - 1)) & ~(Alignment - 1) : MemoryMap.Ram;
        if (treeAddress + (ulong)tree.Length > end) throw new ArmillaryException($"The device tree does not fit behind kernel and RAM disk: give the machine more memory than 0x{options.Memory:x} bytes.");
        kernel.WriteTo(memory);
        memory.Write(initrd, options.Initrd.Span);
        memory.Write(treeAddress, tree);
        return new(entry, treeAddress, tree);
    }

    // The board's device tree, or the one that was given.
    private static byte[] Tree(MachineOptions options, ulong initrd, VirtualMachine machine)
    {
        if (options.CommandLine.Contains('\0')) throw new ArmillaryException($"The command line has a zero character at {options.CommandLine.IndexOf('\0')}, where it would end.");
        if (Encoding.UTF8.GetByteCount(options.CommandLine) is > MaxCommandLine and var length) throw new ArmillaryException($"The command line has {length} bytes; Linux takes {MaxCommandLine}.");
        byte[] tree = options.DeviceTree.IsEmpty ? BoardTree.Build(options, initrd, machine.HasPerformanceMonitors) : GivenTree.Complete(options.DeviceTree.Span, options, initrd);
        return (ulong)tree.Length <= Alignment ? tree : throw new ArmillaryException($"The device tree has {tree.Length} bytes, more than {Alignment}, which Linux takes.");
    }

    // The image, the address behind all that it uses, and whether it is code without a header.
    private static (GuestImage Image, ulong End, bool IsFlat) Read(ReadOnlyMemory<byte> given)
    {
        ReadOnlyMemory<byte> file = CompressedKernel.Unpack(given);
        if (GuestImage.IsElf(file.Span))
        {
            GuestImage elf = GuestImage.FromElf(file);
            return (elf, elf.Segments[^1].LastAddress + 1, false);
        }

        if (LinuxImage.IsLinux(file.Span))
        {
            // The tree stands at the beginning of RAM, before the kernel, which wants it within 2 MiB (booting.rst).
            LinuxImage linux = LinuxImage.Parse(file);
            ulong address = MemoryMap.Ram + Alignment + linux.TextOffset;
            return (GuestImage.FromFlat(linux.Content, address), address + linux.ImageSize, false);
        }

        if (!file.Equals(given)) throw new ArmillaryException($"The kernel is a compressed file, and what is in it, {file.Length} bytes, is neither an arm64 kernel image nor an ELF file.");
        GuestImage flat = GuestImage.FromFlat(file, MemoryMap.Ram + FlatOffset);
        return (flat, flat.Segments[0].LastAddress + 1, true);
    }
}

/// <summary>What stands in memory.</summary>
/// <param name="Entry">Where the guest begins.</param>
/// <param name="TreeAddress">Where its device tree is.</param>
/// <param name="Tree">The device tree.</param>
internal sealed record LoadedGuest(ulong Entry, ulong TreeAddress, byte[] Tree);
