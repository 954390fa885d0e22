namespace Armillary;

/// <summary>
/// What a virtual CPU's own devices are wired to: an interrupt controller. The engine calls it on the virtual CPU's thread
/// when an output changes; it usually answers with <see cref="VirtualCpu.SetInterruptLine"/>.
/// </summary>
public interface IPrivateInterruptHandler
{
    /// <summary>An output changed.</summary>
    /// <param name="cpu">The virtual CPU whose output it is.</param>
    /// <param name="interrupt">The output.</param>
    /// <param name="asserted">Its level.</param>
    void SetLevel(VirtualCpu cpu, PrivateInterrupt interrupt, bool asserted);
}
