using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Armillary.Cli;

/// <summary>Writes one JSON value to a text stream.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_options)) write(writer);
        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
