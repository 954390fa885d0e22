using System.Text.Json;
using Armillary.Cli;

namespace Armillary.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public void Dispose() => File.Delete(_file);

    private int Run(params string[] args)
        => CommandLine.Run(args, new Surroundings(_out, _error, TimeProvider.System, CancellationToken.None));

    private void Refuse(int code, string message, params string[] args)
    {
        Assert.Equal(code, Run(args));
        Assert.Contains(message, _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_out.ToString());
        _error.GetStringBuilder().Clear();
    }

    [Fact]
    public void A_command_line_that_makes_no_sense_is_a_usage_error()
    {
        Refuse(2, "Required command");
        Refuse(2, "'frobnicate'", "frobnicate");
        Refuse(2, "FILE", "exec");
        Refuse(2, "'--frob'", "exec", _file, "--frob");
        Refuse(2, "--memory takes BASE:SIZE", "exec", _file, "--memory", "64M");
        Refuse(2, "not within", "exec", _file, "--memory", "0:1", "--memory", "0xffffffffffff0000:64K");
        Refuse(2, "no register x31", "exec", _file, "--set", "x0=1", "--set", "x31=1");
        Refuse(2, "--load takes an address", "exec", _file, "--load", "here");
        Refuse(2, "--load 0x2", "exec", _file, "--load", "0x2");
        Refuse(2, "--entry 3", "exec", _file, "--entry", "3");
        Refuse(2, "'xen'", "exec", _file, "--engine", "xen");
        Refuse(2, "max, neoverse-n1, cortex-a72", "exec", _file, "--cpu", "cortex-z80");
        Refuse(2, "--cpu goes with the software engine, not with kvm", "exec", _file, "--cpu", "max", "--engine", "kvm");
        Refuse(2, "--max-exits", "exec", _file, "--max-exits", "0");
        Refuse(2, "--max-exits", "exec", _file, "--max-exits", "9223372036854775808");
        Refuse(2, "--timeout", "exec", _file, "--timeout", "0");
        Refuse(2, "--timeout", "exec", _file, "--timeout", "NaN");
        Refuse(2, "--timeout", "exec", _file, "--timeout", "1e9");
    }

    [Fact]
    public void A_file_that_cannot_be_loaded_is_an_error()
    {
        Refuse(1, "missing.bin", "exec", _file + "missing.bin");
        Refuse(1, "missing.bin", "disasm", _file + "missing.bin");
        Refuse(1, "is a directory", "exec", Path.GetTempPath());
        Refuse(1, "0 bytes", "exec", _file);
        File.WriteAllBytes(_file, "\u007fELF\u0002"u8);
        Refuse(1, "truncated: 5 bytes", "exec", _file);
        Refuse(1, "truncated: 5 bytes", "disasm", _file);
    }

    [Fact]
    public void An_engine_that_is_not_here_has_an_exit_code_of_its_own()
    {
        foreach (Backend backend in Backends.All.Where(b => !b.Probe().IsAvailable))
        {
            Refuse(5, $"The {backend.Name} engine is not available", "exec", _file, "--engine", backend.Name);
        }
    }

    [Fact]
    public void Help_documents_the_exit_codes_and_the_JSON()
    {
        Assert.Equal(0, Run("--help"));
        Assert.Contains("Exit codes:", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("armillary [command]", _out.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, Run("exec", "--help"));
        Assert.Contains("exceptionClass", _out.ToString(), StringComparison.Ordinal);
        Assert.Empty(_error.ToString());
    }

    [Fact]
    public void The_version_is_printed()
    {
        Assert.Equal(0, Run("--version"));
        Assert.NotEmpty(_out.ToString());
    }

    [Fact]
    public void The_doctor_names_every_engine_and_the_default()
    {
        Assert.Equal(0, Run("doctor"));
        foreach (Backend backend in Backends.All)
        {
            Assert.Contains(backend.Description, _out.ToString(), StringComparison.Ordinal);
            Assert.Contains(backend.Probe().Reason, _out.ToString(), StringComparison.Ordinal);
        }

        _out.GetStringBuilder().Clear();
        Assert.Equal(0, Run("doctor", "--json"));
        JsonElement engines = JsonDocument.Parse(_out.ToString()).RootElement;
        Assert.Equal(Backends.All.Select(b => b.Name), engines.EnumerateArray().Select(e => e.GetProperty("name").GetString()));
        Assert.Equal(Backends.Default.Name, engines.EnumerateArray().Single(e => e.GetProperty("default").GetBoolean()).GetProperty("name").GetString());
    }

    [Fact]
    public void A_disassembly_has_a_line_a_word()
    {
        File.WriteAllBytes(_file, [0x40, 0x05, 0x80, 0xd2, 0x00, 0x00, 0x20, 0xd4, 0xff]);
        Assert.Equal(0, Run("disasm", _file, "--load", "0x10000"));
        string[] lines = _out.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("0x00010000  d2800540", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("0x00010004  d4200000", lines[1], StringComparison.Ordinal);
        Assert.Contains("last 1 bytes at 0x10008", _error.ToString(), StringComparison.Ordinal);
    }
}
