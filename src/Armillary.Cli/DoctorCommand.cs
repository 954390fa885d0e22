using System.CommandLine;
using System.Runtime.InteropServices;

namespace Armillary.Cli;

/// <summary><c>armillary doctor</c>: which engines this machine offers, and what mends the others.</summary>
internal static class DoctorCommand
{
    public static Command Create(Surroundings surroundings)
    {
        Option<bool> json = new("--json") { Description = "One JSON array on stdout: name, description, available, default, reason, fix." };
        var command = new Command("doctor", "Says which engines this machine offers, and for the others why not and what mends it.") { json };
        command.SetAction(result => Run(result.GetValue(json), surroundings));
        return command;
    }

    private static int Run(bool json, Surroundings surroundings)
    {
        Backend chosen = Backends.Default;
        (Backend Engine, EngineStatus Status)[] engines = [.. Backends.All.Select(b => (b, b.Probe()))];
        if (json)
        {
            Json.Write(surroundings.Out, writer =>
            {
                writer.WriteStartArray();
                foreach ((Backend engine, EngineStatus status) in engines)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", engine.Name);
                    writer.WriteString("description", engine.Description);
                    writer.WriteBoolean("available", status.IsAvailable);
                    writer.WriteBoolean("default", engine == chosen);
                    writer.WriteString("reason", status.Reason);
                    if (status.Fix is not null) writer.WriteString("fix", status.Fix);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return ExitCode.Success;
        }

        surroundings.Out.WriteLine($"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}");
        surroundings.Out.WriteLine();
        foreach ((Backend engine, EngineStatus status) in engines)
        {
            string verdict = !status.IsAvailable ? "not available" : engine == chosen ? "available, the default" : "available";
            surroundings.Out.WriteLine($"{engine.Name,-9} {engine.Description}: {verdict}");
            surroundings.Out.WriteLine($"{"",-9} {status.Reason}");
            if (status.Fix is not null) surroundings.Out.WriteLine($"{"",-9} Fix: {status.Fix}");
        }

        return ExitCode.Success;
    }
}
