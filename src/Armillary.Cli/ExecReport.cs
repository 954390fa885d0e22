using System.Globalization;
using System.Text.Json;
using Armillary.Arm64;

namespace Armillary.Cli;

/// <summary>The result of an exec, for people and for programs.</summary>
internal sealed class ExecReport
{
    private const int Columns = 3;

    public required string Engine { get; init; }

    public required VmExitInfo Info { get; init; }

    public required ExecOutcome Outcome { get; init; }

    public required TimeSpan? TimeLimit { get; init; }

    public required ulong? Instructions { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The status with which the guest ended itself by a semihosting call.</summary>
    public int? GuestStatus { get; init; }

    /// <summary>The limit of exits.</summary>
    public long? ExitLimit { get; init; }

    public int ExitCode => GuestStatus ?? Outcome switch
    {
        ExecOutcome.ExitLimit or ExecOutcome.TimeLimit => Cli.ExitCode.Limit,
        ExecOutcome.Interrupted => Cli.ExitCode.Interrupted,
        _ => Info.Reason == VmExitReason.Exception && Info.Exit.ExceptionClass == ExceptionClass.Brk64 ? Cli.ExitCode.Success : Cli.ExitCode.GuestFault,
    };

    public string Message => GuestStatus is { } status ? $"the guest exited with status {status} at 0x{Info.Pc - 4:x}" : Outcome switch
    {
        ExecOutcome.ExitLimit => $"limit of {ExitLimit} exits reached at 0x{Info.Pc:x}",
        ExecOutcome.TimeLimit => string.Create(CultureInfo.InvariantCulture, $"time limit of {TimeLimit?.TotalSeconds:0.###} s reached at 0x{Info.Pc:x}"),
        ExecOutcome.Interrupted => $"interrupted at 0x{Info.Pc:x}",
        _ => Info.Description,
    };

    public void WriteText(TextWriter output)
    {
        output.WriteLine($"reason    {Info.ReasonName}: {Message}");
        output.WriteLine($"pc        0x{Info.Pc:x}");
        output.WriteLine($"sp        0x{Info.Sp:x}");
        output.WriteLine($"pstate    0x{Info.Pstate:x} ({PstateText(Info.Pstate)})");
        if (Info.Syndrome.Value != 0) output.WriteLine($"syndrome  {Info.Syndrome} ({Info.Exit.ExceptionClass})");
        if (Info.FaultAddress is { } address) output.WriteLine($"fault     0x{address:x}");
        string count = Instructions is { } n ? string.Create(CultureInfo.InvariantCulture, $"{n} instructions in ") : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"engine    {Engine}, {count}{Elapsed.TotalSeconds:0.000} s"));
        int rows = (Info.X.Count + Columns - 1) / Columns;
        for (int row = 0; row < rows; row++)
        {
            // Down the columns, as a register dump is read.
            IEnumerable<string> cells = Enumerable.Range(0, Columns).Select(c => (c * rows) + row).Where(i => i < Info.X.Count)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"{"x" + i,-4}0x{Info.X[i]:x16}"));
            output.WriteLine(string.Join("   ", cells));
        }
    }

    public void WriteJson(TextWriter output) => Json.Write(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("engine", Engine);
        writer.WriteString("reason", Info.ReasonName);
        writer.WriteString("outcome", OutcomeName(Outcome));
        writer.WriteString("message", Message);
        writer.WriteNumber("exitCode", ExitCode);
        if (GuestStatus is { } status) writer.WriteNumber("guestStatus", status);
        writer.WriteString("pc", Hex(Info.Pc));
        writer.WriteString("sp", Hex(Info.Sp));
        writer.WriteString("pstate", Hex(Info.Pstate));
        writer.WriteStartObject("registers");
        for (int i = 0; i < Info.X.Count; i++) writer.WriteString("x" + i.ToString(CultureInfo.InvariantCulture), Hex(Info.X[i]));
        writer.WriteEndObject();
        writer.WriteString("syndrome", Info.Syndrome.ToString());
        writer.WriteString("exceptionClass", Hex((ulong)Info.Exit.ExceptionClass));
        if (Info.FaultAddress is { } address) writer.WriteString("faultAddress", Hex(address));
        if (Instructions is { } count) writer.WriteNumber("instructions", count);
        writer.WriteNumber("elapsed", Math.Round((decimal)Elapsed.TotalSeconds, 6));
        writer.WriteEndObject();
    });

    private static string OutcomeName(ExecOutcome outcome) => outcome switch
    {
        ExecOutcome.ExitLimit => "exit-limit",
        ExecOutcome.TimeLimit => "time-limit",
        ExecOutcome.Interrupted => "interrupted",
        _ => "exit",
    };

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    // A capital letter for a bit that is set: nZCv DAIF EL1h.
    private static string PstateText(uint pstate)
    {
        (uint Bit, char Name)[] flags = [(Pstate.N, 'N'), (Pstate.Z, 'Z'), (Pstate.C, 'C'), (Pstate.V, 'V')];
        (uint Bit, char Name)[] masks = [(Pstate.D, 'D'), (Pstate.A, 'A'), (Pstate.I, 'I'), (Pstate.F, 'F')];
        return $"{Letters(flags)} {Letters(masks)} {Pstate.ModeName(pstate)}";

        string Letters((uint Bit, char Name)[] bits)
            => string.Concat(bits.Select(b => (pstate & b.Bit) != 0 ? b.Name : char.ToLowerInvariant(b.Name)));
    }
}
