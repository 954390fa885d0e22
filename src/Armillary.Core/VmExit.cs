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

    /// <summary>
    /// The exit of an access to a device. Its syndrome says what every engine knows, whatever the hardware's tables were: a translation
    /// fault at level 1 with the access's size and direction.
    /// </summary>
    internal static VmExit Access(ulong va, ulong gpa, int size, bool write, ulong value)
    {
        const uint ISV = 1 << 24, WnR = 1 << 6, TranslationLevel1 = 0b000101;
        return new VmExit
        {
            Reason = VmExitReason.Mmio,
            Syndrome = Syndrome.Create(Arm64.ExceptionClass.DataAbortLower, ISV | ((uint)System.Numerics.BitOperations.Log2((uint)size) << 22) | (write ? WnR : 0) | TranslationLevel1),
            VirtualAddress = va,
            PhysicalAddress = gpa,
            Size = size,
            IsWrite = write,
            Value = value,
        };
    }
}
