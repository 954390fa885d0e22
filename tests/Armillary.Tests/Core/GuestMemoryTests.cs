using System.Buffers.Binary;
using Armillary.Emulation;

namespace Armillary.Tests.Core;

public sealed class GuestMemoryTests : IDisposable
{
    private const ulong Base = 0x4000_0000;
    private readonly VirtualMachine _machine = new SoftwareBackend().CreateVirtualMachine();

    private GuestMemory Memory => _machine.Memory;

    public void Dispose() => _machine.Dispose();

    [Theory]
    [InlineData(Base, 0ul, "size of at least one page")]
    [InlineData(Base + 1, 0x1000ul, "not aligned")]
    [InlineData(Base + 0x800, 0x1000ul, "not aligned")]
    [InlineData(Base, 0x1001ul, "not aligned")]
    [InlineData(Base, 0xffful, "not aligned")]
    [InlineData(1ul << 48, 0x1000ul, "beyond 48-bit")]
    [InlineData((1ul << 48) - 0x1000, 0x2000ul, "beyond 48-bit")]
    [InlineData(0xffff_ffff_ffff_f000, 0x1000ul, "beyond 48-bit")]
    [InlineData(0xffff_ffff_ffff_f000, 0x2000ul, "beyond 48-bit")]
    [InlineData(0x1000ul, 0xffff_ffff_ffff_f000, "beyond 48-bit")]
    [InlineData(0x10_0000ul, 0x1000ul, "overlaps the region at 0x100000 of 0x3000 bytes")]
    [InlineData(0x10_2000ul, 0x1000ul, "overlaps")]
    [InlineData(0xf_f000ul, 0x2000ul, "overlaps")]
    [InlineData(0ul, 0x100_0000ul, "overlaps")]
    public void A_range_that_cannot_be_mapped_is_refused_with_its_numbers(ulong gpa, ulong size, string why)
    {
        Memory.Map(0x10_0000, 0x3000);
        GuestMemoryException error = Assert.Throws<GuestMemoryException>(() => Memory.Map(gpa, size));
        Assert.Equal((gpa, size), (error.Address, error.Length));
        Assert.Contains($"0x{gpa:x}", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Single(Memory.Regions);
    }

    // 8 TB and more: some hosts have the address space, none has the bookkeeping.
    [Theory]
    [InlineData(43)]
    [InlineData(46)]
    [InlineData(48)]
    public void More_than_the_host_can_keep_is_a_typed_error(int bits)
    {
        ArmillaryException error = Assert.ThrowsAny<ArmillaryException>(() => Memory.Map(0, 1ul << bits));
        Assert.Contains($"0x{1ul << bits:x}", error.Message, StringComparison.Ordinal);
        Assert.Empty(Memory.Regions);
        Memory.Map(0, 0x1000);
    }

    [Fact]
    public void Permissions_that_do_not_exist_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Memory.Map(Base, 0x1000, (MemoryPermissions)8));
        GuestMemoryRegion region = Memory.Map(Base, 0x1000, MemoryPermissions.None);
        Assert.Throws<ArgumentOutOfRangeException>(() => Memory.Protect(region, (MemoryPermissions)(-1)));
        Assert.Equal(MemoryPermissions.None, region.Permissions);
        Memory.Protect(region, MemoryPermissions.ReadExecute);
        Assert.Equal(MemoryPermissions.ReadExecute, region.Permissions);
    }

    [Fact]
    public void A_region_that_is_not_mapped_here_is_refused()
    {
        using VirtualMachine other = new SoftwareBackend().CreateVirtualMachine();
        GuestMemoryRegion foreign = other.Memory.Map(Base, 0x1000), gone = Memory.Map(Base, 0x1000);
        Memory.Unmap(gone);
        foreach (GuestMemoryRegion region in (GuestMemoryRegion[])[foreign, gone])
        {
            Assert.Equal(Base, Assert.Throws<GuestMemoryException>(() => Memory.Unmap(region)).Address);
            Assert.Throws<GuestMemoryException>(() => Memory.Protect(region, MemoryPermissions.All));
            Assert.Throws<GuestMemoryException>(() => Memory.CollectDirtyPages(region, new ulong[1]));
        }

        Assert.Throws<ArgumentNullException>(() => Memory.Unmap(null!));
    }

    [Fact]
    public void Memory_mapped_again_is_zero()
    {
        GuestMemoryRegion region = Memory.Map(Base, 0x1000);
        Memory.Write(Base, 0x1234_5678u);
        Memory.Unmap(region);
        Assert.False(Memory.IsMapped(Base, 1));
        Memory.Map(Base, 0x1000);
        Assert.Equal(0u, Memory.Read<uint>(Base));
    }

    [Fact]
    public void Accesses_go_over_adjacent_regions_and_stop_at_gaps()
    {
        Memory.Map(Base + 0x1000, 0x1000);
        Memory.Map(Base, 0x1000, MemoryPermissions.None);
        Memory.Map(Base + 0x3000, 0x1000);
        byte[] data = [.. Enumerable.Range(1, 0x1800).Select(i => (byte)i)], back = new byte[0x1800];
        Memory.Write(Base + 0x400, data);
        Memory.Read(Base + 0x400, back);
        Assert.Equal(data, back);
        Assert.Equal([Base, Base + 0x1000, Base + 0x3000], Memory.Regions.Select(r => r.Address));

        foreach ((ulong gpa, int length) in (ReadOnlySpan<(ulong, int)>)[(Base + 0x1ff8, 16), (Base + 0x1000, 0x3000), (Base - 8, 16), (Base + 0x2000, 1), (Base + 0x3ff8, 9), (ulong.MaxValue - 7, 16), (ulong.MaxValue, 1)])
        {
            byte[] before = Snapshot(), bytes = new byte[length];
            Array.Fill(bytes, (byte)0xee);
            GuestMemoryException error = Assert.Throws<GuestMemoryException>(() => Memory.Write(gpa, bytes));
            Assert.Equal((gpa, (ulong)length), (error.Address, error.Length));
            Assert.False(Memory.TryWrite(gpa, bytes));
            Assert.Equal(before, Snapshot());
            Assert.Throws<GuestMemoryException>(() => Memory.Read(gpa, bytes));
            Assert.False(Memory.IsMapped(gpa, (ulong)length));
        }
    }

    private byte[] Snapshot()
    {
        byte[] bytes = new byte[0x3000];
        Memory.Read(Base, bytes.AsSpan(0, 0x2000));
        Memory.Read(Base + 0x3000, bytes.AsSpan(0x2000));
        return bytes;
    }

    [Fact]
    public void The_error_says_what_is_there()
    {
        Assert.Contains("no memory", Assert.Throws<GuestMemoryException>(() => Memory.Read<int>(0x1000)).Message, StringComparison.Ordinal);
        Memory.Map(Base, 0x2000);
        Assert.Contains("0x40000000-0x40001fff", Assert.Throws<GuestMemoryException>(() => Memory.Read<int>(0x1000)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_always_there()
    {
        Assert.True(Memory.IsMapped(77, 0));
        Memory.Write(ulong.MaxValue, []);
        Memory.Read(ulong.MaxValue, []);
    }

    [Fact]
    public void Values_are_little_endian_and_need_no_alignment()
    {
        Memory.Map(Base, 0x1000);
        Memory.Map(Base + 0x1000, 0x1000);
        Memory.Write(Base + 0xffd, 0x99aa_bbcc_ddee_ff00ul);
        Span<byte> bytes = stackalloc byte[8];
        Memory.Read(Base + 0xffd, bytes);
        Assert.Equal(0x99aa_bbcc_ddee_ff00, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal((0x99aa_bbcc_ddee_ff00ul, unchecked((int)0xddee_ff00), (sbyte)0x00, (ushort)0xddee), (Memory.Read<ulong>(Base + 0xffd), Memory.Read<int>(Base + 0xffd), Memory.Read<sbyte>(Base + 0xffd), Memory.Read<ushort>(Base + 0xfff)));
        Memory.Write(Base, (sbyte)-2);
        Assert.Equal(-2, Memory.Read<sbyte>(Base));
        Memory.Write(Base, UInt128.MaxValue - 5);
        Assert.Equal(UInt128.MaxValue - 5, Memory.Read<UInt128>(Base));
    }
}
