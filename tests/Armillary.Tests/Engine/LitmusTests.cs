using System.Globalization;
using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>
/// Litmus tests of Arm's memory model (Arm ARM B2.3; named as in Alglave, Maranget and Tautschnig, "Herding cats", 2014): a few instructions on
/// each of two to four CPUs, many rounds, and no round ends as the model forbids. The counts of all outcomes are printed.
/// </summary>
public sealed class LitmusTests(ITestOutputHelper output)
{
    private const ulong Shared = 0x100_0000, Results = 0x200_0000, Barrier = Guest.Data;
    private const int Stride = 128, Rounds = 4000;
    private static readonly Label s_round = new("round"), s_wait = new("wait"), s_go = new("go"), s_skip = new("skip"), s_late = new("late");

    // Of each CPU: X1 is the address of x, X2 of y, X7 is 1 and X8 is 2; X10 and X11 are its results.
    public static TheoryData<string, Instruction[][], ulong[]> Forbidden => new()
    {
        { "MP+dmbs", [[Str(X7, Mem(X1)), Dmb(BarrierOption.Ish), Str(X7, Mem(X2))], [Ldr(X10, Mem(X2)), Dmb(BarrierOption.Ish), Ldr(X11, Mem(X1))]], [0, 0, 1, 0] },
        { "MP+dmb.st+dmb.ld", [[Str(X7, Mem(X1)), Dmb(BarrierOption.Ishst), Str(X7, Mem(X2))], [Ldr(X10, Mem(X2)), Dmb(BarrierOption.Ishld), Ldr(X11, Mem(X1))]], [0, 0, 1, 0] },
        { "MP+rel+acq", [[Str(X7, Mem(X1)), Stlr(X7, Mem(X2))], [Ldar(X10, Mem(X2)), Ldr(X11, Mem(X1))]], [0, 0, 1, 0] },
        { "MP+rel+acqpc", [[Str(X7, Mem(X1)), Stlr(X7, Mem(X2))], [Ldapr(X10, Mem(X2)), Ldr(X11, Mem(X1))]], [0, 0, 1, 0] },
        { "MP+swpl+addr", [[Str(X7, Mem(X1)), Swpl(X7, X9, Mem(X2))], [Ldr(X10, Mem(X2)), And(X9, X10, 0x100), Ldr(X11, Mem(X1, X9))]], [0, 0, 1, 0] },
        { "SB+dmbs", [[Str(X7, Mem(X1)), Dmb(BarrierOption.Ish), Ldr(X10, Mem(X2))], [Str(X7, Mem(X2)), Dmb(BarrierOption.Ish), Ldr(X10, Mem(X1))]], [0, 0, 0, 0] },
        { "SB+rel-acq", [[Stlr(X7, Mem(X1)), Ldar(X10, Mem(X2))], [Stlr(X7, Mem(X2)), Ldar(X10, Mem(X1))]], [0, 0, 0, 0] },
        { "SB+casal", [[Mov(X9, Xzr), Casal(X9, X7, Mem(X1)), Ldr(X10, Mem(X2))], [Mov(X9, Xzr), Casal(X9, X7, Mem(X2)), Ldr(X10, Mem(X1))]], [0, 0, 0, 0] },
        { "LB+dmbs", [[Ldr(X10, Mem(X1)), Dmb(BarrierOption.Ish), Str(X7, Mem(X2))], [Ldr(X10, Mem(X2)), Dmb(BarrierOption.Ish), Str(X7, Mem(X1))]], [1, 0, 1, 0] },
        { "LB+datas", [[Ldr(X10, Mem(X1)), Orr(X9, X10, X7), Str(X9, Mem(X2))], [Ldr(X10, Mem(X2)), Orr(X9, X10, X7), Str(X9, Mem(X1))]], [1, 0, 1, 0] },
        { "CoRR", [[Str(X7, Mem(X1))], [Ldr(X10, Mem(X1)), Ldr(X11, Mem(X1))]], [0, 0, 1, 0] },
        { "R+dmbs", [[Str(X7, Mem(X1)), Dmb(BarrierOption.Ish), Str(X7, Mem(X2)), Ldr(X11, Mem(X2))], [Str(X8, Mem(X2)), Dmb(BarrierOption.Ish), Ldr(X10, Mem(X1)), Ldr(X11, Mem(X2))]], [0, 2, 0, 2] },
        { "IRIW+acqs", [[Stlr(X7, Mem(X1))], [Stlr(X7, Mem(X2))], [Ldar(X10, Mem(X1)), Ldar(X11, Mem(X2))], [Ldar(X10, Mem(X2)), Ldar(X11, Mem(X1))]], [0, 0, 0, 0, 1, 0, 1, 0] },
        { "WRC+dmbs", [[Str(X7, Mem(X1))], [Ldr(X10, Mem(X1)), Dmb(BarrierOption.Ish), Cbz(X10, s_skip), Str(X7, Mem(X2)), s_skip], [Ldr(X10, Mem(X2)), Dmb(BarrierOption.Ish), Ldr(X11, Mem(X1))]], [0, 0, 1, 0, 1, 0] },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void What_the_memory_model_forbids_does_not_happen(string name, Instruction[][] programs, ulong[] forbidden)
    {
        Dictionary<string, int> outcomes = Run(programs);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {Rounds} rounds, {string.Join(", ", outcomes.OrderBy(static o => o.Key, StringComparer.Ordinal).Select(static o => $"{o.Key}: {o.Value}"))}"));
        Assert.DoesNotContain(string.Join(' ', forbidden), outcomes);
        Assert.Equal(Rounds, outcomes.Values.Sum());
    }

    // The rounds do meet: without barriers the store buffers of the host show in at least one of many rounds.
    [Fact]
    public void What_it_allows_is_counted()
    {
        Dictionary<string, int> outcomes = Run([[Str(X7, Mem(X1)), Ldr(X10, Mem(X2))], [Str(X7, Mem(X2)), Ldr(X10, Mem(X1))]]);
        output.WriteLine($"SB: {string.Join(", ", outcomes.OrderBy(static o => o.Key, StringComparer.Ordinal).Select(static o => $"{o.Key}: {o.Value}"))}");
        Assert.Equal(Rounds, outcomes.Values.Sum());
        Assert.All(outcomes.Keys, static outcome => Assert.Contains(outcome, (string[])["0 0 0 0", "0 0 1 0", "1 0 0 0", "1 0 1 0"]));
    }

    // A spinlock of LDAXR, STXR and STLR, as the kernel's was; what it protects is not atomic.
    [Theory]
    [InlineData(2, 5000)]
    [InlineData(4, 1500)]
    public void A_spinlock_excludes(int cpus, int rounds)
    {
        using var guest = new Guest();
        guest.Write(Guest.Code,
            s_round, s_wait, Ldaxr(W3, Mem(X1)), Cbnz(W3, s_go), Stxr(W4, W7, Mem(X1)), Cbnz(W4, s_wait),
            Ldr(X5, Mem(X2)), Add(X5, X5, 1), Str(X5, Mem(X2)), Ldr(X5, Mem(X2, 8)), Sub(X5, X5, 1), Str(X5, Mem(X2, 8)), Stlr(Wzr, Mem(X1)),
            Subs(X0, X0, 1), B(Ne, s_round), Brk(),
            s_go, Wfe(), B(s_wait));
        CpuThreads.Run(guest.Machine, cpus, (_, cpu) =>
        {
            cpu.SetX(0, (ulong)rounds);
            cpu.SetX(1, Guest.Data);
            cpu.SetX(2, Guest.Data + 64);
            cpu.SetX(7, 1);
            cpu.Pc = Guest.Code;
            Assert.Equal(ExceptionClass.Brk64, Guest.Run(cpu).ExceptionClass);
        });
        ulong total = (ulong)(cpus * rounds);
        output.WriteLine($"{total} sections");
        Assert.Equal((total, 0 - total), (guest.Memory.Read<ulong>(Guest.Data + 64), guest.Memory.Read<ulong>(Guest.Data + 72)));
    }

    // All CPUs meet at a barrier, wait a little, each its own time, run their programs on locations that are new in each round, and store their results.
    private static Dictionary<string, int> Run(Instruction[][] programs)
    {
        using var guest = new Guest();
        guest.Memory.Map(Shared, (Rounds * Stride) + 0xffful & ~0xffful);
        guest.Memory.Map(Results, ((ulong)(Rounds * programs.Length * 16) + 0xfff) & ~0xffful);
        Instruction[] wait = programs.Length > Environment.ProcessorCount ? [Wfe()] : []; // gives way to those that have no processor
        CpuThreads.Run(guest.Machine, programs.Length, (number, cpu) =>
        {
            ulong code = Guest.Code + ((ulong)number * 0x1000);
            guest.Write(code,
            [
                s_round, Mov(X10, Xzr), Mov(X11, Xzr), Add(X6, X6, programs.Length), Ldaddal(X7, X9, Mem(X4)),
                s_wait, Ldar(X5, Mem(X4)), Cmp(X5, X6), B(Hs, s_go), .. wait, B(s_wait),
                s_go, Mov(X12, 5 + (2 * number)), Mul(X12, X12, X0), And(X12, X12, 7), s_late, Sub(X12, X12, 1), Tbz(X12, 63, s_late), .. programs[number],
                Stp(X10, X11, PostIndex(X3, 16)), Add(X1, X1, Stride), Add(X2, X2, Stride), Subs(X0, X0, 1), B(Ne, s_round), Brk(),
            ]);
            ulong[] values = [(ulong)Rounds, Shared, Shared + 64, Results + ((ulong)number * Rounds * 16), Barrier, 0, 0, 1, 2];
            for (int i = 0; i < values.Length; i++) cpu.SetX(i, values[i]);
            cpu.Pc = code;
            Assert.Equal(ExceptionClass.Brk64, Guest.Run(cpu).ExceptionClass);
        });
        Dictionary<string, int> outcomes = [];
        for (int round = 0; round < Rounds; round++)
        {
            IEnumerable<ulong> results = Enumerable.Range(0, programs.Length * 2).Select(i => guest.Memory.Read<ulong>(Results + (ulong)((((i / 2) * Rounds) + round) * 16) + (ulong)(8 * (i % 2))));
            string outcome = string.Join(' ', results);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        return outcomes;
    }
}
