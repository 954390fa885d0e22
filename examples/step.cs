// A step callback sees the virtual CPU before each instruction: here it prints a trace, and stops the second run early.
#:project ../src/Armillary/Armillary.csproj
#:project Texts/Texts.csproj
using Armillary;
using Armillary.Arm64;
using Armillary.Emulation.Disassembly;
using static Armillary.Arm64.A64;
using static Armillary.Examples.Texts;

Say("StepTitle");
Say("Blank");
using var hypervisor = new Hypervisor(guestAddress: 0x10000, memorySize: 4096);

var loop = new Label("loop");
hypervisor.WriteInstructions(
    Mov(X0, 1),
    Mov(X1, 3),
    loop,
    Lsl(X0, X0, 1),
    Subs(X1, X1, 1),
    B(Ne, loop),
    Brk());

bool Trace(VirtualCpu cpu, long iteration)
{
    uint word = cpu.VirtualMachine.Memory.Read<uint>(cpu.Pc);
    string text = Disassembler.Disassemble(word, cpu.Pc);
    Console.WriteLine($"{iteration,3}  0x{cpu.Pc:x}: {word:x8}  {text,-20}  x0 = {cpu.GetX(0)}, x1 = {cpu.GetX(1)}");
    return true;
}

VmExitInfo exit = hypervisor.Run(stepCallback: Trace);
Say("Ended", exit.Description);
Say("StepResult", exit.X[0], exit.Iterations);
Say("Blank");

hypervisor.VirtualCpu.Pc = hypervisor.GuestAddress;
exit = hypervisor.Run(stepCallback: (cpu, _) => cpu.GetX(0) != 4);
Say("Ended", exit.Description);
Say("StepResult", exit.X[0], exit.Iterations);
