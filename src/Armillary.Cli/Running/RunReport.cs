using System.Globalization;
using Armillary.Machine;

namespace Armillary.Cli.Running;

/// <summary>How a run ended, for people and for programs.</summary>
internal sealed class RunReport
{
    public required MachineOptions Options { get; init; }

    public required MachineExit Exit { get; init; }

    /// <summary>Names for the places.</summary>
    public required PlaceNames Places { get; init; }

    public required RunOutcome Outcome { get; init; }

    /// <summary>The text of --exit-on.</summary>
    public required string? Text { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public int ExitCode => Outcome switch
    {
        RunOutcome.PowerOff or RunOutcome.Reset or RunOutcome.Text => Cli.ExitCode.Success,
        RunOutcome.TimeLimit => Cli.ExitCode.Limit,
        RunOutcome.Key or RunOutcome.Interrupted => Cli.ExitCode.Interrupted,
        _ => Cli.ExitCode.GuestFault,
    };

    public string Message => Outcome switch
    {
        RunOutcome.PowerOff or RunOutcome.Reset => Exit.Message,
        RunOutcome.Fault => $"{Exit.Message} {Where}.",
        RunOutcome.Text => $"The guest printed '{Text}'.",
        RunOutcome.Panic => $"The guest's kernel panicked: {Where}.",
        RunOutcome.ConsoleLost => $"Nobody can see the console any more: {Where}.",
        RunOutcome.Key => $"Ended by Ctrl-A x: {Where}.",
        RunOutcome.Interrupted => $"Interrupted: {Where}.",
        _ => $"The time limit was reached: {Where}.",
    };

    private string Where => Places.Tell(Exit.Places);

    /// <summary>One line.</summary>
    public void WriteText(TextWriter output) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"armillary: {Message} ({Elapsed.TotalSeconds:0.00} s)"));

    public void WriteJson(TextWriter output) => Json.Write(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("engine", Options.Engine.Name);
        writer.WriteNumber("cpus", Options.Cpus);
        writer.WriteNumber("memory", Options.Memory);
        writer.WriteString("outcome", Name(Outcome));
        writer.WriteString("message", Message);
        writer.WriteNumber("exitCode", ExitCode);
        writer.WriteStartArray("places");
        foreach (CpuPlace place in Exit.Places)
        {
            writer.WriteStartObject();
            writer.WriteNumber("cpu", place.Cpu);
            writer.WriteBoolean("on", place.IsOn);
            if (place.IsOn)
            {
                writer.WriteString("pc", $"0x{place.Pc:x}");
                if (Places.Of(place) is { } symbol) writer.WriteString("symbol", symbol);
                writer.WriteNumber("el", place.ExceptionLevel);
                writer.WriteBoolean("waiting", place.IsWaiting);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("elapsed", Elapsed.TotalSeconds);
        writer.WriteEndObject();
    });

    private static string Name(RunOutcome outcome) => outcome switch
    {
        RunOutcome.PowerOff => "power-off",
        RunOutcome.Reset => "reset",
        RunOutcome.Text => "text",
        RunOutcome.Panic => "panic",
        RunOutcome.Fault => "fault",
        RunOutcome.TimeLimit => "time-limit",
        RunOutcome.ConsoleLost => "console-lost",
        _ => "interrupted",
    };
}
