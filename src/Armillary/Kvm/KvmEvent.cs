using System.Runtime.InteropServices;
using Armillary.Kvm.Interop;
using Microsoft.Win32.SafeHandles;

namespace Armillary.Kvm;

/// <summary>An eventfd.</summary>
internal sealed unsafe class KvmEvent : IDisposable
{
    public KvmEvent()
    {
        Descriptor = KvmHost.Check(LibC.eventfd(0, LibC.EFD_CLOEXEC), "eventfd");
        Handle = new SafeFileHandle(Descriptor, ownsHandle: true);
    }

    public SafeFileHandle Handle { get; }

    /// <summary>The same as a number; valid until it is disposed.</summary>
    public int Descriptor { get; }

    public void Signal()
    {
        ulong one = 1;
        bool held = false;
        try
        {
            Handle.DangerousAddRef(ref held);
            LibC.write(Descriptor, &one, sizeof(ulong));
        }
        finally
        {
            if (held) Handle.DangerousRelease();
        }
    }

    /// <summary>Sleeps until it is signalled, and takes all signals.</summary>
    public void Wait()
    {
        ulong count;
        bool held = false;
        try
        {
            Handle.DangerousAddRef(ref held); // the descriptor stays open meanwhile
            while (LibC.read(Descriptor, &count, sizeof(ulong)) < 0 && Marshal.GetLastPInvokeError() == LibC.EINTR)
            {
                // Signals are not events.
            }
        }
        finally
        {
            if (held) Handle.DangerousRelease();
        }
    }

    public void Dispose() => Handle.Dispose();
}
