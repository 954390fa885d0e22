namespace Armillary;

/// <summary>
/// What a virtual CPU sees of devices. The engine calls it in place, on the virtual CPU's thread, for every data access
/// to a guest physical address that no memory backs, and for writes to memory that the guest may not write.
/// </summary>
/// <remarks>
/// An access is naturally aligned and 1, 2, 4 or 8 bytes wide; the engine splits wider and unaligned ones.
/// A handler that serves several virtual CPUs is called by several threads. It must not run, step or change the state of
/// the virtual CPU that it serves; <see cref="VirtualCpu.RequestExit"/> is the way to stop it. It must not wait for a thread that
/// unmaps or protects guest memory: that thread waits for the virtual CPU. An exception thrown here
/// leaves <see cref="VirtualCpu.Run"/> as it is, with PC at the access.
/// </remarks>
public interface IMmioHandler
{
    /// <summary>Serves a guest load.</summary>
    /// <param name="gpa">Guest physical address.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    /// <param name="value">What the guest reads; the engine keeps the low <paramref name="size"/> bytes.</param>
    /// <returns>False if nothing is there: the access then ends the run as <see cref="VmExitReason.Mmio"/>.</returns>
    bool Read(ulong gpa, int size, out ulong value);

    /// <summary>Serves a guest store.</summary>
    /// <param name="gpa">Guest physical address.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    /// <param name="value">The value, zero-extended.</param>
    /// <returns>False if nothing is there: the access then ends the run as <see cref="VmExitReason.Mmio"/>.</returns>
    bool Write(ulong gpa, int size, ulong value);
}
