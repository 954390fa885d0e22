using Armillary.Emulation.Models;

namespace Armillary.Emulation.StandIn;

/// <summary>
/// The software CPU behind a native engine: a machine with the same guest memory, whose virtual CPUs execute the instructions that
/// the hardware leaves to its hypervisor without saying what they were.
/// </summary>
internal sealed class StandInMachine : IDisposable
{
    private readonly SoftwareVirtualMachine _machine;

    /// <summary>Creates it, without memory.</summary>
    /// <param name="backend">The engine that it stands in for.</param>
    public StandInMachine(Backend backend)
        => _machine = new SoftwareVirtualMachine(backend, TimeProvider.System, CpuModels.Max, new SoftwareOptions().Random) { IsShared = true };

    /// <summary>The native machine mapped a region.</summary>
    public void Map(GuestMemoryRegion region) => _machine.MapRegion(region);

    /// <summary>The native machine takes a region away: no stand-in touches it after this returns.</summary>
    public void Unmap(GuestMemoryRegion region) => _machine.UnmapRegion(region);

    /// <summary>A region's permissions changed.</summary>
    public void Protect(GuestMemoryRegion region) => _machine.ProtectRegion(region);

    /// <summary>The one that stands in for a virtual CPU; it belongs to the calling thread.</summary>
    public StandInCpu CreateCpu(VirtualCpu native) => new(native, (Cpu.SoftwareVirtualCpu)_machine.CreateVirtualCpu());

    /// <summary>Frees what the stand-ins hold; the memory is the native machine's.</summary>
    public void Dispose() => _machine.Dispose();
}
