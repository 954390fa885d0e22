namespace Armillary;

/// <summary>What the host's hypervisor answered to a question about its behaviour.</summary>
/// <param name="Id">A name that stays, such as <c>exit.hvc</c>.</param>
/// <param name="Question">The question, for people.</param>
/// <param name="Expected">What the engine relies on, or null where nobody knows and nothing depends on it.</param>
/// <param name="Observed">What happened.</param>
public sealed record ConformanceFinding(string Id, string Question, string? Expected, string Observed)
{
    /// <summary>True if what the engine relies on is so; null if it relies on nothing.</summary>
    public bool? Agrees => Expected is null ? null : Expected == Observed;
}
