// The first steps of a hypervisor, one by one: a virtual machine, a virtual CPU, memory, code, registers, run.
#:project ../src/Armillary/Armillary.csproj
#:project Texts/Texts.csproj
using Armillary;
using Armillary.Arm64;
using static Armillary.Examples.Texts;

const ulong guestAddress = 0x10000;
const ulong memorySize = 4096;

Backend engine = Backends.Default;
Say("DemoTitle", engine.Description);
Say("Blank");

Say("DemoCreateMachine");
using VirtualMachine machine = engine.CreateVirtualMachine();
Say("DemoMachineCreated");

Say("DemoCreateCpu");
using VirtualCpu cpu = machine.CreateVirtualCpu();
Say("DemoCpuCreated");

Say("DemoMap");
ulong page = (ulong)machine.PageSize; // 4 KiB, or 16 KiB on Apple Silicon
machine.Memory.Map(guestAddress, (memorySize + page - 1) / page * page);
Say("DemoMapped", guestAddress, memorySize);

Say("DemoWrite");
uint[] code =
[
    0xD2800540, // mov x0, #42
    0xD4200000, // brk #0
];
for (int i = 0; i < code.Length; i++) machine.Memory.Write(guestAddress + (4 * (ulong)i), code[i]);
Say("DemoWritten", code.Length * 4);

Say("DemoRegisters");
cpu.Pc = guestAddress;
Say("DemoPc", cpu.Pc);
cpu.Pstate = 0x3c4; // interrupts masked, EL1 with SP_EL0
Say("DemoCpsr", cpu.Pstate, Pstate.ModeName(cpu.Pstate));
cpu.TrapDebugExceptions = true; // BRK comes to us, not to the guest's own vectors
Say("DemoTrap");
Say("Blank");

Say("DemoRun");
VmExit exit = cpu.Run();

Say("Line");
Say("ExitTitle");
Say("ExitReason", exit.Reason == VmExitReason.Exception ? "EXCEPTION" : exit.Reason.ToString());
Say("ExitPc", cpu.Pc);
Say("ExitX0", cpu.GetX(0));
Say("Blank");

if (exit.ExceptionClass == ExceptionClass.Brk64)
{
    Say("DemoBrk");
    Say("DemoBrkDetail", cpu.GetX(0));
    Say("Blank");
}

Say("DemoDone");
