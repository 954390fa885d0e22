using System.Globalization;

namespace Armillary.Cli;

/// <summary>Numbers as the command line takes them: decimal, or hexadecimal after 0x; digits may be grouped by underscores.</summary>
internal static class Number
{
    public static bool TryParse(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        if (text.IsEmpty || text[0] == '_' || text[^1] == '_') return false;
        string digits = text.ToString().Replace("_", "", StringComparison.Ordinal);
        return digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A number with a binary suffix: K, M, G or T.</summary>
    public static bool TryParseSize(ReadOnlySpan<char> text, out ulong value)
    {
        int shift = text.IsEmpty ? 0 : char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => 0,
        };
        if (!TryParse(shift == 0 ? text : text[..^1], out value) || value > ulong.MaxValue >> shift) return false;
        value <<= shift;
        return true;
    }

    /// <summary>A number, or a negative one in two's complement.</summary>
    public static bool TryParseRegister(ReadOnlySpan<char> text, out ulong value)
    {
        if (!text.StartsWith('-')) return TryParse(text, out value);
        if (!TryParse(text[1..], out value) || value > 1UL << 63) return false;
        value = unchecked(0 - value);
        return true;
    }
}
