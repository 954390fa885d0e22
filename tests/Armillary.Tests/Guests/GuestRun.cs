using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Armillary.Arm64;

namespace Armillary.Tests.Guests;

/// <summary>
/// A guest on some engine, and the transcript of what its host saw. There is code, data that is not executable, a table of vectors whose
/// every entry is a BRK, read-only memory, and nothing at <see cref="Device"/>. All is aligned to 16 KiB, the coarsest page of an engine.
/// </summary>
internal sealed class GuestRun : IDisposable
{
    public const ulong Code = 0x1_0000, Data = 0x2_0000, Vectors = 0x3_0000, ReadOnly = 0x4_0000, Tables = 0x5_0000, Size = 0x1_0000, Device = 0x900_0000;

    private readonly StringBuilder _transcript = new();

    public GuestRun(VirtualMachine machine)
    {
        Machine = machine;
        Memory.Map(Code, Size);
        DataRegion = Memory.Map(Data, Size, MemoryPermissions.ReadWrite);
        Memory.Map(Vectors, Size, MemoryPermissions.ReadExecute);
        Memory.Map(ReadOnly, Size, MemoryPermissions.Read);
        Memory.Map(Tables, Size, MemoryPermissions.ReadWrite);
        for (int entry = 0; entry < 16; entry++) Write(Vectors + (ulong)(entry * 0x80), A64.Brk(0xe000 + entry));
        Cpu = machine.CreateVirtualCpu();
        Cpu.TrapDebugExceptions = true;
        Set(SystemRegister.VBAR_EL1, Vectors);
        Set(SystemRegister.SP_EL1, Data + 0x8000);
        Set(SystemRegister.SP_EL0, Data + 0x4000);
        Set(SystemRegister.CPACR_EL1, 3 << 20);
        Cpu.Pc = Code;
    }

    public VirtualMachine Machine { get; }

    public VirtualCpu Cpu { get; }

    public GuestMemory Memory => Machine.Memory;

    public GuestMemoryRegion DataRegion { get; }

    public string Transcript => _transcript.ToString();

    public void Program(params ReadOnlySpan<Instruction> program) => Write(Code, program);

    public void Words(params ReadOnlySpan<uint> words) => Memory.Write(Code, MemoryMarshal.AsBytes(words));

    public void Write(ulong address, params ReadOnlySpan<Instruction> program) => Memory.Write(address, MemoryMarshal.AsBytes(A64.Assemble(address, program).AsSpan()));

    public ulong Get(SystemRegister register) => Cpu.GetSystemRegister(register);

    public void Set(SystemRegister register, ulong value) => Cpu.SetSystemRegister(register, value);

    /// <summary>Runs; a guest that hangs fails the test.</summary>
    public VmExit Run() => Note("run", Bounded(Cpu.Run));

    public VmExit Step() => Note("step", Bounded(Cpu.Step));

    /// <summary>Runs to a BRK, giving reads a value that tells which they were.</summary>
    public void RunToBreak(ulong firstValue = 0x8182_8384_8586_8788)
    {
        for (int i = 0; i < 100; i++)
        {
            VmExit exit = Run();
            if (exit.Reason != VmExitReason.Mmio) return;
            if (!exit.IsWrite) Cpu.CompleteMmioRead(firstValue + ((ulong)i << 56));
        }
    }

    /// <summary>Steps to an exit that is none of a step.</summary>
    public void StepToExit(int limit = 40)
    {
        for (int i = 0; i < limit; i++)
        {
            VmExit exit = Step();
            if (exit.Reason == VmExitReason.Mmio && !exit.IsWrite) Cpu.CompleteMmioRead(0xf1f2_f3f4_f5f6_f7f8);
            else if (exit.Reason != VmExitReason.Mmio && exit.ExceptionClass != ExceptionClass.SoftwareStepLower) return;
        }
    }

    /// <summary>Registers and flags, and what an exception left.</summary>
    public void NoteRegisters(int count = 8)
    {
        for (int i = 0; i < count; i++) Line($"x{i}=0x{Cpu.GetX(i):x}");
        Line($"pstate=0x{Cpu.Pstate:x} sp=0x{Cpu.Sp:x}");
    }

    public void NoteVectors(int count = 4)
    {
        for (int i = 0; i < count; i++) Line($"v{i}=0x{Cpu.GetV(i):x}");
    }

    public void NoteException() => Line($"esr=0x{Get(SystemRegister.ESR_EL1):x} elr=0x{Get(SystemRegister.ELR_EL1):x} spsr=0x{Get(SystemRegister.SPSR_EL1):x} far=0x{Get(SystemRegister.FAR_EL1):x}");

    public void NoteMemory(ulong address, int words = 4)
    {
        for (int i = 0; i < words; i++) Line($"[0x{address + (8 * (ulong)i):x}]=0x{Memory.Read<ulong>(address + (8 * (ulong)i)):x}");
    }

    public void Line(FormattableString line) => _transcript.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    public void Dispose() => Machine.Dispose();

    private VmExit Note(string verb, VmExit exit)
    {
        Line($"{verb}: {exit.Reason} ec=0x{(int)exit.ExceptionClass:x} iss=0x{exit.Syndrome.Specific:x} va=0x{exit.VirtualAddress:x} pa=0x{exit.PhysicalAddress:x} size={exit.Size} {(exit.IsWrite ? "write" : "read")} 0x{exit.Value:x} pc=0x{Cpu.Pc:x}");
        return exit;
    }

    private static VmExit Bounded(Func<CancellationToken, VmExit> run)
    {
        using var hang = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        VmExit exit = run(hang.Token);
        return hang.IsCancellationRequested ? throw new TimeoutException("The guest hangs.") : exit;
    }
}
