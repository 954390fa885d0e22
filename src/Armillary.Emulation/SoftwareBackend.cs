using System.Runtime.InteropServices;

namespace Armillary.Emulation;

/// <summary>The software engine: an ARM64 CPU in C#, on every host that .NET runs on.</summary>
public sealed class SoftwareBackend : Backend
{
    private readonly TimeProvider _time;

    /// <summary>Creates the engine; its guests' time is the system's.</summary>
    public SoftwareBackend() : this(TimeProvider.System) { }

    /// <summary>Creates the engine with a clock of its own for the guests' generic timer.</summary>
    public SoftwareBackend(TimeProvider time) : base("software", "Software CPU")
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
    }

    /// <inheritdoc/>
    public override EngineStatus Probe() => new(true, $"interpreter on {RuntimeInformation.ProcessArchitecture} {RuntimeInformation.FrameworkDescription}");

    private protected override VirtualMachine CreateVirtualMachineCore() => new SoftwareVirtualMachine(this, _time, Models.CpuModels.Max);
}
