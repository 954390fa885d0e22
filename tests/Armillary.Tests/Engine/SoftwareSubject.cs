using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Emulation.Cpu;
using Armillary.Tests.Instructions;
using Armillary.Tests.Oracle;

namespace Armillary.Tests.Engine;

/// <summary>How the software engine executes a program.</summary>
public enum Execution
{
    /// <summary>The run loop: fast path first.</summary>
    Interpreter,

    /// <summary>An instruction at a time, on the slow path.</summary>
    Stepping,

    /// <summary>An instruction at a time, translated to IR and that IR interpreted.</summary>
    Ir,

    /// <summary>The run loop, every instruction translated that can be.</summary>
    Translated,

    /// <summary>The run loop, with floating point computed without the host's.</summary>
    WithoutHostFloatingPoint,
}

/// <summary>
/// The software engine as a subject of comparison: a machine with the code area and the data window of
/// <see cref="GuestState"/>, and a CPU at EL0 whose exceptions go to a page of BRKs. Both areas are mapped to themselves, as
/// Normal memory; where a case sets system registers of its own, the MMU is off.
/// </summary>
internal sealed class SoftwareSubject : IOracleSubject, IDisposable
{
    private const ulong Vectors = 0x7000_0000, Tables = 0x6000_0000, TablesSize = 1 << 20;
    private const int StepLimit = 20_000;

    private readonly Execution _execution;
    private readonly VirtualMachine _machine;
    private readonly SoftwareVirtualCpu _cpu;
    private readonly GuestMemoryRegion _code;

    /// <summary>Told the PC before each single step.</summary>
    public Action<ulong>? Stepping { get; init; }

    public SoftwareSubject(Execution execution)
    {
        _execution = execution;
        _machine = new SoftwareBackend(new SoftwareOptions { TranslatesCode = execution == Execution.Translated }).CreateVirtualMachine();
        _code = _machine.Memory.Map(GuestState.CodeAreaAddress, GuestState.CodeAreaEnd - GuestState.CodeAreaAddress);
        _machine.Memory.Map(GuestState.WindowAddress, GuestState.WindowSize, MemoryPermissions.ReadWrite);
        _machine.Memory.Map(Vectors, 4096);
        Fill(Vectors, 4096);
        Fill(_code.Address, (int)_code.Size);
        MapToThemselves();
        _cpu = (SoftwareVirtualCpu)_machine.CreateVirtualCpu();
        _cpu.TrapDebugExceptions = true;
        if (execution == Execution.Ir) UseIr();
        if (execution == Execution.WithoutHostFloatingPoint) _cpu.Floating.WithoutHost = 1;
    }

    /// <summary>Hosts that code is translated for.</summary>
    public static bool IsTranslating => OperatingSystem.IsLinux() && System.Runtime.Intrinsics.X86.Sse41.X64.IsSupported;

    public OracleResult Run(OracleCase oracleCase)
    {
        Load(oracleCase);
        VmExit exit = Execute(oracleCase, out bool limited);
        OracleResult result = Read(exit, limited, oracleCase);
        Fill(GuestState.CodeAddress, 4 * oracleCase.Program.Count);
        foreach (MemoryCell literal in oracleCase.Before.Literals) Fill(literal.Address & ~3ul, 20);
        return result;
    }

    public void Dispose() => _machine.Dispose();

    private void Load(OracleCase oracleCase)
    {
        GuestState before = oracleCase.Before;
        Span<byte> bytes = stackalloc byte[16];
        foreach (MemoryCell literal in before.Literals)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(bytes, literal.Value);
            _machine.Memory.Write(literal.Address, bytes[..literal.Size]);
        }

        _machine.Memory.Write(GuestState.CodeAddress, MemoryMarshal.AsBytes<uint>(oracleCase.Program.ToArray()));
        _machine.Memory.Write(GuestState.WindowAddress, before.Window);
        _cpu.ClearExclusive();
        for (int i = 0; i < GuestState.XCount; i++) _cpu.SetX(i, before.X[i]);
        _cpu.Pstate = (before.Nzcv << 28) | Pstate.Daif | Pstate.EL0t;
        _cpu.Sp = before.Sp;
        _cpu.Pc = before.Pc;
        for (int i = 0; i < GuestState.VCount; i++) _cpu.SetV(i, before.V[i]);
        _cpu.SetSystemRegister(SystemRegister.FPCR, before.Fpcr);
        _cpu.SetSystemRegister(SystemRegister.FPSR, before.Fpsr);
        _cpu.SetSystemRegister(SystemRegister.TPIDR_EL0, before.TpidrEL0);
        _cpu.SetSystemRegister(SystemRegister.VBAR_EL1, Vectors);

        _cpu.SetSystemRegister(SystemRegister.CPACR_EL1, 3 << 20);

        // What Linux lets EL0 do: cache maintenance, CTR_EL0, DC ZVA, WFI and WFE, memory copies and sets.
        const ulong Control = (1ul << 33) | (1u << 26) | (1u << 15) | (1u << 14) | (1u << 16) | (1u << 18);
        bool translates = before.System.Count == 0;
        _cpu.SetSystemRegister(SystemRegister.TTBR0_EL1, Tables);
        _cpu.SetSystemRegister(SystemRegister.MAIR_EL1, 0xff);
        _cpu.SetSystemRegister(SystemRegister.TCR_EL1, translates ? 16 | (5ul << 32) : 0);
        _cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, translates ? Control | 1 : Control);
        foreach ((SystemRegister register, ulong value) in before.System) _cpu.SetSystemRegister(register, register == SystemRegister.SCTLR_EL1 ? Control | value : value);
    }

    private VmExit Execute(OracleCase oracleCase, out bool limited)
    {
        limited = false;
        if (_execution is Execution.Interpreter or Execution.WithoutHostFloatingPoint or Execution.Translated)
        {
            for (int i = 0; _execution == Execution.Translated && i < oracleCase.Program.Count; i++) _cpu.Translate(GuestState.CodeAddress + (4 * (ulong)i));
            using var limit = new CancellationTokenSource();
            if (oracleCase.MayLoop) limit.CancelAfter(50);
            VmExit exit = _cpu.Run(limit.Token);
            limited = exit.Reason == VmExitReason.Canceled;
            return exit;
        }

        for (int i = 0; i < StepLimit; i++)
        {
            Stepping?.Invoke(_cpu.Pc);
            VmExit exit = _cpu.Step();
            if (exit.ExceptionClass != ExceptionClass.SoftwareStepLower || exit.Reason != VmExitReason.Exception) return exit;
        }

        limited = true;
        return default;
    }

    private OracleResult Read(VmExit exit, bool limited, OracleCase oracleCase)
    {
        ulong pc = _cpu.Pc, faultAddress = 0, esr = 0;
        uint pstate = _cpu.Pstate;
        OracleStop stop = OracleStop.Breakpoint;
        if (limited)
        {
            stop = OracleStop.TimeLimit;
        }
        else if (exit.Reason == VmExitReason.Mmio || exit.ExceptionClass == ExceptionClass.InstructionAbortLower)
        {
            (stop, faultAddress) = (OracleStop.MemoryFault, exit.VirtualAddress);
        }
        else if (exit.ExceptionClass == ExceptionClass.Brk64 && pc is >= Vectors and < Vectors + 4096)
        {
            // The guest took an exception to EL1: what counts is the state that it left.
            esr = _cpu.GetSystemRegister(SystemRegister.ESR_EL1);
            var syndrome = new Syndrome(esr);
            pc = _cpu.GetSystemRegister(SystemRegister.ELR_EL1);
            pstate = (uint)_cpu.GetSystemRegister(SystemRegister.SPSR_EL1);
            stop = syndrome.Class switch
            {
                ExceptionClass.Unknown => OracleStop.Undefined,
                ExceptionClass.PointerAuthentication => OracleStop.Exception,
                _ => OracleStop.MemoryFault,
            };
            if (stop == OracleStop.MemoryFault) faultAddress = _cpu.GetSystemRegister(SystemRegister.FAR_EL1);
        }

        GuestState after = oracleCase.Before.Clone();
        for (int i = 0; i < GuestState.XCount; i++) after.X[i] = _cpu.GetX(i);
        after.Sp = _cpu.GetSystemRegister(SystemRegister.SP_EL0);
        after.Pc = pc;
        after.Nzcv = pstate >> 28;
        for (int i = 0; i < GuestState.VCount; i++) after.V[i] = _cpu.GetV(i);
        after.Fpcr = (uint)_cpu.GetSystemRegister(SystemRegister.FPCR);
        after.Fpsr = (uint)_cpu.GetSystemRegister(SystemRegister.FPSR);
        after.TpidrEL0 = _cpu.GetSystemRegister(SystemRegister.TPIDR_EL0);
        _machine.Memory.Read(GuestState.WindowAddress, after.Window);
        return new OracleResult(stop, faultAddress, after) { Syndrome = esr };
    }

    private void Fill(ulong address, int bytes)
    {
        uint[] words = new uint[bytes / 4];
        Array.Fill(words, OracleCase.EndOfProgram);
        _machine.Memory.Write(address, MemoryMarshal.AsBytes<uint>(words));
    }

    private void MapToThemselves()
    {
        const ulong Plain = PageTables.AccessFlag | PageTables.InnerShareable, Page = 4096;
        _machine.Memory.Map(Tables, TablesSize);
        var tables = new PageTables(_machine, Tables, granuleBits: 12, inputBits: 48);
        for (ulong page = GuestState.CodeAreaAddress; page < GuestState.CodeAreaEnd; page += Page) tables.Map(page, page, Plain | PageTables.User);
        tables.Map(GuestState.WindowAddress, GuestState.WindowAddress, Plain | PageTables.User | PageTables.UserNever);
        tables.Map(Vectors, Vectors, Plain | PageTables.ReadOnly);
    }

    private void UseIr() => IrStepping.Use(_cpu, _machine);
}
