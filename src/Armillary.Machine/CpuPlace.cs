using System.Buffers.Binary;
using Armillary.Arm64;

namespace Armillary.Machine;

/// <summary>Where a virtual CPU of a <see cref="Machine"/> is.</summary>
/// <param name="Cpu">Its number.</param>
/// <param name="IsOn">False: PSCI has it off, and the rest says nothing.</param>
/// <param name="Pc">The next instruction's address.</param>
/// <param name="ExceptionLevel">0 or 1.</param>
/// <param name="IsWaiting">It waits in WFI or WFE; else it executes.</param>
public readonly record struct CpuPlace(int Cpu, bool IsOn, ulong Pc, int ExceptionLevel, bool IsWaiting)
{
    private const uint Wfe = 0xd503_205f, Wfi = 0xd503_207f;

    /// <summary>The same for people.</summary>
    public override string ToString() => !IsOn ? $"CPU {Cpu} is off" : $"CPU {Cpu} at PC 0x{Pc:x}, EL{ExceptionLevel}, {(IsWaiting ? "waiting for an interrupt" : "executing")}";

    /// <summary>On the virtual CPU's thread.</summary>
    internal static CpuPlace Of(VirtualCpu cpu)
    {
        ulong pc = cpu.Pc;
        // A wait that was ended leaves the PC at it or behind it, as the engine has it.
        return new(cpu.Index, true, pc, Pstate.ExceptionLevel(cpu.Pstate), IsWait(cpu, pc) || IsWait(cpu, pc - 4));
    }

    private static bool IsWait(VirtualCpu cpu, ulong at)
    {
        Span<byte> word = stackalloc byte[4];
        return cpu.TryTranslate(at, out ulong gpa) && cpu.VirtualMachine.Memory.TryRead(gpa, word) && BinaryPrimitives.ReadUInt32LittleEndian(word) is Wfe or Wfi;
    }
}
