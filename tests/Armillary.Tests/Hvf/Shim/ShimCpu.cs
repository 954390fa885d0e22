using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Hvf.Interop;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Tests.Hvf.Shim;

/// <summary>
/// A virtual CPU behind the shim: the software CPU an instruction at a time, with the traps of a hypervisor at EL2 in front. What it
/// reports is in the hardware's terms: syndromes with the access described where the architecture describes it, PC at the instruction.
/// </summary>
internal sealed unsafe class ShimCpu(SoftwareVirtualCpu cpu) : IDisposable
{
    private const uint ISV = 1 << 24, WnR = 1 << 6, TranslationLevel2 = 0b000110, PermissionLevel2 = 0b001110;

    // What the software CPU and the shim both hold.
    private static readonly SystemRegister[] s_shared =
    [
        SCTLR_EL1, CPACR_EL1, TTBR0_EL1, TTBR1_EL1, TCR_EL1, MAIR_EL1, AMAIR_EL1, CONTEXTIDR_EL1, VBAR_EL1, TPIDR_EL1, TPIDR_EL0, TPIDRRO_EL0, SP_EL0, SP_EL1, ELR_EL1,
        SPSR_EL1, ESR_EL1, FAR_EL1, AFSR0_EL1, AFSR1_EL1, PAR_EL1, CNTKCTL_EL1, CSSELR_EL1, MDSCR_EL1, APIAKeyLo_EL1, APIAKeyHi_EL1, APIBKeyLo_EL1, APIBKeyHi_EL1,
        APDAKeyLo_EL1, APDAKeyHi_EL1, APDBKeyLo_EL1, APDBKeyHi_EL1, APGAKeyLo_EL1, APGAKeyHi_EL1,
        .. Enumerable.Range(0, 6).SelectMany(n => new[] { (SystemRegister)(0x8004 + (8 * n)), (SystemRegister)(0x8005 + (8 * n)) }),
        .. Enumerable.Range(0, 4).SelectMany(n => new[] { (SystemRegister)(0x8006 + (8 * n)), (SystemRegister)(0x8007 + (8 * n)) }),
    ];

    private readonly SoftwareVirtualCpu _cpu = Unlocked(cpu);
    private ShimView* _view;

    private ulong Counter => _view->Time() - _view->VirtualTimerOffset;

    private bool IsStepping => _view->TrapDebugExceptions != 0 && (_view->System[(int)MDSCR_EL1] & 1) != 0;

    public void Dispose() => _cpu.Dispose();

    public hv_vcpu_exit_t Run(ShimView* view)
    {
        _view = view;
        Take();
        hv_vcpu_exit_t exit = Loop();
        Give();
        return exit;
    }

    // The OS lock is the host's; a guest's accesses to it trap.
    private static SoftwareVirtualCpu Unlocked(SoftwareVirtualCpu cpu)
    {
        cpu.SetSystemRegister(OSLAR_EL1, 0);
        return cpu;
    }

    private hv_vcpu_exit_t Loop()
    {
        while (true)
        {
            if (Volatile.Read(ref _view->Cancel) != 0) return new hv_vcpu_exit_t { reason = hv_exit_reason_t.HV_EXIT_REASON_CANCELED };
            if (_view->VirtualTimerMask == 0 && TimerFires()) return new hv_vcpu_exit_t { reason = hv_exit_reason_t.HV_EXIT_REASON_VTIMER_ACTIVATED };

            // Active-pending: the step is over before the instruction (Arm ARM D2.12.3).
            if (IsStepping && (_cpu.Pstate & Pstate.SS) == 0) return Exception(ExceptionClass.SoftwareStepLower, 0b100010);
            if (!IsInterrupted && _cpu.ExceptionLevel == 1 && _cpu.TryTranslate(_cpu.Pc, out ulong gpa, MemoryPermissions.Execute) && ShimExecutor.ReadWord(gpa) is { } word)
            {
                if (Trap(word) is { } trap) return trap;
                if (Emulate(word)) continue;
            }

            if (Execute() is { } exit) return exit;
        }
    }

    private bool IsInterrupted
    {
        get
        {
            uint pstate = _cpu.Pstate;
            return (_view->Irq != 0 && (pstate & Pstate.I) == 0) || (_view->Fiq != 0 && (pstate & Pstate.F) == 0) || (_view->SError != 0 && (pstate & Pstate.A) == 0);
        }
    }

    private hv_vcpu_exit_t? Execute()
    {
        bool stepping = IsStepping;
        ulong pc = _cpu.Pc;
        VmExit exit = _cpu.Step();
        if (exit.Reason == VmExitReason.Mmio)
        {
            _cpu.Pc = pc; // nothing of the instruction is done
            return DataAbort(exit, pc);
        }

        if (_view->SError != 0 && (_cpu.GetSystemRegister(ISR_EL1) & (1 << 8)) == 0) _view->SError = 0;
        switch (exit.ExceptionClass)
        {
            case ExceptionClass.SoftwareStepLower when exit.Syndrome.Specific == 0b100010 && exit.VirtualAddress == 0:
                if (stepping) _cpu.Pstate &= ~Pstate.SS;
                return null;
            case ExceptionClass.Smc64 or ExceptionClass.WaitForInterruptOrEvent:
                _cpu.Pc = pc;
                break;
            case ExceptionClass.InstructionAbortLower or ExceptionClass.DataAbortLower:
                uint status = exit.Syndrome.FaultStatus >= 0b001100 ? PermissionLevel2 : TranslationLevel2;
                return Exception(exit.ExceptionClass, (exit.Syndrome.Specific & ~0x3fu) | status, exit.VirtualAddress, exit.PhysicalAddress);
        }

        return Exception(exit.ExceptionClass, exit.Syndrome.Specific, exit.VirtualAddress, exit.PhysicalAddress);
    }

    // WF*, and the registers that Apple's hypervisor keeps to itself.
    private hv_vcpu_exit_t? Trap(uint word)
    {
        const uint Always = (1u << 24) | (0xeu << 20);
        if (word == 0xd503207f && (_view->Irq | _view->Fiq | _view->SError) == 0) return Exception(ExceptionClass.WaitForInterruptOrEvent, Always);
        if (word == 0xd503205f) return Exception(ExceptionClass.WaitForInterruptOrEvent, Always | 1);
        if ((word & 0xffffffc0) == 0xd5031000) return Exception(ExceptionClass.WaitForInterruptOrEvent, Always | 2 | ((word >> 5) & 1 ^ 1) | 4 | ((word & 31) << 5));
        if (!IsSystemRegister(word, out SystemRegister register, out bool isRead) || !IsTrapped(register)) return null;
        uint specific = ((uint)register.Op0() << 20) | ((uint)register.Op2() << 17) | ((uint)register.Op1() << 14) | ((uint)register.CRn() << 10) | ((word & 31) << 5) | ((uint)register.CRm() << 1) | (isRead ? 1u : 0);
        return Exception(ExceptionClass.SystemRegister, specific);
    }

    private bool IsTrapped(SystemRegister r)
    {
        bool isNamed = Enum.IsDefined((hv_sys_reg_t)r);
        if (r.Op0() == 2) return !isNamed || _view->TrapDebugRegisters != 0;
        if (r is CNTPCT_EL0 or CNTP_CTL_EL0 or CNTP_CVAL_EL0 or CNTP_TVAL_EL0) return true;
        if (r.Op1() == 0 && r.CRn() == 0) return !isNamed; // identification
        if (r == ICC_PMR_EL1 || (r.Op1() == 0 && r.CRn() == 12 && r.CRm() >= 8 && r != ISR_EL1)) return true;
        bool isPerformanceMonitor = (r.CRn() == 9 && r.Op1() is 0 or 3 && r.CRm() >= 12) || (r.Op1() == 3 && r.CRn() == 14 && r.CRm() >= 8);
        return isPerformanceMonitor || r.CRn() is 11 or 15;
    }

    // What is the hardware's own here: its identification, its counter and its virtual timer.
    private bool Emulate(uint word)
    {
        if (!IsSystemRegister(word, out SystemRegister register, out bool isRead)) return false;
        bool isIdentification = register.Op0() == 3 && register.Op1() == 0 && register.CRn() == 0;
        ulong* control = &_view->System[(int)CNTV_CTL_EL0], compare = &_view->System[(int)CNTV_CVAL_EL0];
        if (!isIdentification && register is not (CNTVCT_EL0 or CNTFRQ_EL0 or CNTV_CTL_EL0 or CNTV_CVAL_EL0 or CNTV_TVAL_EL0)) return false;
        if (!isRead && (isIdentification || register is CNTVCT_EL0 or CNTFRQ_EL0)) return false;
        int rt = (int)word & 31;
        if (isRead)
        {
            ulong value = register switch
            {
                CNTVCT_EL0 => Counter,
                CNTFRQ_EL0 => 24_000_000,
                CNTV_TVAL_EL0 => (uint)(*compare - Counter),
                CNTV_CTL_EL0 => (*control & 3) | ((*control & 1) != 0 && Counter >= *compare ? 4u : 0),
                _ => _view->System[(int)register],
            };
            if (rt != 31) _cpu.SetX(rt, value);
        }
        else
        {
            ulong value = rt == 31 ? 0 : _cpu.GetX(rt);
            if (register == CNTV_CTL_EL0) *control = value & 3;
            else *compare = register == CNTV_CVAL_EL0 ? value : Counter + (ulong)(int)value;
        }

        _cpu.Pc += 4;
        if (IsStepping) _cpu.Pstate &= ~Pstate.SS;
        return true;
    }

    private bool TimerFires() => (_view->System[(int)CNTV_CTL_EL0] & 3) == 1 && Counter >= _view->System[(int)CNTV_CVAL_EL0];

    // ISS of a data abort: only loads and stores of one general register without write-back are described (D24.2.40).
    private hv_vcpu_exit_t DataAbort(in VmExit exit, ulong pc)
    {
        // An atomic that may read but not write faults as a write.
        MemoryPermissions? permissions = ShimExecutor.PermissionsAt(exit.PhysicalAddress);
        bool isWrite = exit.IsWrite || permissions?.HasFlag(MemoryPermissions.Read) == true;
        uint specific = (isWrite ? WnR : 0) | (permissions is null ? TranslationLevel2 : PermissionLevel2);
        if (_cpu.TryTranslate(pc, out ulong gpa, MemoryPermissions.Execute) && ShimExecutor.ReadWord(gpa) is { } word && IsDescribed(word, out uint size, out bool signed, out bool wide))
        {
            specific |= ISV | (size << 22) | (signed ? 1u << 21 : 0) | ((word & 31) << 16) | (wide ? 1u << 15 : 0);
        }

        return Exception(ExceptionClass.DataAbortLower, specific, exit.VirtualAddress, exit.PhysicalAddress);
    }

    private static bool IsDescribed(uint word, out uint size, out bool signed, out bool wide)
    {
        size = word >> 30;
        uint opc = (word >> 22) & 3;
        bool isOrdered = (word & 0x3fa0_0000) == 0x0880_0000; // LDAR, STLR, LDLAR, STLLR
        bool isRelease = (word & 0x3f20_0c00) == 0x1900_0000; // LDAPUR, STLUR
        bool isPlain = (word & 0x3f00_0000) == 0x3900_0000 || (word & 0x3f20_0c00) is 0x3800_0000 or 0x3800_0800 or 0x3820_0800 || (word & 0x3fff_fc00) == 0x38bf_c000;
        signed = !isOrdered && opc >= 2 && (word & 0x3fff_fc00) != 0x38bf_c000;
        wide = signed ? opc == 2 : size == 3;
        return (isOrdered || isRelease || isPlain) && !(size == 3 && opc == 2 && !isOrdered && signed);
    }

    private static bool IsSystemRegister(uint word, out SystemRegister register, out bool isRead)
    {
        register = (SystemRegister)((word >> 5) & 0x7fff | 0x8000);
        isRead = (word & (1 << 21)) != 0;
        return (word & 0xffd0_0000) == 0xd510_0000;
    }

    private static hv_vcpu_exit_t Exception(ExceptionClass exceptionClass, uint specific, ulong va = 0, ulong gpa = 0) => new()
    {
        reason = hv_exit_reason_t.HV_EXIT_REASON_EXCEPTION,
        exception = new hv_vcpu_exit_exception_t { syndrome = Syndrome.Create(exceptionClass, specific).Value, virtual_address = va, physical_address = gpa },
    };

    private void Take()
    {
        _cpu.TrapDebugExceptions = _view->TrapDebugExceptions != 0;
        foreach (SystemRegister register in s_shared)
        {
            ulong value = _view->System[(int)register];
            if (register == MDSCR_EL1 && IsStepping) value &= ~1ul; // the step is the hypervisor's
            _cpu.SetSystemRegister(register, value);
        }

        _cpu.SetSystemRegister(FPCR, _view->Fpcr);
        _cpu.SetSystemRegister(FPSR, _view->Fpsr);
        _cpu.Pstate = (uint)_view->Cpsr;
        for (int i = 0; i < 31; i++) _cpu.SetX(i, _view->X[i]);
        for (int i = 0; i < 32; i++) _cpu.SetV(i, new UInt128(_view->V[(2 * i) + 1], _view->V[2 * i]));
        _cpu.Pc = _view->Pc;
        _cpu.SetInterruptLine(InterruptLine.Irq, _view->Irq != 0);
        _cpu.SetInterruptLine(InterruptLine.Fiq, _view->Fiq != 0);
        _cpu.SetInterruptLine(InterruptLine.SError, _view->SError != 0);
    }

    private void Give()
    {
        foreach (SystemRegister register in s_shared)
        {
            ulong value = _cpu.GetSystemRegister(register);
            if (register == MDSCR_EL1 && IsStepping) value |= 1;
            _view->System[(int)register] = value;
        }

        _view->Fpcr = _cpu.GetSystemRegister(FPCR);
        _view->Fpsr = _cpu.GetSystemRegister(FPSR);
        _view->Cpsr = _cpu.Pstate;
        for (int i = 0; i < 31; i++) _view->X[i] = _cpu.GetX(i);
        for (int i = 0; i < 32; i++)
        {
            UInt128 value = _cpu.GetV(i);
            (_view->V[2 * i], _view->V[(2 * i) + 1]) = ((ulong)value, (ulong)(value >> 64));
        }

        _view->Pc = _cpu.Pc;
    }
}
