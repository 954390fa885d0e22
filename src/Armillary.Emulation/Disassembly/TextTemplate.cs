using System.Text;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Disassembly;

internal delegate void TextPiece(StringBuilder text, in DecodedWord word);

internal delegate bool TextCondition(in DecodedWord word);

internal delegate long TextNumber(in DecodedWord word);

/// <summary>
/// The assembly text of a row, compiled from <see cref="Row.Text"/>. A template is one or more alternatives separated by
/// <c> | </c>; the first whose condition holds is written, and the last has none:
/// <code>
/// ?d=31 cmp {n}, {m}{shift} | subs {d}, {n}, {m}{shift}
/// </code>
/// A condition is a field of the pattern and a number (<c>?d=31</c>) or a name of <see cref="TextConditions"/>.
/// In braces, where letters are those of the row's pattern:
/// <code>
/// {d} {n} {m} {a} {t} {s} {e} {c}   a register in the row's width; 31 is SP if the pattern's letter is a capital, else ZR.
///                                   {d} also finds b. Straight behind [ it is a base address and has 64 bits
/// {wd} {xm}                         a register in the width given
/// {v} {u} {w} {g}                   a vector register: v3
/// {v.b} {v.h} {v.s} {v.d}           with the arrangement that Q, the row's width, gives: v3.8b or v3.16b
/// {v.2d} {v.1q} ...                 with the arrangement given
/// {vB} {vH} {vS} {vD} {vQ}          its lowest bits: d3
/// {v*2.b} {u*4.16b} {v*3.S}         a list of registers in braces; a capital letter is an arrangement without the count
/// {c+1}                             the register after it
/// {i:d} {i:x}                       a field, decimal or hexadecimal with 0x; instead of a letter also a name of
///                                   <see cref="TextPieces.Numbers"/>: imm, aux, option, bit, lsb, width, imm8
/// {?o:l}                            the text behind the colon if the one-bit field is 1
/// {shift} {target} ...              a name of <see cref="TextPieces.All"/>
/// </code>
/// Everything else stands for itself. A mistake is an <see cref="InvalidOperationException"/>; a test compiles every row's.
/// </summary>
internal sealed class TextTemplate
{
    private readonly string _template;
    private readonly Pattern _pattern;
    private readonly Alternative[] _alternatives;

    public TextTemplate(string template, in Pattern pattern)
    {
        _template = template;
        _pattern = pattern;
        _alternatives = [.. template.Split(" | ").Select(Compile)];
        if (_alternatives[^1].Condition is not null) throw Wrong("the last alternative has a condition");
    }

    /// <summary>The text of a word that the row decodes.</summary>
    public string Format(in DecodedWord word)
    {
        int chosen = 0;
        while (_alternatives[chosen].Condition is { } condition && !condition(word)) chosen++;
        var text = new StringBuilder(40);
        foreach (TextPiece piece in _alternatives[chosen].Pieces) piece(text, word);
        return text.ToString();
    }

    private Alternative Compile(string alternative)
    {
        TextCondition? condition = null;
        if (alternative.StartsWith('?'))
        {
            int end = alternative.IndexOf(' ', StringComparison.Ordinal);
            if (end < 0) throw Wrong("a condition without a text");
            condition = CompileCondition(alternative[1..end]);
            alternative = alternative[(end + 1)..];
        }

        var pieces = new List<TextPiece>();
        for (int at = 0; at < alternative.Length;)
        {
            int open = alternative.IndexOf('{', at);
            string literal = open < 0 ? alternative[at..] : alternative[at..open];
            if (literal.Length > 0) pieces.Add((text, in _) => text.Append(literal));
            if (open < 0) break;
            int close = alternative.IndexOf('}', open);
            if (close < 0) throw Wrong("a brace is not closed");
            pieces.Add(CompilePlaceholder(alternative[(open + 1)..close], isBase: literal.EndsWith('[')));
            at = close + 1;
        }

        return new Alternative(condition, [.. pieces]);
    }

    private TextCondition CompileCondition(string condition)
    {
        if (TextConditions.All.TryGetValue(condition, out TextCondition? named)) return named;
        if (condition.Length > 2 && condition[1] == '=' && uint.TryParse(condition[2..], out uint value) && Locate(condition[0]) is { } field)
        {
            return (in word) => word.Field(field.High, field.Low) == value;
        }

        throw Wrong($"no condition '{condition}'");
    }

    private TextPiece CompilePlaceholder(string name, bool isBase)
    {
        if (TextPieces.All.TryGetValue(name, out TextPiece? piece)) return piece;
        if (TextVectors.Compile(name, Locate) is { } vector) return vector;
        if (name.StartsWith('?') && name.Length > 3 && name[2] == ':') return CompileFlag(name[1], name[3..]);
        if (name.EndsWith(":d", StringComparison.Ordinal))
        {
            TextNumber number = CompileNumber(name[..^2]);
            return (text, in word) => text.AppendDecimal(number(word));
        }

        if (name.EndsWith(":x", StringComparison.Ordinal))
        {
            TextNumber number = CompileNumber(name[..^2]);
            return (text, in word) => text.AppendHex((ulong)number(word));
        }

        return CompileRegister(name, isBase) ?? throw Wrong($"no placeholder '{{{name}}}'");
    }

    private TextPiece CompileFlag(char letter, string shown)
    {
        if (Locate(letter) is not { } field || field.High != field.Low) throw Wrong($"no one-bit field '{letter}'");
        return (text, in word) =>
        {
            if (word.Field(field.High, field.Low) != 0) text.Append(shown);
        };
    }

    private TextNumber CompileNumber(string name)
    {
        if (TextPieces.Numbers.TryGetValue(name, out TextNumber? number)) return number;
        if (name.Length == 1 && Locate(name[0]) is { } field) return (in word) => word.Field(field.High, field.Low);
        throw Wrong($"no number '{name}'");
    }

    private TextPiece? CompileRegister(string name, bool isBase)
    {
        bool? is64 = isBase ? true : null;
        int after = 0;
        if (name.Length > 1 && name[0] is 'w' or 'x') (is64, name) = (name[0] == 'x', name[1..]);
        if (name.EndsWith("+1", StringComparison.Ordinal)) (after, name) = (1, name[..^2]);
        if (name.Length != 1 || !"dnmatsec".Contains(name[0], StringComparison.Ordinal)) return null;
        char letter = name[0], capital = char.ToUpperInvariant(letter);
        bool isStack = _pattern.Text.Contains(capital, StringComparison.Ordinal);
        (int High, int Low)? found = Locate(isStack ? capital : letter) ?? (letter == 'd' ? Locate('b') : null);
        if (found is not { } field) return null;
        return (text, in word) => text.AppendRegister((int)word.Field(field.High, field.Low) + after, is64 ?? word.Operands.Is64, isStack);
    }

    private (int High, int Low)? Locate(char letter)
    {
        int first = _pattern.Text.IndexOf(letter, StringComparison.Ordinal), last = _pattern.Text.LastIndexOf(letter);
        if (first < 0 || letter is '0' or '1') return null;
        if (_pattern.Text.AsSpan(first..(last + 1)).ContainsAnyExcept(letter)) throw Wrong($"field '{letter}' is in several pieces");
        return (31 - first, 31 - last);
    }

    private InvalidOperationException Wrong(string what) => new($"Template '{_template}' of pattern {_pattern.Text}: {what}.");

    private readonly record struct Alternative(TextCondition? Condition, TextPiece[] Pieces);
}
