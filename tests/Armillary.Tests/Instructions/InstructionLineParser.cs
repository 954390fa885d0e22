using System.Globalization;
using Armillary.Arm64;

namespace Armillary.Tests.Instructions;

/// <summary>Parses one line; <see cref="InstructionFile"/> documents the format. What it does not say is refused.</summary>
internal sealed class InstructionLineParser(string file, int number, string line)
{
    private const int MaxWords = 32;
    private const string Arrow = "=>";

    public InstructionCase Parse()
    {
        int open = line.IndexOf('"', StringComparison.Ordinal);
        int close = line.LastIndexOf('"');
        if (open < 0 || close == open) throw Error("the instruction's text in quotes is missing");
        string text = line[(open + 1)..close];
        if (text.Length == 0 || text.Contains('"', StringComparison.Ordinal)) throw Error("the instruction's text must be one quoted part, and not empty");
        if (open == 0 || line[open - 1] != ' ') throw Error("one space must stand before the quoted text");
        if (close + 1 >= line.Length || line[close + 1] != ' ') throw Error("one space must stand after the quoted text");

        uint[] words = [.. line[..(open - 1)].Split(' ').Select(ParseWord)];
        if (words.Length > MaxWords) throw Error($"{words.Length} instructions, but at most {MaxWords} fit");
        string[] parts = line[(close + 2)..].Split(' ');
        int arrow = Array.IndexOf(parts, Arrow);
        if (arrow < 0) throw Error("\"=>\" is missing");
        if (Array.LastIndexOf(parts, Arrow) != arrow) throw Error("\"=>\" stands twice");

        NamedState before = ParseState(parts[..arrow]);
        if (before.PcOffset != null || before.Exception != null) throw Error("pc and exception may be named only after \"=>\"");
        string[] partsAfter = parts[(arrow + 1)..];
        bool undefined = partsAfter is ["undefined"];
        NamedState after = undefined ? new NamedState() : ParseState(partsAfter);
        if (after.System.Count > 0) throw Error("system registers may be named only before \"=>\"");
        if (after.Exception != null && after.PcOffset == null) throw Error("an exception has a pc");
        if (after.PcOffset == 4L * words.Length) throw Error("pc is that of the next instruction and must not be named");
        RefuseUnchanged(before, after);
        return new InstructionCase
        {
            File = file,
            Line = number,
            Words = words,
            Text = text,
            Before = before,
            After = after,
            IsUndefined = undefined,
        };
    }

    private NamedState ParseState(string[] parts)
    {
        NamedState state = new();
        foreach (string part in parts)
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw Error(part.Length == 0 ? "more than one space" : $"\"{part}\" is not NAME=VALUE");
            string name = part[..equals];
            string value = part[(equals + 1)..];
            if (!TryAssign(state, name, value)) throw Error($"\"{name}\" is named twice");
        }

        return state;
    }

    private bool TryAssign(NamedState state, string name, string value)
    {
        bool isNew;
        switch (name)
        {
            case "sp":
                isNew = state.Sp == null;
                state.Sp = ParseNumber(value);
                return isNew;
            case "nzcv":
                isNew = state.Nzcv == null;
                state.Nzcv = ParseFlags(value);
                return isNew;
            case "tpidr_el0":
                isNew = state.TpidrEL0 == null;
                state.TpidrEL0 = ParseNumber(value);
                return isNew;
            case "fpcr":
                isNew = state.Fpcr == null;
                state.Fpcr = ParseStatus(name, value, GuestState.FpcrBits);
                return isNew;
            case "fpsr":
                isNew = state.Fpsr == null;
                state.Fpsr = ParseStatus(name, value, GuestState.FpsrBits);
                return isNew;
            case "pc":
                isNew = state.PcOffset == null;
                state.PcOffset = ParseOffset(value);
                return isNew;
            case "exception":
                isNew = state.Exception == null;
                state.Exception = ParseNumber(value);
                return isNew;
        }

        if (name[0] == '[')
        {
            MemoryCell cell = ParseCell(name, value);
            isNew = !state.Memory.Exists(cell.Overlaps);
            state.Memory.Add(cell);
            return isNew;
        }

        if (NamedState.TryFind(name, out SystemRegister register))
        {
            isNew = state.System.TrueForAll(r => r.Register != register);
            state.System.Add((register, ParseNumber(value)));
            return isNew;
        }

        return name[0] == 'v'
            ? state.V.TryAdd(ParseRegister(name, GuestState.VCount), ParseHexadecimal(value, 32))
            : state.X.TryAdd(ParseRegister(name, GuestState.XCount), ParseNumber(value));
    }

    private void RefuseUnchanged(NamedState before, NamedState after)
    {
        foreach ((int register, ulong value) in after.X)
        {
            if (before.X.TryGetValue(register, out ulong old) && old == value) throw Error($"x{register} does not change and must not be named after \"=>\"");
        }

        foreach ((int register, UInt128 value) in after.V)
        {
            if (before.V.TryGetValue(register, out UInt128 old) && old == value) throw Error($"v{register} does not change and must not be named after \"=>\"");
        }

        if (after.Fpcr != null && after.Fpcr == before.Fpcr) throw Error("fpcr does not change and must not be named after \"=>\"");
        if (after.Fpsr != null && after.Fpsr == before.Fpsr) throw Error("fpsr does not change and must not be named after \"=>\"");
        if (after.Sp != null && after.Sp == before.Sp) throw Error("sp does not change and must not be named after \"=>\"");
        if (after.Nzcv != null && after.Nzcv == before.Nzcv) throw Error("nzcv does not change and must not be named after \"=>\"");
        if (after.TpidrEL0 != null && after.TpidrEL0 == before.TpidrEL0) throw Error("tpidr_el0 does not change and must not be named after \"=>\"");
        foreach (MemoryCell cell in after.Memory)
        {
            if (!cell.IsInWindow) throw Error($"{cell} is not in the data window, so it cannot change");
            if (before.Memory.Contains(cell)) throw Error($"{cell} does not change and must not be named after \"=>\"");
        }
    }

    private uint ParseWord(string digits)
    {
        if (digits.Length != 8 || !digits.All(char.IsAsciiHexDigitLower)) throw Error($"\"{digits}\" is not an instruction of 8 lowercase hexadecimal digits");
        return uint.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private int ParseRegister(string name, int count)
    {
        bool valid = name.Length is 2 or 3 && name[0] is ('x' or 'v') && char.IsAsciiDigit(name[1]) && char.IsAsciiDigit(name[^1]) && (name.Length == 2 || name[1] != '0');
        int register = valid ? int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture) : count;
        return register < count ? register : throw Error($"\"{name}\" is not a name of state: x0 to x30, v0 to v31, sp, nzcv, tpidr_el0, fpcr, fpsr, a system register, pc, exception or [0x...]:SIZE");
    }

    private uint ParseFlags(string value) => value.Length == 1 && char.IsAsciiHexDigitLower(value[0])
        ? (uint)Convert.ToInt32(value, 16)
        : throw Error($"nzcv \"{value}\" is not one lowercase hexadecimal digit");

    private uint ParseStatus(string name, string value, uint bits)
    {
        ulong number = ParseNumber(value);
        return (number & ~bits) == 0 ? (uint)number : throw Error($"{name} {value} has bits outside 0x{bits:x}");
    }

    private long ParseOffset(string value)
    {
        string digits = value.Length > 1 ? value[1..] : "";
        ulong magnitude = digits.Length == 1 && char.IsAsciiDigit(digits[0]) ? (ulong)(digits[0] - '0') : ParseNumber(digits);
        if (value[0] is not ('+' or '-') || magnitude > long.MaxValue) throw Error($"pc \"{value}\" is not an offset as +8 or -0x400");
        return value[0] == '-' ? -(long)magnitude : (long)magnitude;
    }

    private MemoryCell ParseCell(string name, string value)
    {
        int end = name.IndexOf("]:", StringComparison.Ordinal);
        if (end < 0) throw Error($"\"{name}\" is not memory as [0x50000780]:8");
        ulong address = ParseNumber(name[1..end]);
        int size = name[(end + 2)..] switch
        {
            "1" => 1,
            "2" => 2,
            "4" => 4,
            "8" => 8,
            "16" => 16,
            _ => throw Error($"\"{name}\": the size must be 1, 2, 4, 8 or 16"),
        };
        UInt128 number = ParseHexadecimal(value, 2 * size);
        MemoryCell cell = new(address, size, number);
        ulong last = address + (ulong)size - 1;
        bool isLiteral = address >= GuestState.CodeAreaAddress && last >= address && last < GuestState.CodeAreaEnd;
        bool isData = cell.IsInWindow && last < GuestState.WindowAddress + GuestState.WindowSize;
        return isLiteral || isData ? cell : throw Error($"{cell} is outside the data window and the code area");
    }

    private ulong ParseNumber(string value) => (ulong)ParseHexadecimal(value, 16);

    private UInt128 ParseHexadecimal(string value, int maxDigits)
    {
        string digits = value.StartsWith("0x", StringComparison.Ordinal) ? value[2..] : "";
        if (digits.Length == 0 || !digits.All(char.IsAsciiHexDigitLower)) throw Error($"\"{value}\" is not a number as 0x1f");
        if (digits.Length > maxDigits) throw Error($"{value} has more than {maxDigits} digits");
        return UInt128.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    private InstructionFileException Error(string problem) => new(file, number, problem);
}
