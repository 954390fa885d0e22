using System.Runtime.InteropServices;

namespace Armillary.Kvm;

/// <summary>Linux's KVM on an ARM64 host.</summary>
public sealed class KvmBackend : Backend
{
    /// <summary>Creates the engine's description; it holds nothing.</summary>
    public KvmBackend() : base("kvm", "KVM") { }

    /// <inheritdoc/>
    public override EngineStatus Probe()
    {
        if (!OperatingSystem.IsLinux()) return new(false, $"KVM is part of Linux; this is {RuntimeInformation.OSDescription}.");
        return RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? KvmHost.Examine()
            : new(false, $"KVM runs guests of the host's own architecture: ARM64 guests need an ARM64 host, and this process is {RuntimeInformation.ProcessArchitecture}.");
    }

    private protected override VirtualMachine CreateVirtualMachineCore() => new KvmVirtualMachine(this);
}
