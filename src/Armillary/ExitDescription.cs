using Armillary.Arm64;

namespace Armillary;

/// <summary>Puts an exit into words, with the numbers that a person needs to find the mistake in the guest.</summary>
internal static class ExitDescription
{
    // Arm ARM D1.3.1.3: sixteen vectors of 0x80 bytes.
    private const ulong VectorTableSize = 0x800;
    private const ulong VectorSize = 0x80;

    public static string Of(in VmExit exit, VirtualCpu cpu) => exit.Reason switch
    {
        VmExitReason.Exception => OfException(exit, cpu),
        VmExitReason.Mmio => OfAccess(exit, cpu),
        VmExitReason.Semihosting => $"semihosting call 0x{(uint)cpu.GetX(0):x2} at 0x{cpu.Pc - 4:x}",
        _ => $"canceled at 0x{cpu.Pc:x}",
    };

    private static string OfException(in VmExit exit, VirtualCpu cpu)
    {
        ulong pc = cpu.Pc;
        return exit.ExceptionClass switch
        {
            ExceptionClass.Brk64 => $"BRK #{exit.Syndrome.Immediate} at 0x{pc:x}",
            ExceptionClass.Hvc64 => $"HVC #{exit.Syndrome.Immediate} at 0x{pc - 4:x} (x0 = 0x{cpu.GetX(0):x})",
            ExceptionClass.Smc64 => $"SMC #{exit.Syndrome.Immediate} at 0x{pc - 4:x} (x0 = 0x{cpu.GetX(0):x})",
            ExceptionClass.WaitForInterruptOrEvent => $"{WaitName(exit.Syndrome)} at 0x{pc - 4:x}, and no interrupt can come",
            ExceptionClass.InstructionAbortLower => $"instruction abort at 0x{pc:x}{Physical(exit, pc)}: {OfFetch(exit, pc, cpu)}",
            ExceptionClass.DataAbortLower => $"data abort at 0x{pc:x}: {(exit.Syndrome.IsWrite ? "write to" : "read of")} 0x{exit.VirtualAddress:x}{Physical(exit, exit.VirtualAddress)} failed (fault status 0x{exit.Syndrome.FaultStatus:x2})",
            ExceptionClass.SoftwareStepLower => $"software step, next instruction at 0x{pc:x}",
            ExceptionClass.BreakpointLower => $"hardware breakpoint at 0x{pc:x}",
            ExceptionClass.WatchpointLower => $"watchpoint on 0x{exit.VirtualAddress:x} at 0x{pc:x}",
            _ => $"{exit.ExceptionClass} (EC 0x{(int)exit.ExceptionClass:x2}, syndrome {exit.Syndrome}) at 0x{pc:x}",
        };
    }

    private static string OfAccess(in VmExit exit, VirtualCpu cpu)
    {
        string access = exit.IsWrite ? $"write of 0x{exit.Value:x} ({exit.Size} bytes) to" : $"read of {exit.Size} bytes at";
        return $"{access} 0x{exit.VirtualAddress:x}{Physical(exit, exit.VirtualAddress)} by 0x{cpu.Pc:x}: {Backing(exit.PhysicalAddress, cpu)}, and no device answers";
    }

    // A guest without vectors that faults branches to VBAR_EL1, which is mostly 0; the fetch there is what the hypervisor
    // sees, and ESR_EL1 and ELR_EL1 tell of the fault itself.
    private static string OfFetch(in VmExit exit, ulong pc, VirtualCpu cpu)
    {
        ulong vectors = cpu.GetSystemRegister(SystemRegister.VBAR_EL1);
        var taken = new Syndrome(cpu.GetSystemRegister(SystemRegister.ESR_EL1));
        ulong offset = pc - vectors;
        if (offset >= VectorTableSize || offset % VectorSize != 0 || taken.Value == 0) return Backing(exit.PhysicalAddress, cpu);
        return $"the guest took an exception ({taken.Class}, ESR_EL1 = {taken}, from PC ELR_EL1 = 0x{cpu.GetSystemRegister(SystemRegister.ELR_EL1):x}) and VBAR_EL1 = 0x{vectors:x} points to memory it cannot run: {Backing(exit.PhysicalAddress, cpu)}";
    }

    private static string Backing(ulong gpa, VirtualCpu cpu) => cpu.VirtualMachine.Memory.Find(gpa) is { } region
        ? $"the memory at 0x{region.Address:x}-0x{region.LastAddress:x} permits {region.Permissions}"
        : "no memory is there";

    private static string Physical(in VmExit exit, ulong virtualAddress)
        => exit.PhysicalAddress == virtualAddress ? "" : $" (physical 0x{exit.PhysicalAddress:x})";

    // ISS.TI, bits 1:0 (Arm ARM D24.2.40, trapped WF*).
    private static string WaitName(Syndrome syndrome) => (syndrome.Specific & 3) switch
    {
        0 => "WFI",
        1 => "WFE",
        2 => "WFIT",
        _ => "WFET",
    };
}
