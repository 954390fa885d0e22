// Linux on a board, its console as a stream: boots, asks the shell something and switches off.
//   eng/guests.sh cloud-6.12 busybox DIR
//   dotnet run examples/linux.cs DIR/cloud-6.12/vmlinuz DIR/busybox/initramfs.cpio.gz
#:project ../src/Armillary/Armillary.csproj
#:project ../src/Armillary.Machine/Armillary.Machine.csproj
#:project Texts/Texts.csproj
using System.Text;
using Armillary;
using Armillary.Machine;
using static Armillary.Examples.Texts;

if (args is not [var kernel, var initrd])
{
    Say("LinuxUsage");
    return 2;
}

using Machine machine = Machine.CreateBuilder()
    .WithEngine(Backends.Default)
    .WithKernel(kernel)
    .WithInitrd(initrd)
    .WithCommandLine("console=ttyAMA0 quiet")
    .WithCpus(2)
    .WithMemory(256 << 20)
    .Build();
Task<MachineExit> run = machine.RunAsync();

ReadTo("# ");
Say("LinuxPrompt");
machine.Console.Write("uname -sm; nproc\n"u8);
string[] answer = ReadTo("# ").Split("\r\n");
Say("LinuxAnswer", string.Join(", ", answer[1..^1]));
machine.Console.Write("poweroff -f\n"u8);
Say("LinuxEnded", (await run).Reason);
return 0;

// What the guest prints, up to a text.
string ReadTo(string end)
{
    var text = new StringBuilder();
    while (!text.ToString().EndsWith(end, StringComparison.Ordinal) && machine.Console.ReadByte() is >= 0 and int character) text.Append((char)character);
    return text.ToString();
}
