using Armillary.Arm64;

namespace Armillary.Kvm;

// A fetch from where no memory is does not end a run: KVM injects an abort into the guest. A guest whose vectors are in no memory either
// would abort for ever, and nobody would hear of it. So such a guest is lent vectors while it runs: BRKs, which do end the run.
internal sealed unsafe partial class KvmVirtualCpu
{
    private const uint TranslationLevel1 = 0b000101, PermissionLevel3 = 0b001111;

    private static readonly SystemRegister[] s_exceptionRegisters = [SystemRegister.ESR_EL1, SystemRegister.ELR_EL1, SystemRegister.SPSR_EL1, SystemRegister.FAR_EL1];

    private readonly ulong[] _exceptionRegisters = new ulong[4];
    private bool _areLent;
    private ulong _guestVectors;

    private void LendVectors()
    {
        const ulong MmuEnabled = 1;
        _guestVectors = ReadSystem(SystemRegister.VBAR_EL1);
        _areLent = (ReadSystem(SystemRegister.SCTLR_EL1) & MmuEnabled) == 0 && (_machine.Memory.Find(_guestVectors) is not { } region || !region.Permissions.HasFlag(MemoryPermissions.Read));
        if (!_areLent) return;
        WriteSystem(SystemRegister.VBAR_EL1, _machine.Vectors);
        NoteExceptionRegisters();
    }

    private void TakeVectorsBack()
    {
        if (!_areLent) return;
        _areLent = false;
        if (ReadSystem(SystemRegister.VBAR_EL1) == _machine.Vectors) WriteSystem(SystemRegister.VBAR_EL1, _guestVectors);
    }

    // An abort that KVM injects overwrites them, and the guest never took it.
    private void NoteExceptionRegisters()
    {
        for (int i = 0; _areLent && i < s_exceptionRegisters.Length; i++) _exceptionRegisters[i] = ReadSystem(s_exceptionRegisters[i]);
    }

    private bool IsInLentVectors(out ulong offset)
    {
        offset = GetPcCore() - _machine.Vectors;
        return _areLent && offset < 0x800;
    }

    private bool EndInLentVectors(bool step, ulong offset, out VmExit exit)
    {
        const uint ExternalAbort = 0b010000;
        var cause = new Syndrome(ReadSystem(SystemRegister.ESR_EL1) & 0xffff_ffff); // Linux 6.1 extends its sign
        ulong address;
        if (cause.Class is Arm64.ExceptionClass.InstructionAbort or Arm64.ExceptionClass.InstructionAbortLower && cause.FaultStatus == ExternalAbort)
        {
            // The fetch itself: the guest is where it was.
            address = ReadSystem(SystemRegister.ELR_EL1);
            uint pstate = (uint)ReadSystem(SystemRegister.SPSR_EL1);
            for (int i = 0; i < s_exceptionRegisters.Length; i++) WriteSystem(s_exceptionRegisters[i], _exceptionRegisters[i]);
            SetPstateCore(pstate);
        }
        else
        {
            // An exception of the guest's own: it stands at its vector, from where nothing can be fetched.
            address = (_guestVectors & ~0x7fful) + offset;
            if (step)
            {
                Set(PcId, address);
                exit = StepDone;
                return true;
            }
        }

        Set(PcId, address);
        exit = new VmExit
        {
            Reason = VmExitReason.Exception,
            Syndrome = Syndrome.Create(Arm64.ExceptionClass.InstructionAbortLower, _machine.Memory.Find(address) is null ? TranslationLevel1 : PermissionLevel3),
            VirtualAddress = address,
            PhysicalAddress = address,
        };
        return true;
    }
}
