using System.Runtime.InteropServices;
using Armillary.Kvm.Interop;
using Microsoft.Win32.SafeHandles;

namespace Armillary.Kvm;

/// <summary><c>/dev/kvm</c>: what it can do, and what keeps a process from using it.</summary>
internal static class KvmHost
{
    public const string Device = "/dev/kvm";

    private const int ApiVersion = 12; // since Linux 2.6.22, for good

    /// <summary>Whether KVM can be used, and if not, why.</summary>
    public static EngineStatus Examine()
    {
        using SafeFileHandle? device = Open(out int error);
        if (device is null) return Refused(error);
        int version = Call(device, KvmIoctl.KVM_GET_API_VERSION);
        if (version != ApiVersion) return new(false, $"{Device} speaks version {version} of KVM's interface; version {ApiVersion} is needed.");
        foreach ((int capability, string name) in (ReadOnlySpan<(int, string)>)[(KvmIoctl.KVM_CAP_USER_MEMORY, "user memory"), (KvmIoctl.KVM_CAP_READONLY_MEM, "read-only memory"), (KvmIoctl.KVM_CAP_IMMEDIATE_EXIT, "immediate exits"), (KvmIoctl.KVM_CAP_SET_GUEST_DEBUG, "guest debug")])
        {
            if (Call(device, KvmIoctl.KVM_CHECK_EXTENSION, (nuint)capability) <= 0) return new(false, $"KVM of this kernel has no {name} (capability {capability}).", "Linux 4.11 or newer has it.");
        }

        return new(true, $"{RuntimeInformation.OSDescription}, {Call(device, KvmIoctl.KVM_CHECK_EXTENSION, KvmIoctl.KVM_CAP_ARM_VM_IPA_SIZE)}-bit guest physical addresses");
    }

    /// <summary>Opens the device, or says why not.</summary>
    public static SafeFileHandle? Open(out int error)
    {
        int descriptor = LibC.open(Device, LibC.O_RDWR | LibC.O_CLOEXEC);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>A call that is made again when a signal interrupts it; negative on error.</summary>
    public static int Call(SafeFileHandle handle, uint request, nuint argument = 0) => Call((int)handle.DangerousGetHandle(), request, argument);

    /// <inheritdoc cref="Call(SafeFileHandle, uint, nuint)"/>
    public static int Call(int descriptor, uint request, nuint argument = 0)
    {
        int result;
        do result = LibC.ioctl(descriptor, request, argument);
        while (result < 0 && Marshal.GetLastPInvokeError() is LibC.EINTR);
        return result;
    }

    /// <summary>Throws unless a call succeeded.</summary>
    public static int Check(int result, string call) => result >= 0 ? result : throw Error(call);

    /// <summary>The error of the call just made.</summary>
    public static ArmillaryException Error(string call) => Error(call, Marshal.GetLastPInvokeError());

    /// <summary>The same, of an error that is known.</summary>
    public static ArmillaryException Error(string call, int error) => new($"KVM refused {call}: {Marshal.GetPInvokeErrorMessage(error)} ({error}).");

    private static EngineStatus Refused(int error) => error switch
    {
        LibC.ENOENT => new(false, $"There is no {Device}.", "Load KVM (sudo modprobe kvm); inside a virtual machine, switch its nested virtualization on."),
        LibC.EACCES or LibC.EPERM => new(false, $"{Device} may not be opened by user {Environment.UserName}.", "sudo usermod -aG kvm $USER, then log in again."),
        _ => new(false, $"{Device} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)} ({error})."),
    };
}
