using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>Why a program stopped.</summary>
internal enum OracleStop
{
    /// <summary>A BRK: the one that follows the program, or another of the code area.</summary>
    Breakpoint,

    /// <summary>An undefined instruction.</summary>
    Undefined,

    /// <summary>An instruction or its data could not be fetched or stored.</summary>
    MemoryFault,

    /// <summary>Another exception.</summary>
    Exception,

    /// <summary>It ran too long.</summary>
    TimeLimit,
}

/// <summary>What a program made of the state.</summary>
/// <param name="Stop">Why it stopped.</param>
/// <param name="FaultAddress">Address of the access that failed; 0 if none did.</param>
/// <param name="After">The state; PC is that of the instruction that stopped it.</param>
internal sealed record OracleResult(OracleStop Stop, ulong FaultAddress, GuestState After)
{
    /// <summary>ESR_EL1, for <see cref="OracleStop.Exception"/>.</summary>
    public ulong Syndrome { get; init; }

    /// <summary>A line for each part of <paramref name="actual"/> that is not as it is here; none if all is.</summary>
    public IEnumerable<string> DifferencesFrom(OracleResult actual)
    {
        if (Stop != actual.Stop) yield return $"stop: expected {Stop}, found {actual.Stop}";
        if (FaultAddress != actual.FaultAddress) yield return $"fault address: expected 0x{FaultAddress:x}, found 0x{actual.FaultAddress:x}";
        foreach (string difference in After.DifferencesFrom(actual.After)) yield return difference;
    }
}
