using System.Runtime.InteropServices;
using Armillary.Kvm.Interop;

namespace Armillary.Kvm;

/// <summary>An ioeventfd.</summary>
internal sealed unsafe class KvmDoorbell : Doorbell
{
    private readonly KvmVirtualMachine _machine;
    private readonly KvmEvent _event = new();
    private readonly ulong _address, _value;
    private readonly uint _size, _flags;
    private bool _isDisposed;

    internal KvmDoorbell(KvmVirtualMachine machine, ulong gpa, int size, ulong? value) : base(isManaged: false)
    {
        (_machine, _address, _size, _value, _flags) = (machine, gpa, (uint)size, value ?? 0, value is null ? 0 : KvmIoctl.KVM_IOEVENTFD_FLAG_DATAMATCH);
        try
        {
            Assign(0);
        }
        catch
        {
            _event.Dispose();
            throw;
        }
    }

    public override bool IsRungByEngine => true;

    public override SafeHandle Handle => _event.Handle;

    public override void Ring() => _event.Signal();

    public override void Wait() => _event.Wait();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing || _isDisposed) return;
        _isDisposed = true;
        if (!_machine.Handle.IsClosed) Assign(KvmIoctl.KVM_IOEVENTFD_FLAG_DEASSIGN);
        _event.Dispose();
    }

    private void Assign(uint flags)
    {
        var bell = new kvm_ioeventfd { datamatch = _value, addr = _address, len = _size, fd = _event.Descriptor, flags = _flags | flags };
        KvmHost.Check(KvmHost.Call(_machine.Handle, KvmIoctl.KVM_IOEVENTFD, (nuint)(&bell)), $"KVM_IOEVENTFD at 0x{_address:x}");
    }
}
