using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Armillary.Cli.Running;

namespace Armillary.Cli;

/// <summary>The <c>armillary</c> command line: from arguments to an exit code.</summary>
internal static class CommandLine
{
    public static int Run(IReadOnlyList<string> args, Surroundings surroundings)
    {
        ParseResult result = Create(surroundings).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            foreach (string message in result.Errors.Select(e => e.Message).Distinct()) surroundings.Complain(message);
            surroundings.Complain("see armillary --help");
            return ExitCode.Usage;
        }

        try
        {
            return result.Invoke(new InvocationConfiguration { Output = surroundings.Out, Error = surroundings.Error, EnableDefaultExceptionHandler = false });
        }
        catch (UsageException error)
        {
            surroundings.Complain(error.Message);
            return ExitCode.Usage;
        }
        catch (EngineUnavailableException error)
        {
            surroundings.Complain(error.Message);
            return ExitCode.EngineUnavailable;
        }
        catch (Exception error) when (error is ArmillaryException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            surroundings.Complain(error.Message);
            return ExitCode.Error;
        }
    }

    // Not a RootCommand: that one is called as the assembly is, and the executable is not.
    private static Command Create(Surroundings surroundings)
    {
        var help = new HelpOption();
        help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        return new Command("armillary", "Runs ARM64 virtual machines.")
        {
            RunCommand.Create(surroundings),
            ExecCommand.Create(surroundings),
            DisasmCommand.Create(surroundings),
            DoctorCommand.Create(surroundings),
            SignCommand.Create(surroundings),
            help,
            new VersionOption(),
        };
    }

    private sealed class HelpWithExitCodes(HelpAction inner) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int code = inner.Invoke(parseResult);
            TextWriter output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command.Name == ExecCommand.Name) output.WriteLine(ExecCommand.Notes);
            output.WriteLine(ExitCode.Help);
            return code;
        }
    }
}
