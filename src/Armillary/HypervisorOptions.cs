using Armillary.Arm64;

namespace Armillary;

/// <summary>What a <see cref="Hypervisor"/> is made of. The defaults are enough to run a few instructions.</summary>
public sealed record HypervisorOptions
{
    /// <summary>PSTATE with the four masks set and EL1t: 0x3c4.</summary>
    public const uint DefaultPstate = Arm64.Pstate.Daif | Arm64.Pstate.EL1t;

    /// <summary>The engine. Null, the default: <see cref="Backends.Default"/>.</summary>
    public Backend? Engine { get; init; }

    /// <summary>Devices: called for accesses to addresses that no memory backs. Null, the default: such an access ends the run.</summary>
    public IMmioHandler? MmioHandler { get; init; }

    /// <summary>PSTATE (CPSR) at the start, in the layout of <see cref="Arm64.Pstate"/>: <see cref="DefaultPstate"/>.</summary>
    public uint Pstate { get; init; } = DefaultPstate;

    /// <summary>
    /// True, the default: BRK ends the run. False: the guest handles its own BRK, breakpoints and steps, by its vectors.
    /// </summary>
    public bool TrapDebugExceptions { get; init; } = true;
}
