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

    /// <summary>The virtual CPUs, in the order of their creation.</summary>
    public IReadOnlyList<VirtualCpu> VirtualCpus
    {
        get
        {
            lock (_lock) return [.. _virtualCpus];
        }
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
