namespace Armillary.Cli.Running;

/// <summary>What ended a run.</summary>
internal enum RunOutcome
{
    PowerOff,
    Reset,

    /// <summary>--exit-on.</summary>
    Text,
    Panic,
    Fault,
    TimeLimit,
    Key,
    Interrupted,
    ConsoleLost,
}
