namespace Armillary;

/// <summary>
/// A GICv3 of the engine's own (<see cref="VirtualMachine.CreateInterruptController"/>): the guest's accesses to it end no run, the
/// generic timers and the performance monitors are wired to it, and WFI sleeps until it signals.
/// </summary>
/// <remarks>All methods may be called from any thread.</remarks>
public abstract class InterruptController
{
    private const int FirstShared = 32;

    private protected InterruptController(InterruptControllerLayout layout) => Layout = layout;

    /// <summary>What it was made from.</summary>
    public InterruptControllerLayout Layout { get; }

    /// <summary>Sets the level of a shared interrupt's input.</summary>
    /// <param name="intid">INTID, from 32 on.</param>
    /// <param name="asserted">The level.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such interrupt.</exception>
    public void SetShared(int intid, bool asserted)
    {
        ThrowIfNotShared(intid);
        SetSharedCore(intid, asserted);
    }

    /// <summary>
    /// Connects an event to a shared interrupt that the guest takes as an edge: each <see cref="InterruptEvent.Signal"/> makes it pending, without
    /// a call to the engine. Dispose it to disconnect.
    /// </summary>
    /// <param name="intid">INTID, from 32 on.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such interrupt.</exception>
    public InterruptEvent ConnectEvent(int intid)
    {
        ThrowIfNotShared(intid);
        return ConnectEventCore(intid);
    }

    private protected abstract void SetSharedCore(int intid, bool asserted);

    private protected abstract InterruptEvent ConnectEventCore(int intid);

    private void ThrowIfNotShared(int intid)
    {
        if ((uint)(intid - FirstShared) >= (uint)Layout.SharedInterrupts) throw new ArgumentOutOfRangeException(nameof(intid), intid, $"Shared interrupts are {FirstShared} to {FirstShared + Layout.SharedInterrupts - 1}.");
    }
}
