using System.Runtime.Intrinsics;
using Armillary.Emulation.Instructions.Simd;

namespace Armillary.Tests.Instructions;

/// <summary>The steps of AES without the host's instructions, which the instruction files do not reach where the host has them.</summary>
public sealed class AesTests
{
    // FIPS 197, appendix B, round 1: the state at its start, after SubBytes and ShiftRows, and after MixColumns.
    private static readonly Vector128<byte> s_start = Bytes("193de3bea0f4e22b9ac68d2ae9f84808");
    private static readonly Vector128<byte> s_shifted = Bytes("d4bf5d30e0b452aeb84111f11e2798e5");
    private static readonly Vector128<byte> s_mixed = Bytes("046681e5e0cb199a48f8d37a2806264c");

    [Fact]
    public void A_round_is_that_of_the_standard()
    {
        Assert.Equal(s_shifted, Aes.EncryptAlone(s_start));
        Assert.Equal(s_mixed, Aes.MixAlone(s_shifted));
    }

    [Fact]
    public void The_inverses_undo_a_round()
    {
        Assert.Equal(s_start, Aes.DecryptAlone(s_shifted));
        Assert.Equal(s_shifted, Aes.InverseMixAlone(s_mixed));
    }

    private static Vector128<byte> Bytes(string digits) => Vector128.Create<byte>(Convert.FromHexString(digits));
}
