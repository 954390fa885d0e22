using System.Runtime.InteropServices;

namespace Armillary.Emulation.Decode;

/// <summary>One predecoded instruction: its handler and operands. A page of code is an array of these.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Op
{
    /// <summary><c>Op* (CpuState*, Op*)</c>: executes the op and returns the next one, or null to leave the loop.</summary>
    public delegate*<Cpu.CpuState*, Op*, Op*> Handler;

    public Operands Operands;
}
