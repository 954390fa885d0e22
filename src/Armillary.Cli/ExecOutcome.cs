namespace Armillary.Cli;

/// <summary>Who ended an exec.</summary>
internal enum ExecOutcome
{
    Exit,
    ExitLimit,
    TimeLimit,
    Interrupted,
}
