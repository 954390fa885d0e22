using System.Security.Cryptography;

namespace Armillary.Emulation;

/// <summary>What the machines of a <see cref="SoftwareBackend"/> are. The defaults are the most that it can do, in the host's time.</summary>
public sealed record SoftwareOptions
{
    /// <summary>The name of the CPU with everything that is implemented.</summary>
    public const string DefaultCpu = "max";

    /// <summary>
    /// The CPU, one of <see cref="SoftwareBackend.Cpus"/> in any case. A CPU that exists has its own identification, and of its
    /// features those that are implemented; a feature that it lacks is undefined to the guest.
    /// </summary>
    public string Cpu { get; init; } = DefaultCpu;

    /// <summary>
    /// What the guests' RNDR and RNDRRS give: 64 bits a call, on the threads of virtual CPUs. The host's cryptographic generator; a
    /// seeded one makes runs repeatable.
    /// </summary>
    public Func<ulong> Random { get; init; } = static () => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>
    /// Whether loops and functions of the guest are translated to the host's instructions. Where that cannot be done (hosts other than x64 Linux so
    /// far), and for what is not worth it, there is the interpreter; what the guest sees is the same.
    /// </summary>
    public bool TranslatesCode { get; init; } = true;

    /// <summary>The clock of the guests' generic timer: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
