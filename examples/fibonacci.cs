// Calculates F(10) inside a virtual machine, in registers only.
#:project ../src/Armillary/Armillary.csproj
#:project Texts/Texts.csproj
using Armillary;
using static Armillary.Examples.Texts;

const ulong guestAddress = 0x10000;
const ulong expected = 55;

Say("FibonacciTitle");
Say("Blank");

Say("FibonacciInit");
using var hypervisor = new Hypervisor(guestAddress, 4096);
Say("FibonacciAddress", hypervisor.GuestAddress);

Say("FibonacciWrite");
uint[] program =
[
    0xD2800000, //       mov  x0, #0        F(0)
    0xD2800021, //       mov  x1, #1        F(1)
    0xD2800142, //       mov  x2, #10       loop counter
    0x8B010003, // loop: add  x3, x0, x1
    0xAA0103E0, //       mov  x0, x1
    0xAA0303E1, //       mov  x1, x3
    0xF1000442, //       subs x2, x2, #1
    0x54FFFF81, //       b.ne loop
    0xD4200000, //       brk  #0
];
hypervisor.WriteInstructions(program);
Say("FibonacciWritten", program.Length);

Say("FibonacciRun");
VmExitInfo exit = hypervisor.Run();
Say("Blank");

Say("Line");
Say("ExitTitle");
Say("ExitReason", exit.ReasonName);
Say("ExitPc", exit.Pc);
Say("Blank");
Say("FibonacciRegisters");
Say("FibonacciX0", exit.X[0]);
Say("FibonacciX1", exit.X[1]);
Say("FibonacciX2", exit.X[2]);
Say("Blank");

Say("FibonacciResult", exit.X[0]);
Say("FibonacciExpected", expected);
Say("Blank");
Say(exit.X[0] == expected ? "FibonacciRight" : "FibonacciWrong");
Say("Blank");
Say("Done");
return exit.X[0] == expected ? 0 : 1;
