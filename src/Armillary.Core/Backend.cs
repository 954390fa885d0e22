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

    /// <summary>What the engine knows of its host, for reports of what differs between hosts. Creates nothing; empty where there is nothing to say.</summary>
    public virtual IReadOnlyList<EngineFact> Inspect() => [];

    /// <summary>
    /// Asks the host's hypervisor about its behaviour, by virtual machines of its own: what the engine relies on, and what documents leave
    /// open. It takes some seconds.
    /// </summary>
    /// <exception cref="EngineUnavailableException">The engine cannot run on this machine.</exception>
    /// <exception cref="NotSupportedException">The engine has no such questions.</exception>
    public IReadOnlyList<ConformanceFinding> CheckConformance()
    {
        EngineStatus status = Probe();
        return status.IsAvailable ? CheckConformanceCore() : throw new EngineUnavailableException(Name, status);
    }

    private protected virtual IReadOnlyList<ConformanceFinding> CheckConformanceCore() => throw new NotSupportedException($"The {Name} engine has no questions to its host.");

    /// <summary>Creates a virtual machine without memory and without virtual CPUs.</summary>
    /// <exception cref="EngineUnavailableException">The engine cannot run on this machine.</exception>
    public VirtualMachine CreateVirtualMachine()
    {
        EngineStatus status = Probe();
        return status.IsAvailable ? CreateVirtualMachineCore() : throw new EngineUnavailableException(Name, status);
    }

    private protected abstract VirtualMachine CreateVirtualMachineCore();
}
