using Armillary.Arm64;
using Armillary.Emulation.Cpu.Translation;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Memory;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Cpu;

// Translation, fetches, and what depends on SCTLR_EL1.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    /// <summary>Stage 1 at the current exception level, with the MMU on or off.</summary>
    internal Translation.Translation Translate(ulong va, AccessKind kind)
    {
        if (_spaceChanged) SelectTables();

        // PSTATE.UAO: LDTR and its kin have the rights of EL1 (Arm ARM D8.4.4); AT S1E0R has EL0's nevertheless.
        if ((kind & (AccessKind.Unprivileged | AccessKind.Maintenance)) == AccessKind.Unprivileged && (PstateBits & Arm64.Pstate.UAO) != 0) kind &= ~AccessKind.Unprivileged;
        if (IsMmuOn) return Stage1.Translate(this, va, kind);

        // MMU off: the address is the physical one and has at most 48 bits; data is Device-nGnRnE (Arm ARM D8.2.9). The top
        // byte does not count if TCR_EL1.TBI0 or TBI1 says so, as bit 55 chooses.
        bool ignoresTop = Stage1.IgnoresTop(Registers[SystemRegister.TCR_EL1], va, (kind & AccessKind.Fetch) != 0);
        ulong gpa = ignoresTop ? va & ~0ul >> 8 : va;
        return gpa >> Model.PhysicalAddressBits != 0
            ? Translation.Translation.Fault(FaultStatus.AddressSize0)
            : new Translation.Translation { Gpa = gpa, IsWritable = true };
    }

    /// <summary>The same for an AT instruction, which heeds PSTATE.PAN only in its P forms.</summary>
    internal Translation.Translation TranslateFor(ulong va, AccessKind kind, bool usePan)
    {
        uint saved = PstateBits;
        if (!usePan) PstateBits &= ~Arm64.Pstate.PAN;
        Translation.Translation translation = Translate(va, kind);
        PstateBits = saved;
        return translation;
    }

    private protected override bool TryTranslateCore(ulong virtualAddress, MemoryPermissions access, out ulong physicalAddress)
    {
        AccessKind kind = access switch
        {
            MemoryPermissions.Write => AccessKind.Write | AccessKind.Maintenance,
            MemoryPermissions.Execute => AccessKind.Fetch,
            _ => AccessKind.Read | AccessKind.Maintenance,
        };
        Translation.Translation translation = TranslateFor(virtualAddress, kind | AccessKind.Peek, usePan: false);
        bool known = translation.Outcome == TranslationOutcome.Done;
        physicalAddress = known ? translation.Gpa : 0;
        return known;
    }

    /// <summary>SCTLR_EL1.M.</summary>
    internal bool IsMmuOn => (Registers[SystemRegister.SCTLR_EL1] & 1) != 0;

    // A table outside memory: what stage 2 makes of it goes to the hypervisor, with S1PTW set.
    private Op* ExitForTable(Op* op, ulong va, ulong table, bool write)
    {
        SetTableExit(Arm64.ExceptionClass.DataAbortLower, va, table, write ? 1u << 6 : 0, op->Operands.Pc);
        return Leave(op, Machines.HelperOutcome.Exit);
    }

    private void SetTableExit(ExceptionClass exceptionClass, ulong va, ulong table, uint specific, ulong pc)
    {
        const uint S1PTW = 1 << 7;
        SetExit(new VmExit
        {
            Reason = VmExitReason.Exception,
            Syndrome = Syndrome.Create(exceptionClass, specific | S1PTW | FaultStatus.Translation1),
            VirtualAddress = va,
            PhysicalAddress = table,
        }, pc);
    }

    /// <summary>SCTLR_EL1 or the exception level changed.</summary>
    internal void UpdateAlignment()
    {
        const ulong M = 1, A = 1 << 1, SA = 1 << 3, SA0 = 1 << 4;
        ulong control = Registers[SystemRegister.SCTLR_EL1];
        _state->StrictAlignment = (control & M) == 0 || (control & A) != 0 ? 1u : 0u;
        _state->StackAlignment = (control & (ExceptionLevel == 0 ? SA0 : SA)) != 0 ? 15u : 0u;
    }

    /// <summary>SCTLR_EL1 or TCR_EL1 changed.</summary>
    internal void UpdateSigner() => Signer.Configure(Model, Registers[SystemRegister.SCTLR_EL1], Registers[SystemRegister.TCR_EL1]);

    /// <summary>Where a branch leads: PC never has a tag (Arm ARM, AArch64.BranchAddr()).</summary>
    private ulong WithoutTag(ulong va)
    {
        ulong plain = (ulong)((long)(va << 8) >> 8);
        return plain == va || Stage1.IgnoresTop(Registers[SystemRegister.TCR_EL1], va, isFetch: true) ? plain : va;
    }

    // In a guarded page an indirect branch lands on what was made for it, or is a Branch Target exception (Arm ARM R_LJHCL).
    private Op* Land(Op* op, uint branchType)
    {
        if (branchType == 0 || !_code.IsGuarded(op)) return op;
        if (op->Operands.Row == DecodeTable.Undecoded) Decode(op);
        Landing landing = DecodeTable.Rows[op->Operands.Row].Landing;
        if (landing.Takes(branchType)) return op;
        const ulong BT0 = 1ul << 35, BT1 = 1ul << 36;
        bool signingTakesAny = (Registers[SystemRegister.SCTLR_EL1] & (ExceptionLevel == 0 ? BT0 : BT1)) == 0;
        return landing == Landing.Signing && signingTakesAny ? op : Fault(op->Operands.Pc, Arm64.ExceptionClass.BranchTarget, branchType, branchType);
    }

    /// <summary>The op of an instruction address, or what comes of a failed fetch.</summary>
    private Op* Locate(ulong va, uint branchType)
    {
        if (_spaceChanged) SelectTables();
        bool isIllegal = (PstateBits & Arm64.Pstate.IL) != 0;
        JumpEntry* known = CpuState.Jump(_state, va);
        if (!isIllegal && known->Tag == (va & ~0xffcul)) return Land(known->Ops + ((va >> 2) & (CodePage.Instructions - 1)), branchType);
        if ((va & 3) != 0) return Fault(va, Arm64.ExceptionClass.PcAlignment, 0, branchType);

        Translation.Translation translation = Translate(va, AccessKind.Fetch);
        if (translation.Outcome == TranslationOutcome.Fault) return FetchAbort(va, translation.Status, branchType);
        if (translation.Outcome == TranslationOutcome.TableNotBacked)
        {
            SetTableExit(Arm64.ExceptionClass.InstructionAbortLower, va, translation.Gpa, 0, va);
            return _state->ExitOp;
        }

        ulong page = translation.Gpa & CpuState.PageMask;
        SoftwareRegion? region = _machine.Find(page);
        if (region is null || (region.Permissions & MemoryPermissions.Execute) == 0)
        {
            uint status = region is null ? FaultStatus.Translation1 : FaultStatus.Permission3;
            SetExit(new VmExit
            {
                Reason = VmExitReason.Exception,
                Syndrome = Syndrome.Create(Arm64.ExceptionClass.InstructionAbortLower, status),
                VirtualAddress = va,
                PhysicalAddress = translation.Gpa,
            }, va);
            return _state->ExitOp;
        }

        // After every fault of the fetch (Arm ARM D1.3.5.5).
        if (isIllegal) return Fault(va, Arm64.ExceptionClass.IllegalState, 0, branchType);
        if (region.MarkCode(page)) _machine.WatchStores(this, region.Host(page));
        if (translation.BlockBits != 0) _tlb.NoteBlock(va, translation.BlockBits);
        return Land(_code.Enter(va, page, region.Host(page), translation.IsGuarded && Model.Has(Feature.BTI)), branchType);
    }
}
