using System.ComponentModel;
using System.Diagnostics;

namespace Armillary.Cli.Running;

/// <summary>
/// The terminal on standard input, giving every key at once and as it is, until this is disposed. <c>stty</c> sets it: what a terminal's
/// settings look like in memory is another thing on every system.
/// </summary>
internal sealed class RawTerminal : IDisposable
{
    private readonly string _before;

    private RawTerminal(string before) => _before = before;

    /// <summary>Sets it; null where there is no <c>stty</c>.</summary>
    public static RawTerminal? TryEnter()
    {
        if (OperatingSystem.IsWindows() || Set("-g") is not { Length: > 0 } before) return null;
        return Set("-icanon", "-echo", "-isig", "-iexten", "-ixon", "-icrnl", "min", "1", "time", "0") is null ? null : new RawTerminal(before);
    }

    /// <inheritdoc/>
    public void Dispose() => Set(_before);

    // What it prints; null if it fails.
    private static string? Set(params string[] settings)
    {
        try
        {
            using Process stty = Process.Start(new ProcessStartInfo("stty", settings) { RedirectStandardOutput = true })!;
            string printed = stty.StandardOutput.ReadToEnd().Trim();
            stty.WaitForExit();
            return stty.ExitCode == 0 ? printed : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
