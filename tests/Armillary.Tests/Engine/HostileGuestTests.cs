using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation.Decode;
using Armillary.Tests.Instructions;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>Guests that do their worst: a run ends by its token, and the host's memory stays bounded.</summary>
public sealed class HostileGuestTests
{
    private static void EndsByCancellation(Guest guest)
    {
        using var limit = new CancellationTokenSource(20);
        Assert.Equal(VmExitReason.Canceled, guest.Cpu.Run(limit.Token).Reason);
    }

    public static TheoryData<string, uint[]> Loops => new()
    {
        { "branch to itself", [B(Here()).Word] },
        { "indirect branch to itself", [Adr(X0, Here()).Word, Br(X0).Word] },
        { "conditional branch to itself", [Cbz(Xzr, Here()).Word] },
        { "WFE", [Wfe().Word, B(Here(-4)).Word] },
        { "SVC and ERET for ever", [Svc().Word, B(Here(-4)).Word] },
        { "supervisor calls in the vector", [Msr(SystemRegister.VBAR_EL1, X1).Word, Svc().Word] },
        { "maintenance", [Ic(IcOp.IALLU).Word, Tlbi(TlbiOp.VMALLE1).Word, Isb().Word, B(Here(-12)).Word] },
        { "a load-exclusive that never ends", [Ldxr(X0, Mem(Sp)).Word, Stxr(W1, X0, Mem(X2)).Word, B(Here(-8)).Word] },
    };

    [Theory]
    [MemberData(nameof(Loops))]
    public void A_loop_ends_by_cancellation(string name, uint[] words)
    {
        using var guest = new Guest();
        guest.Memory.Write(Guest.Code, MemoryMarshal.AsBytes(words.AsSpan()));
        guest.Write(Guest.Vectors + 0x200, name.Contains("vector", StringComparison.Ordinal) ? Svc() : Eret());
        guest.Cpu.SetX(1, Guest.Vectors);
        guest.Cpu.SetX(2, Guest.Data);
        EndsByCancellation(guest);
        EndsByCancellation(guest);
    }

    [Fact]
    public void Vectors_full_of_UDF_end_by_cancellation()
    {
        using var guest = new Guest(Udf());
        guest.Memory.Write(Guest.Vectors, new byte[0x1000]);
        EndsByCancellation(guest);
        Assert.Equal((Guest.Vectors + 0x200, 0ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
    }

    [Theory]
    [InlineData(1ul << 48)]
    [InlineData(0xffff_ffff_ffff_f800)]
    public void Vectors_beyond_48_bits_end_by_cancellation(ulong vectors)
    {
        using var guest = new Guest(Svc());
        guest.Set(SystemRegister.VBAR_EL1, vectors);
        EndsByCancellation(guest);
        Assert.Equal((vectors + 0x200, vectors + 0x200, 0x8600_0000ul), (guest.Cpu.Pc, guest.Get(SystemRegister.FAR_EL1), guest.Get(SystemRegister.ESR_EL1)));
    }

    [Fact]
    public void Code_in_every_page_of_a_big_region_keeps_the_cache_bounded()
    {
        // A branch in each of 4,000 pages to the next one, and from the last to the first, three times.
        const int Pages = 4000, Rounds = 3;
        const ulong Base = 0x4000_0000;
        using var guest = new Guest();
        guest.Memory.Map(Base, Pages * 0x1000);
        for (ulong page = 0; page < Pages - 1; page++) guest.Write(Base + (page * 0x1000), Add(X0, X0, 1), B(Here(0xffc)));
        guest.Write(Base + ((Pages - 1) * 0x1000), Add(X0, X0, 1), Subs(X1, X1, 1), B(Eq, Here(8)), Br(X2), Brk());
        guest.Cpu.SetX(1, Rounds);
        guest.Cpu.SetX(2, Base);
        guest.Cpu.Pc = Base;
        guest.RunToBreakpoint();
        Assert.Equal((ulong)Pages * Rounds, guest.X(0));
        Assert.InRange(guest.Cpu.Code.PagesHeld, 1, 2 * CodeCache.Capacity);
    }

    [Fact]
    public void Code_without_branches_is_left_at_the_end_of_its_page()
    {
        using var guest = new Guest(Str(X0, Mem(X1)));
        for (ulong at = Guest.Code + 4; at < Guest.Code + Guest.Size; at += 4) guest.Memory.Write(at, Nop().Word);
        guest.Cpu.SetX(1, Guest.Device);
        guest.Cpu.MmioHandler = new RecordingDevice
        {
            Before = _ =>
            {
                guest.Cpu.RequestExit();
                return true;
            },
        };
        Assert.Equal(VmExitReason.Canceled, guest.Run().Reason);
        Assert.Equal((Guest.Code + 0x1000, 1024ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
        Assert.Equal(0x8200_000ful, guest.Run().Syndrome.Value);
        Assert.Equal((Guest.Data, 16 * 1024ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
    }

    [Fact]
    public void Code_that_becomes_data_and_code_again_keeps_the_cache_bounded()
    {
        // Sixty-six stores to a page of code drop its ops; then it is called again.
        var loop = new Label("loop");
        var store = new Label("store");
        using var guest = new Guest(loop, Movz(X4, 66), store, Str(X4, Mem(X2, 64)), Sub(X4, X4, 1), Cbnz(X4, store), Blr(X2), Subs(X0, X0, 1), B(Ne, loop), Brk());
        guest.Write(Guest.Code + 0x1000, Ret());
        guest.Cpu.SetX(0, 2000);
        guest.Cpu.SetX(2, Guest.Code + 0x1000);
        guest.RunToBreakpoint();
        Assert.InRange(guest.Cpu.Code.PagesHeld, 1, 8);
    }

    [Fact]
    public void Maintenance_does_not_pile_up_on_a_CPU_that_does_not_run()
    {
        var loop = new Label("loop");
        using var guest = new Guest(loop, Ic(IcOp.IVAU, X2), Subs(X0, X0, 1), B(Ne, loop), Brk());
        using VirtualCpu idle = guest.Machine.CreateVirtualCpu();
        guest.Cpu.SetX(0, 100_000);
        guest.Cpu.SetX(2, Guest.Code);
        guest.RunToBreakpoint();
        for (int i = 0; i < 10_000; i++) guest.Write(Guest.Code, Movz(X9, i & 0xff));
        Assert.InRange(((Emulation.Cpu.SoftwareVirtualCpu)idle).PendingCodeChanges, 1, 4096);
        idle.TrapDebugExceptions = true;
        idle.Pc = Guest.Code + 12;
        Assert.Equal(ExceptionClass.Brk64, Guest.Run(idle).ExceptionClass);
    }

    // Random words, and words made from what hurts: exception generation, system registers, stores to code, branches.
    [Fact]
    public void Random_words_end_and_nothing_escapes()
    {
        for (ulong seed = 1; seed <= 100; seed++) Fuzz(seed);
    }

    private static void Fuzz(ulong seed)
    {
        var random = new SplitMix64(seed);
        using var guest = new Guest();
        var words = new uint[0x1000];
        for (int i = 0; i < words.Length; i++) words[i] = Soup(random);
        guest.Memory.Write(Guest.Code, MemoryMarshal.AsBytes(words.AsSpan()));
        if ((seed & 1) != 0) guest.Memory.Write(Guest.Vectors, MemoryMarshal.AsBytes(words.AsSpan(0, 0x400)));
        guest.Cpu.TrapDebugExceptions = (seed & 2) != 0;
        guest.Cpu.Pstate = (seed & 4) != 0 ? Pstate.EL0t : Pstate.EL1h;
        guest.Cpu.MmioHandler = (seed & 8) != 0 ? new Nothing() : null;
        for (int i = 0; i < 31; i++)
        {
            guest.Cpu.SetX(i, (random.Next() % 5) switch
            {
                0 => Guest.Code + (random.Next() & 0x3ffc),
                1 => Guest.Data + (random.Next() & 0xfff8),
                2 => Guest.Device,
                3 => random.Next() & 0xffff,
                _ => random.Next(),
            });
        }

        try
        {
            for (int round = 0; round < 60; round++) Once(guest, random);
        }
        catch (Exception error)
        {
            Assert.Fail($"Seed {seed}: {error}");
        }
    }

    private static void Once(Guest guest, SplitMix64 random)
    {
        VmExit exit = default;
        if (random.OneIn(40))
        {
            using var limit = new CancellationTokenSource(1);
            exit = guest.Cpu.Run(limit.Token);
        }
        else
        {
            for (int i = 0; i < 50; i++)
            {
                exit = guest.Cpu.Step();
                if (exit.ExceptionClass != ExceptionClass.SoftwareStepLower) break;
            }
        }

        if (exit is { Reason: VmExitReason.Mmio, IsWrite: false })
        {
            guest.Cpu.CompleteMmioRead(random.Next());
        }
        else if (exit.Reason == VmExitReason.Exception && exit.ExceptionClass is ExceptionClass.InstructionAbortLower or ExceptionClass.Brk64 or ExceptionClass.SystemRegister)
        {
            guest.Cpu.Pc = Guest.Code + (random.Next() & 0x3ffc);
        }
    }

    private static uint Soup(SplitMix64 random)
    {
        uint word = (uint)random.Next(), register = word & 31, other = (word >> 5) & 31;
        return (word >> 27) switch
        {
            < 8 => (uint)random.Next(),
            < 12 => 0x3800_0000 | (word & 0xc7ff_ffff),                                     // loads and stores
            < 15 => 0x2800_0000 | (word & 0xc5ff_ffff),                                     // pairs
            < 18 => 0x0800_0000 | (word & 0xc0ff_ffff),                                     // exclusives
            < 20 => 0x1400_0000 | (word & 0x8000_03ff),                                     // B, BL near
            20 => Br(X((int)register % 31)).Word,
            21 => 0x5400_0000 | (word & 0x00ff_ffef & 0xffe0_7fef),                         // B.cond
            22 => Svc(3).Word,
            23 => Eret().Word,
            24 => 0xd510_0000 | (word & 0x002f_ffff),                                       // MSR, MRS
            25 => Msr(SystemRegister.VBAR_EL1, X((int)other % 31)).Word,
            26 => Ic(IcOp.IVAU, X((int)register % 31)).Word,
            27 => Brk(1).Word,
            28 => Str(X((int)register % 31), Mem(X((int)other % 31), 8 * (int)((word >> 10) & 63))).Word,
            _ => 0x1100_0000 | (word & 0xe03f_ffff),                                        // add, subtract
        };
    }

    private sealed class Nothing : IMmioHandler
    {
        public bool Read(ulong gpa, int size, out ulong value)
        {
            value = gpa * 0x9e37_79b9_7f4a_7c15;
            return (gpa & 64) == 0;
        }

        public bool Write(ulong gpa, int size, ulong value) => (gpa & 64) == 0;
    }
}
