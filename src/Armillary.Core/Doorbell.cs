using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Armillary;

/// <summary>
/// What a device's thread sleeps on until the guest stores to a register of it (<see cref="VirtualMachine.CreateDoorbell"/>). Where the engine can, it
/// rings the bell itself and nothing else sees the store; elsewhere the store reaches the <see cref="IMmioHandler"/>, which
/// calls <see cref="Ring"/>. A handler that always does is right on every engine.
/// </summary>
/// <remarks>All methods may be called from any thread. Rings before a wait do not add up: they end one.</remarks>
[SuppressMessage("Design", "CA1063:Implement IDisposable Correctly", Justification = "The engines' bells hold safe handles alone.")]
public class Doorbell : IDisposable
{
    private readonly AutoResetEvent? _event;

    internal Doorbell(bool isManaged = true) => _event = isManaged ? new AutoResetEvent(false) : null;

    /// <summary>True if the engine rings it without a stop of the guest.</summary>
    public virtual bool IsRungByEngine => false;

    /// <summary>What the kernel or another process may wait for and ring it by; null where there is no such thing. KVM: an eventfd.</summary>
    public virtual SafeHandle? Handle => null;

    /// <summary>Rings it.</summary>
    public virtual void Ring() => _event!.Set();

    /// <summary>Sleeps until it rings, or returns at once if it has since the last wait.</summary>
    public virtual void Wait() => _event!.WaitOne();

    /// <summary>Disconnects it. Nobody may be waiting.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disconnects it.</summary>
    protected virtual void Dispose(bool disposing) => _event?.Dispose();
}
