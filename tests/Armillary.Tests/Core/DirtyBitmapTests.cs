using Armillary.Arm64;
using Armillary.Tests.Engine;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Core;

public sealed class DirtyBitmapTests
{
    private static ulong Collect(Guest guest, GuestMemoryRegion region)
    {
        Span<ulong> bitmap = stackalloc ulong[region.DirtyBitmapLength];
        guest.Memory.CollectDirtyPages(region, bitmap);
        return bitmap[0];
    }

    public static TheoryData<string, uint> Stores => new()
    {
        { "STR", Str(X0, Mem(X1)).Word }, { "STRB", Strb(W0, Mem(X1)).Word }, { "STP", Stp(X0, X2, Mem(X1)).Word },
        { "STLR", Stlr(X0, Mem(X1)).Word }, { "LDADD", Ldadd(X0, X2, Mem(X1)).Word }, { "CAS", Cas(X3, X0, Mem(X1)).Word },
        { "CASP", Casp(X4, X5, X6, X7, Mem(X1)).Word }, { "STTR", Sttr(X0, Mem(X1)).Word },
    };

    [Theory]
    [MemberData(nameof(Stores))]
    public void Every_store_marks_its_page_again_after_each_collection(string name, uint word)
    {
        using var guest = new Guest(word, Add(X1, X1, X8), word, word, Brk());
        guest.Cpu.SetX(8, 0x3000);
        for (int i = 0; i < 3; i++)
        {
            guest.Cpu.SetX(1, Guest.Data + 0x2000);
            guest.Cpu.Pc = Guest.Code;
            guest.RunToBreakpoint();
            Assert.Equal((name, 0b100100ul), (name, Collect(guest, guest.DataRegion)));
            Assert.Equal(0ul, Collect(guest, guest.DataRegion));
        }
    }

    [Fact]
    public void Loads_and_fetches_mark_nothing()
    {
        using var guest = new Guest(Ldr(X0, Mem(X1)), Ldxr(X0, Mem(X1)), Brk());
        Assert.Equal(1ul, Collect(guest, guest.CodeRegion)); // the program itself
        guest.Cpu.SetX(1, Guest.Data);
        guest.RunToBreakpoint();
        Assert.Equal((0ul, 0ul), (Collect(guest, guest.CodeRegion), Collect(guest, guest.DataRegion)));
    }

    [Fact]
    public void A_pair_over_the_end_of_a_page_marks_both()
    {
        using var guest = new Guest(Stp(X0, X2, Mem(X1)), Brk());
        guest.Cpu.SetX(1, Guest.Data + 0xff8);
        guest.RunToBreakpoint();
        Assert.Equal(0b11ul, Collect(guest, guest.DataRegion));
    }

    [Fact]
    public void Host_writes_mark_every_page_that_they_touch()
    {
        using var guest = new Guest();
        guest.Memory.Write(Guest.Data + 0x1fff, new byte[0x1002]);
        Assert.Equal(0b1110ul, Collect(guest, guest.DataRegion));
    }

    [Fact]
    public void Stores_to_code_are_marked_too()
    {
        using var guest = new Guest(Str(W0, Mem(X1)), Brk(), Brk());
        Collect(guest, guest.CodeRegion);
        guest.Cpu.SetX(1, Guest.Code + 8);
        guest.RunToBreakpoint();
        Assert.Equal(1ul, Collect(guest, guest.CodeRegion));
    }

    [Fact]
    public void A_bitmap_that_is_too_short_is_refused_and_nothing_is_lost()
    {
        using var guest = new Guest();
        GuestMemoryRegion region = guest.Memory.Map(0x4000_0000, 65 * 0x1000);
        guest.Memory.Write(0x4004_0000, 1);
        Assert.Equal(2, region.DirtyBitmapLength);
        Assert.Throws<ArgumentException>(() => guest.Memory.CollectDirtyPages(region, new ulong[1]));
        ulong[] bitmap = [77, 77, 77];
        guest.Memory.CollectDirtyPages(region, bitmap);
        Assert.Equal([0ul, 1ul, 77ul], bitmap);
    }

    // The guest writes a growing number into every page in turn. Whoever copies the pages that each collection names has,
    // at the end, all that was written: what live migration needs.
    [Fact]
    public void No_write_is_lost_when_a_CPU_runs_during_collection()
    {
        var loop = new Label("loop");
        using var guest = new Guest(loop, Add(X0, X0, 1), Str(X0, Mem(X1, X2)), Add(X2, X2, X3), And(X2, X2, 0xffff), B(loop));
        guest.Cpu.SetX(1, Guest.Data);
        guest.Cpu.SetX(3, 0x1000);
        using var stop = new CancellationTokenSource();
        byte[] copy = new byte[Guest.Size];
        HostThread copier = HostThread.Start(() =>
        {
            try
            {
                SpinWait.SpinUntil(() => guest.Memory.Read<ulong>(Guest.Data + 0xf000) != 0);
                for (int i = 0; i < 400; i++) CopyDirty(guest, copy);
            }
            finally
            {
                stop.Cancel();
            }
        });
        Assert.Equal(VmExitReason.Canceled, guest.Cpu.Run(stop.Token).Reason);
        copier.Join();
        CopyDirty(guest, copy);
        byte[] last = new byte[Guest.Size];
        guest.Memory.Read(Guest.Data, last);
        Assert.Equal(last, copy);
        Assert.True(guest.X(0) > 16);
    }

    private static void CopyDirty(Guest guest, byte[] copy)
    {
        ulong dirty = Collect(guest, guest.DataRegion);
        for (int page = 0; page < 16; page++)
        {
            if ((dirty >> page & 1) != 0) guest.Memory.Read(Guest.Data + (ulong)(page * 0x1000), copy.AsSpan(page * 0x1000, 0x1000));
        }
    }
}
