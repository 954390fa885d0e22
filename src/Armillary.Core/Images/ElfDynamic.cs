using System.Buffers.Binary;

namespace Armillary;

/// <summary>The dynamic section of a position-independent executable: refuses what only a dynamic linker could run.</summary>
internal static class ElfDynamic
{
    private const int EntrySize = 16;
    private const ulong End = 0, Needed = 1;

    // The sizes of the four relocation tables, in bytes (gABI chapter 5): DT_RELASZ, DT_RELSZ, DT_PLTRELSZ, DT_RELRSZ.
    private static readonly (ulong Tag, string Name)[] s_relocations = [(8, "DT_RELASZ"), (18, "DT_RELSZ"), (2, "DT_PLTRELSZ"), (35, "DT_RELRSZ")];

    public static void Check(in ElfReader.ProgramHeader dynamic, ReadOnlySpan<byte> file)
    {
        dynamic.CheckInFile(file.Length);
        if (dynamic.FileSize == 0) return;
        ReadOnlySpan<byte> entries = file.Slice((int)dynamic.Offset, (int)dynamic.FileSize);
        for (; entries.Length >= EntrySize; entries = entries[EntrySize..])
        {
            ulong tag = BinaryPrimitives.ReadUInt64LittleEndian(entries);
            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(entries[8..]);
            if (tag == End) return;
            if (tag == Needed) throw new ImageFormatException("The ELF file needs shared libraries (DT_NEEDED). Link it with -static.");
            foreach ((ulong relocation, string name) in s_relocations)
            {
                if (tag == relocation && value != 0) throw new ImageFormatException($"The ELF file has 0x{value:x} bytes of relocations ({name}), and nothing here applies them. Link it at a fixed address (-no-pie).");
            }
        }
    }
}
