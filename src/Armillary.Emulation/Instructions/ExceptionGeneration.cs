using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>Exception generation and return, and undefined instructions (Arm ARM C4.1.90).</summary>
internal static class ExceptionGeneration
{
    public static Row[] Rows() =>
    [
        new RowOf<Calls<Svc>> { Pattern = "11010100000iiiiiiiiiiiiiiii00001", Name = "SVC", Text = "svc #{i:x}" },
        new RowOf<Calls<Hvc>> { Pattern = "11010100000iiiiiiiiiiiiiiii00010", Name = "HVC", Text = "hvc #{i:x}" },
        new RowOf<Calls<Smc>> { Pattern = "11010100000iiiiiiiiiiiiiiii00011", Name = "SMC", Text = "smc #{i:x}" },
        new RowOf<Calls<Brk>> { Pattern = "11010100001iiiiiiiiiiiiiiii00000", Name = "BRK", Landing = Landing.Any, Text = "brk #{i:x}" },
        // Halting debug is never allowed here, so HLT and DCPS are undefined (C6.2.137, C6.2.151), but for semihosting.
        new RowOf<Calls<Hlt>> { Pattern = "11010100010iiiiiiiiiiiiiiii00000", Name = "HLT", IsUndefined = true, Text = "hlt #{i:x}" },
        new RowOf<Undefined> { Pattern = "11010100101iiiiiiiiiiiiiiii00001", Name = "DCPS1", IsUndefined = true, Text = "?i=0 dcps1 | dcps1 #{i:x}" },
        new RowOf<Undefined> { Pattern = "11010100101iiiiiiiiiiiiiiii00010", Name = "DCPS2", IsUndefined = true, Text = "?i=0 dcps2 | dcps2 #{i:x}" },
        new RowOf<Undefined> { Pattern = "11010100101iiiiiiiiiiiiiiii00011", Name = "DCPS3", IsUndefined = true, Text = "?i=0 dcps3 | dcps3 #{i:x}" },
    ];

    public static Row[] Return() =>
    [
        new RowOf<Calls<Eret>> { Pattern = "11010110100111110000001111100000", Name = "ERET", Text = "eret" },
        new RowOf<Undefined> { Pattern = "11010110101111110000001111100000", Name = "DRPS", IsUndefined = true, Text = "drps" },
    ];

    public static Row[] PermanentlyUndefined() =>
    [
        new RowOf<Undefined> { Pattern = "0000000000000000iiiiiiiiiiiiiiii", Name = "UDF", IsUndefined = true, Text = "udf #{i:d}" },
    ];

    private readonly struct Calls<THelper> : IInstruction where THelper : struct, IHelper
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Call<THelper>(o, m.Imm<X>(o.Imm), out _);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = Bits.Field(word, 20, 5);
            return true;
        }
    }

    // C6.2.440: to EL1, returning behind the instruction.
    private readonly struct Svc : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            cpu.AdvanceStep();
            cpu.TakeException(ExceptionClass.Svc64, (uint)argument, o.Pc + 4);
            return HelperOutcome.Jump;
        }
    }

    // C6.2.150: undefined at EL0; from EL1 to the hypervisor.
    private readonly struct Hvc : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            return cpu.ExceptionLevel == 0 ? cpu.TakeUndefined(o) : cpu.ExitToHypervisor(ExceptionClass.Hvc64, (uint)argument, o, complete: true);
        }
    }

    // C6.2.355: trapped to the hypervisor, which has no secure world to offer.
    private readonly struct Smc : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            return cpu.ExceptionLevel == 0 ? cpu.TakeUndefined(o) : cpu.ExitToHypervisor(ExceptionClass.Smc64, (uint)argument, o, complete: true);
        }
    }

    // C6.2.36
    private readonly struct Brk : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            if (cpu.TrapDebugExceptions) return cpu.ExitToHypervisor(ExceptionClass.Brk64, (uint)argument, o, complete: false);
            cpu.TakeBreakpoint((uint)argument, o);
            return HelperOutcome.Exception;
        }
    }

    // C6.2.149. The host answers semihosting calls as a debugger would; to the guest they are instructions that complete.
    private readonly struct Hlt : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            const ulong Semihosting = 0xf000;
            result = 0;
            return argument == Semihosting && cpu.TrapSemihosting ? cpu.ExitForSemihosting(o) : cpu.TakeUndefined(o);
        }
    }

    // C6.2.148
    private readonly struct Eret : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            if (cpu.ExceptionLevel == 0) return cpu.TakeUndefined(o);
            cpu.ReturnFromException();
            return HelperOutcome.Jump;
        }
    }
}

/// <summary>Reserved, unallocated and unimplemented encodings: an exception of unknown reason (Arm ARM D1.3.2).</summary>
internal readonly struct Undefined : IInstruction
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Call<Raise>(o, m.Imm<X>(0), out _);

    private readonly struct Raise : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            return cpu.TakeUndefined(o);
        }
    }
}

/// <summary>An instruction without effect on this machine.</summary>
internal readonly struct Nop : IInstruction
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
    }
}
