using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>Accesses that the host completes: MMIO exits, and handlers that throw. No access is ever made twice.</summary>
public sealed class MmioExitTests
{
    private static Guest With(params ReadOnlySpan<Instruction> program)
    {
        var guest = new Guest(program);
        guest.Write(Guest.Code + (ulong)(4 * program.Length), Brk());
        guest.Cpu.SetX(1, Guest.Device);
        return guest;
    }

    private static string Show(VmExit exit)
        => $"{exit.Reason} {(exit.IsWrite ? 'W' : 'R')}{exit.Size} {exit.PhysicalAddress - Guest.Device:x}{(exit.IsWrite ? $"={exit.Value:x}" : "")}";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_read_waits_for_its_value(int size)
    {
        using Guest guest = With(size switch { 1 => Ldrsb(X0, Mem(X1)), 2 => Ldrsh(X0, Mem(X1)), 4 => Ldrsw(X0, Mem(X1)), _ => Ldr(X0, Mem(X1)) });
        VmExit exit = guest.Run();
        Assert.Equal(($"Mmio R{size} 0", Guest.Device, ExceptionClass.DataAbortLower, 5, false), (Show(exit), exit.VirtualAddress, exit.ExceptionClass, exit.Syndrome.FaultStatus, exit.Syndrome.IsWrite));
        Assert.Equal((Guest.Code, 0ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
        Assert.Throws<InvalidOperationException>(() => guest.Cpu.Run());
        Assert.Throws<InvalidOperationException>(() => guest.Cpu.Step());
        guest.Cpu.CompleteMmioRead(0xf5e4_d3c2_b1a0_9f8e);
        Assert.Throws<InvalidOperationException>(() => guest.Cpu.CompleteMmioRead(1));
        guest.RunToBreakpoint();
        Assert.Equal(size switch { 1 => 0xffff_ffff_ffff_ff8e, 2 => 0xffff_ffff_ffff_9f8e, 4 => 0xffff_ffff_b1a0_9f8e, _ => 0xf5e4_d3c2_b1a0_9f8e }, guest.X(0));
        Assert.Equal(1ul, guest.Cpu.InstructionCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_write_is_done_when_the_host_has_seen_it(int size)
    {
        using Guest guest = With(size switch { 1 => Strb(W0, Mem(X1)), 2 => Strh(W0, Mem(X1)), 4 => Str(W0, Mem(X1)), _ => Str(X0, Mem(X1)) });
        guest.Cpu.SetX(0, 0xf5e4_d3c2_b1a0_9f8e);
        VmExit exit = guest.Run();
        ulong value = size switch { 1 => 0x8e, 2 => 0x9f8e, 4 => 0xb1a0_9f8e, _ => 0xf5e4_d3c2_b1a0_9f8e };
        Assert.Equal(($"Mmio W{size} 0={value:x}", true), (Show(exit), exit.Syndrome.IsWrite));
        Assert.Equal((Guest.Code, 0ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
        Assert.Throws<InvalidOperationException>(() => guest.Cpu.CompleteMmioRead(1));
        guest.RunToBreakpoint();
        Assert.Equal(1ul, guest.Cpu.InstructionCount);
    }

    public static TheoryData<string, uint, string> InParts => new()
    {
        { "LDP", Ldp(X2, X3, PostIndex(X1, 16)).Word, "R8 0, R8 8" },
        { "STP", Stp(X4, X5, PreIndex(X1, 16)).Word, "W8 10=44, W8 18=55" },
        { "LDXP", Ldxp(X2, X3, Mem(X1)).Word, "R8 0, R8 8" },
        { "LDADD", Ldadd(X4, X2, Mem(X1)).Word, "R8 0, W8 0=144" },
        { "CASP", Casp(X6, X7, X4, X5, Mem(X1)).Word, "R8 0, R8 8, W8 0=44, W8 8=55" },
    };

    // Answered by level 1 entirely, then with every split between handler and host, then with a throw at every access.
    [Theory]
    [MemberData(nameof(InParts))]
    public void An_instruction_of_several_accesses_makes_each_once(string name, uint word, string accesses)
    {
        string[] expected = accesses.Split(", ");
        for (int way = 0; way < 3 << expected.Length; way++)
        {
            (int mask, int kind) = (way / 3, way % 3);
            using Guest guest = With(word);
            (guest.Cpu.MmioHandler, RecordingDevice device) = Device(guest, mask, throws: kind == 1);
            for (int i = 4; i < 8; i++) guest.Cpu.SetX(i, (ulong)(i < 6 ? 0x11 * i : 0x100 + i - 6));
            while (true)
            {
                if (kind == 2) guest.Cpu.RequestExit(); // between the parts too
                VmExit exit;
                try
                {
                    exit = guest.Run();
                }
                catch (IOException)
                {
                    Assert.Equal((Guest.Code, 0ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
                    continue;
                }

                if (exit.Reason == VmExitReason.Canceled && kind == 2) exit = guest.Run();
                if (exit.Reason != VmExitReason.Mmio) break;
                Assert.Equal((Guest.Code, 0ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
                device.Accesses.Add(Show(exit)[5..]);
                if (!exit.IsWrite) guest.Cpu.CompleteMmioRead(0x100 + ((exit.PhysicalAddress - Guest.Device) / 8));
            }

            Assert.Equal((name, way, accesses), (name, way, string.Join(", ", device.Accesses)));
            Assert.Equal((Guest.Code + 4, 1ul), (guest.Cpu.Pc, guest.Cpu.InstructionCount));
            if (name[0] == 'L') Assert.Equal(0x100ul, guest.X(2));
            if (name is "LDP" or "LDXP") Assert.Equal(0x101ul, guest.X(3));
            if (name is "CASP") Assert.Equal((0x100ul, 0x101ul), (guest.X(6), guest.X(7)));
            Assert.Equal(Guest.Device + (name is "LDP" or "STP" ? 16u : 0u), guest.X(1));
        }
    }

    // Access number n is refused once if bit n of the mask is set.
    private static (IMmioHandler Handler, RecordingDevice Device) Device(Guest guest, int mask, bool throws)
    {
        var device = new RecordingDevice();
        int left = mask;
        device.Before = gpa =>
        {
            int bit = 1 << device.Accesses.Count;
            device.Pattern = 0x100 + ((gpa - Guest.Device) / 8) - gpa;
            if ((left & bit) == 0) return true;
            left &= ~bit;
            return throws ? throw new IOException() : false;
        };
        Assert.False(guest.Cpu.IsRunning);
        return (device, device);
    }

    [Fact]
    public void A_handler_that_throws_leaves_the_guest_at_the_access()
    {
        var device = new RecordingDevice { Before = _ => throw new IOException() };
        using Guest guest = With(Mov(X0, 3), Str(X0, PostIndex(X1, 8)));
        guest.Cpu.MmioHandler = device;
        Assert.Throws<IOException>(() => guest.Run());
        Assert.Equal((Guest.Code + 4, 1ul, Guest.Device, false), (guest.Cpu.Pc, guest.Cpu.InstructionCount, guest.X(1), guest.Cpu.IsRunning));
        Assert.Throws<IOException>(() => guest.Cpu.Step());
        device.Before = null;
        guest.RunToBreakpoint();
        Assert.Equal(("W8 0=3", 2ul, Guest.Device + 8), (string.Join(", ", device.Accesses), guest.Cpu.InstructionCount, guest.X(1)));
    }

    [Fact]
    public void Writing_PC_gives_up_the_access()
    {
        using Guest guest = With(Ldr(X0, Mem(X1)), Ldr(X2, Mem(X1, 8)), Ldp(X3, X4, Mem(X1)));
        guest.Run();
        guest.Cpu.Pc = Guest.Code + 4;
        VmExit exit = guest.Run();
        Assert.Equal("Mmio R8 8", Show(exit));
        guest.Cpu.CompleteMmioRead(5);
        guest.Cpu.Pc = Guest.Code + 8; // the value is given up too
        Assert.Equal("Mmio R8 0", Show(guest.Run()));
        guest.Cpu.CompleteMmioRead(6);
        Assert.Equal("Mmio R8 8", Show(guest.Run()));
        guest.Cpu.CompleteMmioRead(7);
        guest.RunToBreakpoint();
        Assert.Equal((0ul, 0ul, 6ul, 7ul), (guest.X(0), guest.X(2), guest.X(3), guest.X(4)));
    }

    [Fact]
    public void Memory_mapped_meanwhile_is_not_asked_for_what_the_host_has_answered()
    {
        using Guest guest = With(Ldp(X2, X3, Mem(X1)), Ldr(X4, Mem(X1)));
        guest.Run();
        guest.Memory.Map(Guest.Device, 0x1000);
        guest.Memory.Write(Guest.Device, 0x77ul);
        guest.Cpu.CompleteMmioRead(5);
        guest.RunToBreakpoint();
        Assert.Equal(0x77ul, guest.X(4));
    }

    [Fact]
    public void A_load_after_the_access_does_not_see_the_accesss_value()
    {
        using Guest guest = With(Ldr(X0, Mem(X1)), Ldr(X2, Mem(X1, 8)), Str(X2, Mem(X1, 16)));
        string seen = "";
        for (VmExit exit = guest.Run(); exit.Reason == VmExitReason.Mmio; exit = guest.Run())
        {
            seen += Show(exit)[5..] + ";";
            if (!exit.IsWrite) guest.Cpu.CompleteMmioRead(40 + exit.PhysicalAddress - Guest.Device);
        }

        Assert.Equal("R8 0;R8 8;W8 10=30;", seen);
        Assert.Equal((40ul, 48ul), (guest.X(0), guest.X(2)));
    }
}
