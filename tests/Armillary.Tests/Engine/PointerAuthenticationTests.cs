using Armillary.Arm64;
using Armillary.Emulation.PointerAuthentication;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>What pointer-authentication.ins cannot show: the cipher itself, exception returns, and how PC loses its tag.</summary>
public sealed class PointerAuthenticationTests
{
    private const uint Paciasp = 0xd503_233f, Eretaa = 0xd69f_0bff, Eretab = 0xd69f_0fff, Braa = 0xd71f_0802; // BRAA X0, X2
    private const ulong EnIA = 1ul << 31, EnIB = 1ul << 30, Sp = Guest.Data + 0x8000;
    private const ulong Failure = 0x7200_0000;

    // Avanzi, "The QARMA Block Cipher Family" (IACR ePrint 2016/444), test vectors: QARMA-64 with sigma 2 and r = 5.
    [Fact]
    public void The_cipher_gives_its_published_result()
        => Assert.Equal(0xc003_b939_99b3_3765, Qarma5.Encrypt(0xfb62_3599_da6e_8127, 0x477d_469d_ec0b_8762, 0x84be_85ce_9804_e94b, 0xec28_02d4_e0a4_88e9));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ERETAA_returns_to_a_signed_address(bool isSigned)
    {
        using Guest guest = Create(Paciasp, Msr(SystemRegister.ELR_EL1, X30), Eretaa, Brk(1), Brk(9));
        if (!isSigned) guest.Write(Guest.Code, Nop());
        guest.Cpu.SetX(30, Guest.Code + 16);
        guest.Set(SystemRegister.SPSR_EL1, Pstate.Nzcv | Pstate.EL0t);
        if (isSigned)
        {
            guest.RunToBreakpoint(9);
            Assert.Equal((Guest.Code + 16, Pstate.Nzcv | Pstate.EL0t), (guest.Cpu.Pc, guest.Cpu.Pstate));
        }
        else
        {
            // From EL1, with the state that ERETAA found.
            guest.RunToVector(0x200, Failure, Guest.Code + 8);
            Assert.Equal((ulong)(Pstate.Daif | Pstate.EL1h), guest.Get(SystemRegister.SPSR_EL1));
        }
    }

    [Fact]
    public void ERETAB_has_the_other_key()
    {
        using Guest guest = Create(Paciasp, Msr(SystemRegister.ELR_EL1, X30), Eretab);
        guest.Cpu.SetX(30, Guest.Code + 16);
        guest.Set(SystemRegister.SPSR_EL1, Pstate.EL0t);
        guest.RunToVector(0x200, Failure | 1, Guest.Code + 8);
    }

    [Theory]
    [InlineData(Eretaa)]
    [InlineData(Eretab)]
    public void ERETAA_is_undefined_at_EL0(uint word)
    {
        using Guest guest = Create(word);
        guest.Cpu.Pstate = Pstate.EL0t;
        guest.RunToVector(0x400, 0x0200_0000, Guest.Code);
    }

    // The independent CPU cannot say (it aborts on BRAA); BRAAZ and BLRAA it has.
    [Fact]
    public void BRAA_to_an_address_that_is_not_signed_fails_at_itself()
    {
        using Guest guest = Create(Braa);
        guest.Cpu.SetX(0, Guest.Code + 16);
        guest.Cpu.SetX(2, 77);
        guest.RunToVector(0x200, Failure, Guest.Code);
        Assert.Equal(0ul, guest.Cpu.InstructionCount);
    }

    // SCTLR_EL1.SA: the stack pointer is authenticated before its alignment is looked at.
    [Fact]
    public void LDRAA_by_a_misaligned_stack_pointer_fails_to_authenticate_first()
    {
        using Guest guest = Create(0xf820_07e0); // LDRAA X0, [SP]
        guest.SetControl((1 << 27) | (1 << 3));
        guest.Cpu.Sp = Sp + 8;
        guest.RunToVector(0x200, Failure | 2, Guest.Code);
        guest.SetControl(1 << 3); // no key: only the alignment
        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code, Pstate.Daif | Pstate.EL1h);
        guest.Cpu.Sp = Sp + 8;
        guest.RunToVector(0x200, 0x9a00_0000, Guest.Code);
    }

    // Arm ARM, AArch64.BranchAddr(): with TBI the tag does not reach PC; with TBID it does, and is no address.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_branch_takes_the_tag_off_unless_tags_are_for_data_only(bool dataOnly)
    {
        using Guest guest = Create(Br(X0), Nop(), Brk(9));
        ulong target = Guest.Code + 8 | 0xa5ul << 56;
        guest.Cpu.SetX(0, target);
        guest.Set(SystemRegister.TCR_EL1, guest.Get(SystemRegister.TCR_EL1) | (1ul << 37) | (dataOnly ? 1ul << 51 : 0));
        if (dataOnly)
        {
            guest.RunToVector(0x200, 0x8600_0000, target);
            Assert.Equal(target, guest.Get(SystemRegister.FAR_EL1));
        }
        else
        {
            guest.RunToBreakpoint(9);
            Assert.Equal(Guest.Code + 8, guest.Cpu.Pc);
        }
    }

    // Arm ARM, InsertPAC(): with a tag in one half only, bit 55 and not 63 chooses the half, whichever it is; where there is no tag,
    // bit 63 does. (The independent CPU has another rule here.)
    [Theory]
    [InlineData(1ul << 38, 0x8012_3456_789a_bcde, 0)]
    [InlineData(1ul << 37, 0x0092_3456_789a_bcde, 1)]
    [InlineData(0ul, 0x8012_3456_789a_bcde, 1)]
    [InlineData(0ul, 0x0092_3456_789a_bcde, 0)]
    public void The_half_is_chosen_by_bit_55_or_63(ulong tags, ulong pointer, int half)
    {
        var signer = new PointerSigner();
        signer[4] = 1;
        signer[5] = 2;
        signer.Configure(Armillary.Emulation.Models.CpuModels.Max, 1 << 27, tags | 16 | (16 << 16));
        Assert.Equal(half, (int)(signer.Sign(pointer, 3, PointerKey.DataA) >> 55) & 1);
    }

    // A key that changes must not find codes of the old one.
    [Fact]
    public void Codes_are_those_of_the_key_in_force()
    {
        var signer = new PointerSigner();
        signer.Configure(Armillary.Emulation.Models.CpuModels.Max, EnIA, 16 | (16 << 16));
        ulong[] signed = new ulong[3];
        for (ulong i = 0; i < 3; i++)
        {
            signer[0] = i & 1;
            signed[i] = signer.Sign(0x1234, 5, PointerKey.InstructionA);
        }

        Assert.Equal((true, true), (signed[0] == signed[2], signed[0] != signed[1]));
        Assert.True(signer.TryAuthenticate(signed[0], 5, PointerKey.InstructionA, out ulong plain));
        Assert.Equal(0x1234ul, plain);
        Assert.False(signer.TryAuthenticate(signed[1], 5, PointerKey.InstructionA, out _));
    }

    private static Guest Create(params ReadOnlySpan<Instruction> program)
    {
        var guest = new Guest(program);
        guest.SetControl(EnIA | EnIB);
        guest.Set(SystemRegister.TCR_EL1, 16 | (16 << 16));
        for (int half = 0; half < 4; half++) guest.Set((SystemRegister)((int)SystemRegister.APIAKeyLo_EL1 + half), 0x1234_5678_9abc_def0ul * (ulong)(half + 1));
        return guest;
    }
}
