using System.Buffers.Binary;
using System.Text.Json;
using Armillary.Arm64;
using Armillary.Cli;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Cli;

/// <summary><c>armillary exec</c> from the command line to the exit code, on the software engine.</summary>
public sealed class ExecOnEngineTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public void Dispose() => File.Delete(_file);

    private int Exec(Instruction[] program, params string[] options)
    {
        uint[] words = Assemble(program);
        byte[] bytes = new byte[words.Length * 4];
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * 4), words[i]);
        File.WriteAllBytes(_file, bytes);
        return CommandLine.Run(["exec", _file, "--engine", "software", .. options], new Surroundings(_out, _error, TimeProvider.System, CancellationToken.None));
    }

    [Fact]
    public void A_guest_that_ends_by_BRK_gives_its_registers()
    {
        Assert.Equal(0, Exec([Add(X0, X0, X1), Brk()], "--set", "x0=50", "--set", "x1=5", "--json"));
        JsonElement json = JsonDocument.Parse(_out.ToString()).RootElement;
        Assert.Equal("0x37", json.GetProperty("registers").GetProperty("x0").GetString());
        Assert.Equal("0x40080004", json.GetProperty("pc").GetString());
        Assert.Empty(_error.ToString());
    }

    [Theory]
    [InlineData("cortex-a72", "0x410fd083")]
    [InlineData("Neoverse-N1", "0x414fd0c1")]
    [InlineData("max", "0xf0000")]
    public void The_CPU_is_the_one_that_was_named(string cpu, string identity)
    {
        Assert.Equal(0, Exec([Mrs(X0, SystemRegister.MIDR_EL1), Brk()], "--cpu", cpu, "--json"));
        Assert.Equal(identity, JsonDocument.Parse(_out.ToString()).RootElement.GetProperty("registers").GetProperty("x0").GetString());
    }

    [Fact]
    public void A_guest_that_branches_to_itself_from_its_own_vector_ends_by_the_limit()
    {
        Assert.Equal(4, Exec([Udf()], "--memory", "0:1M", "--load", "0x200", "--trace", "--max-exits", "100"));
        Assert.Contains("limit of 100 exits", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_jumps_outside_memory_ends_by_a_fault()
    {
        Assert.Equal(3, Exec([Br(X9)], "--set", "x9=0xdead0000"));
        Assert.Contains("instruction abort at 0xdead0000: no memory is there", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_without_vectors_is_told_what_it_did()
    {
        Assert.Equal(3, Exec([Nop(), Udf()]));
        Assert.Contains("from PC ELR_EL1 = 0x40080004", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void More_code_than_memory_is_an_error_and_nothing_runs()
    {
        Assert.Equal(1, Exec([.. Enumerable.Repeat(Nop(), 2000)], "--memory", "0x40080000:4K"));
        Assert.Contains("0x1f40 bytes lies outside guest memory (0x40080000-0x40080fff)", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_out.ToString());
    }
}
