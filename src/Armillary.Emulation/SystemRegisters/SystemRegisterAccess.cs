using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.SystemRegisters;

/// <summary>MRS and MSR (register): access rules, then the register's own behaviour. The register is Operands.Aux.</summary>
internal static class SystemRegisterAccess
{
    /// <summary>MRS.</summary>
    internal readonly struct Read : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            var register = (SystemRegister)o.Aux;
            if (!SystemRegisterTable.TryFind(register, out SystemRegisterRow? row)) return ReadOutside(cpu, o, register, out result);
            if (row.Read is null) return cpu.TakeUndefined(o);
            HelperOutcome outcome = Check(cpu, o, row, isRead: true, register);
            if (outcome != HelperOutcome.Continue) return outcome;
            result = row.Read(cpu);

            // NZCV says whether there was a random number (D24.2.145): there always is.
            if (register is SystemRegister.RNDR or SystemRegister.RNDRRS) cpu.WritePstate(cpu.ReadPstate() & ~Pstate.Nzcv);
            return outcome;
        }
    }

    /// <summary>MSR.</summary>
    internal readonly struct Write : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            var register = (SystemRegister)o.Aux;
            if (!SystemRegisterTable.TryFind(register, out SystemRegisterRow? row)) return WriteOutside(cpu, o, register, argument);
            if (row.Write is null) return cpu.TakeUndefined(o);
            HelperOutcome outcome = Check(cpu, o, row, isRead: false, register);
            if (outcome != HelperOutcome.Continue) return outcome;

            row.Write(cpu, argument);
            if (row.Resynchronizes) return cpu.Resynchronize(o);
            return register == SystemRegister.DAIF ? cpu.AfterMasks(outcome, o) : outcome;
        }
    }

    /// <summary>Applies a register's access rules for an instruction with an encoding of its own (MSR DAIFSet).</summary>
    internal static HelperOutcome Check(SoftwareVirtualCpu cpu, in Operands o, SystemRegister rules, bool isRead, SystemRegister encoding)
        => SystemRegisterTable.TryFind(rules, out SystemRegisterRow? row) ? Check(cpu, o, row, isRead, encoding) : cpu.TakeUndefined(o);

    /// <summary>ISS of a trapped MSR, MRS or system instruction (Arm ARM D24.2.40, EC 0x18).</summary>
    internal static uint TrapSyndrome(SystemRegister r, uint rt, bool isRead)
        => ((uint)r.Op0() << 20) | ((uint)r.Op2() << 17) | ((uint)r.Op1() << 14) | ((uint)r.CRn() << 10) | (rt << 5) | ((uint)r.CRm() << 1) | (isRead ? 1u : 0);

    /// <summary>Rt as it is in the instruction.</summary>
    internal static uint Register(in Operands o) => o.Rd == RegisterSlots.Discard ? 31u : o.Rd;

    // The space of feature registers, which reads as zero where there is none (D24.2, table D24-2). Those of AArch32 are among them,
    // which no exception level has.
    private static bool IsReservedIdentification(SystemRegister r) => r.Op0() == 3 && r.Op1() == 0 && r.CRn() == 0 && r.CRm() is >= 1 and <= 7;

    // What is not the CPU's own may be its interrupt controller's.
    private static HelperOutcome ReadOutside(SoftwareVirtualCpu cpu, in Operands o, SystemRegister register, out ulong value)
    {
        value = 0;
        bool known = cpu.ExceptionLevel != 0 && (IsReservedIdentification(register) || (cpu.GicCpuInterface is { } gic && gic.TryRead(cpu, register, out value)));
        return known ? HelperOutcome.Continue : cpu.TakeUndefined(o);
    }

    private static HelperOutcome WriteOutside(SoftwareVirtualCpu cpu, in Operands o, SystemRegister register, ulong value)
    {
        bool known = cpu.ExceptionLevel != 0 && cpu.GicCpuInterface is { } gic && gic.TryWrite(cpu, register, value);
        return known ? HelperOutcome.Continue : cpu.TakeUndefined(o);
    }

    private static HelperOutcome Check(SoftwareVirtualCpu cpu, in Operands o, SystemRegisterRow row, bool isRead, SystemRegister encoding)
    {
        int level = cpu.ExceptionLevel;
        if (level < (isRead ? row.ReadLevel : row.WriteLevel)) return cpu.TakeUndefined(o);
        if (level == 0 && (isRead ? row.ReadableAtEL0 ?? row.AllowedAtEL0 : row.AllowedAtEL0) is { } allowed && !allowed(cpu))
        {
            // An access from EL0 that a control bit of EL1 forbids goes to EL1 as a trap.
            bool immediate = encoding.Op0() == 0;
            cpu.TakeException(ExceptionClass.SystemRegister, TrapSyndrome(encoding, immediate ? 31 : Register(o), isRead), o.Pc);
            return HelperOutcome.Exception;
        }

        if (row.IsFloating && cpu.IsFloatingTrapped)
        {
            cpu.TakeFloatingException(o.Pc);
            return HelperOutcome.Exception;
        }

        // SP_EL0 cannot be named while it is the stack pointer in use (C5.2.18).
        if (row.Register == SystemRegister.SP_EL0 && !cpu.UsesOwnStackPointer) return cpu.TakeUndefined(o);
        return HelperOutcome.Continue;
    }
}
