namespace Armillary.Machine.Gic;

/// <summary>The GICv2 as the board wires it: frames that know which CPU accesses them, timers at the virtual CPUs.</summary>
internal sealed class GicV2Device : IBoardGic, IPrivateInterruptHandler
{
    private readonly VirtualCpu?[] _cpus;

    public GicV2Device(int cpus, int sharedInterrupts)
    {
        _cpus = new VirtualCpu[cpus];
        Controller = new(cpus, sharedInterrupts, (cpu, line, asserted) => _cpus[cpu]?.SetInterruptLine(line, asserted));
    }

    public GicV2 Controller { get; }

    /// <inheritdoc/>
    public void SetShared(int intid, bool asserted) => Controller.SetShared(intid, asserted);

    /// <inheritdoc/>
    public void Attach(VirtualCpu cpu)
    {
        _cpus[cpu.Index] = cpu;
        cpu.PrivateInterruptHandler = this;
        cpu.MmioHandler = new Frames(Controller, cpu.Index, cpu.MmioHandler!);
        Controller.Signal(cpu.Index);
    }

    /// <inheritdoc/>
    public InterruptControllerState Save() => Controller.Save();

    /// <inheritdoc/>
    public void Restore(InterruptControllerState state)
        => Controller.Restore(state as GicV2State ?? throw new ArgumentException("The state is of another interrupt controller.", nameof(state)));

    /// <inheritdoc/>
    public void SetLevel(VirtualCpu cpu, PrivateInterrupt interrupt, bool asserted) => Controller.SetPrivate(cpu.Index, (int)interrupt, asserted);

    // A CPU's view of the bus: the controller's registers are its own, the rest is everybody's.
    private sealed class Frames(GicV2 controller, int cpu, IMmioHandler rest) : IMmioHandler
    {
        public bool Read(ulong gpa, int size, out ulong value)
        {
            if (gpa - MemoryMap.GicDistributor < GicRegisters.DistributorSize) value = controller.ReadDistributor(cpu, gpa - MemoryMap.GicDistributor, size);
            else if (gpa - MemoryMap.GicCpuInterface < GicV2Registers.CpuInterfaceSize) value = controller.ReadInterface(cpu, gpa - MemoryMap.GicCpuInterface, size);
            else return rest.Read(gpa, size, out value);
            return true;
        }

        public bool Write(ulong gpa, int size, ulong value)
        {
            if (gpa - MemoryMap.GicDistributor < GicRegisters.DistributorSize) controller.WriteDistributor(cpu, gpa - MemoryMap.GicDistributor, size, value);
            else if (gpa - MemoryMap.GicCpuInterface < GicV2Registers.CpuInterfaceSize) controller.WriteInterface(cpu, gpa - MemoryMap.GicCpuInterface, size, value);
            else return rest.Write(gpa, size, value);
            return true;
        }
    }
}
