using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Armillary.Machine;

namespace Armillary.Cli.Running;

/// <summary><c>armillary run</c>: boots a kernel on a board, with its console on standard input and output.</summary>
internal sealed class RunCommand
{
    public const string Name = "run";

    private const string UartConsole = "uart", VirtioConsole = "virtio";

    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(60);

    private readonly Option<string> _kernel = new("--kernel") { Description = "An arm64 Linux Image, plain, compressed by gzip or zstd, or an EFI application (zboot); or a bare-metal program: an ELF file, or code for 0x40080000.", HelpName = "FILE", Required = true };
    private readonly Option<string?> _initrd = new("--initrd") { Description = "The initial RAM disk.", HelpName = "FILE" };
    private readonly Option<string> _append = new("--append") { Description = "The kernel's command line.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<int> _cpus = new("--cpus") { Description = "Virtual CPUs, 1 to 32.", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<ulong> _memory = new("--memory")
    {
        Description = "Bytes of memory, with K, M or G.",
        HelpName = "SIZE",
        CustomParser = result => Number.TryParseSize(result.Tokens[0].Value, out ulong size) ? size : Fail(result),
        DefaultValueFactory = _ => 512ul << 20,
    };

    private readonly Option<DiskOptions[]> _disks = new("--disk")
    {
        Description = "A disk: a raw image or a block device. ',ro' behind it: read-only; ',serial=S': its serial number; ',queues=N'. May be repeated.",
        HelpName = "FILE",
        CustomParser = Disks,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly EngineOptions _engine = new();

    private readonly Option<int> _gic = new("--gic") { Description = "The interrupt controller: GICv3, or GICv2 for up to 8 CPUs.", HelpName = "2|3", DefaultValueFactory = _ => 3 };
    private readonly Option<string?> _tree = new("--dtb") { Description = "A device tree in place of the board's own; command line, seeds and RAM disk are written into it.", HelpName = "FILE" };
    private readonly Option<string?> _dump = new("--dump-dtb") { Description = "Writes the device tree that the guest gets.", HelpName = "FILE" };
    private readonly Option<string> _console = new Option<string>("--console") { Description = "Where keys go: the UART (ttyAMA0), or a virtio console (hvc0), which knows the terminal's size. What either prints is shown.", HelpName = $"{UartConsole}|{VirtioConsole}", DefaultValueFactory = _ => UartConsole }.AcceptOnlyFromAmong(UartConsole, VirtioConsole);
    private readonly Option<string?> _log = new("--log") { Description = "Writes what the guest prints to a file too.", HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Prints how the run ended as one JSON object; what the guest prints goes to standard error." };
    private readonly Option<string?> _symbols = new("--symbols") { Description = "Names for addresses in messages: an ELF file, or lines as of nm and System.map. Default: the kernel, if it is an ELF file.", HelpName = "FILE" };
    private readonly Option<TimeSpan?> _watchdog = new("--watchdog")
    {
        Description = "Says where the CPUs are when the guest has printed nothing for so long; 0 for never. Default: 60, and on a terminal 0.",
        HelpName = "SECONDS",
        CustomParser = Seconds,
    };

    private readonly Option<TimeSpan?> _timeout = TimeLimit.Option();
    private readonly Option<string?> _exitOn = new("--exit-on") { Description = "Ends the run, with exit code 0, when the guest has printed this.", HelpName = "TEXT" };

    private RunCommand() { }

    public static Command Create(Surroundings surroundings)
    {
        var run = new RunCommand();
        var command = new Command(Name, "Boots Linux or a bare-metal program, with its console on standard input and output.")
        {
            run._kernel, run._initrd, run._append, run._cpus, run._memory, run._disks, run._engine.Engine, run._engine.Cpu, run._gic, run._tree, run._dump,
            run._console, run._log, run._json, run._symbols, run._watchdog, run._timeout, run._exitOn,
        };
        command.SetAction(result => run.Run(result, surroundings));
        return command;
    }

    private static ulong Fail(ArgumentResult result)
    {
        result.AddError($"--memory: '{result.Tokens[0].Value}' is no size; it looks like 512M or 2G.");
        return 0;
    }

    private static TimeSpan? Seconds(ArgumentResult result)
    {
        if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= 1_000_000) return TimeSpan.FromSeconds(seconds);
        result.AddError($"--watchdog takes seconds from 0 to 1000000, not '{result.Tokens[0].Value}'.");
        return null;
    }

    private static DiskOptions[] Disks(ArgumentResult result)
    {
        var disks = new List<DiskOptions>();
        foreach (Token token in result.Tokens)
        {
            string[] parts = token.Value.Split(',');
            var disk = new DiskOptions(parts[0]);
            foreach (string part in parts.AsSpan(1))
            {
                if (part == "ro") disk = disk with { IsReadOnly = true };
                else if (part.StartsWith("serial=", StringComparison.Ordinal)) disk = disk with { Serial = part["serial=".Length..] };
                else if (part.StartsWith("queues=", StringComparison.Ordinal) && int.TryParse(part["queues=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int queues)) disk = disk with { Queues = queues };
                else result.AddError($"--disk: '{part}' is none of ro, serial=S and queues=N.");
            }

            disks.Add(disk);
        }

        return [.. disks];
    }

    private int Run(ParseResult result, Surroundings surroundings)
    {
        TimeSpan? limit = result.GetValue(_timeout);
        using var timeout = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan, surroundings.Time);
        using var asked = new CancellationTokenSource(); // by a key, or by what the guest printed
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, asked.Token, surroundings.Interrupt);
        RunOutcome? reason = null;
        bool hasPanicked = false;
        void End(RunOutcome why)
        {
            reason ??= why;
            asked.Cancel();
        }

        bool isJson = result.GetValue(_json);
        string? text = result.GetValue(_exitOn);
        using FileStream? log = result.GetValue(_log) is { } path ? File.Create(path, bufferSize: 0) : null;
        Stream shown = isJson ? surroundings.ErrorOutput : surroundings.Output;
        using var output = new GuestOutput(log is null ? [shown] : [shown, log], surroundings.Time, () => End(RunOutcome.ConsoleLost));
        output.WaitFor(Encoding.UTF8.GetBytes(text ?? ""), () => End(RunOutcome.Text));
        output.WaitFor("Kernel panic - not syncing"u8, () => hasPanicked = true);
        output.WaitFor("---[ end Kernel panic"u8, () => End(RunOutcome.Panic)); // behind it Linux waits for ever
        ConsolePort? port = result.GetValue(_console) == VirtioConsole ? new ConsolePort("console", output) { IsConsole = true } : null;
        MachineOptions options = Options(result, surroundings, output, port);
        var places = new PlaceNames(Symbols(result, options));
        using var machine = new Armillary.Machine.Machine(options);
        if (result.GetValue(_dump) is { } dump) File.WriteAllBytes(dump, machine.DeviceTree.Span);
        long start = surroundings.Time.GetTimestamp();
        MachineExit exit;
        using (var terminal = new Terminal(surroundings))
        {
            surroundings.Complain($"{options.Engine.Description}, {options.Cpus} CPUs, {options.Memory >> 20} MiB" + (terminal.IsRaw ? " (Ctrl-A x ends it)" : ""));
            terminal.Feed(keys => Type(machine, port, keys.Span), () => End(RunOutcome.Key));
            if (port is not null) terminal.FollowSize(machine.ResizeTerminal);
            TimeSpan silence = result.GetValue(_watchdog) ?? (terminal.IsRaw ? TimeSpan.Zero : s_silence);
            using var watch = new SilenceWatch(silence, output, () => places.Tell(machine.Locate()), surroundings);
            exit = machine.Run(stop.Token);
        }

        var report = new RunReport
        {
            Options = options,
            Exit = exit,
            Places = places,
            Outcome = Outcome(exit, reason, hasPanicked, timeout.IsCancellationRequested),
            Text = text,
            Elapsed = surroundings.Time.GetElapsedTime(start),
        };
        report.WriteText(surroundings.Error);
        if (isJson) report.WriteJson(surroundings.Out);
        return report.ExitCode;
    }

    private static RunOutcome Outcome(MachineExit exit, RunOutcome? reason, bool hasPanicked, bool isLate) => exit.Reason switch
    {
        MachineExitReason.Canceled when reason is { } own => own,
        MachineExitReason.Fault => RunOutcome.Fault,
        _ when hasPanicked => RunOutcome.Panic,
        MachineExitReason.PowerOff => RunOutcome.PowerOff,
        MachineExitReason.Reset => RunOutcome.Reset,
        _ => isLate ? RunOutcome.TimeLimit : RunOutcome.Interrupted,
    };

    private static void Type(Armillary.Machine.Machine machine, ConsolePort? port, ReadOnlySpan<byte> keys)
    {
        if (port is null) machine.Type(keys);
        else port.Send(keys);
    }

    private SymbolTable? Symbols(ParseResult result, MachineOptions options)
    {
        if (result.GetValue(_symbols) is { } path) return SymbolTable.Read(File.ReadAllBytes(path));
        return GuestImage.IsElf(options.Kernel.Span) ? SymbolTable.Read(options.Kernel) : null;
    }

    private int Cpus(ParseResult result)
    {
        (int cpus, int gic) = (result.GetValue(_cpus), result.GetValue(_gic));
        if (gic is not (2 or 3)) throw new UsageException($"--gic is 2 or 3, not {gic}.");
        int most = gic == 2 ? 8 : 32;
        return cpus >= 1 && cpus <= most ? cpus : throw new UsageException($"--cpus is 1 to {most} with --gic {gic}, not {cpus}.");
    }

    private MachineOptions Options(ParseResult result, Surroundings surroundings, Stream output, ConsolePort? port) => new()
    {
        Engine = _engine.Choose(result),
        Kernel = File.ReadAllBytes(result.GetRequiredValue(_kernel)),
        Initrd = result.GetValue(_initrd) is { } initrd ? File.ReadAllBytes(initrd) : default,
        DeviceTree = result.GetValue(_tree) is { } tree ? File.ReadAllBytes(tree) : default,
        CommandLine = result.GetValue(_append)!,
        Cpus = Cpus(result),
        GicVersion = result.GetValue(_gic),
        Memory = result.GetValue(_memory),
        Disks = result.GetValue(_disks) ?? [],
        Ports = port is null ? [] : [port],
        RandomSeed = RandomNumberGenerator.GetBytes(40),
        ConsoleOutput = output,
        Time = surroundings.Time,
    };
}
