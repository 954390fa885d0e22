namespace Armillary.Cli;

/// <summary>A command line whose values make no sense together.</summary>
internal sealed class UsageException(string message) : ArmillaryException(message);
