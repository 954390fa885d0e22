namespace Armillary.Emulation.Cpu;

/// <summary>The common events that the performance monitors count (Arm ARM D13.12).</summary>
internal enum PerformanceEvent
{
    SW_INCR = 0x00,
    INST_RETIRED = 0x08,
    EXC_TAKEN = 0x09,
    EXC_RETURN = 0x0a,
    CPU_CYCLES = 0x11,

    /// <summary>Instructions that accessed data in memory.</summary>
    MEM_ACCESS = 0x13,

    /// <summary>Nothing is speculated: the same as INST_RETIRED.</summary>
    INST_SPEC = 0x1b,
    CHAIN = 0x1e,

    /// <summary>Nothing stalls: 0 always.</summary>
    STALL_FRONTEND = 0x23,

    /// <inheritdoc cref="STALL_FRONTEND"/>
    STALL_BACKEND = 0x24,

    /// <inheritdoc cref="STALL_FRONTEND"/>
    STALL = 0x3c,
}
