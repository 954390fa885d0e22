using System.Diagnostics.CodeAnalysis;

namespace Armillary;

/// <summary>Interrupt outputs of a virtual CPU, with the INTIDs that the Base System Architecture gives them (DEN0094, 3.8).</summary>
[SuppressMessage("Design", "CA1008:Enums should have zero value", Justification = "INTID 0 is a software-generated interrupt.")]
public enum PrivateInterrupt
{
    /// <summary>Overflow of the performance monitors.</summary>
    PerformanceMonitors = 23,

    /// <summary>The virtual timer of EL1, CNTV_*.</summary>
    VirtualTimer = 27,

    /// <summary>The physical timer of EL1, CNTP_*.</summary>
    PhysicalTimer = 30,
}
