using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>The oracle of eng/oracle/oracle.c, which documents the protocol: an AArch64 Linux program, natively or under qemu-aarch64.</summary>
internal sealed class OracleProcess : IOracleSubject, IDisposable
{
    /// <summary>Names the variable with the path of the program that eng/oracle/build.sh makes.</summary>
    public const string Variable = "ARMILLARY_ORACLE";

    /// <summary>Names the variable with the emulator that runs it where the machine is no Arm one; <c>qemu-aarch64</c> if it is not set.</summary>
    public const string EmulatorVariable = "ARMILLARY_ORACLE_QEMU";

    private const uint Magic = 0x4F34_3641;
    private const int MaxBatch = 64;
    private const int MaxInstructions = 32;
    private const int CaseSize = 5056;
    private const int CaseLiteralOffset = 296;
    private const int CaseVOffset = 320;
    private const int CaseWindowOffset = 832;
    private const int CaseProgramOffset = CaseWindowOffset + GuestState.WindowSize;
    private const int ResultSize = 4928;
    private const int ResultVOffset = 320;
    private const int ResultWindowOffset = 832;
    private const uint Refused = 0x100;

    private readonly Process _process;

    /// <param name="path">The program.</param>
    /// <param name="alone">Each instruction is translated without the others, so that the emulator's optimizer sees nothing of them.</param>
    public OracleProcess(string path, bool alone = false)
    {
        bool native = OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.Arm64;
        ProcessStartInfo start = new(native ? path : Environment.GetEnvironmentVariable(EmulatorVariable) is { Length: > 0 } emulator ? emulator : "qemu-aarch64") { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (!native && alone) start.ArgumentList.Add(IsRecent ? "-one-insn-per-tb" : "-singlestep");
        if (!native) start.ArgumentList.Add(path);
        try
        {
            _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"{start.FileName} did not start: {error.Message}. qemu-aarch64 is in the package qemu-user.", error);
        }
    }

    /// <summary>True if the oracle has HBC and MOPS, which are younger than QEMU 7.2; and if there is none.</summary>
    public static bool IsRecent { get; } = FindOutIfRecent();

    /// <summary>The path of the oracle program; the test is skipped if none is given.</summary>
    public static string PathOrSkip()
    {
        string? path = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(path), $"{Variable} is not set: eng/oracle/build.sh builds the oracle and prints the path.");
        return path!;
    }

    private static bool FindOutIfRecent()
    {
        const uint BranchAlways = 0x5400_003e, CopyNothing = 0x1942_0461; // bc.al .+4; cpyfm [x1]!, [x2]!, x3! with X3 = 0
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path) return true;
        using var oracle = new OracleProcess(path);
        return oracle.Run(new OracleCase([BranchAlways, CopyNothing], new GuestState())).Stop == OracleStop.Breakpoint;
    }

    public OracleResult Run(OracleCase oracleCase) => RunAll([oracleCase])[0];

    public IReadOnlyList<OracleResult> RunAll(IReadOnlyList<OracleCase> cases)
    {
        List<OracleResult> results = new(cases.Count);
        foreach (OracleCase[] batch in cases.Chunk(MaxBatch)) RunBatch(batch, results);
        return results;
    }

    public void Dispose()
    {
        _process.StandardInput.Dispose();
        _process.WaitForExit();
        _process.Dispose();
    }

    // The oracle reads a whole batch before it answers, so writing all first cannot block for ever.
    private void RunBatch(OracleCase[] batch, List<OracleResult> results)
    {
        byte[] request = new byte[8 + (batch.Length * CaseSize)];
        BinaryPrimitives.WriteUInt32LittleEndian(request, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(4), batch.Length);
        for (int i = 0; i < batch.Length; i++) WriteCase(request.AsSpan(8 + (i * CaseSize), CaseSize), batch[i]);
        byte[] answer = new byte[batch.Length * ResultSize];
        try
        {
            _process.StandardInput.BaseStream.Write(request);
            _process.StandardInput.BaseStream.Flush();
            _process.StandardOutput.BaseStream.ReadExactly(answer);
        }
        catch (IOException error)
        {
            _process.WaitForExit();
            throw new InvalidOperationException($"The oracle ended with status {_process.ExitCode}.", error);
        }

        for (int i = 0; i < batch.Length; i++) results.Add(ReadResult(answer.AsSpan(i * ResultSize, ResultSize), batch[i]));
    }

    private static void WriteCase(Span<byte> to, OracleCase oracleCase)
    {
        GuestState state = oracleCase.Before;
        if (oracleCase.Program.Count is 0 or > MaxInstructions) throw new ArgumentException($"A program has 1 to {MaxInstructions} instructions, not {oracleCase.Program.Count}.", nameof(oracleCase));
        if (state.Literals.Count > 1) throw new ArgumentException("The oracle takes one literal.", nameof(oracleCase));
        BinaryPrimitives.WriteInt32LittleEndian(to, oracleCase.Program.Count);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], oracleCase.MayLoop ? 1 : 0);
        for (int i = 0; i < GuestState.XCount; i++) BinaryPrimitives.WriteUInt64LittleEndian(to[(8 + (8 * i))..], state.X[i]);
        BinaryPrimitives.WriteUInt64LittleEndian(to[256..], state.Sp);
        BinaryPrimitives.WriteUInt64LittleEndian(to[264..], (ulong)state.Nzcv << 28);
        BinaryPrimitives.WriteUInt64LittleEndian(to[272..], state.Fpcr);
        BinaryPrimitives.WriteUInt64LittleEndian(to[280..], state.Fpsr);
        BinaryPrimitives.WriteUInt64LittleEndian(to[288..], state.TpidrEL0);
        for (int i = 0; i < GuestState.VCount; i++) BinaryPrimitives.WriteUInt128LittleEndian(to[(CaseVOffset + (16 * i))..], state.V[i]);
        if (state.Literals is [MemoryCell literal])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(to[CaseLiteralOffset..], literal.Address);
            BinaryPrimitives.WriteUInt128LittleEndian(to[(CaseLiteralOffset + 8)..], literal.Value);
        }

        state.Window.CopyTo(to[CaseWindowOffset..]);
        for (int i = 0; i < oracleCase.Program.Count; i++) BinaryPrimitives.WriteUInt32LittleEndian(to[(CaseProgramOffset + (4 * i))..], oracleCase.Program[i]);
    }

    private static OracleResult ReadResult(ReadOnlySpan<byte> from, OracleCase oracleCase)
    {
        uint signal = BinaryPrimitives.ReadUInt32LittleEndian(from);
        OracleStop stop = signal switch
        {
            5 => OracleStop.Breakpoint,
            4 => OracleStop.Undefined,
            11 or 7 => OracleStop.MemoryFault,
            14 => OracleStop.TimeLimit,
            Refused => throw new ArgumentException($"The oracle refuses the program {string.Join(' ', oracleCase.Program.Select(static word => $"{word:x8}"))}."),
            _ => throw new InvalidOperationException($"The oracle's program stopped with signal {signal}."),
        };
        GuestState state = new()
        {
            Pc = BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            Sp = BinaryPrimitives.ReadUInt64LittleEndian(from[272..]),
            Nzcv = (uint)(BinaryPrimitives.ReadUInt64LittleEndian(from[280..]) >> 28),
            Fpcr = (uint)BinaryPrimitives.ReadUInt64LittleEndian(from[288..]),
            Fpsr = (uint)BinaryPrimitives.ReadUInt64LittleEndian(from[296..]),
            TpidrEL0 = BinaryPrimitives.ReadUInt64LittleEndian(from[304..]),
        };
        for (int i = 0; i < GuestState.XCount; i++) state.X[i] = BinaryPrimitives.ReadUInt64LittleEndian(from[(24 + (8 * i))..]);
        for (int i = 0; i < GuestState.VCount; i++) state.V[i] = BinaryPrimitives.ReadUInt128LittleEndian(from[(ResultVOffset + (16 * i))..]);
        from.Slice(ResultWindowOffset, GuestState.WindowSize).CopyTo(state.Window);
        return new OracleResult(stop, BinaryPrimitives.ReadUInt64LittleEndian(from[16..]), state);
    }
}
