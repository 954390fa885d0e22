using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Armillary;

/// <summary>Names of a guest's addresses: the symbols of an ELF file, or lines as <c>nm</c> and Linux's <c>System.map</c> have them.</summary>
public sealed class SymbolTable
{
    private const int SectionHeaderSize = 64, SymbolSize = 24;
    private const uint SymbolSection = 2; // SHT_SYMTAB
    private const int Untyped = 0, Function = 2; // STT_NOTYPE, STT_FUNC

    // Further behind a symbol than this is something that has no name.
    private const ulong Reach = 1 << 20;

    private readonly ulong[] _addresses;
    private readonly string[] _names;

    private SymbolTable(List<(ulong Address, string Name)> symbols)
    {
        symbols.Sort((a, b) => a.Address != b.Address ? a.Address.CompareTo(b.Address) : string.CompareOrdinal(a.Name, b.Name));
        _addresses = [.. symbols.Select(symbol => symbol.Address)];
        _names = [.. symbols.Select(symbol => symbol.Name)];
    }

    /// <summary>How many names there are.</summary>
    public int Count => _names.Length;

    /// <summary>Reads the names of code; an ELF file may have none.</summary>
    /// <param name="file">An ELF file, or text of lines of address, type and name.</param>
    /// <exception cref="ImageFormatException">The ELF file is damaged, or the text is none of that kind.</exception>
    public static SymbolTable Read(ReadOnlyMemory<byte> file) => new(GuestImage.IsElf(file.Span) ? ReadElf(file.Span) : ReadText(file.Span));

    /// <summary>The name of an address, with how far it is behind it: <c>main</c>, <c>main+0x10</c>. Null if nothing with a name is near.</summary>
    /// <param name="address">A virtual address, of a kernel that stands where it was linked to.</param>
    public string? Find(ulong address)
    {
        int at = Array.BinarySearch(_addresses, address);
        if (at < 0) at = ~at - 1;
        if (at < 0 || address - _addresses[at] >= Reach) return null;
        while (at > 0 && _addresses[at - 1] == _addresses[at]) at--;
        ulong offset = address - _addresses[at];
        return offset == 0 ? _names[at] : $"{_names[at]}+0x{offset:x}";
    }

    private static List<(ulong Address, string Name)> ReadText(ReadOnlySpan<byte> text)
    {
        var symbols = new List<(ulong, string)>();
        int number = 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            number++;
            string line = Encoding.UTF8.GetString(text[range]).Trim();
            if (line.Length == 0) continue;
            string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 3 || parts[1].Length != 1 || !ulong.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address))
            {
                throw new ImageFormatException($"Line {number} of the symbols is not an address, a type and a name.");
            }

            if (parts[1] is "t" or "T" or "w" or "W" or "v" or "V") symbols.Add((address, parts[2]));
        }

        return symbols;
    }

    // System V gABI, chapter 4: section headers, symbol table, string table.
    private static List<(ulong Address, string Name)> ReadElf(ReadOnlySpan<byte> file)
    {
        ElfReader.CheckIdentity(file);
        var symbols = new List<(ulong, string)>();
        ulong at = BinaryPrimitives.ReadUInt64LittleEndian(file[40..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(file[58..]), count = BinaryPrimitives.ReadUInt16LittleEndian(file[60..]);
        if (at == 0 || count == 0) return symbols;
        if (size != SectionHeaderSize) throw new ImageFormatException($"The ELF file's section headers have {size} bytes, not {SectionHeaderSize}.");
        ReadOnlySpan<byte> headers = Part(file, at, (ulong)(count * size), "section headers");
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = headers.Slice(i * size, size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != SymbolSection) continue;
            uint link = BinaryPrimitives.ReadUInt32LittleEndian(header[40..]);
            if (link >= (uint)count) throw new ImageFormatException($"The ELF file's symbols have their names in section {link} of {count}.");
            Add(symbols, Content(file, header, "symbols"), Content(file, headers.Slice((int)link * size, size), "names of symbols"));
        }

        return symbols;
    }

    private static void Add(List<(ulong Address, string Name)> symbols, ReadOnlySpan<byte> table, ReadOnlySpan<byte> names)
    {
        for (; table.Length >= SymbolSize; table = table[SymbolSize..])
        {
            uint name = BinaryPrimitives.ReadUInt32LittleEndian(table);
            bool isCode = (table[4] & 15) is Untyped or Function && BinaryPrimitives.ReadUInt16LittleEndian(table[6..]) != 0;
            if (!isCode || name == 0) continue;
            int length = name < (uint)names.Length ? names[(int)name..].IndexOf((byte)0) : -1;
            if (length < 0) throw new ImageFormatException($"The ELF file has a symbol whose name begins at {name} of {names.Length} bytes and does not end.");
            string text = Encoding.UTF8.GetString(names.Slice((int)name, length));
            if (!text.StartsWith('$')) symbols.Add((BinaryPrimitives.ReadUInt64LittleEndian(table[8..]), text)); // $x and $d tell code from data
        }
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> file, ReadOnlySpan<byte> header, string what)
        => Part(file, BinaryPrimitives.ReadUInt64LittleEndian(header[24..]), BinaryPrimitives.ReadUInt64LittleEndian(header[32..]), what);

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> file, ulong at, ulong size, string what)
        => at <= (ulong)file.Length && size <= (ulong)file.Length - at ? file.Slice((int)at, (int)size) : throw new ImageFormatException($"The ELF file's {what}, 0x{size:x} bytes from 0x{at:x}, lie outside its {file.Length} bytes.");
}
