using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text;

namespace Armillary.Examples;

/// <summary>What the examples say: Texts.resx in English, Texts.ja.resx in Japanese.</summary>
public static class Texts
{
    private const string BaseName = "Armillary.Examples.Texts";
    private static readonly Assembly s_assembly = typeof(Texts).Assembly;
    private static readonly ResourceManager s_english = new(BaseName, s_assembly);
    private static readonly ResourceManager s_own = OfLanguage(Language()) ?? s_english;

    // A console that is not UTF-8, as Windows' own, would turn the check marks into question marks.
    static Texts() => Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a line in the user's language.</summary>
    /// <param name="name">The line's name in Texts.resx.</param>
    /// <param name="values">What its {0}, {1}, ... stand for.</param>
    public static void Say(string name, params ReadOnlySpan<object> values)
    {
        string line = s_own.GetString(name, CultureInfo.InvariantCulture)
            ?? s_english.GetString(name, CultureInfo.InvariantCulture)
            ?? throw new ArgumentException($"Texts.resx has no {name}.", nameof(name));
        Console.WriteLine(string.Format(CultureInfo.InvariantCulture, line, values));
    }

    // POSIX's variables in their order, then the UI culture. On Linux .NET makes its UI culture of the same variables;
    // elsewhere, and in globalization-invariant mode, it does not look at them.
    private static string Language()
    {
        string locale = Variable("LC_ALL") ?? Variable("LC_MESSAGES") ?? Variable("LANG") ?? CultureInfo.CurrentUICulture.Name;
        return locale.Split('_', '-', '.', '@')[0];
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static ResourceManager? OfLanguage(string language)
        => s_assembly.GetManifestResourceInfo($"{BaseName}.{language}.resources") is null ? null : new ResourceManager($"{BaseName}.{language}", s_assembly);
}
