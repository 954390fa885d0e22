using Armillary.Machine.Virtio.Block;
using Armillary.Machine.Virtio.Console;
using Armillary.Machine.Virtio.Entropy;

namespace Armillary.Machine.Virtio;

/// <summary>A board's virtio devices in the order of their addresses: disks, console, entropy.</summary>
internal sealed class VirtioBoard : IDisposable
{
    private const int MaxQueues = 32;

    private readonly List<VirtioTransport> _transports = [];
    private readonly ConsoleDevice? _console;

    public VirtioBoard(MachineOptions options, VirtualMachine machine, Bus bus, Func<int, Action<bool>> wire)
    {
        if (options.VirtioDevices > MemoryMap.MaxVirtio) throw new ArgumentOutOfRangeException(nameof(options), options.VirtioDevices, $"A board has {MemoryMap.MaxVirtio} virtio devices at most: disks, console and entropy.");
        try
        {
            foreach (DiskOptions disk in options.Disks) Add(Open(disk));
            if (options.Ports.Count > 0) Add(_console = new ConsoleDevice(options.Ports));
            if (options.Entropy is { } fill) Add(new EntropyDevice(fill));
        }
        catch
        {
            Dispose();
            throw;
        }

        void Add(VirtioDevice device)
        {
            int number = _transports.Count;
            ulong at = MemoryMap.Virtio + ((ulong)number * MemoryMap.VirtioSize);
            var transport = new VirtioTransport(device, machine.Memory, queue => machine.CreateDoorbell(at + VirtioRegisters.QueueNotify, sizeof(uint), (ulong)queue), wire(MemoryMap.VirtioInterrupt + number));
            _transports.Add(transport);
            bus.Add(at, MemoryMap.VirtioSize, transport);
        }
    }

    /// <summary>Any thread: the size of the terminal that the console's first port is on.</summary>
    public void Resize(int columns, int rows) => _console?.Resize((ushort)Math.Clamp(columns, 1, ushort.MaxValue), (ushort)Math.Clamp(rows, 1, ushort.MaxValue));

    /// <summary>The state of all; the devices begin nothing any more.</summary>
    public IReadOnlyList<VirtioState> Save()
    {
        foreach (VirtioTransport transport in _transports) transport.Freeze();
        return [.. _transports.Select(transport => transport.Save())];
    }

    /// <exception cref="ArgumentException">The state is of other devices.</exception>
    public void Restore(IReadOnlyList<VirtioState> states)
    {
        if (states.Count != _transports.Count) throw new ArgumentException($"The state is of {states.Count} virtio devices, the board has {_transports.Count}.", nameof(states));
        foreach ((VirtioTransport transport, VirtioState state) in _transports.Zip(states)) transport.Restore(state);
    }

    public void Dispose()
    {
        foreach (VirtioTransport transport in _transports) transport.Dispose();
    }

    private static BlockDevice Open(DiskOptions disk)
    {
        if (disk.Queues is < 1 or > MaxQueues) throw new ArgumentOutOfRangeException(nameof(disk), disk.Queues, $"A disk has 1 to {MaxQueues} queues.");
        if (disk.Serial.Length > BlockRegisters.IdSize || disk.Serial.Any(c => c is < ' ' or > '~')) throw new ArgumentException($"The serial number '{disk.Serial}' is not {BlockRegisters.IdSize} ASCII characters at most.", nameof(disk));
        return new BlockDevice(new FileDisk(disk.Path, disk.IsReadOnly), disk.Serial, disk.Queues);
    }
}
