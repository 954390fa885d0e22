using System.Buffers.Binary;
using System.Text;

namespace Armillary.Tests.Signing;

/// <summary>A Mach-O executable with nothing in it, written from mach-o/loader.h: __TEXT with one section, __LINKEDIT, and room behind the load commands.</summary>
internal static class TinyExecutable
{
    public const int TextSize = 0x8000, LinkEditSize = 0x1234;

    public static byte[] Create(int room = 64)
    {
        const int Commands = 72 + 80 + 72, Text = 32 + Commands;
        byte[] file = new byte[TextSize + LinkEditSize];
        new Random(3).NextBytes(file.AsSpan(Text + 4096));
        Span<byte> header = file;
        uint[] words = [0xfeed_facf, 0x0100_000c, 0, 2, 2, Commands, 0x85, 0];
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(header[(4 * i)..], words[i]);
        Segment(header[32..], "__TEXT", 0x1_0000_0000, 0, TextSize, sections: 1);
        Encoding.ASCII.GetBytes("__text", header[(32 + 72)..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[(32 + 72 + 48)..], Text + room);
        Segment(header[(32 + 72 + 80)..], "__LINKEDIT", 0x1_0000_8000, TextSize, LinkEditSize, sections: 0);
        return file;
    }

    private static void Segment(Span<byte> to, string name, ulong address, ulong offset, ulong size, uint sections)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(to, 0x19);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], 72 + (80 * sections));
        Encoding.ASCII.GetBytes(name, to[8..]);
        ulong[] words = [address, (size + 0x3fff) & ~0x3ffful, offset, size];
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(to[(24 + (8 * i))..], words[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(to[64..], sections);
    }
}
