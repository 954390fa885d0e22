using Armillary.Arm64;
using Armillary.Tests.Guests;
using static Armillary.Arm64.A64;

namespace Armillary.Lab;

/// <summary>Identification registers: written where the kernel lets them be, before the first run, and what the guest reads then.</summary>
internal static class IdentificationChecks
{
    public static int Run(Backend engine)
    {
        const ulong EL0Field = 0xf, Only64 = 1;
        bool mayWrite = Environment.OSVersion.Version >= new Version(6, 7); // ID_AA64PFR0_EL1 is writable since then
        using var guest = new GuestRun(engine.CreateVirtualMachine());
        guest.Program(Mrs(X0, SystemRegister.ID_AA64PFR0_EL1), Brk());
        ulong before = guest.Get(SystemRegister.ID_AA64PFR0_EL1), wanted = (before & ~EL0Field) | Only64;
        bool written = true;
        try
        {
            guest.Set(SystemRegister.ID_AA64PFR0_EL1, wanted);
        }
        catch (SystemRegisterException)
        {
            written = false;
        }

        VmExit exit = guest.Run();
        ulong seen = guest.Cpu.GetX(0) & EL0Field;
        bool good = written == (mayWrite || (before & EL0Field) == Only64) && exit.ExceptionClass == ExceptionClass.Brk64 && seen == (written ? Only64 : before & EL0Field);
        Console.WriteLine($"{(good ? "passed" : "FAILED")}: ID_AA64PFR0_EL1.EL0 was {before & EL0Field}, {(written ? "written" : "refused by the kernel")}, the guest reads {seen} and ends with {exit.ExceptionClass}");
        return good ? 0 : 1;
    }
}
