using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Armillary.Arm64;
using Armillary.Cli;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Cli;

/// <summary><c>run</c> with bare-metal programs on the software engine: what it shows, prints and returns.</summary>
public sealed class RunTests : IDisposable
{
    private const ulong Flat = 0x4008_0000;
    private const int SystemOff = 8, SystemReset = 9;

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly StringWriter _out = new(), _error = new();
    private readonly MemoryStream _shown = new(), _shownAsError = new();
    private readonly CancellationTokenSource _interrupt = new();

    private string Kernel => Path.Combine(_folder, "kernel");

    public void Dispose()
    {
        _interrupt.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Power_off_ends_with_0_and_what_the_guest_printed_is_on_standard_output_and_in_the_log()
    {
        string log = Path.Combine(_folder, "log"), tree = Path.Combine(_folder, "tree");
        Write([.. Print("hello"), .. Call(SystemOff)]);
        Assert.Equal(0, Run("--log", log, "--dump-dtb", tree));
        Assert.Equal(("hello", "hello"), (Shown(_shown), File.ReadAllText(log)));
        Assert.Equal([0xd0, 0x0d, 0xfe, 0xed], File.ReadAllBytes(tree)[..4]);
        Assert.Contains("The guest switched the machine off. (", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_out.ToString());

        // The tree can be given back.
        Assert.Equal(0, Run("--dtb", tree));
    }

    [Theory]
    [InlineData(SystemOff, "", 0, "power-off")]
    [InlineData(SystemReset, "", 0, "reset")]
    [InlineData(SystemReset, "Kernel panic - not syncing: no init", 3, "panic")]
    [InlineData(0, "---[ end Kernel panic - not syncing", 3, "panic")]
    [InlineData(0, "login: ", 0, "text")]
    [InlineData(-1, "", 3, "fault")]
    [InlineData(0, "", 4, "time-limit")]
    public void The_end_is_told_by_the_exit_code_and_by_JSON(int function, string printed, int code, string outcome)
    {
        Instruction[] end = function switch
        {
            0 => [Wfi(), B(Here(-4))],
            -1 => [Movz(X1, 1, 48), Br(X1)],
            _ => Call(function),
        };
        Write([.. Print(printed), .. end]);
        Assert.Equal(code, Run("--json", "--exit-on", "login: ", "--timeout", outcome == "time-limit" ? "0.3" : "60"));
        JsonElement report = JsonDocument.Parse(_out.ToString()).RootElement;
        Assert.Equal((outcome, code), (report.GetProperty("outcome").GetString(), report.GetProperty("exitCode").GetInt32()));
        Assert.Equal(("software", 1, 512L << 20), (report.GetProperty("engine").GetString(), report.GetProperty("cpus").GetInt32(), report.GetProperty("memory").GetInt64()));
        if (outcome == "time-limit") Assert.True(report.GetProperty("places")[0].GetProperty("waiting").GetBoolean());
        Assert.Equal(("", printed), (Shown(_shown), Shown(_shownAsError)));
    }

    [Fact]
    public void A_guest_that_is_silent_is_located()
    {
        Write(B(Here(0)));
        string symbols = Path.Combine(_folder, "symbols");
        File.WriteAllText(symbols, "40080000 T spin\n");
        Assert.Equal(4, Run("--watchdog", "0.1", "--timeout", "1.5", "--symbols", symbols));
        Assert.Single(_error.ToString().Split('\n'), line => line.Contains("printed nothing for 0 s: CPU 0 at PC 0x40080000, EL1, executing (spin)", StringComparison.Ordinal));
        Assert.Contains("The time limit was reached: CPU 0 at PC 0x40080000, EL1, executing (spin). (", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_reach_the_UART_and_an_interrupt_ends_the_run_with_130()
    {
        // Echoes one character, and then waits for ever.
        Label poll = new("poll");
        Write([Movz(X5, 0x0900, 16), poll, Ldr(W1, Mem(X5, 0x18)), Tbnz(X1, 4, poll), Ldr(W1, Mem(X5)), Str(W1, Mem(X5)), Wfi(), B(Here(-4))]);
        _interrupt.CancelAfter(TimeSpan.FromSeconds(2));
        Assert.Equal(130, CommandLine.Run(["run", "--kernel", Kernel, "--engine", "software"], Surroundings() with { Input = new MemoryStream("k"u8.ToArray()) }));
        Assert.Equal("k", Shown(_shown));
    }

    [Theory]
    [InlineData(2, "'--kernel'")]
    [InlineData(1, "missing", "--kernel", "missing")]
    [InlineData(2, "--memory: '5Q'", "--memory", "5Q")]
    [InlineData(2, "--disk: 'rw'", "--disk", "disk,rw")]
    [InlineData(2, "--watchdog takes", "--watchdog", "-1")]
    [InlineData(2, "'tty'", "--console", "tty")]
    [InlineData(2, "0.001 to 4000000", "--timeout", "x")]
    public void What_makes_no_sense_is_refused(int code, string reason, params string[] options)
    {
        Write(Nop());
        string[] kernel = code == 1 || options.Length == 0 ? [] : ["--kernel", Kernel];
        Assert.Equal(code, CommandLine.Run(["run", .. kernel, .. options], Surroundings()));
        Assert.Contains(reason, _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_out.ToString());
    }

    private static Instruction[] Call(int function) => [Movz(X0, function), Movk(X0, 0x8400, 16), Hvc(0)];

    private static Instruction[] Print(string text)
        => [Movz(X5, 0x0900, 16), .. text.SelectMany(character => (Instruction[])[Movz(X1, character), Str(W1, Mem(X5))])];

    private static string Shown(MemoryStream stream) => Encoding.ASCII.GetString(stream.ToArray());

    private void Write(params Instruction[] program) => File.WriteAllBytes(Kernel, MemoryMarshal.AsBytes(Assemble(Flat, program).AsSpan()).ToArray());

    private int Run(params string[] options) => CommandLine.Run(["run", "--kernel", Kernel, "--engine", "software", .. options], Surroundings());

    private Surroundings Surroundings() => new(_out, _error, TimeProvider.System, _interrupt.Token) { Output = _shown, ErrorOutput = _shownAsError };
}
