using System.Text.Json;
using Armillary.Arm64;
using Armillary.Cli;
using Armillary.Tests.Facade;
using Armillary.Tests.Images;

namespace Armillary.Tests.Cli;

/// <summary><c>exec</c> on an engine that answers with given exits: what it sets up, prints and returns.</summary>
public sealed class ExecTests : IDisposable
{
    private static readonly VmExit s_brk = ScriptedBackend.Exit(ExceptionClass.Brk64);

    private readonly string _file = Path.GetTempFileName();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly CancellationTokenSource _interrupt = new();

    public ExecTests() => File.WriteAllBytes(_file, [0x40, 0x05, 0x80, 0xd2, 0x00, 0x00, 0x20, 0xd4]);

    public void Dispose()
    {
        _interrupt.Dispose();
        File.Delete(_file);
    }

    private ExecRequest Request(params Func<ScriptedCpu, VmExit>[] script) => new() { File = _file, Engine = new ScriptedBackend(script) };

    private int Run(ExecRequest request) => Exec.Run(request, new Surroundings(_out, _error, TimeProvider.System, _interrupt.Token));

    private static RegisterAssignment Set(string text) => RegisterAssignment.TryParse(text, out RegisterAssignment assignment, out string error) ? assignment : throw new FormatException(error);

    [Fact]
    public void A_flat_image_starts_as_after_a_boot_loader()
    {
        int code = Run(Request(cpu =>
        {
            Assert.Equal(0x4008_0000ul, cpu.Pc);
            Assert.Equal(0x3c5u, cpu.Pstate);
            Assert.True(cpu.TrapDebugExceptions);
            Assert.Equal([(0x4000_0000ul, 64ul << 20)], cpu.VirtualMachine.Memory.Regions.Select(r => (r.Address, r.Size)));
            Assert.Equal(0xd4200000_d2800540, cpu.VirtualMachine.Memory.Read<ulong>(0x4008_0000));
            return s_brk;
        }));
        Assert.Equal(0, code);
        Assert.Empty(_error.ToString());
        Assert.StartsWith("reason    EXCEPTION: BRK #0 at 0x40080000", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_say_where_everything_is()
    {
        int code = Run(Request(cpu =>
        {
            Assert.Equal(0x1_0004ul, cpu.Pc);
            Assert.Equal(0x3c4u, cpu.Pstate);
            Assert.Equal(0x2000ul, cpu.GetSystemRegister(SystemRegister.SP_EL0));
            Assert.Equal(7ul, cpu.GetX(3));
            Assert.Equal(0x800ul, cpu.GetSystemRegister(SystemRegister.VBAR_EL1));
            Assert.Equal([(0ul, 4096ul), (0x1_0000ul, 8192ul)], cpu.VirtualMachine.Memory.Regions.Select(r => (r.Address, r.Size)));
            return s_brk;
        }) with
        {
            Load = 0x1_0000,
            Entry = 0x1_0004,
            Memory = [new(0x1_0000, 5000), new(0, 1)],
            Registers = [Set("sp=0x2000"), Set("x3=7"), Set("vbar_el1=0x800"), Set("pstate=0x3c4")],
        });
        Assert.Equal(0, code);
    }

    [Fact]
    public void An_ELF_file_gets_memory_where_it_is_linked()
    {
        File.WriteAllBytes(_file, new ElfFile { Entry = 0x41_0004, Segments = [new(0x41_0000, new byte[8]), new(0x42_1000, new byte[8]) { MemorySize = 0x10000 }] }.ToBytes());
        int code = Run(Request(cpu =>
        {
            Assert.Equal(0x41_0004ul, cpu.Pc);
            Assert.Equal((0x41_0000ul, 64ul << 20), cpu.VirtualMachine.Memory.Regions.Select(r => (r.Address, r.Size)).Single());
            return s_brk;
        }));
        Assert.Equal(0, code);
    }

    [Fact]
    public void An_ELF_file_that_is_spread_too_far_or_has_no_entry_is_a_usage_error()
    {
        File.WriteAllBytes(_file, new ElfFile { Entry = 0x1000, Segments = [new(0x1000, new byte[8]), new(0x1_0000_0000, new byte[8])] }.ToBytes());
        Assert.Contains("0x1000-0x100000007", Assert.Throws<UsageException>(() => Run(Request())).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_file, new ElfFile { Segments = [new(0x1000, new byte[8])] }.ToBytes());
        Assert.Contains("--entry", Assert.Throws<UsageException>(() => Run(Request())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_the_engine_refuses_is_a_usage_error()
    {
        Assert.Contains("overlaps", Assert.Throws<UsageException>(() => Run(Request() with { Memory = [new(0x4000_0000, 0x100000), new(0x4000_1000, 4096)] })).Message, StringComparison.Ordinal);
        Assert.Contains("aligned", Assert.Throws<UsageException>(() => Run(Request() with { Memory = [new(0x4000_0001, 4096)] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_larger_than_memory_is_an_error()
        => Assert.Throws<GuestMemoryException>(() => Run(Request() with { Memory = [new(0x4000_0000, 4096)] }));

    [Theory]
    [InlineData(ExceptionClass.Brk64, 0)]
    [InlineData(ExceptionClass.Hvc64, 3)]
    [InlineData(ExceptionClass.Smc64, 3)]
    [InlineData(ExceptionClass.WaitForInterruptOrEvent, 3)]
    [InlineData(ExceptionClass.InstructionAbortLower, 3)]
    [InlineData(ExceptionClass.DataAbortLower, 3)]
    public void The_exit_code_says_how_the_guest_ended(ExceptionClass exceptionClass, int expected)
    {
        Assert.Equal(expected, Run(Request(_ => ScriptedBackend.Exit(exceptionClass))));
        Assert.Equal(expected == 0, _error.ToString().Length == 0);
    }

    [Fact]
    public void An_access_to_no_device_is_a_fault_of_the_guest()
    {
        Assert.Equal(3, Run(Request(_ => new VmExit { Reason = VmExitReason.Mmio, Size = 4, VirtualAddress = 0x900_0000, PhysicalAddress = 0x900_0000 })));
        Assert.Contains("armillary: read of 4 bytes at 0x9000000", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("fault     0x9000000", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_and_an_interruption_have_exit_codes_of_their_own()
    {
        VmExit wfe = ScriptedBackend.Exit(ExceptionClass.WaitForInterruptOrEvent, 1);
        Assert.Equal(4, Run(Request(_ => wfe, _ => wfe) with { MaxExits = 2 }));
        Assert.Contains("limit of 2 exits reached at 0x40080000", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(4, Run(Request(_ => default) with { Timeout = TimeSpan.FromSeconds(1.5) }));
        Assert.Contains("time limit of 1.5 s reached", _error.ToString(), StringComparison.Ordinal);
        _interrupt.Cancel();
        Assert.Equal(130, Run(Request()));
        Assert.Contains("interrupted at 0x40080000", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_shows_each_instruction_before_it_runs()
    {
        VmExit stepped = ScriptedBackend.Exit(ExceptionClass.SoftwareStepLower);
        Assert.Equal(0, Run(Request(Next, Jump, _ => s_brk) with { Trace = true }));
        string[] lines = _error.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.StartsWith("0x40080000  d2800540", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("0x40080004  d4200000", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("0x00000200  ????????", lines[2], StringComparison.Ordinal);

        VmExit Next(ScriptedCpu cpu)
        {
            cpu.Pc += 4;
            return stepped;
        }

        VmExit Jump(ScriptedCpu cpu)
        {
            cpu.Pc = 0x200;
            return stepped;
        }
    }

    [Fact]
    public void A_register_that_the_engine_refuses_is_an_error()
        => Assert.Throws<SystemRegisterException>(() => Run(Request() with { Registers = [Set("MIDR_EL1=1")] }));

    [Fact]
    public void The_JSON_has_the_documented_fields()
    {
        Run(Request(cpu =>
        {
            cpu.SetX(0, 55);
            cpu.SetX(30, ulong.MaxValue);
            return s_brk;
        }) with
        { Json = true });
        JsonElement json = JsonDocument.Parse(_out.ToString()).RootElement;
        Assert.Equal(
            ["engine", "reason", "outcome", "message", "exitCode", "pc", "sp", "pstate", "registers", "syndrome", "exceptionClass", "instructions", "elapsed"],
            json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("scripted", json.GetProperty("engine").GetString());
        Assert.Equal("EXCEPTION", json.GetProperty("reason").GetString());
        Assert.Equal("exit", json.GetProperty("outcome").GetString());
        Assert.Equal("0x40080000", json.GetProperty("pc").GetString());
        Assert.Equal("0x3c5", json.GetProperty("pstate").GetString());
        Assert.Equal("0x3c", json.GetProperty("exceptionClass").GetString());
        Assert.Equal("0x37", json.GetProperty("registers").GetProperty("x0").GetString());
        Assert.Equal("0xffffffffffffffff", json.GetProperty("registers").GetProperty("x30").GetString());
        Assert.Equal(31, json.GetProperty("registers").EnumerateObject().Count());
        Assert.Equal(1, json.GetProperty("instructions").GetInt32());
        Assert.True(json.GetProperty("elapsed").GetDouble() >= 0);

        _out.GetStringBuilder().Clear();
        Run(Request(_ => new VmExit { Reason = VmExitReason.Mmio, VirtualAddress = 0x900_0000 }) with { Json = true });
        Assert.Equal("0x9000000", JsonDocument.Parse(_out.ToString()).RootElement.GetProperty("faultAddress").GetString());
    }
}
