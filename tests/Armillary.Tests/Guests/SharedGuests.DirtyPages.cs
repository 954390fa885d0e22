using Armillary.Arm64;
using Armillary.Tests.Engine;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Guests;

// Which pages guests and the host write. Engines may call every page dirty until it has been asked for once.
internal static partial class SharedGuests
{
    // More pages than KVM has room for in a ring, and no more, because some engines take a fault for each.
    private const ulong Page = 0x1000, Large = 0x1000_0000, LargePages = 4352;

    private static void AddDirtyPages()
    {
        s_all["Dirty pages"] = g =>
        {
            // Once they have been asked for: before that engines may call every page dirty.
            ulong[] bitmap = new ulong[g.DataRegion.DirtyBitmapLength];
            g.Memory.CollectDirtyPages(g.DataRegion, bitmap);
            g.Program(Mov(X1, GuestRun.Data), Add(X1, X1, 0x4000), Str(X1, Mem(X1)), Ldp(X2, X3, Mem(X1)), Str(X1, Mem(X1, 8)), Brk());
            for (int i = 0; i < 3; i++)
            {
                g.Cpu.Pc = GuestRun.Code;
                g.Run();
                g.Memory.CollectDirtyPages(g.DataRegion, bitmap);
                g.Line($"dirty by 16 KiB: {string.Join(' ', Enumerable.Range(0, 4).Select(n => (bitmap[0] >> (4 * n) & 15) != 0 ? 1 : 0))}");
            }

            g.Memory.Write(GuestRun.Data + 0xc000, 1ul);
            g.Memory.CollectDirtyPages(g.DataRegion, bitmap);
            g.Line($"dirty by 16 KiB: {string.Join(' ', Enumerable.Range(0, 4).Select(n => (bitmap[0] >> (4 * n) & 15) != 0 ? 1 : 0))}");
            g.NoteMemory(GuestRun.Data + 0x4000);
        };
        s_all["Dirty pages by the thousand"] = g =>
        {
            GuestMemoryRegion region = g.Memory.Map(Large, LargePages * Page, MemoryPermissions.ReadWrite);
            ulong[] bitmap = new ulong[region.DirtyBitmapLength];
            g.Memory.CollectDirtyPages(region, bitmap);
            foreach (ulong stride in (ReadOnlySpan<ulong>)[1, 2, LargePages])
            {
                WriteEvery(g.Cpu, g, stride);
                g.Run();
                NoteDirty(g, region, bitmap);
            }

            NoteDirty(g, region, bitmap);
        };
        s_all["Dirty pages of two virtual CPUs"] = g =>
        {
            GuestMemoryRegion region = g.Memory.Map(Large, LargePages * Page, MemoryPermissions.ReadWrite);
            ulong[] bitmap = new ulong[region.DirtyBitmapLength];
            g.Memory.CollectDirtyPages(region, bitmap);
            for (int round = 0; round < 2; round++)
            {
                WriteEvery(g.Cpu, g, 12);
                var other = HostThread.Start(() =>
                {
                    using VirtualCpu second = g.Machine.CreateVirtualCpu();
                    second.TrapDebugExceptions = true;
                    Aim(second, 8);
                    second.Run();
                });
                g.Run();
                other.Join();
                NoteDirty(g, region, bitmap);
            }
        };
        s_all["Dirty pages of memory that comes and goes"] = g =>
        {
            GuestMemoryRegion region = g.Memory.Map(Large, LargePages * Page, MemoryPermissions.ReadWrite);
            ulong[] bitmap = new ulong[region.DirtyBitmapLength];
            g.Memory.CollectDirtyPages(region, bitmap);
            WriteEvery(g.Cpu, g, 1024);
            g.Run();
            g.Memory.Protect(region, MemoryPermissions.Read);
            NoteDirty(g, region, bitmap);
            g.Memory.Protect(region, MemoryPermissions.ReadWrite);
            WriteEvery(g.Cpu, g, 2048);
            g.Run();
            g.Memory.Unmap(region);
            region = g.Memory.Map(Large, LargePages * Page, MemoryPermissions.ReadWrite);
            g.Memory.CollectDirtyPages(region, bitmap);
            NoteDirty(g, region, bitmap);
            WriteEvery(g.Cpu, g, 512);
            g.Run();
            NoteDirty(g, region, bitmap);
        };
    }

    private static void WriteEvery(VirtualCpu cpu, GuestRun g, ulong stride)
    {
        var loop = new Label("loop");
        g.Program(loop, Str(X1, Mem(X1)), Add(X1, X1, X2), Subs(X3, X3, 1), B(Ne, loop), Brk());
        Aim(cpu, stride);
    }

    private static void Aim(VirtualCpu cpu, ulong stride)
    {
        cpu.SetX(1, Large);
        cpu.SetX(2, stride * Page);
        cpu.SetX(3, (LargePages + stride - 1) / stride);
        cpu.Pc = GuestRun.Code;
    }

    // In units of the coarsest page of an engine: how many, and the first of them.
    private static void NoteDirty(GuestRun g, GuestMemoryRegion region, ulong[] bitmap)
    {
        g.Memory.CollectDirtyPages(region, bitmap);
        int[] dirty = [.. Enumerable.Range(0, (int)LargePages / 4).Where(n => (bitmap[n / 16] >> (4 * (n % 16)) & 15) != 0)];
        g.Line($"dirty: {dirty.Length}: {string.Join(' ', dirty.Take(8))}");
    }
}
