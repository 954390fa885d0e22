using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Emulation.Cpu;

namespace Armillary.Tests.Engine;

/// <summary>
/// A machine of the software engine with one virtual CPU at EL1h: code, data that is not executable, and a vector table
/// whose every entry is a BRK, which ends the run. Nothing is at <see cref="Device"/>.
/// </summary>
internal sealed class Guest : IDisposable
{
    public const ulong Code = 0x1_0000, Data = 0x2_0000, Vectors = 0x3_0000, Device = 0x900_0000, Size = 0x1_0000;
    public const uint Masked = Pstate.Daif;

    public Guest(params ReadOnlySpan<Instruction> program) : this(SoftwareOptions.DefaultCpu, program) { }

    public Guest(string cpu, params ReadOnlySpan<Instruction> program)
    {
        Machine = new SoftwareBackend(new SoftwareOptions { Cpu = cpu }).CreateVirtualMachine();
        CodeRegion = Memory.Map(Code, Size);
        DataRegion = Memory.Map(Data, Size, MemoryPermissions.ReadWrite);
        VectorRegion = Memory.Map(Vectors, 0x1000);
        for (int entry = 0; entry < 16; entry++) Write(Vectors + (ulong)(entry * 0x80), A64.Brk(0xe000 + entry));
        Cpu = (SoftwareVirtualCpu)Machine.CreateVirtualCpu();
        Cpu.TrapDebugExceptions = true;
        Cpu.SetSystemRegister(SystemRegister.VBAR_EL1, Vectors);
        Cpu.SetSystemRegister(SystemRegister.SP_EL0, Data + 0x4000);
        Cpu.SetSystemRegister(SystemRegister.SP_EL1, Data + 0x8000);
        Cpu.Pc = Code;
        Write(Code, program);
    }

    public VirtualMachine Machine { get; }

    public SoftwareVirtualCpu Cpu { get; }

    public GuestMemory Memory => Machine.Memory;

    public GuestMemoryRegion CodeRegion { get; }

    public GuestMemoryRegion DataRegion { get; }

    public GuestMemoryRegion VectorRegion { get; }

    public ulong X(int register) => Cpu.GetX(register);

    public void Write(ulong address, params ReadOnlySpan<Instruction> program)
        => Memory.Write(address, MemoryMarshal.AsBytes(A64.Assemble(address, program).AsSpan()));

    /// <summary>Runs; a guest that hangs fails the test.</summary>
    public VmExit Run() => Run(Cpu);

    /// <inheritdoc cref="Run()"/>
    public static VmExit Run(VirtualCpu cpu)
    {
        using var hang = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        VmExit exit = cpu.Run(hang.Token);
        Assert.False(hang.IsCancellationRequested, $"The guest hangs at 0x{cpu.Pc:x}.");
        return exit;
    }

    /// <summary>Runs to a BRK of the program itself.</summary>
    public void RunToBreakpoint(int immediate = 0)
    {
        VmExit exit = Run();
        Assert.Equal((VmExitReason.Exception, 0xf200_0000ul | (uint)immediate, true), (exit.Reason, exit.Syndrome.Value, Cpu.Pc is < Vectors or > Vectors + 0x7ff));
    }

    /// <summary>Runs until the guest takes an exception to EL1, and compares what it finds there.</summary>
    public void RunToVector(ulong offset, ulong esr, ulong elr)
    {
        VmExit exit = Run();
        Assert.Equal((VmExitReason.Exception, ExceptionClass.Brk64), (exit.Reason, exit.ExceptionClass));
        Assert.Equal($"vector 0x{offset:x3} ESR 0x{esr:x8} ELR 0x{elr:x}", $"vector 0x{Cpu.Pc - Vectors:x3} ESR 0x{Get(SystemRegister.ESR_EL1):x8} ELR 0x{Get(SystemRegister.ELR_EL1):x}");
        Assert.Equal(Masked | Pstate.EL1h, Cpu.Pstate & ~Pstate.Nzcv);
    }

    public ulong Get(SystemRegister register) => Cpu.GetSystemRegister(register);

    /// <summary>Writes SCTLR_EL1, with SPAN set: exceptions leave PSTATE.PAN alone.</summary>
    public void SetControl(ulong value) => Set(SystemRegister.SCTLR_EL1, value | (1ul << 23));

    public void Set(SystemRegister register, ulong value) => Cpu.SetSystemRegister(register, value);

    public void Dispose() => Machine.Dispose();
}
