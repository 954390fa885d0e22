namespace Armillary;

/// <summary>Whether an engine can run on this machine.</summary>
/// <param name="IsAvailable">True if it can.</param>
/// <param name="Reason">What it runs on, or why it cannot run.</param>
/// <param name="Fix">What the user can do about it, if anything: a command where there is one.</param>
public sealed record EngineStatus(bool IsAvailable, string Reason, string? Fix = null);
