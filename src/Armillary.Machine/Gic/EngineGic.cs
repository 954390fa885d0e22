namespace Armillary.Machine.Gic;

/// <summary>The engine's own GICv3: neither its frames nor the virtual CPUs' outputs are the board's affair.</summary>
internal sealed class EngineGic(VirtualMachine machine, int cpus) : IBoardGic
{
    private readonly InterruptController _controller = machine.CreateInterruptController(new()
    {
        Distributor = MemoryMap.GicDistributor,
        Redistributors = MemoryMap.GicRedistributors,
        Cpus = cpus,
        SharedInterrupts = MemoryMap.SharedInterrupts,
    });

    public void SetShared(int intid, bool asserted) => _controller.SetShared(intid, asserted);

    public void Attach(VirtualCpu cpu)
    {
        // The engine has wired it.
    }

    public InterruptControllerState Save() => throw new NotSupportedException($"The interrupt controller of the {machine.Backend.Name} engine cannot be saved.");

    public void Restore(InterruptControllerState state) => throw new NotSupportedException($"The interrupt controller of the {machine.Backend.Name} engine cannot be restored.");
}
