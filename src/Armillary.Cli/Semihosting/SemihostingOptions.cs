namespace Armillary.Cli.Semihosting;

/// <summary>What semihosting calls are given.</summary>
/// <param name="Root">The directory whose files the guest may use; null: none.</param>
/// <param name="CommandLine">What SYS_GET_CMDLINE says.</param>
internal sealed record SemihostingOptions(string? Root, string CommandLine);
