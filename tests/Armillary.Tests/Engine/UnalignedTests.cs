using System.Runtime.Intrinsics.X86;
using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>FEAT_LSE2 (Arm ARM B2.2.1, B2.5.2): what is within 16 aligned bytes of Normal memory is one access, and no alignment fault.</summary>
public sealed class UnalignedTests
{
    private const ulong Tables = 0x100_0000, AlignmentCheck = 2, NonAligned = 1 << 6, Mmu = 1;
    private static readonly Label s_loop = new("loop"), s_retry = new("retry");

    /// <summary>What WnR says.</summary>
    public enum Faults
    {
        Read,
        Write,
        Update,
    }

    // X1 is the address, X0 what is stored, X2 what comes back; the words in memory are 1s at first.
    public static TheoryData<string, uint, int, Faults> Atomics => new()
    {
        { "LDXRH", Ldxrh(W2, Mem(X1)).Word, 2, Faults.Read }, { "LDXR W", Ldxr(W2, Mem(X1)).Word, 4, Faults.Read }, { "LDAXR", Ldaxr(X2, Mem(X1)).Word, 8, Faults.Read },
        { "LDXP W", Ldxp(W2, W3, Mem(X1)).Word, 8, Faults.Read }, { "LDXP X", Ldxp(X2, X3, Mem(X1)).Word, 16, Faults.Read },
        { "STXRH", Stxrh(W4, W0, Mem(X1)).Word, 2, Faults.Write }, { "STXR", Stxr(W4, X0, Mem(X1)).Word, 8, Faults.Write }, { "STXP X", Stxp(W4, X0, X0, Mem(X1)).Word, 16, Faults.Write },
        { "LDADDH", Ldaddh(W0, W2, Mem(X1)).Word, 2, Faults.Update }, { "SWP W", Swp(W0, W2, Mem(X1)).Word, 4, Faults.Update }, { "LDADD", Ldadd(X0, X2, Mem(X1)).Word, 8, Faults.Update },
        { "CASH", Cash(W2, W0, Mem(X1)).Word, 2, Faults.Update }, { "CAS", Cas(X2, X0, Mem(X1)).Word, 8, Faults.Update },
        { "CASP W", Casp(W2, W3, W4, W5, Mem(X1)).Word, 8, Faults.Update }, { "CASP X", Casp(X2, X3, X4, X5, Mem(X1)).Word, 16, Faults.Update },
    };

    public static TheoryData<string, uint, int, Faults> Ordered => new()
    {
        { "LDARH", Ldarh(W2, Mem(X1)).Word, 2, Faults.Read }, { "LDAR W", Ldar(W2, Mem(X1)).Word, 4, Faults.Read }, { "LDAR", Ldar(X2, Mem(X1)).Word, 8, Faults.Read },
        { "LDAPR", Ldapr(X2, Mem(X1)).Word, 8, Faults.Read }, { "STLRH", Stlrh(W0, Mem(X1)).Word, 2, Faults.Write }, { "STLR", Stlr(X0, Mem(X1)).Word, 8, Faults.Write },
    };

    [Theory]
    [MemberData(nameof(Atomics))]
    public void An_atomic_is_within_16_bytes_or_faults(string name, uint word, int size, Faults faults)
    {
        for (int offset = 0; offset < 16; offset++)
        {
            bool isWithin = offset + size <= 16;
            Check(name, SoftwareOptions.DefaultCpu, word, offset, control: 0, isWithin, faults);
            Check(name, SoftwareOptions.DefaultCpu, word, offset, NonAligned, isWithin, faults);
            Check(name, SoftwareOptions.DefaultCpu, word, offset, AlignmentCheck, offset % size == 0, faults);
            Check(name, "neoverse-n1", word, offset, NonAligned, offset % size == 0, faults);
        }
    }

    [Theory]
    [MemberData(nameof(Ordered))]
    public void An_ordered_access_is_too_unless_nAA_lets_it_cross(string name, uint word, int size, Faults faults)
    {
        for (int offset = 0; offset < 16; offset++)
        {
            Check(name, SoftwareOptions.DefaultCpu, word, offset, control: 0, offset + size <= 16, faults);
            Check(name, SoftwareOptions.DefaultCpu, word, offset, NonAligned, succeeds: true, faults);
            Check(name, SoftwareOptions.DefaultCpu, word, offset, NonAligned | AlignmentCheck, offset % size == 0, faults);
            Check(name, "neoverse-n1", word, offset, NonAligned, offset % size == 0, faults);
        }
    }

    private static void Check(string name, string cpu, uint word, int offset, ulong control, bool succeeds, Faults faults)
    {
        using Guest guest = WithMmu(cpu, word, Brk(1));
        guest.SetControl(control | Mmu);
        ulong address = Guest.Data + 0x1ff0 + (ulong)offset; // what crosses 16 bytes, crosses pages too
        guest.Cpu.SetX(1, address);
        if (succeeds)
        {
            guest.RunToBreakpoint(1);
            return;
        }

        // WnR of an update is 0 where a plain read would have faulted too (D24.2.40).
        bool isWrite = faults == Faults.Write || (faults == Faults.Update && (control & AlignmentCheck) == 0);
        guest.RunToVector(0x200, isWrite ? 0x9600_0061ul : 0x9600_0021ul, Guest.Code);
        Assert.Equal((name, address), (name, guest.Get(SystemRegister.FAR_EL1)));
    }

    // The same on a host whose atomics are aligned only.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Unaligned_atomics_do_what_aligned_ones_do(bool hostHasThem)
    {
        SkipWithout(hostHasThem);
        using Guest guest = WithMmu(SoftwareOptions.DefaultCpu,
            Ldadd(X0, X2, Mem(X1)), Cas(X3, X4, Mem(X1)), Ldxr(X5, Mem(X1)), Stxr(W6, X7, Mem(X1)), Swph(W8, W9, Mem(X1)), Ldsmax(W10, W11, Mem(X1)), Brk(1));
        ((SoftwareVirtualMachine)guest.Machine).HasUnalignedAtomics = hostHasThem;
        guest.SetControl(Mmu);
        const ulong Address = Guest.Data + 5;
        guest.Memory.Write(Address, 0x1111_2222_3333_4444ul);
        guest.Cpu.SetX(0, 1);
        guest.Cpu.SetX(1, Address);
        guest.Cpu.SetX(3, 0x1111_2222_3333_4445);
        guest.Cpu.SetX(4, 0x5555_6666_7777_8888);
        guest.Cpu.SetX(7, 0x9999_aaaa_bbbb_cccc);
        guest.Cpu.SetX(8, 0xdddd);
        guest.Cpu.SetX(10, 0x7fff_ffff);
        guest.RunToBreakpoint(1);
        Assert.Equal((0x1111_2222_3333_4444ul, 0x1111_2222_3333_4445ul, 0x5555_6666_7777_8888ul), (guest.X(2), guest.X(3), guest.X(5)));
        Assert.Equal((0ul, 0xccccul, 0xbbbb_ddddul), (guest.X(6), guest.X(9), guest.X(11)));
        Assert.Equal(0x9999_aaaa_7fff_fffful, guest.Memory.Read<ulong>(Address));
    }

    public static TheoryData<string, bool> Counters => new() { { "LDADD", true }, { "LDADD", false }, { "LDXR", true }, { "LDXR", false }, { "CAS", false } };

    [Theory]
    [MemberData(nameof(Counters))]
    public void A_shared_counter_at_an_odd_address_is_exact(string way, bool hostHasThem)
    {
        SkipWithout(hostHasThem);
        int rounds = hostHasThem ? 20_000 : 1000;
        using Guest guest = WithMmu(SoftwareOptions.DefaultCpu);
        ((SoftwareVirtualMachine)guest.Machine).HasUnalignedAtomics = hostHasThem;
        const ulong Counter = Guest.Data + 3;
        guest.Write(Guest.Code, way switch
        {
            "LDADD" => [s_loop, Ldadd(X2, X3, Mem(X1)), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
            "CAS" => [s_loop, Ldr(X3, Mem(X1)), s_retry, Mov(X5, X3), Add(X4, X3, 1), Casal(X3, X4, Mem(X1)), Cmp(X3, X5), B(Ne, s_retry), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
            _ => [s_loop, Ldxr(X3, Mem(X1)), Add(X3, X3, 1), Stxr(W4, X3, Mem(X1)), Cbnz(W4, s_loop), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
        });
        RunTwo(guest, _ => Guest.Code, rounds, Counter);
        Assert.Equal(2ul * (ulong)rounds, guest.Memory.Read<ulong>(Counter));
    }

    public static TheoryData<string, int> Pairs => new() { { "X", 0 }, { "W", 0 }, { "W", 5 }, { "X and exclusives", 0 } };

    // One writes pairs of equal halves, the other must never see two that differ.
    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_pair_within_16_bytes_is_one_access(string kind, int offset)
    {
        SkipWithout(hostHasThem: true);
        const ulong Reader = Guest.Code + 0x1000;
        using Guest guest = WithMmu(SoftwareOptions.DefaultCpu);
        guest.Write(Guest.Code, kind == "W"
            ? [s_loop, Stp(W0, W0, Mem(X1)), Subs(X0, X0, 1), B(Ne, s_loop), Brk()]
            : [s_loop, Stp(X0, X0, Mem(X1)), Subs(X0, X0, 1), B(Ne, s_loop), Brk()]);
        guest.Write(Reader, kind switch
        {
            "W" => [s_loop, Ldp(W3, W4, Mem(X1)), Cmp(X3, X4), Cinc(X5, X5, Ne), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
            "X" => [s_loop, Ldp(X3, X4, Mem(X1)), Cmp(X3, X4), Cinc(X5, X5, Ne), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
            _ => [s_loop, Ldxp(X3, X4, Mem(X1)), Cmp(X3, X4), Cinc(X5, X5, Ne), Clrex(), Subs(X0, X0, 1), B(Ne, s_loop), Brk()],
        });
        ulong torn = RunTwo(guest, number => number == 0 ? Guest.Code : Reader, kind == "X and exclusives" ? 2000 : 300_000, Guest.Data + 0x40 + (ulong)offset);
        Assert.Equal(0ul, torn);
    }

    // An Arm host may have FEAT_LSE2; nothing tells.
    private static void SkipWithout(bool hostHasThem) => Assert.SkipWhen(hostHasThem && !X86Base.IsSupported, "Needs a host whose accesses within 16 aligned bytes are one whatever the address: x86.");

    private static ulong RunTwo(Guest guest, Func<int, ulong> code, int rounds, ulong address)
    {
        ulong sum = 0;
        CpuThreads.Run(guest.Machine, 2, (number, cpu) =>
        {
            Translate(register => cpu.SetSystemRegister(register.Register, register.Value));
            cpu.SetX(0, (ulong)rounds);
            cpu.SetX(1, address);
            cpu.SetX(2, 1);
            cpu.Pc = code(number);
            Assert.Equal(ExceptionClass.Brk64, Guest.Run(cpu).ExceptionClass);
            Interlocked.Add(ref sum, cpu.GetX(5));
        });
        return sum;
    }

    private static Guest WithMmu(string cpu, params ReadOnlySpan<Instruction> program)
    {
        var guest = new Guest(cpu, program);
        guest.Memory.Map(Tables, 0x1_0000);
        var tables = new PageTables(guest.Machine, Tables, granuleBits: 12, inputBits: 48);
        foreach (ulong start in (ulong[])[Guest.Code, Guest.Data, Guest.Vectors])
        {
            for (ulong page = start; page < start + 0x3000; page += 0x1000) tables.Map(page, page, PageTables.AccessFlag | PageTables.InnerShareable);
        }

        Translate(register => guest.Set(register.Register, register.Value));
        return guest;
    }

    private static void Translate(Action<(SystemRegister Register, ulong Value)> set)
    {
        set((SystemRegister.TTBR0_EL1, Tables));
        set((SystemRegister.MAIR_EL1, 0xff));
        set((SystemRegister.TCR_EL1, 16 | (1ul << 23) | (5ul << 32)));
        set((SystemRegister.SCTLR_EL1, Mmu | (1ul << 23)));
    }
}
