namespace Armillary;

/// <summary>Why a virtual CPU came back to its host.</summary>
public enum VmExitReason
{
    /// <summary><see cref="VirtualCpu.RequestExit"/> was called or the token was cancelled. PC is the next instruction.</summary>
    Canceled = 0,

    /// <summary>
    /// The guest did something that the hypervisor handles; <see cref="VmExit.ExceptionClass"/> says what.
    /// For BRK, breakpoints, watchpoints and aborts PC is the instruction itself (for an instruction abort, its target);
    /// for HVC, SMC and WFI, and after a software step, PC is the next instruction.
    /// </summary>
    Exception = 1,

    /// <summary>
    /// A data access to an address that no memory backs, or a write to read-only memory. PC is the access, which the next
    /// <see cref="VirtualCpu.Run"/> completes; a read takes the value given to <see cref="VirtualCpu.CompleteMmioRead"/>.
    /// </summary>
    Mmio = 2,

    /// <summary>
    /// The guest made a semihosting call (HLT #0xF000) while <see cref="VirtualCpu.TrapSemihosting"/>: the operation is in W0, its
    /// parameter in X1, and the result goes into X0. PC is the next instruction.
    /// </summary>
    Semihosting = 3,
}
