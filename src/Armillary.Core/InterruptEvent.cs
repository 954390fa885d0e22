using System.Runtime.InteropServices;

namespace Armillary;

/// <summary>An event that makes an interrupt pending. May be used from any thread.</summary>
public abstract class InterruptEvent : IDisposable
{
    private protected InterruptEvent() { }

    /// <summary>Makes the interrupt pending. Before the first virtual CPU runs, signals are kept; they do not add up.</summary>
    public abstract void Signal();

    /// <summary>
    /// What another process, or the kernel (as for vhost), may signal it by; null where there is no such thing. KVM: an eventfd, of which each write
    /// is a signal.
    /// </summary>
    public abstract SafeHandle? Handle { get; }

    /// <summary>Disconnects it.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disconnects it.</summary>
    protected abstract void Dispose(bool disposing);
}
