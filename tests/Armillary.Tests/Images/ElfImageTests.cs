using static Armillary.Tests.Images.ElfFile;

namespace Armillary.Tests.Images;

public sealed class ElfImageTests
{
    private static readonly byte[] s_code = [0x40, 0x05, 0x80, 0xd2, 0x00, 0x00, 0x20, 0xd4];

    private static string Refuse(ElfFile file, ulong? loadAddress = null)
        => Assert.Throws<ImageFormatException>(() => GuestImage.FromElf(file.ToBytes(), loadAddress)).Message;

    [Fact]
    public void Segments_stand_at_their_physical_addresses_in_order()
    {
        GuestImage image = GuestImage.FromElf(new ElfFile
        {
            Entry = 0xffff_0000_0000_1004,
            Segments =
            [
                new(0xffff_0000_0000_3000, [1, 2]) { PhysicalAddress = 0x4000_3000, MemorySize = 0x1000, Flags = 6 },
                new(0, []) { Type = 0x6474_e551 }, // PT_GNU_STACK
                new(0xffff_0000_0000_1000, s_code) { PhysicalAddress = 0x4000_1000 },
            ],
        }.ToBytes());
        Assert.Equal([0x4000_1000ul, 0x4000_3000ul], image.Segments.Select(s => s.Address));
        Assert.Equal([8ul, 0x1000ul], image.Segments.Select(s => s.Size));
        Assert.Equal([true, false], image.Segments.Select(s => s.IsExecutable));
        Assert.Equal(s_code, image.Segments[0].Data.ToArray());
        Assert.Equal([1, 2], image.Segments[1].Data.ToArray());
        Assert.Equal(0x4000_1004ul, image.EntryPoint);
    }

    [Fact]
    public void A_position_independent_file_may_be_moved()
    {
        ElfFile file = new() { Type = 3, Entry = 0x1_0000, Segments = [new(0x1_0000, s_code) { Alignment = 0x1_0000 }, new(0x2_0000, Dynamic(0x6fff_fffb, 0x800_0000, 8, 0, 0, 0)) { Type = 2 }] };
        Assert.Equal(0x1_0000ul, GuestImage.FromElf(file.ToBytes()).EntryPoint);
        GuestImage moved = GuestImage.FromElf(file.ToBytes(), 0x4008_0000);
        Assert.Equal(0x4008_0000ul, moved.EntryPoint);
        Assert.Equal(0x4008_0000ul, moved.Segments[0].Address);
        Assert.Contains("aligned to 0x10000", Refuse(file, 0x4008_1000), StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_point_of_0_is_none()
    {
        Assert.Null(GuestImage.FromElf(new ElfFile { Segments = [new(0x1000, s_code)] }.ToBytes()).EntryPoint);
        Assert.Equal(0ul, GuestImage.FromElf(new ElfFile { Segments = [new(0, s_code)] }.ToBytes()).EntryPoint);
    }

    [Fact]
    public void A_file_for_something_else_is_refused_by_name()
    {
        List<Segment> segments = [new(0x1000, s_code)];
        Assert.Contains("class 1 (32-bit)", Refuse(new ElfFile { Class = 1, Segments = segments }), StringComparison.Ordinal);
        Assert.Contains("big-endian", Refuse(new ElfFile { Encoding = 2, Segments = segments }), StringComparison.Ordinal);
        Assert.Contains("machine 62 (x86-64)", Refuse(new ElfFile { Machine = 62, Segments = segments }), StringComparison.Ordinal);
        Assert.Contains("machine 40 (32-bit Arm)", Refuse(new ElfFile { Machine = 40, Segments = segments }), StringComparison.Ordinal);
        Assert.Contains("version 2", Refuse(new ElfFile { Version = 2, Segments = segments }), StringComparison.Ordinal);
        Assert.Contains("type 1", Refuse(new ElfFile { Type = 1, Segments = segments }), StringComparison.Ordinal);
        Assert.Contains("type 4", Refuse(new ElfFile { Type = 4, Segments = segments }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_that_points_nowhere_is_refused()
    {
        List<Segment> segments = [new(0x1000, s_code)];
        Assert.Contains("no program headers", Refuse(new ElfFile()), StringComparison.Ordinal);
        Assert.Contains("none that loads", Refuse(new ElfFile { Segments = [new(0x1000, s_code) { Type = 4 }] }), StringComparison.Ordinal);
        Assert.Contains("65535 or more", Refuse(new ElfFile { Segments = segments, ProgramHeaderCount = 0xffff }), StringComparison.Ordinal);
        Assert.Contains("65534 program headers", Refuse(new ElfFile { Segments = segments, ProgramHeaderCount = 0xfffe }), StringComparison.Ordinal);
        Assert.Contains("32 bytes each", Refuse(new ElfFile { Segments = segments, ProgramHeaderSize = 32 }), StringComparison.Ordinal);
        Assert.Contains("0xffffffffffffffff", Refuse(new ElfFile { Segments = segments, ProgramHeaderOffset = ulong.MaxValue }), StringComparison.Ordinal);
        Assert.Contains("offset 0x49", Refuse(new ElfFile { Segments = segments, ProgramHeaderOffset = 0x49 }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_that_contradicts_itself_is_refused()
    {
        Assert.Contains("do not fit", Refuse(new ElfFile { Segments = [new(0x1000, s_code) { MemorySize = 4 }] }), StringComparison.Ordinal);
        Assert.Contains("do not fit", Refuse(new ElfFile { Segments = [new(0x1000, s_code) { MemorySize = 0 }] }), StringComparison.Ordinal);
        Assert.Contains("truncated", Refuse(new ElfFile { Segments = [new(0x1000, s_code) { Offset = 0x1000 }] }), StringComparison.Ordinal);
        Assert.Contains("truncated", Refuse(new ElfFile { Segments = [new(0x1000, s_code) { Offset = ulong.MaxValue - 3 }] }), StringComparison.Ordinal);
        Assert.Contains("truncated", Refuse(new ElfFile { Segments = [new(0x1000, s_code) { FileSize = ulong.MaxValue, MemorySize = ulong.MaxValue }] }), StringComparison.Ordinal);
        Assert.Contains("beyond the last address", Refuse(new ElfFile { Segments = [new(ulong.MaxValue - 6, s_code)] }), StringComparison.Ordinal);
        Assert.Contains("beyond the last address", Refuse(new ElfFile { Segments = [new(0x1000, s_code) { PhysicalAddress = ulong.MaxValue - 6 }] }), StringComparison.Ordinal);
        Assert.Contains("overlaps", Refuse(new ElfFile { Segments = [new(0x1000, s_code), new(0x1007, s_code)] }), StringComparison.Ordinal);
        Assert.Contains("overlaps", Refuse(new ElfFile { Segments = [new(0x1000, s_code), new(0x0800, s_code) { MemorySize = 0x1000 }] }), StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_point_that_cannot_be_run_is_refused()
    {
        Assert.Contains("in none of its segments", Refuse(new ElfFile { Entry = 0x1008, Segments = [new(0x1000, s_code)] }), StringComparison.Ordinal);
        Assert.Contains("not a multiple of 4", Refuse(new ElfFile { Entry = 0x1002, Segments = [new(0x1000, s_code)] }), StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_a_dynamic_linker_could_run_is_refused_with_the_flag_that_mends_it()
    {
        Segment code = new(0x1000, s_code);
        Assert.Contains("-static", Refuse(new ElfFile { Type = 3, Segments = [code, new(0, [0x2f, 0]) { Type = 3 }] }), StringComparison.Ordinal);
        Assert.Contains("-static", Refuse(new ElfFile { Type = 3, Segments = [code, new(0, Dynamic(1, 5, 0, 0)) { Type = 2 }] }), StringComparison.Ordinal);
        Assert.Contains("-no-pie", Refuse(new ElfFile { Type = 3, Segments = [code, new(0, Dynamic(8, 24, 0, 0)) { Type = 2 }] }), StringComparison.Ordinal);
        Assert.Contains("DT_RELRSZ", Refuse(new ElfFile { Type = 3, Segments = [code, new(0, Dynamic(35, 8)) { Type = 2 }] }), StringComparison.Ordinal);
        Assert.Contains("truncated", Refuse(new ElfFile { Type = 3, Segments = [code, new(0, []) { Type = 2, FileSize = 16 }] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_linked_for_an_address_is_not_moved()
        => Assert.Contains("cannot be loaded at 0x2000", Refuse(new ElfFile { Segments = [new(0x1000, s_code)] }, 0x2000), StringComparison.Ordinal);

    [Fact]
    public void Every_truncation_of_a_good_file_is_refused()
    {
        byte[] good = new ElfFile { Entry = 0x1000, Segments = [new(0x1000, s_code), new(0x2000, s_code)] }.ToBytes();
        GuestImage.FromElf(good);
        for (int length = 0; length < good.Length; length++)
        {
            Assert.Throws<ImageFormatException>(() => GuestImage.FromElf(good.AsMemory(0, length)));
        }
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused_and_nothing_else()
    {
        byte[] good = new ElfFile { Type = 3, Entry = 0x1000, Segments = [new(0x1000, s_code), new(0x2000, s_code) { MemorySize = 64 }, new(0, Dynamic(8, 0, 0, 0)) { Type = 2 }] }.ToBytes();
        var random = new Random(20261123);
        for (int round = 0; round < 50_000; round++)
        {
            byte[] bad = [.. good];
            for (int n = random.Next(1, 6); n > 0; n--) bad[random.Next(bad.Length)] = random.Next(3) switch { 0 => 0xff, 1 => 0, _ => (byte)random.Next(256) };
            try
            {
                GuestImage image = GuestImage.FromElf(bad, random.Next(2) == 0 ? null : 0x4008_0000);
                Assert.All(image.Segments, s => Assert.True(s.Size >= (ulong)s.Data.Length && s.LastAddress >= s.Address));
            }
            catch (ImageFormatException)
            {
            }
        }
    }
}
