using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Armillary.Cli;

/// <summary>--timeout: how long a run may take.</summary>
internal static class TimeLimit
{
    // The longest delay of a .NET timer is 2^32 - 2 milliseconds.
    public static Option<TimeSpan?> Option() => new("--timeout")
    {
        Description = "Ends the run after this time; fractions are taken.",
        HelpName = "SECONDS",
        CustomParser = result => double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0.001 and <= 4_000_000
            ? TimeSpan.FromSeconds(seconds)
            : Fail(result, $"--timeout takes seconds from 0.001 to 4000000, not '{result.Tokens[0].Value}'."),
    };

    private static TimeSpan? Fail(ArgumentResult result, string message)
    {
        result.AddError(message);
        return null;
    }
}
