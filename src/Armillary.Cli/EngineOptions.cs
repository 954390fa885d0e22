using System.CommandLine;
using Armillary.Emulation;

namespace Armillary.Cli;

/// <summary>--engine and --cpu: which engine runs the guest.</summary>
internal sealed class EngineOptions
{
    public Option<string> Engine { get; } = EngineOption();

    public Option<string?> Cpu { get; } = new("--cpu") { Description = "The CPU of the software engine, which it then is: max, the default, has everything that is implemented.", HelpName = "NAME" };

    /// <summary>The engine that was asked for, available or not.</summary>
    public Backend Choose(ParseResult result)
    {
        string name = result.GetValue(Engine) ?? Backends.Auto;
        if (result.GetValue(Cpu) is not { } cpu) return Backends.Find(name)!;

        // Other engines have the host's CPU.
        if (!name.Equals(Backends.Auto, StringComparison.OrdinalIgnoreCase) && Backends.Find(name) is not SoftwareBackend) throw new UsageException($"--cpu goes with the software engine, not with {name}.");
        try
        {
            return new SoftwareBackend(new SoftwareOptions { Cpu = cpu });
        }
        catch (UnknownCpuException error)
        {
            throw new UsageException("--cpu: " + error.Message);
        }
    }

    private static Option<string> EngineOption()
    {
        string[] names = [Backends.Auto, .. Backends.All.Select(b => b.Name)];
        Option<string> option = new("--engine") { Description = "The engine; auto, the default, takes the first that is available.", HelpName = string.Join('|', names) };
        return option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, names);
    }
}
