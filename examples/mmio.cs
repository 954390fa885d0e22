// A device in C#: the guest writes text to one of its registers and reads another, and knows nothing of us.
#:project ../src/Armillary/Armillary.csproj
#:project Texts/Texts.csproj
using Armillary;
using Armillary.Arm64;
using static Armillary.Arm64.A64;
using static Armillary.Examples.Texts;

Say("MmioTitle");
Say("Blank");
var uart = new Uart();
using var hypervisor = new Hypervisor(guestAddress: 0x10000, memorySize: 4096, new HypervisorOptions { MmioHandler = uart });

Label text = new("text"), next = new("next"), done = new("done");
hypervisor.WriteInstructions(
    Mov(X0, Uart.Address),
    Adr(X1, text),
    next,
    Ldrb(W2, PostIndex(X1, 1)),
    Cbz(W2, done),
    Strb(W2, Mem(X0)), // data register
    B(next),
    done,
    Ldr(W3, Mem(X0, 4)), // count register
    Brk(),
    text, 0x6c6c6548, 0x6f77206f, 0x0a646c72, 0x00000000); // "Hello world\n"

VmExitInfo exit = hypervisor.Run();
Say("Ended", exit.Description);
Say("MmioCount", exit.X[3]);

/// <summary>A UART of two registers: 0 takes a character, 4 tells how many there were.</summary>
sealed class Uart : IMmioHandler
{
    public const ulong Address = 0x0900_0000;
    private uint _count;

    public bool Read(ulong gpa, int size, out ulong value)
    {
        value = _count;
        return gpa == Address + 4 && size == 4;
    }

    public bool Write(ulong gpa, int size, ulong value)
    {
        if (gpa != Address) return false; // nothing is there: the run ends with an MMIO exit
        Console.Write((char)(byte)value);
        _count++;
        return true;
    }
}
