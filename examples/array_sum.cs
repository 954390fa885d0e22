// Data in and out of guest memory: the host writes an array, the guest sums it and writes the sum behind it.
#:project ../src/Armillary/Armillary.csproj
#:project Texts/Texts.csproj
using Armillary;
using Armillary.Arm64;
using static Armillary.Arm64.A64;
using static Armillary.Examples.Texts;

const ulong dataOffset = 0x100;
ulong[] numbers = [3, 1, 4, 1, 5, 9, 2, 6];
ulong resultOffset = dataOffset + (8 * (ulong)numbers.Length);

Say("ArraySumTitle");
Say("Blank");
using var hypervisor = new Hypervisor(guestAddress: 0x10000, memorySize: 4096);

var next = new Label("next");
hypervisor.WriteInstructions(
    Mov(X2, 0),
    next,
    Ldr(X3, PostIndex(X0, 8)),
    Add(X2, X2, X3),
    Subs(X1, X1, 1),
    B(Ne, next),
    Str(X2, Mem(X0)),
    Brk());

for (int i = 0; i < numbers.Length; i++) hypervisor.WriteData(dataOffset + (8 * (ulong)i), numbers[i]);
Say("ArraySumInput", hypervisor.GuestAddress + dataOffset, string.Join(", ", numbers));

// The program's arguments: x0 is the array's address, x1 its length.
hypervisor.VirtualCpu.SetX(0, hypervisor.GuestAddress + dataOffset);
hypervisor.VirtualCpu.SetX(1, (ulong)numbers.Length);
VmExitInfo exit = hypervisor.Run();

Say("Ended", exit.Description);
Say("ArraySumResult", hypervisor.ReadData(resultOffset), hypervisor.GuestAddress + resultOffset);
