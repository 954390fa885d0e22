namespace Armillary.Machine;

/// <summary>Puts a <see cref="Machine"/> together, step by step: <see cref="MachineOptions"/> says what each part is. For one thread.</summary>
public sealed class MachineBuilder
{
    private MachineOptions _options = new() { Engine = null!, Kernel = default };
    private bool _hasOutput;

    internal MachineBuilder() { }

    /// <summary>The engine; without this there is no machine.</summary>
    public MachineBuilder WithEngine(Backend engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return With(_options with { Engine = engine });
    }

    /// <summary>The kernel, or a bare-metal program.</summary>
    /// <param name="path">A file, which is read now.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public MachineBuilder WithKernel(string path) => WithKernel(File.ReadAllBytes(path));

    /// <inheritdoc cref="WithKernel(string)"/>
    /// <param name="kernel">The file's content.</param>
    public MachineBuilder WithKernel(ReadOnlyMemory<byte> kernel) => With(_options with { Kernel = kernel });

    /// <summary>The initial RAM disk.</summary>
    /// <param name="path">A file, which is read now.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public MachineBuilder WithInitrd(string path) => WithInitrd(File.ReadAllBytes(path));

    /// <inheritdoc cref="WithInitrd(string)"/>
    /// <param name="initrd">The file's content.</param>
    public MachineBuilder WithInitrd(ReadOnlyMemory<byte> initrd) => With(_options with { Initrd = initrd });

    /// <summary>The kernel's command line.</summary>
    public MachineBuilder WithCommandLine(string text) => With(_options with { CommandLine = text });

    /// <summary>A device tree in place of the board's own.</summary>
    /// <param name="tree">A flattened tree.</param>
    public MachineBuilder WithDeviceTree(ReadOnlyMemory<byte> tree) => With(_options with { DeviceTree = tree });

    /// <summary>How many virtual CPUs; 1 without this.</summary>
    public MachineBuilder WithCpus(int count) => With(_options with { Cpus = count });

    /// <summary>Bytes of RAM; 512 MiB without this.</summary>
    public MachineBuilder WithMemory(ulong bytes) => With(_options with { Memory = bytes });

    /// <summary>One more disk.</summary>
    public MachineBuilder WithDisk(DiskOptions disk) => With(_options with { Disks = [.. _options.Disks, disk] });

    /// <summary>One more port of the virtio console.</summary>
    public MachineBuilder WithPort(ConsolePort port) => With(_options with { Ports = [.. _options.Ports, port] });

    /// <summary>Takes what the guest prints, in place of <see cref="Machine.Console"/>.</summary>
    /// <param name="output">Written to on the guest's threads; not closed.</param>
    public MachineBuilder WithConsoleOutput(Stream output)
    {
        _hasOutput = true;
        return With(_options with { ConsoleOutput = output });
    }

    /// <summary>Entropy for the kernel at boot: a guest that gets the same boots the same.</summary>
    public MachineBuilder WithRandomSeed(ReadOnlyMemory<byte> seed) => With(_options with { RandomSeed = seed });

    /// <summary>The clock of devices.</summary>
    public MachineBuilder WithTime(TimeProvider time) => With(_options with { Time = time });

    /// <summary>Changes anything else.</summary>
    public MachineBuilder With(Func<MachineOptions, MachineOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return With(change(_options));
    }

    /// <summary>Makes the machine and loads its guest. It is the caller's, who disposes it.</summary>
    /// <exception cref="InvalidOperationException">There is no engine or no kernel.</exception>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="Machine(MachineOptions)"/>.</exception>
    /// <exception cref="ArmillaryException">As for <see cref="Machine(MachineOptions)"/>.</exception>
    public Machine Build()
    {
        if (_options.Engine is null) throw new InvalidOperationException($"A machine needs an engine: {nameof(WithEngine)}.");
        if (_options.Kernel.IsEmpty) throw new InvalidOperationException($"A machine needs a kernel: {nameof(WithKernel)}.");
        return new Machine(_options, hasConsole: !_hasOutput);
    }

    private MachineBuilder With(MachineOptions options)
    {
        _options = options;
        return this;
    }
}
