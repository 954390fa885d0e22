using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Guests;

/// <summary>
/// Guests that every engine must run with the same exits (docs/engines.md). Each has a name and leaves a transcript; nothing in one may depend
/// on the host.
/// </summary>
internal static partial class SharedGuests
{
    private static readonly Dictionary<string, Action<GuestRun>> s_all = new(StringComparer.Ordinal);

    static SharedGuests()
    {
        AddExits();
        AddAccesses();
        AddSteps();
        AddInterrupts();
        AddDirtyPages();
    }

    public static IEnumerable<string> Names => s_all.Keys;

    /// <summary>Runs a guest on a machine of some engine, which it disposes, and returns its transcript.</summary>
    public static string Run(string name, VirtualMachine machine)
    {
        using var run = new GuestRun(machine);
        s_all[name](run);
        return run.Transcript;
    }

    private static void AddExits()
    {
        s_all["BRK stays where it is"] = g =>
        {
            g.Program(Mov(X0, 42), Brk(7), Mov(X0, 43), Brk(8));
            g.Run();
            g.Run();
            g.Cpu.Pc += 4;
            g.Run();
            g.NoteRegisters();
        };
        s_all["BRK of a guest that handles it"] = g =>
        {
            g.Cpu.TrapDebugExceptions = false;
            g.Program(Mov(X0, 1), Brk(5));
            g.Write(GuestRun.Code + 0x4200, Hvc(3));
            g.Set(SystemRegister.VBAR_EL1, GuestRun.Code + 0x4000);
            g.Run();
            g.NoteException();
            g.NoteRegisters(1);
        };
        s_all["HVC and SMC"] = g =>
        {
            g.Program(Mov(X0, 1), Hvc(0x1234), Mov(X1, 2), Smc(0), Mov(X2, 3), Brk());
            g.Run();
            g.Run();
            g.Run();
            g.NoteRegisters();
        };
        s_all["SMC with an immediate"] = g =>
        {
            g.Program(Mov(X0, 1), Smc(0x55aa), Brk());
            g.Run();
            g.NoteRegisters(1);
        };
        s_all["A misaligned load without the MMU"] = g =>
        {
            g.Program(Mov(X1, GuestRun.Data), Add(X1, X1, 1), Ldr(X0, Mem(X1)), Brk());
            g.Run();
            g.NoteException();
        };
        s_all["SVC and undefined to vectors"] = g =>
        {
            g.Program(Svc(9));
            g.Run();
            g.NoteException();
            g.Cpu.Pc = GuestRun.Code + 0x100;
            g.Write(GuestRun.Code + 0x100, Udf(1));
            g.Run();
            g.NoteException();
        };
        s_all["Exceptions that the host has the guest take"] = g =>
        {
            const uint External = 0x10;
            g.Program(Brk(1));
            g.Run();
            g.Cpu.TakeException(ExceptionClass.InstructionAbortLower, External, 0x8000_0000);
            g.NoteException();
            g.Run();

            // From EL0, with flags and branch type; without an address FAR_EL1 stays.
            g.Cpu.Pstate = Pstate.EL0t | Pstate.N | Pstate.C | (1u << 10);
            g.Cpu.Pc = GuestRun.Code + 0x200;
            g.Cpu.TakeException(ExceptionClass.DataAbortLower, External | (1 << 6), 0xffff_8000_1234_5678);
            g.NoteException();
            g.Cpu.Pstate = Pstate.EL1t;
            g.Cpu.Pc = GuestRun.Code + 0x204;
            g.Cpu.TakeException(ExceptionClass.Unknown, 0);
            g.NoteException();
            g.Run();
        };
        s_all["Undefined without vectors"] = g =>
        {
            g.Set(SystemRegister.VBAR_EL1, 0x80_0000);
            g.Program(Nop(), Udf(0));
            g.Run();
            g.NoteException();
        };
        s_all["Fetches from nowhere and from data"] = g =>
        {
            g.Program(Mov(X1, 0x8000_0000), Br(X1));
            g.Run();
            g.Cpu.Pc = GuestRun.Data;
            g.Run();
            g.Cpu.Pc = GuestRun.Code;
            g.Program(Brk(1));
            g.Run();
        };
        s_all["WFI that nothing can end, WFE that goes on"] = g =>
        {
            g.Program(Wfe(), Mov(X0, 1), Wfi(), Mov(X0, 2), Brk());
            g.Run();
            g.NoteRegisters(1);
            g.Run();
            g.NoteRegisters(1);
        };
        s_all["EL0: SVC from user code, and what it may not do"] = g =>
        {
            g.Program(Mov(X0, 5), Svc(1), Brk(2));
            g.Cpu.Pstate = Pstate.Daif | Pstate.EL0t;
            g.Run();
            g.NoteException();
            g.NoteRegisters(1);
            g.Cpu.Pstate = Pstate.Daif | Pstate.EL0t;
            g.Program(Hvc(0));
            g.Cpu.Pc = GuestRun.Code;
            g.Run();
            g.NoteException();
            g.Cpu.Pstate = Pstate.Daif | Pstate.EL0t;
            g.Program(Msr(SystemRegister.VBAR_EL1, X0));
            g.Cpu.Pc = GuestRun.Code;
            g.Run();
            g.NoteException();
        };
        s_all["A table in no memory"] = g =>
        {
            g.Program(Isb(), Nop());
            g.Set(SystemRegister.TTBR0_EL1, 0x7000_0000);
            g.Set(SystemRegister.TCR_EL1, 25 | (5ul << 32));
            g.Set(SystemRegister.SCTLR_EL1, g.Get(SystemRegister.SCTLR_EL1) | 1);
            g.Run();
        };
        s_all["Floating point trapped by the guest's own control"] = g =>
        {
            g.Set(SystemRegister.CPACR_EL1, 0);
            g.Words(0x1e604000); // fmov d0, d0
            g.Run();
            g.NoteException();
        };
        s_all["State that the host writes and reads"] = g =>
        {
            for (int i = 0; i < 31; i++) g.Cpu.SetX(i, 0x0101_0101_0101_0101ul * (ulong)(i + 1));
            for (int i = 0; i < 32; i++) g.Cpu.SetV(i, new UInt128(0x1111_1111_1111_1111ul * (ulong)(i % 15), (ulong)i));
            g.Cpu.Pstate = Pstate.Nzcv | Pstate.Daif | Pstate.EL1t;
            g.Set(SystemRegister.FPCR, 0x0100_0000);
            g.Set(SystemRegister.FPSR, 0x0800_0010);
            g.Set(SystemRegister.TPIDR_EL0, 0x1234);
            foreach (SystemRegister register in (ReadOnlySpan<SystemRegister>)[SystemRegister.NZCV, SystemRegister.DAIF, SystemRegister.CurrentEL, SystemRegister.SPSel, SystemRegister.MPIDR_EL1, SystemRegister.FPCR, SystemRegister.FPSR])
            {
                g.Line($"{register}=0x{g.Get(register):x}");
            }

            // add x0, x1, x2; add v0.2d, v1.2d, v2.2d; mrs x3, tpidr_el0; brk
            g.Words(0x8b020020, 0x4ee28420, 0xd53bd043, 0xd4200000);
            g.Run();
            g.NoteRegisters(31);
            g.NoteVectors(32);
        };
        s_all["Registers that trap: undefined, debug and identification"] = g =>
        {
            g.Words(0xd5380640, 0xd538102f, 0xd5100281, 0xd5310082, 0xd4200000); // ... s3_0_c0_c6_2 is replaced below
            g.Program(Mrs(X1, SystemRegister.OSLSR_EL1), Mov(X2, 1), Msr(SystemRegister.OSLAR_EL1, X2), Mrs(X3, SystemRegister.OSLSR_EL1), Mrs(X4, SystemRegister.ID_AA64AFR0_EL1), Msr(SystemRegister.MDSCR_EL1, X2), Mrs(X5, SystemRegister.MDSCR_EL1), Msr(SystemRegister.MDSCR_EL1, Xzr), Brk());
            g.Run();
            g.NoteRegisters();
            g.Words(0xd53fff00); // mrs x0, s3_7_c15_c15_0
            g.Cpu.Pc = GuestRun.Code;
            g.Run();
            g.NoteException();
        };
    }
}
