using System.Formats.Asn1;
using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Armillary.Signing;

/// <summary>
/// Entitlements as a signature carries them: a property list in XML (blob 0xfade7171) and the same in DER (blob 0xfade7172), which macOS 12 and
/// later read. The DER form is APPLICATION 16 { INTEGER 1, [16] { SEQUENCE { UTF8String key, value } ... by key } }.
/// </summary>
internal sealed class Entitlements
{
    /// <summary>What a process needs for Hypervisor.framework.</summary>
    public const string Hypervisor = "com.apple.security.hypervisor";

    private static readonly Asn1Tag s_outer = new(TagClass.Application, 16, isConstructed: true), s_dictionary = new(TagClass.ContextSpecific, 16, isConstructed: true);

    private readonly XElement _dictionary;

    private Entitlements(byte[] xml, XElement dictionary)
    {
        Xml = xml;
        _dictionary = dictionary;
        Der = Encode(dictionary);
    }

    /// <summary>The hypervisor's and no other.</summary>
    public static Entitlements ForHypervisor { get; } = Parse(Encoding.UTF8.GetBytes($"""
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <plist version="1.0">
        <dict>
            <key>{Hypervisor}</key>
            <true/>
        </dict>
        </plist>

        """.ReplaceLineEndings("\n")));

    public byte[] Xml { get; }

    public byte[] Der { get; }

    /// <summary>The keys whose value is true.</summary>
    public IEnumerable<string> Granted => Pairs(_dictionary).Where(static pair => pair.Value.Name.LocalName == "true").Select(static pair => pair.Key);

    /// <summary>Reads a property list.</summary>
    /// <exception cref="SigningException">It is none, or has values of a kind that entitlements have not.</exception>
    public static Entitlements Parse(byte[] xml)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            XElement? root = XDocument.Load(reader).Root;
            if (root?.Name.LocalName != "plist" || root.Elements().ToArray() is not [{ Name.LocalName: "dict" } dictionary]) throw new SigningException("The entitlements are no property list with one dictionary.");
            return new Entitlements(xml, dictionary);
        }
        catch (XmlException error)
        {
            throw new SigningException($"The entitlements are no XML: {error.Message}");
        }
    }

    private static byte[] Encode(XElement dictionary)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(s_outer))
        {
            writer.WriteInteger(1);
            WriteDictionary(writer, dictionary);
        }

        return writer.Encode();
    }

    private static void WriteDictionary(AsnWriter writer, XElement dictionary)
    {
        using (writer.PushSequence(s_dictionary))
        {
            foreach ((string key, XElement value) in Pairs(dictionary).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            {
                using (writer.PushSequence())
                {
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, key);
                    WriteValue(writer, key, value);
                }
            }
        }
    }

    private static void WriteValue(AsnWriter writer, string key, XElement value)
    {
        switch (value.Name.LocalName)
        {
            case "true" or "false":
                writer.WriteBoolean(value.Name.LocalName == "true");
                break;
            case "string":
                writer.WriteCharacterString(UniversalTagNumber.UTF8String, value.Value);
                break;
            case "integer" when long.TryParse(value.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number):
                writer.WriteInteger(number);
                break;
            case "array":
                using (writer.PushSequence())
                {
                    foreach (XElement element in value.Elements()) WriteValue(writer, key, element);
                }

                break;
            case "dict":
                WriteDictionary(writer, value);
                break;
            default:
                throw new SigningException($"The entitlement {key} has a value of the kind {value.Name.LocalName}: true, false, string, integer, array and dict are possible.");
        }
    }

    private static List<(string Key, XElement Value)> Pairs(XElement dictionary)
    {
        List<(string, XElement)> pairs = [];
        XElement[] elements = [.. dictionary.Elements()];
        for (int i = 0; i < elements.Length; i += 2)
        {
            if (elements[i].Name.LocalName != "key" || i + 1 == elements.Length) throw new SigningException("A dictionary of the entitlements is not of keys and values in turn.");
            pairs.Add((elements[i].Value, elements[i + 1]));
        }

        if (pairs.Select(static pair => pair.Item1).Distinct(StringComparer.Ordinal).Count() != pairs.Count) throw new SigningException("The entitlements name a key twice.");
        return pairs;
    }
}
