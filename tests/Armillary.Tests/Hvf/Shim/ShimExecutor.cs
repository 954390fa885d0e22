using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Armillary.Emulation;
using Armillary.Emulation.Cpu;
using Armillary.Hvf.Interop;

namespace Armillary.Tests.Hvf.Shim;

/// <summary>view_t of shim.h: a virtual CPU as the shim keeps it.</summary>
[StructLayout(LayoutKind.Sequential, Size = 848)]
internal unsafe struct ShimView
{
    public ulong Id;
    public fixed ulong X[31];
    public ulong Pc, Fpcr, Fpsr, Cpsr;
    public fixed ulong V[64];
    public ulong* System;
    public ulong VirtualTimerOffset;
    public uint Cancel;
    public byte Irq, Fiq, SError, TrapDebugExceptions, TrapDebugRegisters, VirtualTimerMask;
    public delegate* unmanaged<ulong> Time;
}

/// <summary>executor_t of shim.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ShimCallbacks
{
    public delegate* unmanaged<ShimView*, void> Create;
    public delegate* unmanaged<ShimView*, void> Destroy;
    public delegate* unmanaged<ShimView*, hv_vcpu_exit_t*, void> Run;
    public delegate* unmanaged<ulong, void*, ulong, ulong, uint, void> Memory;
}

/// <summary>
/// Executes the guests behind the shim on the software CPU, trapping what Apple's hypervisor traps. Stage 2 is pieces of memory with
/// permissions of their own, as hv_vm_protect makes them.
/// </summary>
internal static unsafe class ShimExecutor
{
    private static readonly Lock s_lock = new();
    private static readonly ConcurrentDictionary<ulong, ShimCpu> s_cpus = [];
    private static readonly List<Piece> s_pieces = [];
    private static VirtualMachine? s_machine;

    private sealed record Piece(ulong Gpa, ulong Size, nint Host, MemoryPermissions Permissions)
    {
        public GuestMemoryRegion? Region { get; set; }
    }

    /// <summary>What a callback threw; it cannot go through C.</summary>
    public static Exception? Failure { get; set; }

    public static void Register(delegate* unmanaged<ShimCallbacks*, void> register)
    {
        var callbacks = new ShimCallbacks { Create = &Create, Destroy = &Destroy, Run = &Run, Memory = &Memory };
        register(&callbacks);
    }

    /// <summary>A word of guest memory, or null where stage 2 has none.</summary>
    public static uint? ReadWord(ulong gpa)
    {
        lock (s_lock) return s_pieces.Find(p => gpa - p.Gpa < p.Size) is { } piece ? *(uint*)((byte*)piece.Host + (gpa - piece.Gpa)) : null;
    }

    /// <summary>What stage 2 lets the guest do at an address.</summary>
    public static MemoryPermissions? PermissionsAt(ulong gpa)
    {
        lock (s_lock) return s_pieces.Find(p => gpa - p.Gpa < p.Size)?.Permissions;
    }

    [UnmanagedCallersOnly]
    private static void Create(ShimView* view)
    {
        Guard(() =>
        {
            lock (s_lock)
            {
                s_machine ??= NewMachine();
                s_cpus[view->Id] = new ShimCpu((SoftwareVirtualCpu)s_machine.CreateVirtualCpu());
            }
        });
    }

    [UnmanagedCallersOnly]
    private static void Destroy(ShimView* view)
    {
        Guard(() =>
        {
            lock (s_lock)
            {
                s_cpus.TryRemove(view->Id, out ShimCpu? cpu);
                cpu?.Dispose();
                if (!s_cpus.IsEmpty) return;
                s_machine?.Dispose();
                s_machine = null;
                foreach (Piece piece in s_pieces) piece.Region = null;
            }
        });
    }

    [UnmanagedCallersOnly]
    private static void Run(ShimView* view, hv_vcpu_exit_t* exit)
    {
        try
        {
            *exit = s_cpus[view->Id].Run(view);
        }
        catch (Exception error)
        {
            Failure = error;
            *exit = new hv_vcpu_exit_t { reason = hv_exit_reason_t.HV_EXIT_REASON_UNKNOWN };
        }
    }

    [UnmanagedCallersOnly]
    private static void Memory(ulong gpa, void* host, ulong size, ulong flags, uint operation)
    {
        const uint Map = 0, Unmap = 1, FetchAnew = 3, Forget = 4;
        Guard(() =>
        {
            lock (s_lock)
            {
                if (operation == FetchAnew)
                {
                    // Code that the host wrote is stale until the host says so.
                    foreach (Piece piece in s_pieces)
                    {
                        if ((nint)host >= piece.Host && (nint)host < piece.Host + (nint)piece.Size) s_machine?.NoticeHostWrite(piece.Gpa + (ulong)((nint)host - piece.Host), size);
                    }

                    return;
                }

                if (operation == Forget)
                {
                    s_pieces.Clear();
                    return;
                }

                if (operation == Map)
                {
                    Add(new Piece(gpa, size, (nint)host, (MemoryPermissions)flags));
                    return;
                }

                foreach (Piece piece in s_pieces.Where(p => p.Gpa < gpa + size && gpa < p.Gpa + p.Size).ToArray())
                {
                    ulong start = Math.Max(gpa, piece.Gpa), end = Math.Min(gpa + size, piece.Gpa + piece.Size);
                    Remove(piece);
                    if (piece.Gpa < start) Add(piece with { Size = start - piece.Gpa, Region = null });
                    if (operation != Unmap) Add(piece with { Gpa = start, Size = end - start, Host = piece.Host + (nint)(start - piece.Gpa), Permissions = (MemoryPermissions)flags, Region = null });
                    if (end < piece.Gpa + piece.Size) Add(piece with { Gpa = end, Size = piece.Gpa + piece.Size - end, Host = piece.Host + (nint)(end - piece.Gpa), Region = null });
                }
            }
        });
    }

    private static VirtualMachine NewMachine()
    {
        VirtualMachine machine = new SoftwareBackend().CreateVirtualMachine();
        foreach (Piece piece in s_pieces) Show(machine, piece);
        return machine;
    }

    private static void Add(Piece piece)
    {
        s_pieces.Add(piece);
        if (s_machine is not null) Show(s_machine, piece);
    }

    private static void Remove(Piece piece)
    {
        s_pieces.Remove(piece);
        if (piece.Region is not null) s_machine?.UnmapRegion(piece.Region);
    }

    private static void Show(VirtualMachine machine, Piece piece)
    {
        piece.Region = new GuestMemoryRegion(piece.Gpa, piece.Size, piece.Permissions, new HostMemory((byte*)piece.Host));
        machine.MapRegion(piece.Region);
    }

    private static void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            Failure = error;
        }
    }
}
