using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>WFE and WFI, and both with a deadline: FEAT_WFxT (Arm ARM D1.6, C6.2, WFE to WFIT).</summary>
internal static class Waits
{
    // Bits of SCTLR_EL1: clear, they trap what EL0 would wait for.
    private const int NoTrapOfWfi = 16, NoTrapOfWfe = 18;

    // ISS of a trapped wait (D24.2.40, EC 0x01): CV and COND of an unconditional instruction; TI; RN is valid.
    private const uint Always = (1u << 24) | (0xeu << 20), Wfi = 0, Wfe = 1, Wfit = 2, Wfet = 3, RegisterValid = 1 << 2;

    internal static Row[] WithDeadline() =>
    [
        new RowOf<Until<WaitForEventUntil>> { Pattern = "110101010000001100010000000ttttt", Name = "WFET", Text = "wfet {t}" },
        new RowOf<Until<WaitForInterruptUntil>> { Pattern = "110101010000001100010000001ttttt", Name = "WFIT", Text = "wfit {t}" },
    ];

    private readonly struct Until<THelper> : IInstruction where THelper : struct, IHelper
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Call<THelper>(o, m.X<X>(o.Rd), out _);
    }

    internal readonly struct WaitForInterrupt : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            if (cpu.PendingLines != 0) return cpu.Resynchronize(o); // what ended the wait is taken right behind it
            if (IsTrapped(cpu, NoTrapOfWfi, Wfi, o)) return HelperOutcome.Exception;
            return cpu.Sleep() ? cpu.Resynchronize(o) : cpu.ExitToHypervisor(ExceptionClass.WaitForInterruptOrEvent, Always | Wfi, o, complete: true);
        }
    }

    private readonly struct WaitForInterruptUntil : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            if (cpu.PendingLines != 0 || cpu.Counter >= argument) return HelperOutcome.Continue;
            if (IsTrapped(cpu, NoTrapOfWfi, Wfit | Register(o), o)) return HelperOutcome.Exception;
            cpu.SleepUntil(argument);
            return HelperOutcome.Continue;
        }
    }

    internal readonly struct WaitForEvent : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            return WaitOnce(cpu, o, Wfe);
        }
    }

    private readonly struct WaitForEventUntil : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            return cpu.Counter >= argument ? HelperOutcome.Continue : WaitOnce(cpu, o, Wfet | Register(o));
        }
    }

    // Waking up without an event is allowed (D1.6.1): the host thread gives way once and goes on.
    private static HelperOutcome WaitOnce(SoftwareVirtualCpu cpu, in Operands o, uint syndrome)
    {
        if (cpu.TakeEvent()) return HelperOutcome.Continue;
        if (IsTrapped(cpu, NoTrapOfWfe, syndrome, o)) return HelperOutcome.Exception;
        Thread.Yield();
        return HelperOutcome.Continue;
    }

    private static bool IsTrapped(SoftwareVirtualCpu cpu, int bit, uint syndrome, in Operands o)
    {
        if (cpu.ExceptionLevel != 0 || (cpu.Registers[SystemRegister.SCTLR_EL1] & (1ul << bit)) != 0) return false;
        cpu.TakeException(ExceptionClass.WaitForInterruptOrEvent, Always | syndrome, o.Pc);
        return true;
    }

    private static uint Register(in Operands o) => RegisterValid | ((uint)o.Rd << 5);
}
