using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>Devices behind <see cref="IMmioHandler"/>: which accesses they see, and what the guest reads.</summary>
public sealed class MmioTests
{
    // The device reads as this at offset 0.
    private const ulong Pattern = 0xf1e2_d3c4_b5a6_9788;

    private readonly RecordingDevice _device = new() { Pattern = Pattern - Guest.Device };

    private Guest With(params ReadOnlySpan<Instruction> program)
    {
        var guest = new Guest(program);
        guest.Write(Guest.Code + (ulong)(4 * program.Length), Brk());
        guest.Cpu.MmioHandler = _device;
        guest.Cpu.SetX(0, 0x1122_3344_5566_7788);
        guest.Cpu.SetX(1, Guest.Device);
        guest.Cpu.SetX(2, 0x99aa_bbcc_ddee_ff00);
        return guest;
    }

    public static TheoryData<string, uint, ulong, string> Loads => new()
    {
        { "LDRB", Ldrb(W0, Mem(X1)).Word, 0x88, "R1 0" },
        { "LDRH", Ldrh(W0, Mem(X1)).Word, 0x9788, "R2 0" },
        { "LDR W", Ldr(W0, Mem(X1)).Word, 0xb5a6_9788, "R4 0" },
        { "LDR X", Ldr(X0, Mem(X1)).Word, Pattern, "R8 0" },
        { "LDRSB W", Ldrsb(W0, Mem(X1)).Word, 0xffff_ff88, "R1 0" },
        { "LDRSB X", Ldrsb(X0, Mem(X1)).Word, 0xffff_ffff_ffff_ff88, "R1 0" },
        { "LDRSH W", Ldrsh(W0, Mem(X1)).Word, 0xffff_9788, "R2 0" },
        { "LDRSH X", Ldrsh(X0, Mem(X1)).Word, 0xffff_ffff_ffff_9788, "R2 0" },
        { "LDRSW", Ldrsw(X0, Mem(X1)).Word, 0xffff_ffff_b5a6_9788, "R4 0" },
        { "LDR pre", Ldr(X0, PreIndex(X1, 8)).Word, Pattern + 8, "R8 8" },
        { "LDAR", Ldar(W0, Mem(X1)).Word, 0xb5a6_9788, "R4 0" },
        { "LDXR", Ldxrh(W0, Mem(X1)).Word, 0x9788, "R2 0" },
        { "LDTR", Ldtr(X0, Mem(X1, 16)).Word, Pattern + 16, "R8 10" },
        { "LDP", Ldp(X0, X3, Mem(X1, 16)).Word, Pattern + 16, "R8 10, R8 18" },
        { "LDPSW", Ldpsw(X0, X3, Mem(X1)).Word, 0xffff_ffff_b5a6_9788, "R4 0, R4 4" },
        { "LDXP", Ldxp(X0, X3, Mem(X1)).Word, Pattern, "R8 0, R8 8" },
        { "LDXP W", Ldxp(W0, W3, Mem(X1)).Word, 0xb5a6_9788, "R8 0" },
        { "LDADD", Ldadd(X2, X0, Mem(X1)).Word, Pattern, $"R8 0, W8 0={unchecked(Pattern + 0x99aa_bbcc_ddee_ff00):x}" },
        { "LDSMAXB", Ldsmaxb(W2, W0, Mem(X1)).Word, 0x88, "R1 0, W1 0=0" },
        { "SWPH", Swph(W2, W0, Mem(X1)).Word, 0x9788, "R2 0, W2 0=ff00" },
        { "CAS that fails", Cas(X0, X2, Mem(X1)).Word, Pattern, "R8 0" },
        { "CASP that fails", Casp(X0, X1, X2, X3, Mem(X1)).Word, Pattern, "R8 0, R8 8" },
        { "PRFM", Prfm(PrefetchOperation.PldL1Keep, Mem(X1)).Word, 0x1122_3344_5566_7788, "" },
    };

    [Theory]
    [MemberData(nameof(Loads))]
    public void A_load_reads_the_device(string name, uint word, ulong expected, string accesses)
    {
        using Guest guest = With(word);
        guest.RunToBreakpoint();
        Assert.Equal((name, $"{expected:x}", accesses), (name, $"{guest.X(0):x}", string.Join(", ", _device.Accesses)));
        Assert.Equal(1ul, guest.Cpu.InstructionCount);
    }

    public static TheoryData<string, uint, string> Stores => new()
    {
        { "STRB", Strb(W0, Mem(X1)).Word, "W1 0=88" },
        { "STRH", Strh(W0, Mem(X1)).Word, "W2 0=7788" },
        { "STR W", Str(W0, Mem(X1)).Word, "W4 0=55667788" },
        { "STR X", Str(X0, Mem(X1)).Word, "W8 0=1122334455667788" },
        { "STR XZR", Str(Xzr, Mem(X1)).Word, "W8 0=0" },
        { "STLRB", Stlrb(W0, Mem(X1)).Word, "W1 0=88" },
        { "STP", Stp(X0, X2, PostIndex(X1, 16)).Word, "W8 0=1122334455667788, W8 8=99aabbccddeeff00" },
        { "STP W", Stp(W2, Wzr, Mem(X1, 8)).Word, "W4 8=ddeeff00, W4 c=0" },
        { "LDR WZR", Ldr(Wzr, Mem(X1, 4)).Word, "R4 4" },
        { "LDP XZR", Ldp(X3, Xzr, Mem(X1)).Word, "R8 0, R8 8" },
        { "STADD", Ldaddh(W0, Wzr, Mem(X1)).Word, $"R2 0, W2 0={(0x9788 + 0x7788) & 0xffff:x}" },
        { "STXR without LDXR", Stxr(W3, X0, Mem(X1)).Word, "" },
    };

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_store_writes_the_device(string name, uint word, string accesses)
    {
        using Guest guest = With(word);
        guest.RunToBreakpoint();
        Assert.Equal((name, accesses), (name, string.Join(", ", _device.Accesses)));
    }

    [Fact]
    public void Exclusives_on_a_device_store_once()
    {
        using Guest guest = With(Ldxr(X4, Mem(X1)), Stxr(W5, X0, Mem(X1)), Stxr(W6, X0, Mem(X1)), Ldxp(X7, X8, Mem(X1)), Stxp(W9, X0, X2, Mem(X1)));
        guest.RunToBreakpoint();
        Assert.Equal("R8 0, W8 0=1122334455667788, R8 0, R8 8, W8 0=1122334455667788, W8 8=99aabbccddeeff00", string.Join(", ", _device.Accesses));
        Assert.Equal((0ul, 1ul, 0ul), (guest.X(5), guest.X(6), guest.X(9)));
    }

    [Fact]
    public void A_compare_and_swap_that_matches_stores()
    {
        using Guest guest = With(Cas(X4, X2, Mem(X1)), Casp(X4, X5, X2, X3, Mem(X1)));
        (ulong low, ulong high) = (Pattern, Pattern + 8);
        guest.Cpu.SetX(4, low);
        guest.Cpu.SetX(5, high);
        guest.RunToBreakpoint();
        Assert.Equal("R8 0, W8 0=99aabbccddeeff00, R8 0, R8 8, W8 0=99aabbccddeeff00, W8 8=0", string.Join(", ", _device.Accesses));
    }

    [Fact]
    public void An_unaligned_access_never_reaches_a_device()
    {
        using Guest guest = With(Ldr(X0, Mem(X1)));
        guest.Cpu.SetX(1, Guest.Device + 4);
        guest.RunToVector(0x200, 0x9600_0021, Guest.Code);
        Assert.Empty(_device.Accesses);
    }

    [Fact]
    public void Memory_that_may_not_be_written_is_a_device_to_stores_and_memory_to_loads()
    {
        using Guest guest = With(Str(X0, Mem(X1)), Ldr(X3, Mem(X1)), Stp(X0, X2, Mem(X1, -8)));
        guest.Memory.Map(Guest.Device, 0x1000, MemoryPermissions.Read);
        guest.Memory.Write(Guest.Device, 0xcafe_f00dul);
        guest.RunToBreakpoint();
        Assert.Equal((0xcafe_f00dul, 0xcafe_f00dul), (guest.X(3), guest.Memory.Read<ulong>(Guest.Device)));
        Assert.Equal("W8 0=1122334455667788, W8 fffffffffffffff8=1122334455667788, W8 0=99aabbccddeeff00", string.Join(", ", _device.Accesses));
    }

    [Fact]
    public void Memory_that_may_not_be_read_does_not_show_to_loads_and_atomics()
    {
        using Guest guest = With(Ldr(X3, Mem(X1)), Str(X2, Mem(X1)), Ldadd(X0, X4, Mem(X1)), Cas(X5, X0, Mem(X1)));
        guest.Memory.Map(Guest.Device, 0x1000, MemoryPermissions.Write);
        guest.Memory.Write(Guest.Device, 0x5ec4e7ul);
        guest.RunToBreakpoint();
        Assert.Equal((Pattern, Pattern, Pattern), (guest.X(3), guest.X(4), guest.X(5)));
        Assert.Equal(0x99aa_bbcc_ddee_ff00, guest.Memory.Read<ulong>(Guest.Device));
    }

    [Fact]
    public void A_load_pair_may_be_half_memory_and_half_device()
    {
        using Guest guest = With(Stp(X0, X2, Mem(X1, -8)), Ldp(X3, X4, Mem(X1, -8)));
        guest.Memory.Map(Guest.Device - 0x1000, 0x1000);
        guest.RunToBreakpoint();
        Assert.Equal((0x1122_3344_5566_7788ul, Pattern), (guest.X(3), guest.X(4)));
        Assert.Equal("W8 0=99aabbccddeeff00, R8 0", string.Join(", ", _device.Accesses));
    }

    [Fact]
    public void A_handler_may_take_away_the_memory_that_the_guest_executes()
    {
        using Guest guest = With(Ldr(X0, Mem(X1)), Add(X0, X0, 1), B(Here(-4)));
        _device.Before = _ =>
        {
            guest.Memory.Unmap(guest.CodeRegion);
            return true;
        };
        VmExit exit = guest.Run();
        Assert.Equal((0x8200_0005ul, true), (exit.Syndrome.Value, exit.VirtualAddress is > Guest.Code and < Guest.Code + 12));
        Assert.Equal(guest.Cpu.Pc, exit.VirtualAddress);
    }

    [Fact]
    public void A_handler_may_take_away_the_memory_that_the_rest_of_the_instruction_reads()
    {
        using Guest guest = With(Ldp(X3, X4, Mem(X1, -8)), Ldp(X5, X6, Mem(X1, -8)));
        GuestMemoryRegion region = guest.Memory.Map(Guest.Device, 0x1000);
        _device.Before = _ =>
        {
            if (region is not null) guest.Memory.Unmap(region);
            region = null!;
            return true;
        };
        guest.RunToBreakpoint();
        Assert.Equal("R8 fffffffffffffff8, R8 0, R8 fffffffffffffff8, R8 0", string.Join(", ", _device.Accesses));
    }

    [Fact]
    public void A_handler_may_write_the_next_instruction()
    {
        using Guest guest = With(Nop(), Str(X0, Mem(X1)), Mov(X3, 1), Brk());
        guest.RunToBreakpoint();
        Assert.Equal(1ul, guest.X(3));
        _device.Before = _ =>
        {
            guest.Write(Guest.Code + 8, Mov(X3, 2));
            return true;
        };
        guest.Cpu.Pc = Guest.Code;
        guest.Cpu.Step();
        guest.Cpu.Step();
        guest.RunToBreakpoint();
        Assert.Equal(2ul, guest.X(3));
    }

    [Fact]
    public void A_handler_sees_the_state_at_the_access()
    {
        using Guest guest = With(Mov(X3, 7), Add(X1, X1, 8), Ldr(X0, Mem(X1)));
        (ulong Pc, ulong X3, ulong? Count) seen = default;
        _device.Before = _ =>
        {
            seen = (guest.Cpu.Pc, guest.X(3), guest.Cpu.InstructionCount);
            return true;
        };
        guest.RunToBreakpoint();
        Assert.Equal((Guest.Code + 8, 7ul, 2ul), seen);
    }
}
