namespace Armillary.Cli;

/// <summary>What a command sees of the process that it runs in.</summary>
/// <param name="Out">Data.</param>
/// <param name="Error">Diagnostics.</param>
/// <param name="Time">The clock of limits and measurements.</param>
/// <param name="Interrupt">Cancelled by Ctrl-C.</param>
internal sealed record Surroundings(TextWriter Out, TextWriter Error, TimeProvider Time, CancellationToken Interrupt)
{
    /// <summary>Standard input is a terminal, and a guest may have its keys as they are.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>The guest's standard input.</summary>
    public Stream Input { get; init; } = Stream.Null;

    /// <summary>The guest's standard output: the same as <see cref="Out"/>, in bytes.</summary>
    public Stream Output { get; init; } = Stream.Null;

    /// <summary>The guest's standard error.</summary>
    public Stream ErrorOutput { get; init; } = Stream.Null;

    /// <summary>Writes a line to <see cref="Error"/>, marked as coming from this program.</summary>
    public void Complain(string message) => Error.WriteLine("armillary: " + message);
}
