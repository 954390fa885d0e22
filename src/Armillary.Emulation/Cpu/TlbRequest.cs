namespace Armillary.Emulation.Cpu;

/// <summary>What of its translations a virtual CPU forgets.</summary>
/// <param name="Scope">Which kind.</param>
/// <param name="Start">The address of the first page, without a tag, or an ASID, or a page of host memory.</param>
/// <param name="Length">Bytes, for a range of addresses.</param>
internal readonly record struct TlbRequest(TlbScope Scope, ulong Start = 0, ulong Length = 0);

internal enum TlbScope
{
    /// <summary>All translations.</summary>
    All,

    /// <summary>Those of an address space that are its own.</summary>
    AddressSpace,

    /// <summary>Those of a range of virtual addresses, in every address space: a global one is of all of them.</summary>
    Range,

    /// <summary>Those by which stores reach a page of host memory.</summary>
    Writes,
}
