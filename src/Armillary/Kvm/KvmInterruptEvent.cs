using System.Runtime.InteropServices;

namespace Armillary.Kvm;

/// <summary>An irqfd.</summary>
internal sealed class KvmInterruptEvent(KvmGic gic, int intid) : InterruptEvent
{
    private readonly KvmEvent _event = new();
    private bool _isDisposed;

    public override SafeHandle Handle => _event.Handle;

    internal int Descriptor => _event.Descriptor;

    public override void Signal() => _event.Signal();

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _isDisposed) return;
        _isDisposed = true;
        gic.Disconnect(intid, this);
        _event.Dispose();
    }
}
