using System.Security.Cryptography;

namespace Armillary.Machine;

/// <summary>What a <see cref="Machine"/> is made of.</summary>
public sealed record MachineOptions
{
    /// <summary>The engine.</summary>
    public required Backend Engine { get; init; }

    /// <summary>Virtual CPUs: 1 to 32.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>The interrupt controller: GICv3, or GICv2, which takes 8 CPUs at most.</summary>
    public int GicVersion { get; init; } = 3;

    /// <summary>Bytes of RAM, a multiple of 2 MiB from 16 MiB on.</summary>
    public ulong Memory { get; init; } = 512ul << 20;

    /// <summary>
    /// An arm64 Linux kernel image, plain, compressed by gzip or zstd, or an EFI application (zboot); or a bare-metal program: an ELF file, or
    /// code for 512 KiB behind the beginning of RAM. It starts at EL1 with the device tree's address in X0.
    /// </summary>
    public required ReadOnlyMemory<byte> Kernel { get; init; }

    /// <summary>The initial RAM disk, or empty.</summary>
    public ReadOnlyMemory<byte> Initrd { get; init; }

    /// <summary>The kernel's command line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>
    /// A flattened device tree in place of the board's own, or empty. It is taken as it is, but for command line, seeds and RAM disk in
    /// <c>/chosen</c>.
    /// </summary>
    public ReadOnlyMemory<byte> DeviceTree { get; init; }

    /// <summary>Entropy for the kernel at boot, or empty. Of more than eight bytes the first eight choose where the kernel puts itself (<c>kaslr-seed</c>).</summary>
    public ReadOnlyMemory<byte> RandomSeed { get; init; }

    /// <summary>Takes what the guest sends to its console, on the guest's threads; not closed.</summary>
    public Stream ConsoleOutput { get; init; } = Stream.Null;

    /// <summary>Disks, which Linux calls <c>vda</c>, <c>vdb</c> and so on.</summary>
    public IReadOnlyList<DiskOptions> Disks { get; init; } = [];

    /// <summary>Ports of a virtio console, beside the UART; none, and there is no such console.</summary>
    public IReadOnlyList<ConsolePort> Ports { get; init; } = [];

    /// <summary>Where the random bytes of the guest's hardware source come from, called by one thread at a time; null, and it has none.</summary>
    public Action<Span<byte>>? Entropy { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>The clock of devices.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal int VirtioDevices => Disks.Count + (Ports.Count > 0 ? 1 : 0) + (Entropy is null ? 0 : 1);
}
