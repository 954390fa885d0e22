using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Armillary.Machine;
using Microsoft.Win32.SafeHandles;

namespace Armillary.Cli;

/// <summary><c>armillary run</c>: boots a kernel on a board, with its console on standard input and output.</summary>
internal sealed class RunCommand
{
    public const string Name = "run";

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

    private readonly Option<TimeSpan?> _timeout = TimeLimit.Option();
    private readonly Option<string?> _exitOn = new("--exit-on") { Description = "Ends the run, with exit code 0, when the guest has printed this.", HelpName = "TEXT" };

    private RunCommand() { }

    public static Command Create(Surroundings surroundings)
    {
        var run = new RunCommand();
        var command = new Command(Name, "Boots Linux or a bare-metal program, with its console on standard input and output.")
        {
            run._kernel, run._initrd, run._append, run._cpus, run._memory, run._disks, run._engine.Engine, run._engine.Cpu, run._timeout, run._exitOn,
        };
        command.SetAction(result => run.Run(result, surroundings));
        return command;
    }

    private static ulong Fail(ArgumentResult result)
    {
        result.AddError($"--memory: '{result.Tokens[0].Value}' is no size; it looks like 512M or 2G.");
        return 0;
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
        using var timeout = new CancellationTokenSource(result.GetValue(_timeout) ?? Timeout.InfiniteTimeSpan, surroundings.Time);
        using var asked = new CancellationTokenSource(); // by a key, or by what the guest printed
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, asked.Token, surroundings.Interrupt);
        using Stream output = Console.OpenStandardOutput();
        bool isFound = false;
        string? text = result.GetValue(_exitOn);
        using var watched = new WatchedOutput(output, Encoding.UTF8.GetBytes(text ?? ""), () =>
        {
            isFound = true;
            asked.Cancel();
        });
        MachineOptions options = Options(result, surroundings, watched);
        using var machine = new Armillary.Machine.Machine(options);
        long start = surroundings.Time.GetTimestamp();
        MachineExit exit;
        using (RawTerminal? terminal = RawTerminal.TryEnter())
        {
            surroundings.Error.WriteLine($"armillary: {options.Engine.Description}, {options.Cpus} CPUs, {options.Memory >> 20} MiB" + (terminal is null ? "" : " (Ctrl-A x ends it)"));
            var keys = new Thread(() => Feed(machine, terminal is null ? null : new ConsoleKeys(), asked)) { Name = "console", IsBackground = true };
            keys.Start();
            exit = machine.Run(stop.Token);
        }

        if (isFound) exit = new(MachineExitReason.Canceled, $"The guest printed '{text}'.");
        surroundings.Error.WriteLine(FormattableString.Invariant($"armillary: {exit.Message} ({surroundings.Time.GetElapsedTime(start).TotalSeconds:0.00} s)"));
        return exit.Reason switch
        {
            MachineExitReason.PowerOff or MachineExitReason.Reset => ExitCode.Success,
            MachineExitReason.Canceled when isFound => ExitCode.Success,
            MachineExitReason.Canceled => timeout.IsCancellationRequested ? ExitCode.Limit : ExitCode.Interrupted,
            _ => ExitCode.GuestFault,
        };
    }

    private MachineOptions Options(ParseResult result, Surroundings surroundings, Stream output) => new()
    {
        Engine = _engine.Choose(result),
        Kernel = File.ReadAllBytes(result.GetRequiredValue(_kernel)),
        Initrd = result.GetValue(_initrd) is { } initrd ? File.ReadAllBytes(initrd) : default,
        CommandLine = result.GetValue(_append)!,
        Cpus = result.GetValue(_cpus),
        Memory = result.GetValue(_memory),
        Disks = result.GetValue(_disks) ?? [],
        RandomSeed = RandomNumberGenerator.GetBytes(32),
        ConsoleOutput = output,
        Time = surroundings.Time,
    };

    private static void Feed(Armillary.Machine.Machine machine, ConsoleKeys? keys, CancellationTokenSource quit)
    {
        // Of a terminal, .NET's own stream gives lines that were edited, not keys.
        using Stream input = keys is null ? Console.OpenStandardInput() : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        byte[] buffer = new byte[256];
        for (int read; (read = input.Read(buffer)) > 0;)
        {
            int length = keys?.Filter(buffer.AsSpan(0, read)) ?? read;
            if (length < 0)
            {
                quit.Cancel();
                return;
            }

            machine.Type(buffer.AsSpan(0, length));
        }
    }
}
