using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;
using Armillary.Emulation.SystemRegisters;

namespace Armillary.Emulation.Instructions;

/// <summary>Hints, barriers, PSTATE, system registers and system instructions (Arm ARM C4.1.90, C5).</summary>
internal static class SystemInstructions
{
    // CRm:op2 0:2 is WFE, 0:3 WFI, 0:4 SEV, 0:5 SEVL; what has no meaning is a NOP (C6.2.147).
    public static Row[] Hints() =>
    [
        new RowOf<Call<Waits.WaitForEvent>> { Pattern = "11010101000000110010000001011111", Name = "WFE", Text = "wfe" },
        new RowOf<Call<Waits.WaitForInterrupt>> { Pattern = "11010101000000110010000001111111", Name = "WFI", Text = "wfi" },
        new RowOf<Call<SendEvent>> { Pattern = "11010101000000110010000010011111", Name = "SEV", Text = "sev" },
        new RowOf<Call<SendEventLocal>> { Pattern = "11010101000000110010000010111111", Name = "SEVL", Text = "sevl" },
        new RowOf<Nop> { Pattern = "11010101000000110010000000011111", Name = "NOP", Text = "nop" },
        new RowOf<Nop> { Pattern = "11010101000000110010000000111111", Name = "YIELD", Text = "yield" },
        new RowOf<Nop> { Pattern = "11010101000000110010000011011111", Name = "HINT #6", Text = "{hint}" },
        .. Unallocated("0001", "jj1"), .. Unallocated("0010", "jjj"), .. Unallocated("0100", "jj1"),
        .. Enumerable.Range(5, 11).SelectMany(crm => Unallocated(Convert.ToString(crm, 2).PadLeft(4, '0'), "jjj")),
    ];

    private static Row[] Unallocated(string crm, string op2) => [new RowOf<Nop> { Pattern = $"11010101000000110010{crm}{op2}11111", Name = $"HINT, CRm {crm}", Text = "{hint}" }];

    public static Row[] Barriers() =>
    [
        new RowOf<Clrex> { Pattern = "11010101000000110011iiii01011111", Name = "CLREX", Text = "?i=15 clrex | clrex #{i:x}" },
        new RowOf<Call<CompleteAll>> { Pattern = "11010101000000110011iiii10011111", Name = "DSB", Text = "{dsb}" },
        new RowOf<Barrier> { Pattern = "11010101000000110011iiii10111111", Name = "DMB", Text = "dmb {barrier}" },
        new RowOf<Call<Synchronize>> { Pattern = "11010101000000110011iiii11011111", Name = "ISB", Text = "?i=15 isb | isb #{i:x}" },
        new RowOf<Barrier> { Pattern = "11010101000000110011000011111111", Name = "SB", Text = "sb", Feature = Feature.SB },
    ];

    public static Row[] ProcessState() =>
    [
        new RowOf<ChangeFlags<InvertCarry>> { Pattern = "11010101000000000100000000011111", Name = "CFINV", Text = "cfinv", Feature = Feature.FlagM },
        new RowOf<ChangeFlags<ToExternal>> { Pattern = "11010101000000000100000000111111", Name = "XAFLAG", Text = "xaflag", Feature = Feature.FlagM2 },
        new RowOf<ChangeFlags<FromExternal>> { Pattern = "11010101000000000100000001011111", Name = "AXFLAG", Text = "axflag", Feature = Feature.FlagM2 },
        new RowOf<Call<SetUao>> { Pattern = "11010101000000000100iiii01111111", Name = "MSR UAO", Text = "?i=0 msr uao, #0x0 | ?i=1 msr uao, #0x1 | msr {sysreg}, xzr", Feature = Feature.UAO },
        new RowOf<Call<SetPan>> { Pattern = "11010101000000000100iiii10011111", Name = "MSR PAN", Text = "?i=0 msr pan, #0x0 | ?i=1 msr pan, #0x1 | msr {sysreg}, xzr", Feature = Feature.PAN },
        new RowOf<Call<SetStackSelect>> { Pattern = "11010101000000000100iiii10111111", Name = "MSR SPSel", Text = "?i=0 msr spsel, #0x0 | ?i=1 msr spsel, #0x1 | msr {sysreg}, xzr" },
        new RowOf<Call<SetSsbs>> { Pattern = "11010101000000110100iiii00111111", Name = "MSR SSBS", Text = "?i=0 msr ssbs, #0x0 | ?i=1 msr ssbs, #0x1 | msr {sysreg}, xzr", Feature = Feature.SSBS2 },
        new RowOf<Call<SetDit>> { Pattern = "11010101000000110100iiii01011111", Name = "MSR DIT", Text = "?i=0 msr dit, #0x0 | ?i=1 msr dit, #0x1 | msr {sysreg}, xzr", Feature = Feature.DIT },
        new RowOf<Call<SetMasks>> { Pattern = "11010101000000110100iiii11011111", Name = "MSR DAIFSet", Text = "msr daifset, #{i:x}" },
        new RowOf<Call<ClearMasks>> { Pattern = "11010101000000110100iiii11111111", Name = "MSR DAIFClr", Text = "msr daifclr, #{i:x}" },
    ];

    public static Row[] Registers() =>
    [
        new RowOf<Mrs> { Pattern = "110101010011kkkkkkkkkkkkkkkddddd", Name = "MRS", Text = "mrs {d}, {sysreg}" },
        new RowOf<Msr> { Pattern = "110101010001kkkkkkkkkkkkkkkttttt", Name = "MSR (register)", Text = "msr {sysreg}, {t}" },
    ];

    public static Row[] Operations() =>
    [
        new RowOf<Sys> { Pattern = "1101010100001kkkkkkkkkkkkkkttttt", Name = "SYS", Text = "{sys}" },
        new RowOf<Undefined> { Pattern = "1101010100101kkkkkkkkkkkkkkddddd", Name = "SYSL", IsUndefined = true, Text = "{sysl}" },
    ];

    private static bool DecodeCRm(uint word, ref Operands o)
    {
        o.Imm = Bits.Field(word, 11, 8);
        return true;
    }

    private readonly struct Call<THelper> : IInstruction where THelper : struct, IHelper
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Call<THelper>(o, m.Imm<X>(o.Imm), out _);

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeCRm(word, ref o);
    }

    private readonly struct SendEvent : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            cpu.Machine.SendEvent();
            return HelperOutcome.Continue;
        }
    }

    private readonly struct SendEventLocal : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            cpu.SetEvent();
            return HelperOutcome.Continue;
        }
    }

    private readonly struct Clrex : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.ClearExclusive();
    }

    private readonly struct Barrier : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Barrier(BarrierKind.Full);
    }

    // C6.2.119: what is before it, TLB maintenance too, is complete.
    private readonly struct CompleteAll : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            cpu.CompleteMaintenance();
            return HelperOutcome.Continue;
        }
    }

    private readonly struct Synchronize : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            cpu.SynchronizeContext(o.Pc + 4);
            return HelperOutcome.Jump;
        }
    }

    private interface IFlagChange
    {
        static abstract X Of<M, X>(ref M m, X nzcv) where M : struct, IA64Machine<X> where X : struct, IWord<X>;
    }

    private readonly struct ChangeFlags<TChange> : IInstruction where TChange : struct, IFlagChange
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetNzcv(TChange.Of(ref m, m.Nzcv()));
    }

    // C6.2.52
    private readonly struct InvertCarry : IFlagChange
    {
        static X IFlagChange.Of<M, X>(ref M m, X nzcv) => nzcv ^ m.Imm<X>(1L << 29);
    }

    // C6.2.511: N' = !C & !Z, Z' = Z & C, C' = C | Z, V' = !C & Z.
    private readonly struct ToExternal : IFlagChange
    {
        static X IFlagChange.Of<M, X>(ref M m, X nzcv)
        {
            X z = (nzcv >>> 30) & m.Imm<X>(1), c = (nzcv >>> 29) & m.Imm<X>(1), one = m.Imm<X>(1);
            X notC = c ^ one, notZ = z ^ one;
            return ((notC & notZ) << 31) | ((z & c) << 30) | ((c | z) << 29) | ((notC & z) << 28);
        }
    }

    // C6.2.32: Z' = Z | V, C' = C & !V, N' = V' = 0.
    private readonly struct FromExternal : IFlagChange
    {
        static X IFlagChange.Of<M, X>(ref M m, X nzcv)
        {
            X one = m.Imm<X>(1), z = (nzcv >>> 30) & one, c = (nzcv >>> 29) & one, v = (nzcv >>> 28) & one;
            return ((z | v) << 30) | ((c & (v ^ one)) << 29);
        }
    }

    private readonly struct SetStackSelect : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            if (cpu.ExceptionLevel == 0) return cpu.TakeUndefined(o);
            cpu.SelectStackPointer((argument & 1) != 0);
            return HelperOutcome.Continue;
        }
    }

    private readonly struct SetPan : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result) => SetBit(cpu, o, Pstate.PAN, argument, out result);
    }

    private readonly struct SetUao : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result) => SetBit(cpu, o, Pstate.UAO, argument, out result);
    }

    // SSBS and DIT are EL0's too.
    private readonly struct SetSsbs : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result) => SetBit(cpu, o, Pstate.SSBS, argument, out result, level: 0);
    }

    private readonly struct SetDit : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result) => SetBit(cpu, o, Pstate.DIT, argument, out result, level: 0);
    }

    private static HelperOutcome SetBit(SoftwareVirtualCpu cpu, in Operands o, uint bit, ulong argument, out ulong result, int level = 1)
    {
        result = 0;
        if (cpu.ExceptionLevel < level) return cpu.TakeUndefined(o);
        cpu.PstateBits = (argument & 1) != 0 ? cpu.PstateBits | bit : cpu.PstateBits & ~bit;
        cpu.SelectTables();
        return HelperOutcome.Continue;
    }

    private readonly struct SetMasks : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            HelperOutcome outcome = SystemRegisterAccess.Check(cpu, o, SystemRegister.DAIF, isRead: false, encoding: MaskEncoding(o, 6));
            if (outcome == HelperOutcome.Continue) cpu.PstateBits |= (uint)argument << 6;
            return cpu.AfterMasks(outcome, o);
        }
    }

    private readonly struct ClearMasks : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            HelperOutcome outcome = SystemRegisterAccess.Check(cpu, o, SystemRegister.DAIF, isRead: false, encoding: MaskEncoding(o, 7));
            if (outcome == HelperOutcome.Continue) cpu.PstateBits &= ~((uint)argument << 6);
            return cpu.AfterMasks(outcome, o);
        }
    }

    // What a trapped MSR DAIFSet or DAIFClr shows in its syndrome: op0 0, op1 3, CRn 4, CRm the immediate.
    private static SystemRegister MaskEncoding(in Operands o, int op2) => Arm64.SystemRegisters.Encode(0, 3, 4, (int)o.Imm, op2);

    private static bool DecodeRegister(uint word, ref Operands o)
    {
        o.Aux = (int)Bits.Field(word, 20, 5);
        return true;
    }

    // C6.2.254
    private readonly struct Mrs : IInstruction
    {
        static Feature IInstruction.Requires(in Operands o) => Features.Of((SystemRegister)o.Aux);

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.Call<SystemRegisterAccess.Read>(o, m.Imm<X>(0), out X value)) return;
            m.SetX(o.Rd, value);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeRegister(word, ref o);
    }

    // C6.2.258
    private readonly struct Msr : IInstruction
    {
        static Feature IInstruction.Requires(in Operands o) => Features.Of((SystemRegister)o.Aux);

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Call<SystemRegisterAccess.Write>(o, m.X<X>(o.Rd), out _);

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeRegister(word, ref o);
    }

    // C6.2.444
    private readonly struct Sys : IInstruction
    {
        static Feature IInstruction.Requires(in Operands o) => Features.Of((SystemRegister)o.Aux);

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Call<SystemOperations.Perform>(o, m.X<X>(o.Rd), out _);

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeRegister(word, ref o);
    }
}
