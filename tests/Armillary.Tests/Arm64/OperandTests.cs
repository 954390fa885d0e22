using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Arm64;

public sealed class OperandTests
{
    [Fact]
    public void A_register_says_what_it_is()
    {
        Assert.Equal(("x0", 0, 64), (X0.ToString(), X0.Number, X0.Width));
        Assert.Equal(("w30", 30, 32), (W30.ToString(), W30.Number, W30.Width));
        Assert.Equal(("sp", 31, 64), (Sp.ToString(), Sp.Number, Sp.Width));
        Assert.Equal(("wsp", 31, 32), (Wsp.ToString(), Wsp.Number, Wsp.Width));
        Assert.Equal("xzr", Xzr.ToString());
        Assert.Equal("wzr", Wzr.ToString());
        Assert.Equal((true, false, false), (Sp.IsStackPointer, Xzr.IsStackPointer, X30.IsStackPointer));
        Assert.Equal((false, true, false), (Sp.IsZero, Wzr.IsZero, X0.IsZero));
        Assert.Equal((X29, X30), (Fp, Lr));
        Assert.NotEqual(Sp, Xzr);
        Assert.NotEqual(X0, W0);
        Assert.Equal(X0, default);
    }

    [Fact]
    public void Every_named_register_is_the_one_of_its_number()
    {
        for (int n = 0; n <= 30; n++)
        {
            Assert.Equal(X(n), typeof(A64).GetProperty($"X{n}")!.GetValue(null));
            Assert.Equal(W(n), typeof(A64).GetProperty($"W{n}")!.GetValue(null));
            Assert.Equal(($"x{n}", $"w{n}"), (X(n).ToString(), W(n).ToString()));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => X(31));
        Assert.Throws<ArgumentOutOfRangeException>(() => W(-1));
    }

    [Fact]
    public void A_condition_inverts_to_its_opposite()
    {
        Assert.Equal(Ne, Eq.Invert());
        Assert.Equal(Cc, Hs.Invert());
        Assert.Equal(Lt, Ge.Invert());
        Assert.Equal(Gt, Le.Invert());
        Assert.Throws<ArgumentException>(() => Al.Invert());
        Assert.Throws<ArgumentException>(() => Nv.Invert());
    }

    [Fact]
    public void An_address_reads_as_in_assembler_text()
    {
        Assert.Equal("[x1]", Mem(X1).ToString());
        Assert.Equal("[sp, #-8]", Mem(Sp, -8).ToString());
        Assert.Equal("[x1, #16]!", PreIndex(X1, 16).ToString());
        Assert.Equal("[x1], #16", PostIndex(X1, 16).ToString());
        Assert.Equal("[x1, x2]", Mem(X1, X2).ToString());
        Assert.Equal("[x1, x2, lsl #3]", Mem(X1, X2, Lsl(3)).ToString());
        Assert.Equal("[x1, w2, sxtw]", Mem(X1, W2, Extend.Sxtw).ToString());
        Assert.Equal("[x1, w2, uxtw #2]", Mem(X1, W2, Extend.Uxtw, 2).ToString());
        Assert.Equal("[x1, xzr, sxtx #3]", Mem(X1, Xzr, Extend.Sxtx, 3).ToString());
    }

    [Fact]
    public void An_instruction_and_a_shift_read_as_what_they_are()
    {
        Label loop = new("loop");
        Assert.Equal("0xd503201f", Nop().ToString());
        Assert.Equal("loop:", ((Instruction)loop).ToString());
        Assert.Equal("0x14000000 -> loop", B(loop).ToString());
        Assert.Equal("ror #5", Ror(5).ToString());
        Assert.True(((Instruction)loop).BindsLabel);
        Assert.False(B(loop).BindsLabel);
    }

    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(0xffffUL, 1)]
    [InlineData(0x5555_5555_5555_5555UL, 1)]
    [InlineData(0xffff_ffff_ffff_ffffUL, 1)]
    [InlineData(0x1_0001UL, 2)]
    [InlineData(0xffff_ffff_1234_5678UL, 2)]
    [InlineData(0xffff_1234_ffff_5678UL, 2)]
    [InlineData(0x1234_0000_0000_5678UL, 2)]
    [InlineData(0x1234_5678_9abcUL, 3)]
    [InlineData(0x1234_5678_9abc_def0UL, 4)]
    public void A_sequence_of_moves_gives_the_value_in_as_few_as_it_takes(ulong value, int count)
    {
        Instruction[] moves = MovSequence(X5, value);
        Assert.Equal((value, count), (Run(moves), moves.Length));
    }

    [Fact]
    public void A_sequence_of_moves_to_a_W_register_has_32_bits()
    {
        Assert.Equal([0x528acf00u, 0x72a24680], Assemble(MovSequence(W0, 0x12345678)));
        Assert.Equal([0x12800000u], Assemble(MovSequence(W0, 0xffff_ffff)));
        Assert.Throws<ArgumentOutOfRangeException>(() => MovSequence(W0, 0x1_0000_0000));
        Assert.Throws<ArgumentException>(() => MovSequence(Sp, 1));
    }

    // What moves to an X register do (Arm ARM C6.2, MOVZ, MOVN, MOVK); ORR of the table's patterns counts as its value.
    private static ulong Run(Instruction[] moves)
    {
        ulong x = 0xdead_dead_dead_dead;
        foreach (Instruction move in moves)
        {
            Assert.Equal(5u, move.Word & 31);
            int shift = (int)(move.Word >> 21 & 3) * 16;
            ulong imm = (ulong)(move.Word >> 5 & 0xffff) << shift;
            x = (move.Word >> 23) switch
            {
                0b110100101 => imm,
                0b100100101 => ~imm,
                0b111100101 => (x & ~(0xffffUL << shift)) | imm,
                _ => move.Word == 0xb200_f3e5 ? 0x5555_5555_5555_5555UL : throw new InvalidOperationException($"{move} is no move."),
            };
        }

        return x;
    }
}
