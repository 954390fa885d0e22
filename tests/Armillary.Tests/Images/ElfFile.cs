using System.Buffers.Binary;

namespace Armillary.Tests.Images;

/// <summary>Builds ELF files, right ones and wrong ones.</summary>
internal sealed class ElfFile
{
    public byte Class { get; init; } = 2;

    public byte Encoding { get; init; } = 1;

    public byte Version { get; init; } = 1;

    public ushort Type { get; init; } = 2;

    public ushort Machine { get; init; } = 183;

    public ulong Entry { get; init; }

    public ushort ProgramHeaderSize { get; init; } = 56;

    public ulong? ProgramHeaderOffset { get; init; }

    public ushort? ProgramHeaderCount { get; init; }

    public List<Segment> Segments { get; init; } = [];

    public byte[] ToBytes()
    {
        int headers = 64 + (56 * Segments.Count);
        byte[] file = new byte[headers + Segments.Sum(s => s.Data.Length)];
        "\u007fELF"u8.CopyTo(file);
        file[4] = Class;
        file[5] = Encoding;
        file[6] = Version;
        Put16(file, 16, Type);
        Put16(file, 18, Machine);
        Put32(file, 20, Version);
        Put64(file, 24, Entry);
        Put64(file, 32, ProgramHeaderOffset ?? 64);
        Put16(file, 52, 64);
        Put16(file, 54, ProgramHeaderSize);
        Put16(file, 56, ProgramHeaderCount ?? (ushort)Segments.Count);
        int data = headers;
        for (int i = 0; i < Segments.Count; i++)
        {
            Segment segment = Segments[i];
            int at = 64 + (56 * i);
            Put32(file, at, segment.Type);
            Put32(file, at + 4, segment.Flags);
            Put64(file, at + 8, segment.Offset ?? (ulong)data);
            Put64(file, at + 16, segment.VirtualAddress);
            Put64(file, at + 24, segment.PhysicalAddress ?? segment.VirtualAddress);
            Put64(file, at + 32, segment.FileSize ?? (ulong)segment.Data.Length);
            Put64(file, at + 40, segment.MemorySize ?? (ulong)segment.Data.Length);
            Put64(file, at + 48, segment.Alignment);
            segment.Data.CopyTo(file, data);
            data += segment.Data.Length;
        }

        return file;
    }

    public static byte[] Dynamic(params ulong[] entries)
    {
        byte[] bytes = new byte[entries.Length * 8];
        for (int i = 0; i < entries.Length; i++) Put64(bytes, i * 8, entries[i]);
        return bytes;
    }

    private static void Put16(byte[] bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(offset), value);

    private static void Put32(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    private static void Put64(byte[] bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);

    internal sealed record Segment(ulong VirtualAddress, byte[] Data)
    {
        public uint Type { get; init; } = 1;

        public uint Flags { get; init; } = 5;

        public ulong? Offset { get; init; }

        public ulong? PhysicalAddress { get; init; }

        public ulong? FileSize { get; init; }

        public ulong? MemorySize { get; init; }

        public ulong Alignment { get; init; } = 4;
    }
}
