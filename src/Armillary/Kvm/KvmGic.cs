using Armillary.Arm64;
using Armillary.Kvm.Interop;
using Microsoft.Win32.SafeHandles;

namespace Armillary.Kvm;

/// <summary>The kernel's GICv3 (Documentation/virt/kvm/devices/arm-vgic-v3.rst).</summary>
internal sealed unsafe class KvmGic : InterruptController, IDisposable
{
    private const int FirstShared = 32;

    private readonly KvmVirtualMachine _machine;
    private readonly SafeFileHandle _device;
    private readonly Lock _lock = new();

    // Until the kernel's part is complete: it takes neither levels nor events before.
    private readonly List<(int Intid, KvmInterruptEvent Event)> _waiting = [];
    private readonly HashSet<int> _asserted = [];
    private volatile bool _isReady, _isGone;

    internal KvmGic(KvmVirtualMachine machine, InterruptControllerLayout layout) : base(layout)
    {
        _machine = machine;
        var create = new kvm_create_device { type = KvmIoctl.KVM_DEV_TYPE_ARM_VGIC_V3 };
        KvmHost.Check(KvmHost.Call(machine.Descriptor, KvmIoctl.KVM_CREATE_DEVICE, (nuint)(&create)), "KVM_CREATE_DEVICE of a GICv3");
        _device = new SafeFileHandle((nint)create.fd, ownsHandle: true);
        try
        {
            uint interrupts = FirstShared + (uint)layout.SharedInterrupts;
            ulong distributor = layout.Distributor, redistributors = layout.Redistributors;
            Set(KvmIoctl.KVM_DEV_ARM_VGIC_GRP_ADDR, KvmIoctl.KVM_VGIC_V3_ADDR_TYPE_DIST, &distributor, $"the distributor at 0x{distributor:x}");
            Set(KvmIoctl.KVM_DEV_ARM_VGIC_GRP_ADDR, KvmIoctl.KVM_VGIC_V3_ADDR_TYPE_REDIST, &redistributors, $"the redistributors at 0x{redistributors:x}");
            Set(KvmIoctl.KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0, &interrupts, $"{interrupts} interrupts");
        }
        catch
        {
            _device.Dispose();
            throw;
        }
    }

    /// <summary>Before a virtual CPU runs: the kernel's part is complete from the first time on, and takes no more virtual CPUs.</summary>
    public void Prepare()
    {
        if (_isReady) return;
        lock (_lock)
        {
            if (_isReady) return;
            if (_machine.VirtualCpus.Count != Layout.Cpus) throw new InvalidOperationException($"The interrupt controller is for {Layout.Cpus} virtual CPUs and {_machine.VirtualCpus.Count} are there. Fix: create all before one runs.");
            Set(KvmIoctl.KVM_DEV_ARM_VGIC_GRP_CTRL, KvmIoctl.KVM_DEV_ARM_VGIC_CTRL_INIT, null, "the start");
            _isReady = true;
            foreach ((int intid, KvmInterruptEvent waiting) in _waiting) Assign(intid, waiting.Descriptor, 0);
            foreach (int intid in _asserted) SetLine(intid, true);
            _waiting.Clear();
            _asserted.Clear();
        }
    }

    public void Dispose()
    {
        lock (_lock) _isGone = true;
        _device.Dispose();
    }

    /// <summary>The registers of the CPU interface, ICC_*_EL1.</summary>
    public static bool IsInterface(SystemRegister register) => (ushort)register is var encoding
        && encoding >> 14 == 3 && (encoding >> 11 & 7) == 0 && ((encoding >> 7 & 15) == 12 && (encoding >> 3 & 15) >= 8 || register == SystemRegister.ICC_PMR_EL1);

    /// <summary>Reads a register of a CPU interface, while no virtual CPU runs. False if it cannot be read.</summary>
    public bool TryReadInterface(ulong mpidr, SystemRegister register, out ulong value)
    {
        ulong read = 0;
        bool known = Transfer(KvmIoctl.KVM_GET_DEVICE_ATTR, mpidr, register, &read);
        value = read;
        return known;
    }

    /// <summary>Writes one.</summary>
    public bool TryWriteInterface(ulong mpidr, SystemRegister register, ulong value) => Transfer(KvmIoctl.KVM_SET_DEVICE_ATTR, mpidr, register, &value);

    /// <summary>Disconnects an event.</summary>
    internal void Disconnect(int intid, KvmInterruptEvent gone)
    {
        lock (_lock)
        {
            if (_waiting.RemoveAll(w => w.Event == gone) == 0 && !_isGone) Assign(intid, gone.Descriptor, KvmIoctl.KVM_IRQFD_FLAG_DEASSIGN);
        }
    }

    private protected override void SetSharedCore(int intid, bool asserted)
    {
        lock (_lock)
        {
            if (_isGone) return;
            if (_isReady) SetLine(intid, asserted);
            else if (asserted) _asserted.Add(intid);
            else _asserted.Remove(intid);
        }
    }

    private protected override InterruptEvent ConnectEventCore(int intid)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isGone, this);
            var connected = new KvmInterruptEvent(this, intid);
            if (_isReady) Assign(intid, connected.Descriptor, 0);
            else _waiting.Add((intid, connected));
            return connected;
        }
    }

    private void SetLine(int intid, bool asserted)
    {
        var level = new kvm_irq_level { irq = (uint)((KvmIoctl.KVM_ARM_IRQ_TYPE_SPI << KvmIoctl.KVM_ARM_IRQ_TYPE_SHIFT) | intid), level = asserted ? 1u : 0 };
        KvmHost.Check(KvmHost.Call(_machine.Descriptor, KvmIoctl.KVM_IRQ_LINE, (nuint)(&level)), $"KVM_IRQ_LINE of interrupt {intid}");
    }

    private void Assign(int intid, int descriptor, uint flags)
    {
        var irqfd = new kvm_irqfd { fd = (uint)descriptor, gsi = (uint)(intid - FirstShared), flags = flags };
        KvmHost.Check(KvmHost.Call(_machine.Descriptor, KvmIoctl.KVM_IRQFD, (nuint)(&irqfd)), $"KVM_IRQFD of interrupt {intid}");
    }

    // Aff3 to Aff0 are the upper half of the attribute.
    private bool Transfer(uint request, ulong mpidr, SystemRegister register, ulong* value)
    {
        Prepare();
        ulong affinity = (mpidr >> 8 & 0xff00_0000) | (mpidr & 0xff_ffff);
        var attr = new kvm_device_attr { group = KvmIoctl.KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS, attr = (affinity << 32) | (ushort)register, addr = (ulong)value };
        return KvmHost.Call(_device, request, (nuint)(&attr)) >= 0;
    }

    private void Set(uint group, ulong attribute, void* value, string what)
    {
        var attr = new kvm_device_attr { group = group, attr = attribute, addr = (ulong)value };
        KvmHost.Check(KvmHost.Call(_device, KvmIoctl.KVM_SET_DEVICE_ATTR, (nuint)(&attr)), $"KVM_SET_DEVICE_ATTR of the GICv3: {what}");
    }
}
