namespace Armillary;

/// <summary>An interrupt input of a virtual CPU. The values of the first two are those of Hypervisor.framework's hv_interrupt_type_t.</summary>
public enum InterruptLine
{
    /// <summary>IRQ, masked by PSTATE.I.</summary>
    Irq = 0,

    /// <summary>FIQ, masked by PSTATE.F.</summary>
    Fiq = 1,

    /// <summary>
    /// SError, masked by PSTATE.A: the system's report of an error that no instruction is the cause of. It falls of itself when the guest takes it.
    /// </summary>
    SError = 2,
}
