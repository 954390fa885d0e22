using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Facade;

public sealed class HypervisorMemoryTests
{
    private const ulong Address = 0x10000;

    private static Hypervisor Create(ulong address = Address, ulong size = 4096, int page = 4096)
        => new(address, size, new HypervisorOptions { Engine = new ScriptedBackend { PageSize = page } });

    [Theory]
    [InlineData(1, 4096, 4096)]
    [InlineData(4096, 4096, 4096)]
    [InlineData(4097, 4096, 8192)]
    [InlineData(4096, 16384, 16384)]
    public void The_size_is_rounded_up_to_the_engines_page(ulong size, int page, ulong expected)
    {
        using Hypervisor hypervisor = Create(size: size, page: page);
        Assert.Equal(expected, hypervisor.MemorySize);
        Assert.Equal(Address, hypervisor.GuestAddress);
    }

    [Theory]
    [InlineData(0x10000, 0)]
    [InlineData(0x10001, 4096)]
    [InlineData(0x10800, 4096)]
    [InlineData(0xffff_ffff_ffff_f000, 4096)]
    [InlineData(0xffff_ffff_f000, 8192)]
    [InlineData(0x1_0000_0000_0000, 4096)]
    [InlineData(0x10000, ulong.MaxValue)]
    [InlineData(0x10000, ulong.MaxValue - 4094)]
    [InlineData(0x10000, ulong.MaxValue - 4095)]
    public void Memory_that_cannot_be_is_refused_with_its_numbers(ulong address, ulong size)
    {
        var backend = new ScriptedBackend();
        GuestMemoryException error = Assert.Throws<GuestMemoryException>(() => new Hypervisor(address, size, new HypervisorOptions { Engine = backend }));
        Assert.Equal(address, error.Address);
        Assert.Contains($"0x{address:x}", error.Message, StringComparison.Ordinal);
        Assert.True(backend.Machine!.IsDisposed);
    }

    [Fact]
    public void A_state_that_is_no_AArch64_state_is_refused_and_nothing_is_left()
    {
        var backend = new ScriptedBackend();
        Assert.Throws<ArgumentOutOfRangeException>(() => new Hypervisor(Address, 4096, new HypervisorOptions { Engine = backend, Pstate = Pstate.NRW }));
        Assert.True(backend.Machine!.IsDisposed);
    }

    [Fact]
    public void An_engine_that_is_not_there_is_refused_with_the_fix()
    {
        var backend = new ScriptedBackend { Status = new EngineStatus(false, "The cat sits on it.", "Feed the cat.") };
        EngineUnavailableException error = Assert.Throws<EngineUnavailableException>(() => new Hypervisor(Address, 4096, new HypervisorOptions { Engine = backend }));
        Assert.Contains("Feed the cat.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_are_written_from_the_start_in_little_endian_order()
    {
        using Hypervisor hypervisor = Create();
        hypervisor.WriteInstructions(0xd2800540, 0xd4200000);
        Assert.Equal(0xd4200000_d2800540, hypervisor.ReadData(0));
        hypervisor.WriteInstruction(0xd503201f);
        Assert.Equal(0xd4200000_d503201f, hypervisor.ReadData(0));
        hypervisor.WriteInstructionsAt(4, 0xd503201f);
        Assert.Equal(0xd503201f_d503201f, hypervisor.ReadData(0));
    }

    [Fact]
    public void A_program_is_assembled_for_the_place_where_it_stands()
    {
        using Hypervisor hypervisor = Create();
        var data = new Label("data");
        hypervisor.WriteInstructionsAt(0xff8, Adr(X0, data), data, 0x12345678);
        Assert.Equal(0x12345678_10000020ul, hypervisor.ReadData(0xff8));
        hypervisor.WriteInstructions(Mov(X0, 42), Brk());
        Assert.Equal(0xd4200000_d2800540, hypervisor.ReadData(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4088)]
    public void Data_comes_back(ulong offset)
    {
        using Hypervisor hypervisor = Create();
        hypervisor.WriteData(offset, 0x0123456789abcdef);
        Assert.Equal(0x0123456789abcdeful, hypervisor.ReadData(offset));
        byte[] bytes = new byte[8];
        hypervisor.ReadData(offset, bytes);
        Assert.Equal([0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01], bytes);
    }

    [Theory]
    [InlineData(4089)]
    [InlineData(4096)]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 0x10000)]
    public void Data_beyond_the_end_is_refused_with_its_numbers(ulong offset)
    {
        using Hypervisor hypervisor = Create();
        GuestMemoryException error = Assert.Throws<GuestMemoryException>(() => hypervisor.ReadData(offset));
        Assert.Contains($"0x{offset:x}", error.Message, StringComparison.Ordinal);
        Assert.Contains("0x1000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Throws<GuestMemoryException>(() => hypervisor.WriteData(offset, 1));
        Assert.Throws<GuestMemoryException>(() => hypervisor.ReadData(offset, new byte[8]));
        Assert.Throws<GuestMemoryException>(() => hypervisor.WriteData(offset, new byte[8]));
    }

    [Fact]
    public void Nothing_may_stand_at_the_end()
    {
        using Hypervisor hypervisor = Create();
        hypervisor.ReadData(4096, []);
        hypervisor.WriteData(4096, ReadOnlySpan<byte>.Empty);
        hypervisor.WriteInstructionsAt(4096, ReadOnlySpan<uint>.Empty);
        Assert.Throws<GuestMemoryException>(() => hypervisor.ReadData(4097, []));
    }

    [Fact]
    public void More_code_than_memory_is_refused_and_nothing_is_written()
    {
        using Hypervisor hypervisor = Create();
        uint[] words = new uint[1025];
        words.AsSpan().Fill(0xd503201f);
        GuestMemoryException error = Assert.Throws<GuestMemoryException>(() => hypervisor.WriteInstructions(words));
        Assert.Equal(1025ul * 4, error.Length);
        Assert.Equal(0ul, hypervisor.ReadData(0));
        hypervisor.WriteInstructions(words.AsSpan(1));
        Assert.Equal(0xd503201f_d503201f, hypervisor.ReadData(4088));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4098)]
    public void Instructions_at_no_multiple_of_4_are_refused(ulong offset)
    {
        using Hypervisor hypervisor = Create();
        Assert.Throws<GuestMemoryException>(() => hypervisor.WriteInstructionsAt(offset, 0xd503201f));
        Assert.Throws<GuestMemoryException>(() => hypervisor.WriteInstructionsAt(offset, Nop()));
        Assert.Equal(0ul, hypervisor.ReadData(0));
    }

    [Fact]
    public void A_disposed_hypervisor_is_refused()
    {
        Hypervisor hypervisor = Create();
        hypervisor.Dispose();
        hypervisor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => hypervisor.Run());
        Assert.ThrowsAny<ArmillaryException>(() => hypervisor.ReadData(0));
    }
}
