using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Guests;

// Single steps, and the guest's own debugging.
internal static partial class SharedGuests
{
    private static void AddSteps()
    {
        s_all["Steps over everything"] = g =>
        {
            var over = new Label("over");
            g.Program(Mov(X1, GuestRun.Device), Ldr(X0, Mem(X1)), Str(X0, Mem(X1, 8)), B(over), Udf(0), over, Mrs(X2, SystemRegister.OSLSR_EL1), Wfe(), Mrs(X3, SystemRegister.MDSCR_EL1), Ldp(X4, X5, Mem(X1, 16)), Svc(3));
            g.Step();
            g.Step();
            g.Cpu.CompleteMmioRead(0x77);
            g.StepToExit();
            g.NoteException();
            g.NoteRegisters();
        };
        s_all["Steps in place of a device"] = g =>
        {
            g.Cpu.MmioHandler = new Register(g);
            g.Program(Mov(X1, GuestRun.Device), Ldr(X0, Mem(X1)), Stp(X0, X1, Mem(X1, 16)), Hvc(1), Smc(0), Wfi(), Brk(3));
            g.StepToExit();
            g.StepToExit();
            g.StepToExit();
            g.StepToExit();
            g.NoteRegisters();
        };
        s_all["Steps of a guest that handles BRK"] = g =>
        {
            g.Cpu.TrapDebugExceptions = false;
            g.Set(SystemRegister.VBAR_EL1, GuestRun.Code + 0x4000);
            g.Write(GuestRun.Code + 0x4200, Mrs(X0, SystemRegister.ESR_EL1), Mrs(X1, SystemRegister.ELR_EL1), Add(X1, X1, 4), Msr(SystemRegister.ELR_EL1, X1), Eret());
            g.Program(Mov(X2, 1), Brk(9), Mov(X2, 2), Hvc(0));
            g.StepToExit();
            g.NoteException();
            g.NoteRegisters();
            g.Line($"mdscr=0x{g.Get(SystemRegister.MDSCR_EL1):x}");
        };
        s_all["A step takes an interrupt and no more"] = g =>
        {
            g.Program(Msr(SystemRegister.DAIF, Xzr), Mov(X0, 1), Brk());
            g.Cpu.SetInterruptLine(InterruptLine.Irq, true);
            g.Step();
            g.Step();
            g.Line($"elr=0x{g.Get(SystemRegister.ELR_EL1):x} spsr=0x{g.Get(SystemRegister.SPSR_EL1):x}");
            g.Step();
        };
        s_all["A fetch from nowhere, stepped"] = g =>
        {
            g.Program(Mov(X1, 0x8000_0000), Br(X1));
            g.StepToExit();
        };
        s_all["Breakpoints and watchpoints of the host"] = g =>
        {
            const ulong Enabled = 1 | (3 << 1) | (0xf << 5), Loads = 1ul << 3, Stores = 2ul << 3, Bytes = 0xfful << 5;
            g.Set(SystemRegister.OSLAR_EL1, 0);
            g.Set(SystemRegister.DBGBVR0_EL1, GuestRun.Code + 8);
            g.Set(SystemRegister.DBGBCR0_EL1, Enabled);
            g.Set(SystemRegister.DBGWVR0_EL1, GuestRun.Data + 8);
            g.Set(SystemRegister.DBGWCR0_EL1, 1 | (3 << 1) | Stores | Loads | Bytes);
            g.Set(SystemRegister.MDSCR_EL1, (1 << 15) | (1 << 13));
            g.Cpu.Pstate = Pstate.EL1h | Pstate.I | Pstate.F | Pstate.A;
            g.Program(Mov(X1, GuestRun.Data), Mov(X0, 1), Mov(X0, 2), Str(X0, Mem(X1, 8)), Ldr(X2, Mem(X1, 8)), Brk());
            g.Run();
            g.Set(SystemRegister.DBGBCR0_EL1, 0);
            g.Run();
            g.Set(SystemRegister.DBGWCR0_EL1, 0);
            g.Run();
            g.NoteRegisters();
        };
        s_all["The guest steps itself"] = g =>
        {
            // EL1 arms software step and returns to EL0, which executes one instruction.
            g.Cpu.TrapDebugExceptions = false;
            g.Set(SystemRegister.OSLAR_EL1, 0);
            g.Set(SystemRegister.VBAR_EL1, GuestRun.Code + 0x4000);
            g.Write(GuestRun.Code + 0x4400, Hvc(1));
            g.Set(SystemRegister.MDSCR_EL1, 1);
            g.Set(SystemRegister.SPSR_EL1, Pstate.SS | Pstate.EL0t);
            g.Set(SystemRegister.ELR_EL1, GuestRun.Code + 0x100);
            g.Write(GuestRun.Code + 0x100, Mov(X0, 1), Mov(X0, 2));
            g.Program(Eret());
            g.Run();
            g.NoteException();
            g.NoteRegisters(1);
        };
    }
}
