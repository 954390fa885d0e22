using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Armillary.Cli.Semihosting;
using Armillary.Emulation;

namespace Armillary.Cli;

/// <summary><c>armillary exec</c>: its options.</summary>
internal sealed class ExecCommand
{
    public const string Name = "exec";

    public const string Notes = """
        Start:
          EL1h, interrupts masked, MMU off (PSTATE 0x3c5, as boot loaders leave it), registers 0, PC at
          the entry point. Debug exceptions are trapped: BRK ends the run, with PC at the BRK.
          --set is applied last, PSTATE before the others.
          Numbers are decimal or 0x hexadecimal; sizes may end in K, M, G or T.

        JSON (--json), one object; numbers of the guest are strings such as "0x2a":
          engine, reason (EXCEPTION, MMIO, CANCELED), outcome (exit, exit-limit, time-limit, interrupted),
          message, exitCode, pc, sp, pstate, registers {x0 ... x30}, syndrome, exceptionClass,
          faultAddress (of aborts and accesses), instructions (a number, where the engine counts),
          elapsed (seconds, a number), guestStatus (of a guest that exited by semihosting)

        Semihosting (--semihosting), Arm's version 2.0:
          Standard output and input are the guest's; the report goes to stderr, and a guest that exits by
          SYS_EXIT or SYS_EXIT_EXTENDED gets none but JSON: its status, 0 to 255, is the exit code (1 for
          a reason other than ADP_Stopped_ApplicationExit). File names are relative to the directory of
          --semihosting-root. SYS_SYSTEM is refused.

        """;

    private readonly ImageOptions _image = new();

    private readonly Option<ulong?> _entry = ImageOptions.Address("--entry", "Where execution starts; default: the load address, or the ELF file's entry point.");

    private readonly Option<MemoryRange[]> _memory = Repeated("--memory", "BASE:SIZE",
        "Guest memory; may be repeated. Default: 0x40000000:64M, or for an ELF file outside it 64M from its lowest segment.",
        (string text, out MemoryRange range, out string error) => MemoryRange.TryParse(text, out range, out error));

    private readonly Option<RegisterAssignment[]> _set = Repeated("--set", "REG=VALUE",
        "Initial value of x0 to x30, w0 to w30, sp, pc, pstate, or a system register by Arm's name; may be repeated.",
        (string text, out RegisterAssignment assignment, out string error) => RegisterAssignment.TryParse(text, out assignment, out error));

    private readonly EngineOptions _engine = new();

    private readonly Option<long?> _maxExits = new("--max-exits")
    {
        Description = "Ends the run after N entries into the guest; with --trace, after N instructions.",
        HelpName = "N",
        CustomParser = result => Number.TryParse(result.Tokens[0].Value, out ulong value) && value is > 0 and <= long.MaxValue
            ? (long)value
            : Fail<long?>(result, $"--max-exits takes a number from 1, not '{result.Tokens[0].Value}'."),
    };

    private readonly Option<TimeSpan?> _timeout = TimeLimit.Option();

    private readonly Option<bool> _trace = new("--trace") { Description = "Prints each instruction to stderr before it runs: address, word, text." };

    private readonly Option<bool> _json = new("--json") { Description = "Prints the result as one JSON object." };

    private readonly Option<bool> _semihosting = new("--semihosting") { Description = "Answers the guest's semihosting calls (HLT #0xF000): console, clock, exit; files only with --semihosting-root." };

    private readonly Option<string?> _semihostingRoot = new("--semihosting-root") { Description = "The directory whose files semihosting calls may read and write; nothing outside it, and no links.", HelpName = "DIR" };

    private readonly Option<string[]> _semihostingArgs = new("--semihosting-args") { Description = "The guest's arguments (SYS_GET_CMDLINE), behind the image's name.", HelpName = "ARG", AllowMultipleArgumentsPerToken = true };

    private delegate bool Parser<T>(string text, out T value, out string error);

    public static Command Create(Surroundings surroundings) => new ExecCommand().Build(surroundings);

    private Command Build(Surroundings surroundings)
    {
        var command = new Command(Name, "Runs an image until it stops, and prints why, PC and the registers.")
        {
            _image.File, _image.Load, _entry, _memory, _set, _engine.Engine, _engine.Cpu, _maxExits, _timeout, _trace, _json,
            _semihosting, _semihostingRoot, _semihostingArgs,
        };
        command.SetAction(result => Exec.Run(Request(result), surroundings));
        return command;
    }

    private ExecRequest Request(ParseResult result) => new()
    {
        File = result.GetRequiredValue(_image.File),
        Engine = _engine.Choose(result),
        Load = result.GetValue(_image.Load),
        Entry = result.GetValue(_entry),
        Memory = result.GetValue(_memory) ?? [],
        Registers = result.GetValue(_set) ?? [],
        MaxExits = result.GetValue(_maxExits),
        Timeout = result.GetValue(_timeout),
        Trace = result.GetValue(_trace),
        Json = result.GetValue(_json),
        Semihosting = Semihosting(result),
    };

    private SemihostingOptions? Semihosting(ParseResult result)
    {
        string? root = result.GetValue(_semihostingRoot);
        string[] arguments = result.GetValue(_semihostingArgs) ?? [];
        if (result.GetValue(_semihosting)) return new SemihostingOptions(root, string.Join(' ', [Path.GetFileName(result.GetRequiredValue(_image.File)), .. arguments]));
        return root is null && arguments.Length == 0 ? null : throw new UsageException("--semihosting-root and --semihosting-args go with --semihosting.");
    }

    private static Option<T[]> Repeated<T>(string name, string helpName, string description, Parser<T> parse) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            List<T> values = [];
            foreach (Token token in result.Tokens)
            {
                if (parse(token.Value, out T value, out string error)) values.Add(value);
                else result.AddError(error);
            }

            return [.. values];
        },
    };

    private static T? Fail<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
