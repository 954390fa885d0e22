namespace Armillary;

/// <summary>An interrupt input of a virtual CPU. The values are those of Hypervisor.framework's hv_interrupt_type_t.</summary>
public enum InterruptLine
{
    /// <summary>IRQ, masked by PSTATE.I.</summary>
    Irq = 0,

    /// <summary>FIQ, masked by PSTATE.F.</summary>
    Fiq = 1,
}
