using Armillary.Arm64;

namespace Armillary;

/// <summary>
/// Semihosting where the hardware leaves HLT to the guest: no control of EL2 traps it, so it is an undefined instruction of EL1
/// (Arm ARM C6.2.149, D1.3.5). A guest without vectors then fetches from where no memory is, which the hypervisor does see.
/// </summary>
internal static class SemihostingCalls
{
    /// <summary>HLT #0xF000, the call of AArch64 (Semihosting for AArch32 and AArch64 2.0, section 4).</summary>
    private const uint Call = 0xd45e_0000;

    private const uint Undefined = 1u << 25; // ESR_EL1: EC 0, IL

    /// <summary>
    /// If an exit is the fetch of a vector after a call: undoes the exception, so that the guest stands behind the call. ESR_EL1,
    /// ELR_EL1 and SPSR_EL1 stay as the exception left them.
    /// </summary>
    public static bool TryTakeBack(VirtualCpu cpu, in VmExit exit)
    {
        if (exit.Reason != VmExitReason.Exception || exit.ExceptionClass != ExceptionClass.InstructionAbortLower) return false;
        if (cpu.GetSystemRegister(SystemRegister.ESR_EL1) != Undefined) return false;
        if (cpu.Pc - cpu.GetSystemRegister(SystemRegister.VBAR_EL1) is not (0x000 or 0x200 or 0x400)) return false; // synchronous, from EL1t, EL1h, EL0
        ulong address = cpu.GetSystemRegister(SystemRegister.ELR_EL1);
        uint pstate = (uint)cpu.GetSystemRegister(SystemRegister.SPSR_EL1);
        if ((pstate & (Pstate.NRW | Pstate.ModeMask)) is not (Pstate.EL0t or Pstate.EL1t or Pstate.EL1h)) return false;
        Span<byte> word = stackalloc byte[sizeof(uint)];
        if (!cpu.TryTranslate(address, out ulong gpa) || !cpu.VirtualMachine.Memory.TryRead(gpa, word)) return false;
        if (System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(word) != Call) return false;
        cpu.Pstate = pstate;
        cpu.Pc = address + sizeof(uint);
        return true;
    }
}
