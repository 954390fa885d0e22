using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Armillary;

/// <summary>Reads ELF files: System V gABI chapters 4 and 5, and "ELF for the Arm 64-bit Architecture".</summary>
internal static class ElfReader
{
    private const int HeaderSize = 64, ProgramHeaderSize = 56;
    private const byte Class64 = 2, LittleEndian = 1, CurrentVersion = 1;
    private const int ExecutableFile = 2, SharedObject = 3;
    private const int MachineAArch64 = 183;
    private const int ManyProgramHeaders = 0xffff; // PN_XNUM
    private const uint Load = 1, Dynamic = 2, Interpreter = 3;
    private const uint ExecuteFlag = 1;

    public static GuestImage Read(ReadOnlyMemory<byte> file, ulong? loadAddress)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        CheckIdentity(bytes);
        int type = U16(bytes, 16);
        if (type is not (ExecutableFile or SharedObject)) throw new ImageFormatException($"The ELF file is of type {type}; only executables (2) and static position-independent ones (3) can be run. Link it first.");
        ulong entry = U64(bytes, 24);
        List<ProgramHeader> headers = ReadProgramHeaders(bytes);
        foreach (ProgramHeader load in headers)
        {
            if (load.Type == Load) CheckSegment(load, bytes.Length);
        }

        List<ProgramHeader> loads = [.. headers.Where(h => h.Type == Load && h.MemorySize != 0)];
        if (loads.Count == 0) throw new ImageFormatException($"The ELF file has {headers.Count} program headers and none that loads anything (PT_LOAD).");
        if (headers.Any(h => h.Type == Interpreter)) throw new ImageFormatException("The ELF file wants a dynamic linker (PT_INTERP). Link it with -static.");
        foreach (ProgramHeader dynamic in headers)
        {
            if (dynamic.Type == Dynamic) ElfDynamic.Check(dynamic, bytes);
        }

        ulong bias = Bias(type, loads, loadAddress);

        List<ImageSegment> segments = [];
        foreach (ProgramHeader load in loads.OrderBy(h => unchecked(h.PhysicalAddress + bias)))
        {
            ulong address = unchecked(load.PhysicalAddress + bias);
            if (address > ulong.MaxValue - (load.MemorySize - 1)) throw new ImageFormatException($"The segment of 0x{load.MemorySize:x} bytes at 0x{address:x} reaches beyond the last address.");
            if (segments.Count > 0 && address <= segments[^1].LastAddress) throw new ImageFormatException($"The segment at 0x{address:x} of 0x{load.MemorySize:x} bytes overlaps the one at 0x{segments[^1].Address:x} of 0x{segments[^1].Size:x} bytes.");
            segments.Add(new ImageSegment(address, load.FileSize == 0 ? default : file.Slice((int)load.Offset, (int)load.FileSize), load.MemorySize, (load.Flags & ExecuteFlag) != 0));
        }

        return new GuestImage(segments, EntryPoint(entry, bias, loads));
    }

    /// <summary>Is it an ELF file of this architecture?</summary>
    public static void CheckIdentity(ReadOnlySpan<byte> bytes)
    {
        if (!GuestImage.IsElf(bytes)) throw new ImageFormatException("The file does not begin as an ELF file does (7f 45 4c 46).");
        if (bytes.Length < HeaderSize) throw new ImageFormatException($"The ELF file is truncated: {bytes.Length} bytes, and its header alone has {HeaderSize}.");
        if (bytes[4] != Class64) throw new ImageFormatException($"The ELF file is of class {bytes[4]}{(bytes[4] == 1 ? " (32-bit)" : "")}; AArch64 needs class {Class64} (64-bit).");
        if (bytes[5] != LittleEndian) throw new ImageFormatException($"The ELF file has data encoding {bytes[5]}{(bytes[5] == 2 ? " (big-endian)" : "")}; only {LittleEndian} (little-endian) can be run.");
        int machine = U16(bytes, 18);
        if (machine != MachineAArch64) throw new ImageFormatException($"The ELF file is for machine {machine}{MachineName(machine)}, not for AArch64 ({MachineAArch64}).");
        if (bytes[6] != CurrentVersion || U32(bytes, 20) != CurrentVersion) throw new ImageFormatException($"The ELF file has version {bytes[6]} and {U32(bytes, 20)}, not {CurrentVersion}.");
    }

    private static List<ProgramHeader> ReadProgramHeaders(ReadOnlySpan<byte> bytes)
    {
        ulong offset = U64(bytes, 32);
        int size = U16(bytes, 54), count = U16(bytes, 56);
        if (count == 0) throw new ImageFormatException("The ELF file has no program headers: it is not linked for running.");
        if (count == ManyProgramHeaders) throw new ImageFormatException($"The ELF file has {ManyProgramHeaders} or more program headers.");
        if (size != ProgramHeaderSize) throw new ImageFormatException($"The ELF file's program headers have {size} bytes each, not {ProgramHeaderSize}.");
        ulong length = (ulong)(count * ProgramHeaderSize);
        if (offset > (ulong)bytes.Length || length > (ulong)bytes.Length - offset) throw new ImageFormatException($"The ELF file is truncated: its {count} program headers at offset 0x{offset:x} end beyond its {bytes.Length} bytes.");
        List<ProgramHeader> headers = [];
        for (int i = 0; i < count; i++) headers.Add(new ProgramHeader(i, bytes.Slice((int)offset + (i * ProgramHeaderSize), ProgramHeaderSize)));
        return headers;
    }

    private static void CheckSegment(in ProgramHeader load, int fileLength)
    {
        if (load.FileSize > load.MemorySize) throw new ImageFormatException($"Program header {load.Index}: 0x{load.FileSize:x} bytes in the file do not fit 0x{load.MemorySize:x} bytes of memory.");
        load.CheckInFile(fileLength);
        if (load.MemorySize != 0 && load.VirtualAddress > ulong.MaxValue - (load.MemorySize - 1)) throw new ImageFormatException($"Program header {load.Index}: 0x{load.MemorySize:x} bytes at virtual address 0x{load.VirtualAddress:x} reach beyond the last address.");
    }

    private static ulong Bias(int type, List<ProgramHeader> loads, ulong? loadAddress)
    {
        if (loadAddress is not { } wanted) return 0;
        if (type == ExecutableFile) throw new ImageFormatException($"The ELF file is linked to run at 0x{loads.Min(h => h.PhysicalAddress):x}: it cannot be loaded at 0x{wanted:x}.");
        ulong bias = unchecked(wanted - loads.Min(h => h.PhysicalAddress));
        ulong alignment = Math.Max(4, loads.Max(h => h.Alignment));
        return bias % alignment == 0 ? bias : throw new ImageFormatException($"The ELF file's segments are aligned to 0x{alignment:x} bytes: it cannot be loaded at 0x{wanted:x}.");
    }

    // An entry of 0 means that there is none (gABI), unless a segment covers address 0.
    private static ulong? EntryPoint(ulong entry, ulong bias, List<ProgramHeader> loads)
    {
        foreach (ProgramHeader load in loads)
        {
            if (entry - load.VirtualAddress >= load.MemorySize) continue;
            ulong address = unchecked(entry - load.VirtualAddress + load.PhysicalAddress + bias);
            return address % 4 == 0 ? address : throw new ImageFormatException($"The ELF file's entry point 0x{entry:x} is not a multiple of 4.");
        }

        return entry == 0 ? null : throw new ImageFormatException($"The ELF file's entry point 0x{entry:x} is in none of its segments.");
    }

    private static string MachineName(int machine) => machine switch
    {
        3 => " (x86)",
        8 => " (MIPS)",
        21 => " (64-bit PowerPC)",
        22 => " (S/390)",
        40 => " (32-bit Arm)",
        62 => " (x86-64)",
        243 => " (RISC-V)",
        258 => " (LoongArch)",
        _ => "",
    };

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);

    /// <summary>Elf64_Phdr (gABI chapter 5).</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly struct ProgramHeader(int index, ReadOnlySpan<byte> bytes)
    {
        public int Index { get; } = index;

        public uint Type { get; } = U32(bytes, 0);

        public uint Flags { get; } = U32(bytes, 4);

        public ulong Offset { get; } = U64(bytes, 8);

        public ulong VirtualAddress { get; } = U64(bytes, 16);

        public ulong PhysicalAddress { get; } = U64(bytes, 24);

        public ulong FileSize { get; } = U64(bytes, 32);

        public ulong MemorySize { get; } = U64(bytes, 40);

        public ulong Alignment { get; } = U64(bytes, 48);

        public void CheckInFile(int fileLength)
        {
            if (FileSize == 0) return;
            if (Offset > (ulong)fileLength || FileSize > (ulong)fileLength - Offset)
            {
                throw new ImageFormatException($"The ELF file is truncated: program header {Index} wants 0x{FileSize:x} bytes at offset 0x{Offset:x}, and the file has 0x{fileLength:x} bytes.");
            }
        }
    }
}
