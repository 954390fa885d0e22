namespace Armillary.Machine.Gic;

/// <summary>The board's interrupt controller: its own model, or the engine's.</summary>
internal interface IBoardGic
{
    /// <summary>Any thread: the level of a shared interrupt's input.</summary>
    void SetShared(int intid, bool asserted);

    /// <summary>Wires a virtual CPU; on its thread, while it does not run. Its lines get their levels.</summary>
    void Attach(VirtualCpu cpu);

    /// <summary>Its state, while no CPU runs.</summary>
    /// <exception cref="NotSupportedException">It is the engine's own.</exception>
    InterruptControllerState Save();

    /// <summary>Takes what <see cref="Save"/> gave.</summary>
    /// <exception cref="ArgumentException">It is of another controller.</exception>
    void Restore(InterruptControllerState state);
}
