using System.Buffers.Binary;
using Armillary.Emulation;
using Armillary.Machine.DeviceTree;

namespace Armillary.Machine.Tests.Boot;

/// <summary>Device trees in place of the board's own.</summary>
public sealed class GivenTreeTests
{
    private static readonly MachineOptions s_options = new()
    {
        Engine = new SoftwareBackend(),
        Kernel = default,
        CommandLine = "quiet",
        Initrd = new byte[16],
        RandomSeed = Enumerable.Range(1, 40).Select(i => (byte)i).ToArray(),
    };

    [Fact]
    public void The_boards_own_tree_comes_out_as_it_was()
    {
        byte[] own = BoardTree.Build(s_options, 0x4800_0000, hasPerformanceMonitors: true);
        byte[] complete = GivenTree.Complete(own, s_options, 0x4800_0000);
        Assert.Equal(complete, GivenTree.Complete(complete, s_options, 0x4800_0000));
        Assert.Equal(Lines(own), Lines(complete));

        // Of /chosen the order changes.
        static IEnumerable<string> Lines(byte[] tree) => DeviceTreeTests.Decompile(tree).Text.Split('\n').Order(StringComparer.Ordinal);
    }

    [Fact]
    public void What_a_boot_loader_writes_replaces_what_was_there()
    {
        byte[] other = BoardTree.Build(s_options with { CommandLine = "debug", Initrd = new byte[8], RandomSeed = new byte[9] }, 0x5000_0000, hasPerformanceMonitors: true);
        byte[] complete = GivenTree.Complete(other, s_options, 0x4800_0000);
        Assert.True(complete.AsSpan().IndexOf("quiet\0"u8) > 0 && complete.AsSpan().IndexOf("debug\0"u8) < 0);
        Assert.Equal(complete, GivenTree.Complete(complete, s_options, 0x4800_0000));

        // Without one of its own, the tree's stays.
        Assert.True(GivenTree.Complete(other, s_options with { CommandLine = "" }, 0).AsSpan().IndexOf("debug\0"u8) > 0);
    }

    [Fact]
    public void A_tree_without_chosen_gets_one_and_keeps_its_reservations()
    {
        var writer = new DeviceTreeWriter();
        writer.Reserve(0x4100_0000, 0x1000);
        writer.Begin("");
        writer.Strings("model", "mine");
        writer.EndOfNode();
        ReadOnlySpan<byte> complete = GivenTree.Complete(writer.ToArray(), s_options, 0x4800_0000);
        Assert.True(complete.IndexOf("mine\0"u8) > 0 && complete.IndexOf("chosen\0"u8) > 0 && complete.IndexOf("quiet\0"u8) > 0);
        Assert.Equal(0x4100_0000ul, BinaryPrimitives.ReadUInt64BigEndian(complete[40..]));
    }

    [Fact]
    public void A_kernel_gets_the_seeds_by_their_names()
    {
        ReadOnlySpan<byte> tree = BoardTree.Build(s_options, 0, hasPerformanceMonitors: false);
        Assert.True(tree.IndexOf("kaslr-seed\0"u8) > 0 && tree.IndexOf("rng-seed\0"u8) > 0);
        Assert.True(tree.IndexOf((ReadOnlySpan<byte>)[0, 0, 0, 8]) > 0);
        ReadOnlySpan<byte> little = BoardTree.Build(s_options with { RandomSeed = new byte[8] }, 0, hasPerformanceMonitors: false);
        Assert.True(little.IndexOf("kaslr-seed\0"u8) < 0 && little.IndexOf("rng-seed\0"u8) > 0);
    }

    // Each bit of the header and the structure turned over, each length: the documented error or a tree, and nothing else.
    [Fact]
    public void A_damaged_tree_is_refused_with_the_reason()
    {
        byte[] own = BoardTree.Build(s_options, 0x4800_0000, hasPerformanceMonitors: true);
        int refused = 0;
        for (int bit = 0; bit < own.Length * 8; bit++)
        {
            byte[] broken = [.. own];
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            refused += Probe(broken);
        }

        for (int length = 0; length < own.Length; length++) refused += Probe(own[..length]);
        Assert.InRange(refused, own.Length, own.Length * 9);
    }

    public static TheoryData<string, int, uint> Words => new()
    {
        { "begins with 0x00000000", 0, 0 },
        { "and the file has", 4, uint.MaxValue },
        { "structure block", 8, 0x7fff_fff0 },
        { "strings block", 32, uint.MaxValue },
        { "reservations have no end", 16, 0xffff_fff0 },
        { "reads 17", 20, 16 },
        { "reads 17", 24, 18 },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void A_bad_header_is_refused_with_the_reason(string reason, int at, uint value)
    {
        byte[] tree = BoardTree.Build(s_options, 0, hasPerformanceMonitors: true);
        BinaryPrimitives.WriteUInt32BigEndian(tree.AsSpan(at), value);
        Assert.Contains(reason, Assert.Throws<ArmillaryException>(() => GivenTree.Complete(tree, s_options, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tree_without_bottom_is_refused()
    {
        var writer = new DeviceTreeWriter();
        for (int i = 0; i < 100_000; i++) writer.Begin("");
        for (int i = 0; i < 100_000; i++) writer.EndOfNode();
        byte[] deep = writer.ToArray();
        Assert.Contains("deeper than 64", Assert.Throws<ArmillaryException>(() => GivenTree.Complete(deep, s_options, 0)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zero character", "quiet\0debug")]
    [InlineData("Linux takes 2047", null)]
    public void A_command_line_that_the_kernel_would_not_get_whole_is_refused(string reason, string? text)
    {
        MachineOptions options = s_options with { Kernel = new byte[16], CommandLine = text ?? new string('a', 2048) };
        Assert.Contains(reason, Assert.Throws<ArmillaryException>(() => new Machine(options)).Message, StringComparison.Ordinal);
    }

    private static int Probe(byte[] tree)
    {
        try
        {
            GivenTree.Complete(tree, s_options, 0x4800_0000);
            return 0;
        }
        catch (ArmillaryException)
        {
            return 1;
        }
    }
}
