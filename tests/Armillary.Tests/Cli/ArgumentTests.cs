using Armillary.Arm64;
using Armillary.Cli;

namespace Armillary.Tests.Cli;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("x0=1", RegisterKind.X, 0, 1)]
    [InlineData("X30=-1", RegisterKind.X, 30, ulong.MaxValue)]
    [InlineData("w7=0xffffffff", RegisterKind.W, 7, 0xffffffff)]
    [InlineData("w7=-1", RegisterKind.W, 7, 0xffffffff)]
    [InlineData("sp=0x40100000", RegisterKind.Sp, 0, 0x40100000)]
    [InlineData("PC=4", RegisterKind.Pc, 0, 4)]
    [InlineData("pstate=0x3c4", RegisterKind.Pstate, 0, 0x3c4)]
    [InlineData("cpsr=0", RegisterKind.Pstate, 0, 0)]
    [InlineData("VBAR_EL1=0x800", RegisterKind.System, (int)SystemRegister.VBAR_EL1, 0x800)]
    [InlineData("s3_0_c12_c0_0=1", RegisterKind.System, (int)SystemRegister.VBAR_EL1, 1)]
    public void A_register_is_set(string text, object kind, int number, ulong value)
    {
        Assert.True(RegisterAssignment.TryParse(text, out RegisterAssignment assignment, out string error), error);
        Assert.Equal(new RegisterAssignment((RegisterKind)kind, number, value), assignment);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x0")]
    [InlineData("=1")]
    [InlineData("x0=")]
    [InlineData("x31=0")]
    [InlineData("x-1=0")]
    [InlineData("x=0")]
    [InlineData("w1=0x100000000")]
    [InlineData("w1=-0x80000001")]
    [InlineData("pc=2")]
    [InlineData("pstate=0x10")]
    [InlineData("pstate=9")]
    [InlineData("pstate=0x100000005")]
    [InlineData("nothing_el1=0")]
    [InlineData("x0=1=2")]
    public void What_is_no_register_or_no_value_is_refused(string text)
    {
        Assert.False(RegisterAssignment.TryParse(text, out _, out string error));
        Assert.Contains(text, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0x40000000:64M", 0x4000_0000, 64ul << 20)]
    [InlineData("0:1", 0, 1)]
    [InlineData("0:256T", 0, 1ul << 48)]
    public void Memory_is_a_base_and_a_size(string text, ulong address, ulong size)
    {
        Assert.True(MemoryRange.TryParse(text, out MemoryRange range, out string error), error);
        Assert.Equal(new MemoryRange(address, size), range);
    }

    [Theory]
    [InlineData("")]
    [InlineData("64M")]
    [InlineData("0x1000:")]
    [InlineData(":64M")]
    [InlineData("1:2:3")]
    [InlineData("0x1000:0")]
    [InlineData("0x1000:256T")]
    [InlineData("0xfffffffffffff000:4096")]
    [InlineData("0:0xffffffffffffffff")]
    public void Memory_that_cannot_be_is_refused(string text)
    {
        Assert.False(MemoryRange.TryParse(text, out _, out string error));
        Assert.Contains(text, error, StringComparison.Ordinal);
    }
}
