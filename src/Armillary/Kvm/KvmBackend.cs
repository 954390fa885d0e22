using System.Runtime.InteropServices;

namespace Armillary.Kvm;

/// <summary>Linux's KVM on an ARM64 host.</summary>
public sealed class KvmBackend : Backend
{
    private const string Device = "/dev/kvm";
    private const string NotYet = "KVM is there, but this version of Armillary has no KVM engine yet.";

    /// <summary>Creates the engine's description; it holds nothing.</summary>
    public KvmBackend() : base("kvm", "KVM") { }

    /// <inheritdoc/>
    public override EngineStatus Probe()
    {
        if (!OperatingSystem.IsLinux()) return new(false, $"KVM is part of Linux; this is {RuntimeInformation.OSDescription}.");
        if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
        {
            return new(false, $"KVM runs guests of the host's own architecture: ARM64 guests need an ARM64 host, and this process is {RuntimeInformation.ProcessArchitecture}.");
        }

        if (!File.Exists(Device)) return new(false, $"There is no {Device}.", "Load KVM (sudo modprobe kvm); inside a virtual machine, switch its nested virtualization on.");
        try
        {
            File.OpenHandle(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        }
        catch (UnauthorizedAccessException)
        {
            return new(false, $"{Device} may not be opened by user {Environment.UserName}.", "sudo usermod -aG kvm $USER, then log in again.");
        }
        catch (IOException error)
        {
            return new(false, $"{Device} cannot be opened: {error.Message}");
        }

        return new(false, NotYet, $"Use --engine software (or {Backends.Auto}).");
    }

    private protected override VirtualMachine CreateVirtualMachineCore() => throw new EngineUnavailableException(Name, new EngineStatus(false, NotYet));
}
