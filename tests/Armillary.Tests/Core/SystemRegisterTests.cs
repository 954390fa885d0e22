using Armillary.Arm64;

namespace Armillary.Tests.Core;

public sealed class SystemRegisterTests
{
    [Theory]
    [InlineData("SCTLR_EL1", SystemRegister.SCTLR_EL1)]
    [InlineData("sctlr_el1", SystemRegister.SCTLR_EL1)]
    [InlineData("S3_0_C1_C0_0", SystemRegister.SCTLR_EL1)]
    [InlineData("s3_3_c13_c0_2", SystemRegister.TPIDR_EL0)]
    public void A_name_is_found(string name, SystemRegister expected)
    {
        Assert.True(SystemRegisters.TryParse(name, out SystemRegister register));
        Assert.Equal(expected, register);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S3_0_C16_C0_0")]
    [InlineData("S3_8_C1_C0_0")]
    [InlineData("X0")]
    public void What_is_no_name_is_refused(string name) => Assert.False(SystemRegisters.TryParse(name, out _));
}
