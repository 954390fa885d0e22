using System.Globalization;
using System.Text;

namespace Armillary.Emulation.Disassembly;

/// <summary>The vector registers of <see cref="TextTemplate"/>.</summary>
internal static class TextVectors
{
    private const string Registers = "vuwg";
    private const string Scalars = "BHSDQ";
    private const string Elements = "bhsd";

    /// <summary>The piece of a placeholder, or null if it is none of a vector register.</summary>
    /// <param name="name">What stands in the braces.</param>
    /// <param name="locate">Finds a field of the pattern.</param>
    public static TextPiece? Compile(string name, Func<char, (int High, int Low)?> locate)
    {
        if (!Registers.Contains(name[0], StringComparison.Ordinal) || locate(name[0]) is not { } field) return null;
        string rest = name[1..];
        if (rest.Length == 0) return (text, in word) => text.Append('v').AppendDecimal(word.Field(field.High, field.Low));
        if (rest.Length == 1 && Scalars.Contains(rest[0], StringComparison.Ordinal))
        {
            char scalar = char.ToLowerInvariant(rest[0]);
            return (text, in word) => text.Append(scalar).AppendDecimal(word.Field(field.High, field.Low));
        }

        if (rest[0] == '.') return (text, in word) => Append(text, word.Field(field.High, field.Low), rest[1..], word.Operands.Is64);
        if (rest.Length < 4 || rest[0] != '*' || rest[2] != '.') return null;
        uint count = (uint)(rest[1] - '0');
        return (text, in word) => AppendList(text, word.Field(field.High, field.Low), count, rest[3..], word.Operands.Is64);
    }

    // Like objdump, a range where there are more than two and they do not wrap.
    private static void AppendList(StringBuilder text, uint first, uint count, string arrangement, bool isQ)
    {
        text.Append('{');
        Append(text, first, arrangement, isQ);
        bool isRange = count > 2 && first + count <= 32;
        for (uint i = isRange ? count - 1 : 1; i < count; i++)
        {
            text.Append(isRange ? "-" : ", ");
            Append(text, (first + i) & 31, arrangement, isQ);
        }

        text.Append('}');
    }

    private static void Append(StringBuilder text, uint register, string arrangement, bool isQ)
    {
        text.Append(CultureInfo.InvariantCulture, $"v{register}.");
        int size = arrangement.Length == 1 ? Elements.IndexOf(arrangement[0], StringComparison.Ordinal) : -1;
        if (size >= 0) text.AppendDecimal((isQ ? 16 : 8) >> size);
        text.Append(arrangement.ToLowerInvariant());
    }
}
