using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Machine.Tests.Boot;

/// <summary>Bare-metal programs as kernels: ELF files and code without a header.</summary>
public sealed class GuestLoaderTests
{
    private const ulong Flat = MemoryMap.Ram + 0x8_0000;

    // Prints the first byte of the device tree, 0xd0, and switches off.
    private static readonly Instruction[] s_program =
    [
        Ldrb(W1, Mem(X0)), Movz(X5, (int)(MemoryMap.Uart >> 16), 16), Str(W1, Mem(X5)),
        Movz(X0, 8), Movk(X0, 0x8400, 16), Hvc(0),
    ];

    [Fact]
    public void Code_without_a_header_runs_512_KiB_behind_the_beginning_of_RAM_with_the_tree_in_X0()
        => Assert.Equal(("\u00d0", MachineExitReason.PowerOff), Run(Assemble(Flat, s_program)));

    // The tree is at the beginning of RAM, or, where the program is there, behind it.
    [Theory]
    [InlineData(MemoryMap.Ram + 0x10_0000)]
    [InlineData(MemoryMap.Ram)]
    [InlineData(MemoryMap.Ram + 0x100)]
    public void An_ELF_file_runs_where_it_says(ulong address)
        => Assert.Equal(("\u00d0", MachineExitReason.PowerOff), Run(Elf(address, MemoryMarshal.AsBytes(Assemble(address, s_program).AsSpan()), 0x1000)));

    public static TheoryData<string, byte[]> Bad => new()
    {
        { "outside RAM", Elf(0x1000, new byte[16], 16) },
        { "outside RAM", Elf(MemoryMap.Ram, new byte[16], 17 << 20) },
        { "outside RAM", Elf(0xffff_ffff_ffff_f000, new byte[16], 0x1000) },
        { "does not fit", Elf(MemoryMap.Ram, new byte[16], 16 << 20) },
        { "compressed kernel is damaged", [0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0] },
        { "compressed by xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] },
        { "neither an arm64 kernel image nor an ELF file", Gzip("070701 an archive"u8) },
        { "empty", [] },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_cannot_be_loaded_is_refused_with_the_reason(string reason, byte[] kernel)
        => Assert.Contains(reason, Assert.ThrowsAny<ArmillaryException>(() => new Machine(Options(kernel))).Message, StringComparison.Ordinal);

    private static byte[] Gzip(ReadOnlySpan<byte> content)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(content);
        return file.ToArray();
    }

    private static (string Output, MachineExitReason Reason) Run(uint[] words) => Run(MemoryMarshal.AsBytes(words.AsSpan()).ToArray());

    private static (string Output, MachineExitReason Reason) Run(byte[] kernel)
    {
        using var output = new MemoryStream();
        using var machine = new Machine(Options(kernel) with { ConsoleOutput = output });
        using var hang = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        MachineExitReason reason = machine.Run(hang.Token).Reason;
        return (System.Text.Encoding.Latin1.GetString(output.ToArray()), reason);
    }

    private static MachineOptions Options(byte[] kernel) => new() { Engine = new SoftwareBackend(), Kernel = kernel, Memory = 16ul << 20 };

    // One PT_LOAD segment.
    private static byte[] Elf(ulong address, ReadOnlySpan<byte> code, ulong memorySize)
    {
        byte[] file = new byte[120 + code.Length];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), 183);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(52), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 1);
        ulong[] words = [1 | (5ul << 32), 120, address, address, (ulong)code.Length, memorySize, 4];
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), address);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(32), 64);
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(64 + (8 * i)), words[i]);
        code.CopyTo(file.AsSpan(120));
        return file;
    }
}
