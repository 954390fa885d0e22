namespace Armillary;

/// <summary>
/// An engine that runs ARM64 guests: one of Hypervisor.framework, KVM and the software CPU.
/// An engine is stateless; every virtual machine that it creates is independent.
/// </summary>
public abstract class Backend
{
    private protected Backend(string name, string description)
    {
        Name = name;
        Description = description;
    }

    /// <summary>Short name, as <c>--engine</c> takes it: <c>software</c>, <c>kvm</c>, <c>hvf</c>.</summary>
    public string Name { get; }

    /// <summary>Name for people, such as <c>Hypervisor.framework</c>.</summary>
    public string Description { get; }

    /// <summary>Says whether this engine can run here, and if not, why and what mends it. Creates nothing.</summary>
    public abstract EngineStatus Probe();

    /// <summary>Creates a virtual machine without memory and without virtual CPUs.</summary>
    /// <exception cref="EngineUnavailableException">The engine cannot run on this machine.</exception>
    public VirtualMachine CreateVirtualMachine()
    {
        EngineStatus status = Probe();
        return status.IsAvailable ? CreateVirtualMachineCore() : throw new EngineUnavailableException(Name, status);
    }

    private protected abstract VirtualMachine CreateVirtualMachineCore();
}
