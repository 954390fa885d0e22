using Armillary.Arm64;
using Armillary.Tests.Engine;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Guests;

// Interrupt lines, the timers, sleep, an interrupt controller's registers, requests, and two virtual CPUs.
internal static partial class SharedGuests
{
    private static void AddInterrupts()
    {
        foreach (InterruptLine line in Enum.GetValues<InterruptLine>())
        {
            s_all[$"{line} masked, then not"] = g =>
            {
                g.Program(Mov(X0, 1), Brk(1), Msr(SystemRegister.DAIF, Xzr), Mov(X0, 2), Brk(2));
                g.Cpu.SetInterruptLine(line, true);
                g.Run();
                g.Cpu.Pc += 4;
                g.Run();
                g.Line($"elr=0x{g.Get(SystemRegister.ELR_EL1):x} spsr=0x{g.Get(SystemRegister.SPSR_EL1):x}");
                g.Cpu.SetInterruptLine(line, false);
                g.NoteRegisters(1);
            };
            s_all[$"{line} ends WFI"] = g =>
            {
                g.Program(Wfi(), Mov(X0, 1), Brk(1));
                g.Cpu.SetInterruptLine(line, true);
                g.Run();
                g.NoteRegisters(1);
            };
        }

        foreach (bool physical in (ReadOnlySpan<bool>)[false, true])
        {
            (SystemRegister control, SystemRegister value) = physical ? (SystemRegister.CNTP_CTL_EL0, SystemRegister.CNTP_TVAL_EL0) : (SystemRegister.CNTV_CTL_EL0, SystemRegister.CNTV_TVAL_EL0);
            s_all[$"WFI until the {(physical ? "physical" : "virtual")} timer"] = g =>
            {
                var wires = new Wires(g);
                g.Cpu.PrivateInterruptHandler = wires;
                g.Set(SystemRegister.VBAR_EL1, GuestRun.Code + 0x4000);
                g.Write(GuestRun.Code + 0x4280, Mrs(X2, control), Msr(control, Xzr), Brk(2));
                g.Program(Mov(X0, 20_000), Msr(value, X0), Mov(X0, 1), Msr(control, X0), Msr(SystemRegister.DAIF, Xzr), Wfi(), Brk(1));
                g.Run();
                g.NoteRegisters(3);
            };
        }

        s_all["The host waits for the guest's timer"] = g =>
        {
            g.Cpu.PrivateInterruptHandler = new Wires(g, isQuiet: true); // on a slow host it rings before the wait
            g.Program(Movz(X0, 0x20, 16), Msr(SystemRegister.CNTV_TVAL_EL0, X0), Mov(X0, 1), Msr(SystemRegister.CNTV_CTL_EL0, X0), Brk(1), Mrs(X1, SystemRegister.CNTV_CTL_EL0), Brk(2));
            g.Run();
            g.Cpu.Pc += 4;
            g.Cpu.WaitForInterrupt();
            g.Run();
            g.NoteRegisters(2); // the timer's condition holds
            g.Cpu.Pc -= 8;
            g.Cpu.WaitForInterrupt();
            g.Cpu.RequestExit();
            g.Run();
            g.Run();
        };
        s_all["The virtual timer interrupts a loop"] = g =>
        {
            g.Cpu.PrivateInterruptHandler = new Wires(g);
            var loop = new Label("loop");
            g.Set(SystemRegister.VBAR_EL1, GuestRun.Code + 0x4000);
            g.Write(GuestRun.Code + 0x4280, Msr(SystemRegister.CNTV_CTL_EL0, Xzr), Brk(2));
            g.Program(Mov(X0, 50_000), Msr(SystemRegister.CNTV_TVAL_EL0, X0), Mov(X0, 1), Msr(SystemRegister.CNTV_CTL_EL0, X0), Msr(SystemRegister.DAIF, Xzr), loop, B(loop));
            g.Run();
            g.Line($"elr=0x{g.Get(SystemRegister.ELR_EL1):x}");
        };
        s_all["A masked timer shows its condition"] = g =>
        {
            var loop = new Label("loop");
            g.Program(Msr(SystemRegister.CNTV_TVAL_EL0, Xzr), Mov(X0, 3), Msr(SystemRegister.CNTV_CTL_EL0, X0), loop, Mrs(X1, SystemRegister.CNTV_CTL_EL0), Cmp(X1, 7), B(Ne, loop), Brk());
            g.Run();
            g.NoteRegisters(2);
        };
        s_all["Registers of an interrupt controller"] = g =>
        {
            g.Cpu.GicCpuInterface = new Gic(g);
            g.Program(Mov(X0, 0xf0), Msr(SystemRegister.ICC_PMR_EL1, X0), Mrs(X1, SystemRegister.ICC_IAR1_EL1), Msr(SystemRegister.ICC_EOIR1_EL1, Xzr), Mrs(Xzr, SystemRegister.ICC_RPR_EL1), Mrs(X2, SystemRegister.ICC_BPR0_EL1), Brk());
            g.Run();
            g.NoteException();
            g.NoteRegisters(3);
        };
        s_all["No interrupt controller"] = g =>
        {
            g.Program(Mrs(X0, SystemRegister.ICC_IAR1_EL1));
            g.Run();
            g.NoteException();
        };
        s_all["A request before the run"] = g =>
        {
            g.Program(Brk());
            g.Cpu.RequestExit();
            g.Cpu.RequestExit();
            g.Run();
            g.Run();
        };
        s_all["A request from a device"] = g =>
        {
            g.Cpu.MmioHandler = new Requests(g.Cpu);
            var loop = new Label("loop");
            g.Program(Mov(X1, GuestRun.Device), Str(X1, Mem(X1)), loop, B(loop));
            g.Run();
        };
        s_all["A request while an access waits"] = g =>
        {
            g.Program(Mov(X1, GuestRun.Device), Ldr(X0, Mem(X1)), Brk());
            g.Run();
            g.Cpu.CompleteMmioRead(5);
            g.Cpu.RequestExit();
            g.Run();
            g.Run();
            g.NoteRegisters(1);
        };
        s_all["Two virtual CPUs count together"] = g =>
        {
            var loop = new Label("loop");
            g.Program(Mov(X1, GuestRun.Data), Mov(X2, 200), loop, Ldadd(X2, Xzr, Mem(X1)), Subs(X2, X2, 1), B(Ne, loop), Mrs(X3, SystemRegister.MPIDR_EL1), Brk());
            ulong affinity = 0;
            var other = HostThread.Start(() =>
            {
                using VirtualCpu second = g.Machine.CreateVirtualCpu();
                second.TrapDebugExceptions = true;
                second.Pc = GuestRun.Code;
                VmExit exit = second.Run();
                if (exit.ExceptionClass != ExceptionClass.Brk64) throw new InvalidOperationException($"The second virtual CPU stopped at {exit}.");
                affinity = second.GetX(3);
            });
            g.Run();
            other.Join();
            g.NoteMemory(GuestRun.Data, 1);
            g.Line($"0x{g.Cpu.GetX(3):x} 0x{affinity:x}");
        };
    }

    // The timers' outputs are wired to IRQ.
    private sealed class Wires(GuestRun run, bool isQuiet = false) : IPrivateInterruptHandler
    {
        public void SetLevel(VirtualCpu cpu, PrivateInterrupt interrupt, bool asserted)
        {
            if (asserted && !isQuiet) run.Line($"{interrupt} rises"); // when a timer that is the hardware's falls is seen at the next exit
            cpu.SetInterruptLine(InterruptLine.Irq, asserted);
        }
    }

    private sealed class Gic(GuestRun run) : IGicCpuInterface
    {
        public bool TryRead(VirtualCpu cpu, SystemRegister register, out ulong value)
        {
            run.Line($"read {register.Name()} by {cpu == run.Cpu}");
            value = 0x2a;
            return register != SystemRegister.ICC_BPR0_EL1;
        }

        public bool TryWrite(VirtualCpu cpu, SystemRegister register, ulong value)
        {
            run.Line($"write {register.Name()} 0x{value:x} by {cpu == run.Cpu}");
            return true;
        }
    }

    private sealed class Requests(VirtualCpu cpu) : IMmioHandler
    {
        public bool Read(ulong gpa, int size, out ulong value)
        {
            value = 0;
            return false;
        }

        public bool Write(ulong gpa, int size, ulong value)
        {
            cpu.RequestExit();
            return true;
        }
    }
}
