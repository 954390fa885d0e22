namespace Armillary;

/// <summary>A virtual machine: guest memory and virtual CPUs. Devices and boot are built on top of it.</summary>
/// <remarks>
/// <see cref="Memory"/> may be used from any thread. Dispose a virtual machine when none of its virtual CPUs is running.
/// </remarks>
public abstract class VirtualMachine : IDisposable
{
    private readonly List<VirtualCpu> _virtualCpus = [];
    private readonly Lock _lock = new();
    private bool _disposed;

    private protected VirtualMachine(Backend backend)
    {
        Backend = backend;
        Memory = new GuestMemory(this);
    }

    /// <summary>The engine that runs it.</summary>
    public Backend Backend { get; }

    /// <summary>Guest physical memory.</summary>
    public GuestMemory Memory { get; }

    /// <summary>The engine's page size in bytes: regions of guest memory are multiples of it.</summary>
    public abstract int PageSize { get; }

    /// <summary>How many virtual CPUs it may have.</summary>
    public abstract int MaxVirtualCpus { get; }

    /// <summary>True if <see cref="CreateInterruptController"/> works: the engine has a GICv3 of its own.</summary>
    public virtual bool HasInterruptController => false;

    /// <summary>The engine's own interrupt controller, once it was asked for.</summary>
    public InterruptController? InterruptController { get; private set; }

    /// <summary>True if its virtual CPUs have the performance monitors of PMUv3.</summary>
    public virtual bool HasPerformanceMonitors => false;

    /// <summary>
    /// True if the engine answers the guest's PSCI calls itself, where the host's kernel shows calls to nobody (Linux before 6.4). SYSTEM_OFF and
    /// SYSTEM_RESET end the run as everywhere; CPU_ON starts a virtual CPU that waits in <see cref="VirtualCpu.Run"/> after
    /// <see cref="VirtualCpu.PowerOff"/>.
    /// </summary>
    public virtual bool AnswersPowerCalls => false;

    /// <summary>The virtual CPUs, in the order of their creation.</summary>
    public IReadOnlyList<VirtualCpu> VirtualCpus
    {
        get
        {
            lock (_lock) return [.. _virtualCpus];
        }
    }

    /// <summary>
    /// Makes the engine's own GICv3. Once, before the first virtual CPU is created; all virtual CPUs must be there before one runs.
    /// <see cref="VirtualCpu.SetInterruptLine"/> takes no IRQ and no FIQ then, and <see cref="VirtualCpu.PrivateInterruptHandler"/> hears nothing.
    /// </summary>
    /// <exception cref="NotSupportedException">The engine has none: see <see cref="HasInterruptController"/>.</exception>
    /// <exception cref="InvalidOperationException">There is one, or there is a virtual CPU.</exception>
    /// <exception cref="ArgumentOutOfRangeException">More virtual CPUs than the engine allows, interrupts than a GICv3 has, or frames that overlap or are not aligned.</exception>
    /// <exception cref="ArmillaryException">The host refused.</exception>
    public InterruptController CreateInterruptController(InterruptControllerLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        lock (_lock)
        {
            ThrowIfDisposed();
            if (!HasInterruptController) throw new NotSupportedException($"The {Backend.Name} engine has no interrupt controller of its own. Fix: give each virtual CPU a GicCpuInterface.");
            if (InterruptController is not null || _virtualCpus.Count > 0) throw new InvalidOperationException("An interrupt controller is made once, before the first virtual CPU.");
            if (layout.Cpus < 1 || layout.Cpus > MaxVirtualCpus) throw new ArgumentOutOfRangeException(nameof(layout), layout.Cpus, $"Virtual CPUs are 1 to {MaxVirtualCpus}.");
            if (layout.SharedInterrupts is < 32 or > 960 || layout.SharedInterrupts % 32 != 0) throw new ArgumentOutOfRangeException(nameof(layout), layout.SharedInterrupts, "Shared interrupts are a multiple of 32, 32 to 960.");
            if ((layout.Distributor | layout.Redistributors) % InterruptControllerLayout.FrameSize != 0) throw new ArgumentOutOfRangeException(nameof(layout), $"0x{layout.Distributor:x}, 0x{layout.Redistributors:x}", "The frames are at multiples of 64 KiB.");
            if (layout.Distributor < layout.Redistributors + layout.RedistributorsSize && layout.Redistributors < layout.Distributor + InterruptControllerLayout.FrameSize)
            {
                throw new ArgumentOutOfRangeException(nameof(layout), $"0x{layout.Distributor:x}, 0x{layout.Redistributors:x}", $"The distributor has 0x{InterruptControllerLayout.FrameSize:x} bytes, the redistributors 0x{layout.RedistributorsSize:x}: they overlap.");
            }

            return InterruptController = CreateInterruptControllerCore(layout);
        }
    }

    /// <summary>Makes a bell that rings when the guest stores to a device's register.</summary>
    /// <param name="gpa">Guest physical address, aligned to the size.</param>
    /// <param name="size">Bytes of the store: 1, 2, 4 or 8. Others do not ring.</param>
    /// <param name="value">The value that rings, or null for any.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is none of these, or the address is not aligned.</exception>
    public Doorbell CreateDoorbell(ulong gpa, int size, ulong? value = null)
    {
        ThrowIfDisposed();
        if (size is not (1 or 2 or 4 or 8)) throw new ArgumentOutOfRangeException(nameof(size), size, "1, 2, 4 or 8 bytes.");
        if ((gpa & (ulong)(size - 1)) != 0) throw new ArgumentOutOfRangeException(nameof(gpa), $"0x{gpa:x}", $"Not a multiple of {size}.");
        return CreateDoorbellCore(gpa, size, value);
    }

    /// <summary>
    /// Creates a virtual CPU that belongs to the calling thread, in the state that a reset leaves: EL1h, all interrupts
    /// masked, MMU and caches off, PC, X0-X30 and SP zero.
    /// </summary>
    /// <exception cref="ArmillaryException">There are <see cref="MaxVirtualCpus"/> already.</exception>
    public VirtualCpu CreateVirtualCpu()
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            int index = _virtualCpus.Count;
            if (index >= MaxVirtualCpus) throw new ArmillaryException($"This virtual machine has {index} virtual CPUs, as many as its engine allows.");
            VirtualCpu cpu = CreateVirtualCpuCore(index);
            _virtualCpus.Add(cpu);
            return cpu;
        }
    }

    /// <summary>Frees the virtual CPUs, the guest memory and what the engine holds.</summary>
    /// <exception cref="VirtualCpuThreadException">A virtual CPU's thread must dispose it first; see <see cref="VirtualCpu.Dispose()"/>.</exception>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the virtual machine holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        lock (_lock)
        {
            if (_disposed) return;
            foreach (VirtualCpu cpu in _virtualCpus)
            {
                if (cpu.IsRunning) throw new InvalidOperationException($"Virtual CPU {cpu.Index} is running; stop it before the virtual machine is disposed.");
                cpu.ThrowIfBoundElsewhere();
            }

            _disposed = true;
            foreach (VirtualCpu cpu in _virtualCpus) cpu.Dispose();
            DisposeCore();
            Memory.FreeAll();
        }
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    internal void MapRegion(GuestMemoryRegion region) => MapRegionCore(region);

    internal void UnmapRegion(GuestMemoryRegion region) => UnmapRegionCore(region);

    internal void ProtectRegion(GuestMemoryRegion region) => ProtectRegionCore(region);

    internal void CollectDirty(GuestMemoryRegion region, Span<ulong> bitmap) => CollectDirtyCore(region, bitmap);

    internal void NoticeHostWrite(ulong gpa, ulong length) => NoticeHostWriteCore(gpa, length);

    private protected abstract VirtualCpu CreateVirtualCpuCore(int index);

    private protected virtual InterruptController CreateInterruptControllerCore(InterruptControllerLayout layout) => throw new NotSupportedException();

    private protected virtual Doorbell CreateDoorbellCore(ulong gpa, int size, ulong? value) => new();

    /// <summary>Makes a region reachable by the guest.</summary>
    private protected abstract void MapRegionCore(GuestMemoryRegion region);

    /// <summary>On return no virtual CPU, running or not, can reach the region's host memory.</summary>
    private protected abstract void UnmapRegionCore(GuestMemoryRegion region);

    /// <summary>On return the region's permissions hold for every virtual CPU.</summary>
    private protected abstract void ProtectRegionCore(GuestMemoryRegion region);

    /// <summary>Moves the dirty bitmap out; later guest writes are seen again.</summary>
    private protected abstract void CollectDirtyCore(GuestMemoryRegion region, Span<ulong> bitmap);

    /// <summary>The host wrote guest memory: code there may have changed.</summary>
    private protected abstract void NoticeHostWriteCore(ulong gpa, ulong length);

    private protected abstract void DisposeCore();
}
