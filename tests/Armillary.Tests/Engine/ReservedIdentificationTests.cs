using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>The space of feature registers reads as zero where there is none, so that a kernel may look for what is newer than the CPU.</summary>
public sealed class ReservedIdentificationTests
{
    [Theory]
    [InlineData(0xd538_0120u)] // ID_PFR1_EL1
    [InlineData(0xd538_0320u)] // MVFR1_EL1
    [InlineData(0xd538_04a0u)] // ID_AA64SMFR0_EL1
    [InlineData(0xd538_07e0u)] // op0 3, op1 0, CRn 0, CRm 7, op2 7
    public void It_reads_as_zero_at_EL1_and_is_undefined_at_EL0(uint word)
    {
        using (var guest = new Guest(word, Brk()))
        {
            guest.Cpu.SetX(0, ~0ul);
            guest.RunToBreakpoint();
            Assert.Equal(0ul, guest.Cpu.GetX(0));
        }

        using var user = new Guest(word);
        user.Cpu.Pstate = Pstate.EL0t;
        user.RunToVector(0x400, 0x0200_0000, Guest.Code);
    }

    [Theory]
    [InlineData(0xd518_04a0u)] // MSR of the same
    [InlineData(0xd538_0100u + 0x700u)] // op0 3, op1 0, CRn 0, CRm 8
    public void Writes_and_what_is_outside_are_undefined(uint word)
    {
        using var guest = new Guest(word);
        guest.RunToVector(0x200, 0x0200_0000, Guest.Code);
    }
}
