using Armillary.Emulation.Floating;
using Armillary.Tests.Instructions;
using Armillary.Tests.Oracle;

namespace Armillary.Tests.Engine;

/// <summary>What the instruction files leave out because the CPU that they were made with gets it wrong; by the manual's pseudocode.</summary>
public sealed class OutsideTheOracleTests
{
    private const uint JavaScript = 0x1e7e_0020;        // fjcvtzs w0, d1
    private const uint ToFixedHalf = 0x5f1c_fc20;       // fcvtzs h0, h1, #4

    public static TheoryData<Execution> Executions => [.. Enum.GetValues<Execution>()];

    [Theory]
    [MemberData(nameof(Executions))]
    public void A_flushed_subnormal_number_is_not_its_own_JavaScript_integer(Execution execution)
    {
        foreach (ulong bits in new ulong[] { 1, 0x000f_ffff_ffff_ffff })
        {
            GuestState after = Run(execution, JavaScript, bits, Fpcr.FZ);
            Assert.Equal((0ul, 0u, Fpsr.IDC), (after.X[0], after.Nzcv, after.Fpsr));
        }
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public void A_negative_half_in_fixed_point_has_zeros_above_its_16_bits(Execution execution)
    {
        GuestState after = Run(execution, ToFixedHalf, 0xbc00, 0);  // -1
        Assert.Equal((UInt128)0xfff0, after.V[0]);
        Assert.Equal(0u, after.Fpsr);
    }

    private static GuestState Run(Execution execution, uint word, UInt128 operand, uint control)
    {
        GuestState before = GuestState.CreateNoise(1);
        before.V[1] = operand;
        before.Fpcr = control;
        before.Fpsr = 0;
        using var subject = new SoftwareSubject(execution);
        return subject.Run(new OracleCase([word], before)).After;
    }
}
