using Armillary.Arm64;

namespace Armillary.Machine.Gic;

/// <summary>The GICv3 as the board wires it: frames on the bus, CPU interfaces and timers at the virtual CPUs.</summary>
internal sealed class GicDevice : IBoardGic, IGicCpuInterface, IPrivateInterruptHandler
{
    private readonly VirtualCpu?[] _cpus;

    public GicDevice(int cpus, int sharedInterrupts)
    {
        _cpus = new VirtualCpu[cpus];
        Controller = new(cpus, sharedInterrupts, (cpu, line, asserted) => _cpus[cpu]?.SetInterruptLine(line, asserted));
    }

    public GicV3 Controller { get; }

    public IDevice Distributor => new Frame(Controller.ReadDistributor, Controller.WriteDistributor);

    public IDevice Redistributors => new Frame(Controller.ReadRedistributor, Controller.WriteRedistributor);

    /// <inheritdoc/>
    public void SetShared(int intid, bool asserted) => Controller.SetShared(intid, asserted);

    /// <inheritdoc/>
    public void Attach(VirtualCpu cpu)
    {
        _cpus[cpu.Index] = cpu;
        cpu.GicCpuInterface = this;
        cpu.PrivateInterruptHandler = this;
        Controller.Signal(cpu.Index);
    }

    /// <inheritdoc/>
    public bool TryRead(VirtualCpu cpu, SystemRegister register, out ulong value) => Controller.TryReadRegister(cpu.Index, register, out value);

    /// <inheritdoc/>
    public bool TryWrite(VirtualCpu cpu, SystemRegister register, ulong value) => Controller.TryWriteRegister(cpu.Index, register, value);

    /// <inheritdoc/>
    public InterruptControllerState Save() => Controller.Save();

    /// <inheritdoc/>
    public void Restore(InterruptControllerState state)
        => Controller.Restore(state as GicState ?? throw new ArgumentException("The state is of another interrupt controller.", nameof(state)));

    /// <inheritdoc/>
    public void SetLevel(VirtualCpu cpu, PrivateInterrupt interrupt, bool asserted) => Controller.SetPrivate(cpu.Index, (int)interrupt, asserted);

    private sealed class Frame(Func<ulong, int, ulong> read, Action<ulong, int, ulong> write) : IDevice
    {
        public ulong Read(ulong offset, int size) => read(offset, size);

        public void Write(ulong offset, int size, ulong value) => write(offset, size, value);
    }
}
