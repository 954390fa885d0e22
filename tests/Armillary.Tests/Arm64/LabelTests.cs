using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Arm64;

public sealed class LabelTests
{
    private static readonly Label s_label = new("here");

    [Fact]
    public void A_program_reads_as_one()
    {
        Label loop = new("loop"), end = new("end");
        uint[] words = Assemble(
            Mov(X0, 0),
            Mov(X1, 1),
            Mov(X2, 10),
            loop,
            Cbz(X2, end),
            Add(X3, X0, X1),
            Mov(X0, X1),
            Mov(X1, X3),
            Subs(X2, X2, 1),
            B(Ne, loop),
            end,
            0xD4200000);
        Assert.Equal(
            [0xd2800000, 0xd2800021, 0xd2800142, 0xb40000c2, 0x8b010003, 0xaa0103e0, 0xaa0303e1, 0xf1000442, 0x54ffff61, 0xd4200000], words);
    }

    [Fact]
    public void A_raw_word_may_stand_anywhere()
    {
        Assert.Equal([0xd4200000u, 0xd503201f], Assemble(0xD4200000, Nop()));
        Assert.Equal([0xd503201fu, 0x14000000, 0], Assemble(Nop(), 0x14000000, 0));
        Assert.Equal([0x14000000u, 0xd503201f], Assemble(0x14000000, Nop()));
        Assert.Empty(Assemble());
    }

    [Fact]
    public void A_program_may_be_assembled_again()
    {
        Label loop = new("loop");
        Instruction[] program = [Nop(), loop, B(loop)];
        Assert.Equal(Assemble(program), Assemble(program));
        Assert.Equal([0x14000000u], Assemble(loop, B(loop)));
    }

    [Fact]
    public void Labels_of_one_name_are_two_labels()
    {
        Label first = new("again"), second = new("again");
        Assert.Equal([0x14000000u, 0x14000000], Assemble(first, B(first), second, B(second)));
    }

    [Fact]
    public void A_label_at_the_end_is_the_place_after_the_last_word()
    {
        Label end = new("end");
        Assert.Equal([0x14000002u, 0xd503201f], Assemble(B(end), Nop(), end));
    }

    public static TheoryData<string, Func<Instruction>, int, int, long> Reaches => new()
    {
        { "tbz", () => Tbz(X0, 3, s_label), 14, 4, 4 },
        { "tbnz", () => Tbnz(X0, 40, s_label), 14, 4, 4 },
        { "cbz", () => Cbz(W0, s_label), 19, 4, 4 },
        { "cbnz", () => Cbnz(X0, s_label), 19, 4, 4 },
        { "b.cond", () => B(Lt, s_label), 19, 4, 4 },
        { "ldr", () => Ldr(X0, s_label), 19, 4, 4 },
        { "ldrsw", () => Ldrsw(X0, s_label), 19, 4, 4 },
        { "prfm", () => Prfm(PrefetchOperation.PldL1Keep, s_label), 19, 4, 4 },
        { "adr", () => Adr(X0, s_label), 21, 1, 4 },
    };

    [Theory]
    [MemberData(nameof(Reaches), DisableDiscoveryEnumeration = true)]
    public void A_label_in_reach_is_encoded_as_the_distance_is_and_one_beyond_is_refused(string name, Func<Instruction> make, int bits, int step, long beyond)
    {
        _ = name;
        Instruction instruction = make();
        int min = -(step << (bits - 1)), max = (step << (bits - 1)) - step;
        int lastWord = max & ~3;

        Assert.Equal(FieldOf(bits, step, lastWord), Assemble(Forward(instruction, lastWord))[0] ^ instruction.Word);
        Assert.Equal(FieldOf(bits, step, min), Assemble(Backward(instruction, min))[^1] ^ instruction.Word);

        AssemblyException forward = Assert.Throws<AssemblyException>(() => Assemble(Forward(instruction, lastWord + (int)beyond)));
        Assert.Equal(("here", 0, lastWord + beyond), (forward.LabelName, forward.Offset, forward.Distance));
        Assert.Contains($"{min} to {max}", forward.Message, StringComparison.Ordinal);
        AssemblyException backward = Assert.Throws<AssemblyException>(() => Assemble(Backward(instruction, min - 4)));
        Assert.Equal((-min + 4, (long)min - 4), (backward.Offset, backward.Distance));
    }

    [Fact]
    public void Adrp_counts_pages_of_addresses_and_low12_gives_the_rest()
    {
        Label data = new("data");
        Instruction[] program = [Adrp(X0, data), Add(X0, X0, Low12(data)), Ret(), data, 0];
        // The program starts 8 bytes before a page's end: the data is on the next page, at 0x004.
        Assert.Equal([0xb0000000u, 0x91001000, 0xd65f03c0, 0], Assemble(0x40000ff8, program));
        // And 4 KiB earlier or at a page's start the same.
        Assert.Equal([0x90000000u, 0x91003000, 0xd65f03c0, 0], Assemble(0x40000000, program));
        Assert.Equal([0x90000000u, 0x91003000, 0xd65f03c0, 0], Assemble(0, program));

        Label back = new("back");
        Assert.Equal([0xd503201fu, 0xf0ffffe1], Assemble(0x40000ffc, [back, Nop(), Adrp(X1, back)]));
    }

    [Fact]
    public void Adrp_to_a_label_needs_the_address()
    {
        AssemblyException error = Assert.Throws<AssemblyException>(() => Assemble(Nop(), Adrp(X0, s_label), s_label));
        Assert.Equal(("here", 4), (error.LabelName, error.Offset));
        Assert.Contains("address", error.Message, StringComparison.Ordinal);
        Assert.Throws<AssemblyException>(() => Assemble(Add(X0, X0, Low12(s_label)), s_label));
    }

    [Fact]
    public void An_address_that_is_no_multiple_of_4_is_refused()
        => Assert.Contains("0x1002", Assert.Throws<ArgumentException>(() => Assemble(0x1002, [Nop()])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_label_that_is_not_bound_is_an_error()
    {
        AssemblyException error = Assert.Throws<AssemblyException>(() => Assemble(Nop(), B(s_label)));
        Assert.Equal(("here", 4, null), (error.LabelName, error.Offset, error.Distance));
        Assert.IsAssignableFrom<ArmillaryException>(error);
    }

    [Fact]
    public void A_label_bound_twice_is_an_error()
    {
        AssemblyException error = Assert.Throws<AssemblyException>(() => Assemble(s_label, Nop(), Nop(), s_label));
        Assert.Equal(("here", 8), (error.LabelName, error.Offset));
        Assert.Contains("0x0 and 0x8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_label_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Label(""));
        Assert.Throws<ArgumentNullException>(() => B((Label)null!));
        Assert.Throws<ArgumentNullException>(() => { Instruction none = (Label)null!; return none; });
        Assert.Throws<ArgumentNullException>(() => Add(X0, X0, default(PageOffset)));
        Assert.Throws<ArgumentNullException>(() => Low12(null!));
    }

    private static Instruction[] Forward(Instruction instruction, int distance)
        => [instruction, .. Enumerable.Repeat(Nop(), distance / 4 - 1), s_label];

    private static Instruction[] Backward(Instruction instruction, int distance)
        => [s_label, .. Enumerable.Repeat(Nop(), -distance / 4), instruction];

    private static uint FieldOf(int bits, int step, int distance)
    {
        uint units = (uint)(distance / step) & ((1u << bits) - 1);
        return step == 1 ? ((units & 3) << 29) | (units >> 2 << 5) : units << 5;
    }
}
