using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Armillary.Cli;

/// <summary><c>armillary doctor</c>: which engines this machine offers, and what mends the others.</summary>
internal static class DoctorCommand
{
    private const string Hvf = "hvf";

    public static Command Create(Surroundings surroundings)
    {
        Option<bool> json = new("--json") { Description = "JSON on stdout: an array of engines with name, description, available, default, reason, fix, facts; with --hvf an object with facts and findings." };
        Option<bool> hvf = new("--hvf") { Description = "Asks Hypervisor.framework what the engine relies on and what no document says, and prints the answers. For reports from a Mac." };
        var command = new Command("doctor", "Says which engines this machine offers, and for the others why not and what mends it.") { json, hvf };
        command.SetAction(result => result.GetValue(hvf) ? CheckHvf(result.GetValue(json), surroundings) : Run(result.GetValue(json), surroundings));
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
                    WriteFacts(writer, engine);
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
            foreach (EngineFact fact in engine.Inspect()) surroundings.Out.WriteLine($"{"",-9} {fact.Name}: {fact.Value}");
        }

        return ExitCode.Success;
    }

    // Findings that are not as the engine relies on make it an error, so that a script sees it.
    private static int CheckHvf(bool json, Surroundings surroundings)
    {
        Backend engine = Backends.Find(Hvf)!;
        EngineStatus status = engine.Probe();
        if (!status.IsAvailable) throw new EngineUnavailableException(engine.Name, status);
        surroundings.Error.WriteLine("Asking Hypervisor.framework; this takes some seconds.");
        IReadOnlyList<ConformanceFinding> findings = engine.CheckConformance();
        int wrong = findings.Count(f => f.Agrees == false), right = findings.Count(f => f.Agrees == true);
        if (json) WriteFindings(engine, findings, surroundings.Out);
        else foreach (ConformanceFinding finding in findings) Print(finding, surroundings.Out);
        surroundings.Error.WriteLine($"{right} as the engine relies on, {wrong} otherwise, {findings.Count - right - wrong} answers to open questions.");
        return wrong == 0 ? ExitCode.Success : ExitCode.Error;
    }

    private static void Print(ConformanceFinding finding, TextWriter output)
    {
        string verdict = finding.Agrees switch { true => "yes ", false => "NO  ", null => "?   " };
        output.WriteLine($"{verdict}{finding.Id}: {finding.Question}: {finding.Observed}{(finding.Agrees == false ? $" (expected: {finding.Expected})" : "")}");
    }

    private static void WriteFindings(Backend engine, IReadOnlyList<ConformanceFinding> findings, TextWriter output) => Json.Write(output, writer =>
    {
        writer.WriteStartObject();
        WriteFacts(writer, engine);
        writer.WriteStartArray("findings");
        foreach (ConformanceFinding finding in findings)
        {
            writer.WriteStartObject();
            writer.WriteString("id", finding.Id);
            writer.WriteString("question", finding.Question);
            if (finding.Expected is not null) writer.WriteString("expected", finding.Expected);
            writer.WriteString("observed", finding.Observed);
            if (finding.Agrees is { } agrees) writer.WriteBoolean("agrees", agrees);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void WriteFacts(Utf8JsonWriter writer, Backend engine)
    {
        IReadOnlyList<EngineFact> facts = engine.Inspect();
        if (facts.Count == 0) return;
        writer.WriteStartObject("facts");
        foreach (EngineFact fact in facts) writer.WriteString(fact.Name, fact.Value);
        writer.WriteEndObject();
    }
}
