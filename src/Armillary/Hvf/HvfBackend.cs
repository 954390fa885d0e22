using System.Runtime.InteropServices;

namespace Armillary.Hvf;

/// <summary>Apple's Hypervisor.framework on Apple Silicon.</summary>
public sealed class HvfBackend : Backend
{
    private const string NotYet = "Hypervisor.framework is there, but this version of Armillary has no engine for it yet.";

    /// <summary>Creates the engine's description; it holds nothing.</summary>
    public HvfBackend() : base("hvf", "Hypervisor.framework") { }

    /// <inheritdoc/>
    public override EngineStatus Probe()
    {
        if (!OperatingSystem.IsMacOS()) return new(false, $"Hypervisor.framework is part of macOS; this is {RuntimeInformation.OSDescription}.");
        if (RuntimeInformation.ProcessArchitecture == Architecture.Arm64) return new(false, NotYet, $"Use --engine software (or {Backends.Auto}).");
        return RuntimeInformation.OSArchitecture == Architecture.Arm64
            ? new(false, $"This process is {RuntimeInformation.ProcessArchitecture} and runs under Rosetta.", "Use the Arm64 build of .NET.")
            : new(false, "Hypervisor.framework runs ARM64 guests on Apple Silicon; this Mac has an Intel processor.");
    }

    private protected override VirtualMachine CreateVirtualMachineCore() => throw new EngineUnavailableException(Name, new EngineStatus(false, NotYet));
}
