using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>
/// Faults of fetches and data accesses with the MMU off, when all data is Device memory (Arm ARM D8.2.9). Data aborts:
/// WnR is ISS bit 6, DFSC bits 5:0 with 0x21 alignment and 0x00 address size, level 0 (D24.2.40).
/// </summary>
public sealed class FaultTests
{
    private const ulong Beyond = 1ul << 48;

    [Theory]
    [InlineData(Pstate.EL0t, 0x400, 0x9200_0021)]
    [InlineData(Pstate.EL1t, 0x000, 0x9600_0021)]
    [InlineData(Pstate.EL1h, 0x200, 0x9600_0021)]
    public void An_unaligned_load_is_an_alignment_fault(uint mode, ulong vector, ulong esr)
    {
        using var guest = new Guest(Ldr(X0, PostIndex(X1, 8)));
        guest.Cpu.Pstate = mode;
        guest.Cpu.SetX(0, 99);
        guest.Cpu.SetX(1, Guest.Data + 1);
        guest.RunToVector(vector, esr, Guest.Code);
        Assert.Equal((99ul, Guest.Data + 1, Guest.Data + 1), (guest.X(0), guest.X(1), guest.Get(SystemRegister.FAR_EL1)));
        Assert.Equal(0ul, guest.Cpu.InstructionCount);
    }

    public static TheoryData<string, uint, ulong, bool> Unaligned => new()
    {
        { "STR X", Str(X0, Mem(X1)).Word, 4, true }, { "STR W", Str(W0, Mem(X1)).Word, 2, true }, { "STRH", Strh(W0, Mem(X1)).Word, 1, true },
        { "STP X", Stp(X0, X2, PreIndex(X1, 16)).Word, 12 + 16, true }, { "LDP W", Ldp(W0, W2, Mem(X1)).Word, 2, false },
        { "LDRSW", Ldrsw(X0, Mem(X1)).Word, 1, false }, { "LDAR", Ldar(X0, Mem(X1)).Word, 4, false }, { "STLR", Stlr(X0, Mem(X1)).Word, 4, true },
        { "LDXR", Ldxr(X0, Mem(X1)).Word, 4, false }, { "LDXP", Ldxp(X0, X2, Mem(X1)).Word, 8, false }, { "STXR", Stxr(W3, X0, Mem(X1)).Word, 4, true },
        { "LDADD", Ldadd(X0, X2, Mem(X1)).Word, 4, false }, { "SWP", Swp(W0, W2, Mem(X1)).Word, 2, false }, { "CASP", Casp(X2, X3, X4, X5, Mem(X1)).Word, 8, false },
    };

    // WnR of an atomic is 0 where its read would have faulted too (D24.2.40).
    [Theory]
    [MemberData(nameof(Unaligned))]
    public void Every_unaligned_access_is_one(string name, uint word, ulong offset, bool isWrite)
    {
        using var guest = new Guest(word);
        guest.Cpu.SetX(1, Guest.Data + (offset & 15));
        ulong faulting = Guest.Data + (name == "STP X" ? offset : offset & 15);
        guest.RunToVector(0x200, isWrite ? 0x9600_0061ul : 0x9600_0021ul, Guest.Code);
        Assert.Equal((name, faulting), (name, guest.Get(SystemRegister.FAR_EL1)));
        Assert.Equal(Guest.Data + (offset & 15), guest.X(1));
        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal(0ul, guest.Memory.Read<ulong>(Guest.Data + (ulong)(8 * i))));
    }

    [Theory]
    [InlineData(Pstate.EL0t, 0x400, 0x9200_0000)]
    [InlineData(Pstate.EL1h, 0x200, 0x9600_0000)]
    public void An_address_beyond_48_bits_is_an_address_size_fault(uint mode, ulong vector, ulong esr)
    {
        using var guest = new Guest(Ldrb(W0, Mem(X1)), Str(X0, Mem(X1, 8)));
        guest.Cpu.SetX(1, Beyond);
        guest.Cpu.Pstate = mode;
        guest.RunToVector(vector, esr, Guest.Code);
        Assert.Equal(Beyond, guest.Get(SystemRegister.FAR_EL1));
        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code + 4, mode);
        guest.RunToVector(vector, esr | 0x40, Guest.Code + 4);
        Assert.Equal(Beyond + 8, guest.Get(SystemRegister.FAR_EL1));
    }

    // The type of the memory is known only after translation, so its alignment fault comes last, for an atomic within 16
    // bytes too; SCTLR_EL1.A's comes first (D8.15.7).
    [Theory]
    [InlineData(0ul, 0x9600_0000)]
    [InlineData(2ul, 0x9600_0021)]
    public void Of_two_faults_the_address_size_counts_unless_alignment_is_checked(ulong sctlr, ulong esr)
    {
        using var guest = new Guest(Ldr(X0, Mem(X1)), Ldxr(X0, Mem(X1)));
        guest.SetControl(sctlr);
        guest.Cpu.SetX(1, Beyond + 1);
        guest.RunToVector(0x200, esr, Guest.Code);
        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code + 4, Pstate.EL1h);
        guest.RunToVector(0x200, esr, Guest.Code + 4);
    }

    [Fact]
    public void A_pair_of_which_one_half_faults_writes_nothing()
    {
        using var guest = new Guest(Stp(X0, X2, PreIndex(X1, 16)), Ldp(X0, X2, PostIndex(X1, 16)));
        const ulong Last = Beyond - 0x1000;
        guest.Memory.Map(Last, 0x1000);
        guest.Cpu.SetX(0, 5);
        guest.Cpu.SetX(1, Beyond - 24);
        guest.RunToVector(0x200, 0x9600_0040, Guest.Code);
        Assert.Equal((Beyond, Beyond - 24, 0ul), (guest.Get(SystemRegister.FAR_EL1), guest.X(1), guest.Memory.Read<ulong>(Beyond - 8)));

        guest.Cpu.SetX(1, Beyond - 8);
        (guest.Cpu.Pc, guest.Cpu.Pstate) = (Guest.Code + 4, Pstate.EL1h);
        guest.RunToVector(0x200, 0x9600_0000, Guest.Code + 4);
        Assert.Equal((5ul, Beyond - 8), (guest.X(0), guest.X(1)));
    }

    [Theory]
    [InlineData(Pstate.EL0t, 0x400, 4)]
    [InlineData(Pstate.EL1t, 0x000, 3)]
    [InlineData(Pstate.EL1h, 0x200, 3)]
    public void A_misaligned_stack_pointer_faults_where_SA_or_SA0_says_so(uint mode, ulong vector, int bit)
    {
        using var guest = new Guest(Ldr(X0, Mem(Sp)), Brk(1));
        guest.Cpu.Pstate = mode;
        guest.Cpu.Sp = Guest.Data + 8;
        guest.SetControl(0x18 & ~(1ul << bit));
        guest.RunToBreakpoint(1);

        guest.SetControl(1ul << bit);
        guest.Cpu.Pc = Guest.Code;
        guest.RunToVector(vector, 0x9a00_0000, Guest.Code);
    }

    [Theory]
    [InlineData(Pstate.EL0t, 0x400)]
    [InlineData(Pstate.EL1h, 0x200)]
    public void A_misaligned_PC_is_a_PC_alignment_fault_behind_the_branch(uint mode, ulong vector)
    {
        using var guest = new Guest(Br(X1));
        guest.Cpu.Pstate = mode;
        guest.Cpu.SetX(1, Guest.Code + 0x22);
        guest.RunToVector(vector, 0x8a00_0000, Guest.Code + 0x22);
        Assert.Equal((Guest.Code + 0x22, 1ul), (guest.Get(SystemRegister.FAR_EL1), guest.Cpu.InstructionCount));
    }

    [Theory]
    [InlineData(Pstate.EL0t, 0x400, 0x8200_0000)]
    [InlineData(Pstate.EL1h, 0x200, 0x8600_0000)]
    public void A_fetch_beyond_48_bits_is_an_instruction_abort_of_the_guest(uint mode, ulong vector, ulong esr)
    {
        using var guest = new Guest(Blr(X1));
        guest.Cpu.Pstate = mode;
        guest.Cpu.SetX(1, Beyond);
        guest.RunToVector(vector, esr, Beyond);
        Assert.Equal((Beyond, Guest.Code + 4), (guest.Get(SystemRegister.FAR_EL1), guest.X(30)));
    }

    // IFSC 0x05: translation fault, level 1 of stage 2; 0x0f: permission fault, level 3.
    [Theory]
    [InlineData(Guest.Device, 0x8200_0005)]
    [InlineData(Guest.Data + 16, 0x8200_000f)]
    public void A_fetch_where_nothing_is_or_nothing_may_execute_ends_the_run_at_its_target(ulong target, ulong syndrome)
    {
        using var guest = new Guest(Nop(), Br(X1));
        guest.Cpu.SetX(1, target);
        VmExit exit = guest.Run();
        Assert.Equal((VmExitReason.Exception, syndrome, target, target), (exit.Reason, exit.Syndrome.Value, exit.VirtualAddress, exit.PhysicalAddress));
        Assert.Equal((target, 2ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
        Assert.Equal(exit, guest.Run());
        Assert.Equal(2ul, guest.Cpu.InstructionCount);
    }

    [Fact]
    public void Code_runs_over_the_end_of_its_region_into_the_next_and_stops_behind_it()
    {
        using var guest = new Guest();
        guest.Memory.Map(Guest.Code - 0x1000, 0x1000);
        guest.Write(Guest.Code - 4, Add(X0, X0, 1), Add(X0, X0, 2));
        guest.Write(Guest.Code + 4, B(Here((long)(Guest.Size - 8))));
        guest.Write(Guest.Code + Guest.Size - 4, Add(X0, X0, 4));
        guest.Cpu.Pc = Guest.Code - 4;
        VmExit exit = guest.Run();
        Assert.Equal((7ul, Guest.Data, 0x8200_000ful, 4ul), (guest.X(0), exit.VirtualAddress, exit.Syndrome.Value, guest.Cpu.InstructionCount));
    }
}
