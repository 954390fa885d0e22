using System.Globalization;
using Armillary.Arm64;

namespace Armillary;

// What an engine does: the arguments have been checked, and the thread is the virtual CPU's own unless said otherwise.
public abstract partial class VirtualCpu
{
    /// <summary>True if the host lets nobody but the owner thread free it.</summary>
    private protected virtual bool IsBoundToThread => false;

    /// <summary>True if the guest may be at EL2.</summary>
    private protected virtual bool HasEL2 => false;

    private protected abstract VmExit RunCore(bool step);

    /// <summary>
    /// Ends the current run or the next one. Called from any thread, also while the virtual CPU is disposed: nothing happens
    /// then. May come late: a run that ends as <see cref="VmExitReason.Canceled"/> without a reason is taken up again.
    /// </summary>
    private protected abstract void RequestExitCore();

    private protected virtual void PowerOffCore() => throw new NotSupportedException();

    /// <summary>Waits within a run for what ends WFI, or sees to it that the run does.</summary>
    private protected abstract void WaitForInterruptCore();

    private protected abstract void CompleteMmioReadCore(ulong value);

    private protected abstract void SetInterruptLineCore(InterruptLine line, bool asserted);

    private protected abstract ulong GetXCore(int register);

    private protected abstract void SetXCore(int register, ulong value);

    private protected abstract ulong GetPcCore();

    private protected abstract void SetPcCore(ulong value);

    private protected abstract uint GetPstateCore();

    private protected abstract void SetPstateCore(uint value);

    private protected abstract UInt128 GetVCore(int register);

    private protected abstract void SetVCore(int register, UInt128 value);

    private protected abstract bool TryGetSystemRegisterCore(SystemRegister register, out ulong value);

    private protected abstract bool TrySetSystemRegisterCore(SystemRegister register, ulong value);

    private protected abstract void SetTrapDebugExceptionsCore(bool value);

    /// <summary>True if the engine itself ends a run at HLT #0xF000 while <see cref="TrapSemihosting"/>.</summary>
    private protected virtual bool SeesSemihostingCalls => false;

    /// <summary>Stage 1 without effect. For an engine that cannot walk tables: without the MMU addresses are physical.</summary>
    private protected virtual bool TryTranslateCore(ulong virtualAddress, MemoryPermissions access, out ulong physicalAddress)
    {
        const ulong MmuEnabled = 1; // SCTLR_EL1.M
        bool known = (GetSystemRegister(SystemRegister.SCTLR_EL1) & MmuEnabled) == 0 && virtualAddress >> GuestMemory.MaxAddressBits == 0;
        physicalAddress = known ? virtualAddress : 0;
        return known;
    }

    private protected abstract void TakeExceptionCore(ExceptionClass exceptionClass, uint specific, ulong? faultAddress);

    private protected abstract ulong? GetInstructionCountCore();

    private protected abstract void DisposeCore();
}
