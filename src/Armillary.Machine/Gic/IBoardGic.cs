namespace Armillary.Machine.Gic;

/// <summary>The board's interrupt controller: its own model, or the engine's.</summary>
internal interface IBoardGic
{
    /// <summary>Any thread: the level of a shared interrupt's input.</summary>
    void SetShared(int intid, bool asserted);

    /// <summary>Wires a virtual CPU; on its thread, before it runs.</summary>
    void Attach(VirtualCpu cpu);
}
