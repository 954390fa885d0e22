using System.Runtime.InteropServices;
using Armillary.Kvm.Interop;

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

    /// <inheritdoc/>
    public override IReadOnlyList<EngineFact> Inspect()
    {
        if (!Probe().IsAvailable) return [];
        using var machine = new KvmVirtualMachine(this);
        return
        [
            new("virtual CPUs at most", $"{machine.MaxVirtualCpus}"),
            new("hardware breakpoints", $"{machine.Capability(KvmIoctl.KVM_CAP_GUEST_DEBUG_HW_BPS)}"),
            new("hardware watchpoints", $"{machine.Capability(KvmIoctl.KVM_CAP_GUEST_DEBUG_HW_WPS)}"),
            new("interrupt controller", machine.HasInterruptController ? "GICv3" : "none"),
            new("performance monitors", machine.HasPerformanceMonitors ? "yes" : "no"),
            new("hypercalls", machine.ForwardsHypercalls ? "end runs" : "are the kernel's (before Linux 6.4)"),
            new("dirty pages", machine.HasDirtyRings ? $"a ring of {KvmDirtyRing.Length} for each virtual CPU" : "a log for each region"),
        ];
    }

    private protected override VirtualMachine CreateVirtualMachineCore() => new KvmVirtualMachine(this);
}
