using Armillary.Arm64;
using Armillary.Hvf;
using Armillary.Tests.Guests;
using Armillary.Tests.Hvf.Shim;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Hvf;

/// <summary>The engine on a framework that lacks everything that came after macOS 11.</summary>
public sealed class HvfOldSystemTests() : ShimTest(ShimLibrary.Oldest)
{
    // SError is another thing there, and has a test of its own below; accesses in all their forms are the same code.
    public static TheoryData<string> Guests => [.. SharedGuests.Names.Where(name => !name.Contains(": ", StringComparison.Ordinal) && name != "SError masked, then not")];

    [Theory]
    [MemberData(nameof(Guests))]
    public void A_guest_has_the_same_exits_as_on_the_software_engine(string name)
        => Assert.Equal(SharedGuests.Run(name, new Armillary.Emulation.SoftwareBackend().CreateVirtualMachine()), SharedGuests.Run(name, Engine().CreateVirtualMachine()));

    [Fact]
    public void What_it_lacks_is_named()
    {
        Assert.Contains("macOS 13 can make others", Assert.Throws<EngineUnavailableException>(() => Engine(new HvfOptions { PageSize = 4096 }).CreateVirtualMachine()).Message, StringComparison.Ordinal);
        using var machine = (HvfVirtualMachine)Engine().CreateVirtualMachine();
        Assert.Contains("macOS 15 does", Assert.Throws<EngineUnavailableException>(() => machine.CreateGic(0x800_0000, 0x80a_0000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SError_is_taken_at_the_first_entry_at_which_it_is_not_masked()
    {
        using var guest = new GuestRun(Engine().CreateVirtualMachine());
        guest.Program(Msr(SystemRegister.DAIF, Xzr), Hvc(1), Nop(), Brk());
        guest.Cpu.SetInterruptLine(InterruptLine.SError, true);
        Assert.Equal(ExceptionClass.Hvc64, guest.Run().ExceptionClass);
        Assert.Equal(ExceptionClass.Brk64, guest.Run().ExceptionClass);
        Assert.Equal((GuestRun.Vectors + 0x380, 0xbe00_0000ul, GuestRun.Code + 8), (guest.Cpu.Pc, guest.Get(SystemRegister.ESR_EL1), guest.Get(SystemRegister.ELR_EL1)));
        Assert.Equal(0ul, guest.Get(SystemRegister.ISR_EL1));
    }
}
