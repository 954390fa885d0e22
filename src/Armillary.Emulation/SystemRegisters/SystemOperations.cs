using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Cpu.Translation;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.SystemRegisters;

/// <summary>
/// System instructions of the SYS space: cache and TLB maintenance, address translation (Arm ARM C5.3 to C5.5). The encoding is
/// Operands.Aux. What is not here is undefined.
/// </summary>
internal static class SystemOperations
{
    // SCTLR_EL1.DZE, UCI and EnRCTX: whether EL0 may use DC ZVA, maintenance by address, and restrictions of prediction.
    private const ulong Dze = 1 << 14, Uci = 1 << 26, EnRctx = 1 << 10;

    internal readonly struct Perform : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            var operation = (SystemRegister)o.Aux;
            return (operation.Op1(), operation.CRn(), operation.CRm(), operation.Op2()) switch
            {
                (0, 7, 1, 0) or (0, 7, 5, 0) => AtEL1(cpu, o, static (c, _) => c.Machine.InvalidateCode(c, 0, ulong.MaxValue), argument),    // IC IALLUIS, IC IALLU
                (3, 7, 5, 1) => Maintain(cpu, o, AccessKind.Cache, argument),                                                                // IC IVAU
                (0, 7, 6 or 10 or 14, 2) => AtEL1(cpu, o, static (_, _) => { }, argument),                                                   // DC ISW, CSW, CISW
                (0, 7, 6, 1) when cpu.ExceptionLevel != 0 => Maintain(cpu, o, AccessKind.Cache | AccessKind.Write, argument),                // DC IVAC
                (3, 7, 10 or 11 or 12 or 13 or 14, 1) => Maintain(cpu, o, AccessKind.Cache, argument),                                       // DC CVAC, CVAU, CVAP, CVADP, CIVAC
                (3, 7, 3, 4 or 5 or 7) => AtEL0(cpu, o, EnRctx, static (_, _) => { }, argument),                                             // CFP, DVP, CPP RCTX: no prediction is the guest's to see
                (3, 7, 4, 1) => ZeroBlock(cpu, o, argument),                                                                                 // DC ZVA
                (0, 8, _, _) when TlbOperations.Includes(operation) => TlbOperations.Perform(cpu, o, argument),
                (0, 7, 8, <= 3) or (0, 7, 9, <= 1) => AtEL1(cpu, o, (c, va) => TranslateAddress(c, va, operation), argument),                // AT S1E1R to S1E1WP
                _ => cpu.TakeUndefined(o),
            };
        }
    }

    private static HelperOutcome AtEL1(SoftwareVirtualCpu cpu, in Operands o, Action<SoftwareVirtualCpu, ulong> act, ulong argument)
    {
        if (cpu.ExceptionLevel == 0) return cpu.TakeUndefined(o);
        act(cpu, argument);
        return HelperOutcome.Continue;
    }

    private static HelperOutcome AtEL0(SoftwareVirtualCpu cpu, in Operands o, ulong permission, Action<SoftwareVirtualCpu, ulong> act, ulong argument)
    {
        if (IsTrapped(cpu, o, permission)) return HelperOutcome.Exception;
        act(cpu, argument);
        return HelperOutcome.Continue;
    }

    // By address: there are no caches, but the address is translated, and predecoded code is forgotten.
    private static HelperOutcome Maintain(SoftwareVirtualCpu cpu, in Operands o, AccessKind kind, ulong va)
    {
        if (IsTrapped(cpu, o, Uci)) return HelperOutcome.Exception;
        HelperOutcome outcome = cpu.MaintainCache(va, kind, o.Pc, out ulong gpa);
        if (outcome == HelperOutcome.Continue && ((SystemRegister)o.Aux).CRm() == 5) cpu.Machine.InvalidateCode(cpu, gpa & ~63ul, 64);
        return outcome;
    }

    // DC ZVA (C5.3.25): zeroes the naturally aligned block of 64 bytes. To Device memory, which all memory is while the MMU
    // is off, it is an alignment fault.
    private static HelperOutcome ZeroBlock(SoftwareVirtualCpu cpu, in Operands o, ulong va)
    {
        if (IsTrapped(cpu, o, Dze)) return HelperOutcome.Exception;
        if (cpu.ZeroBlock(o, va)) return HelperOutcome.Continue;
        return cpu.HasExit ? HelperOutcome.Exit : HelperOutcome.Exception;
    }

    // AT S1E1R, S1E1W, S1E0R, S1E0W, S1E1RP, S1E1WP (C5.4): the result is in PAR_EL1 (D24.2.126).
    private static void TranslateAddress(SoftwareVirtualCpu cpu, ulong va, SystemRegister operation)
    {
        AccessKind kind = AccessKind.Maintenance | ((operation.Op2() & 1) != 0 ? AccessKind.Write : AccessKind.Read);
        if (operation.CRm() == 8 && operation.Op2() >= 2) kind |= AccessKind.Unprivileged;
        Translation translation = cpu.TranslateFor(va, kind, usePan: operation.CRm() == 9);
        const ulong Res1 = 1 << 11;
        cpu.Registers[SystemRegister.PAR_EL1] = translation.Outcome switch
        {
            TranslationOutcome.Done => Res1 | ((ulong)translation.Attributes << 56) | ((ulong)ShareabilityOf(translation) << 7) | (translation.Gpa & 0x0000_ffff_ffff_f000),
            TranslationOutcome.Fault => Res1 | 1 | ((ulong)translation.Status << 1),
            _ => Res1 | 1 | (1ul << 8) | (FaultStatus.Translation1 << 1),
        };
    }

    // Memory that is not cached is Outer Shareable, whatever its descriptor says.
    private static int ShareabilityOf(in Translation translation) => translation.IsDevice || translation.Attributes == 0x44 ? 2 : translation.Shareability;

    private static bool IsTrapped(SoftwareVirtualCpu cpu, in Operands o, ulong permission)
    {
        if (cpu.ExceptionLevel != 0 || (cpu.Registers[SystemRegister.SCTLR_EL1] & permission) != 0) return false;
        cpu.TakeException(ExceptionClass.SystemRegister, SystemRegisterAccess.TrapSyndrome((SystemRegister)o.Aux, SystemRegisterAccess.Register(o), isRead: false), o.Pc);
        return true;
    }
}
