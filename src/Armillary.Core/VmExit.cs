using Armillary.Arm64;

namespace Armillary;

/// <summary>Why and where a virtual CPU stopped. The same guest gives the same exits on every engine.</summary>
public readonly record struct VmExit
{
    /// <summary>Why the virtual CPU came back.</summary>
    public VmExitReason Reason { get; init; }

    /// <summary>The syndrome in the layout of ESR_EL2 (Arm ARM D24.2.40); 0 for <see cref="VmExitReason.Canceled"/>.</summary>
    public Syndrome Syndrome { get; init; }

    /// <summary>The faulting virtual address (as FAR_EL2 holds it) of an abort, a watchpoint or an MMIO access.</summary>
    public ulong VirtualAddress { get; init; }

    /// <summary>The guest physical address of an abort or of an MMIO access.</summary>
    public ulong PhysicalAddress { get; init; }

    /// <summary>For MMIO: 1, 2, 4 or 8 bytes.</summary>
    public int Size { get; init; }

    /// <summary>For MMIO: true for a store.</summary>
    public bool IsWrite { get; init; }

    /// <summary>For an MMIO store: the value, zero-extended.</summary>
    public ulong Value { get; init; }

    /// <summary>The exception class of <see cref="Syndrome"/>.</summary>
    public ExceptionClass ExceptionClass => Syndrome.Class;
}
