using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Armillary.Tests.Images;

/// <summary>Names of addresses.</summary>
public sealed class SymbolTableTests
{
    private const string Map = "ffff800080000000 T _text\nffff800080010000 t cpu_do_idle\nffff800080010010 W memcpy\nffff800080010010 T __memcpy\n\nffff800080020000 D jiffies\n";

    [Theory]
    [InlineData(0xffff_8000_8000_0000, "_text")]
    [InlineData(0xffff_8000_8000_ffff, "_text+0xffff")]
    [InlineData(0xffff_8000_8001_000c, "cpu_do_idle+0xc")]
    [InlineData(0xffff_8000_8001_0010, "__memcpy")] // of two names the first
    [InlineData(0xffff_8000_8001_0014, "__memcpy+0x4")]
    [InlineData(0xffff_8000_8011_0010, null)]
    [InlineData(0xffff_8000_7fff_ffff, null)]
    [InlineData(0, null)]
    [InlineData(ulong.MaxValue, null)]
    public void An_address_has_the_name_before_it(ulong address, string? name)
    {
        var table = SymbolTable.Read(Encoding.ASCII.GetBytes(Map));
        Assert.Equal((4, name), (table.Count, table.Find(address)));
    }

    [Theory]
    [InlineData("one two three", "Line 1 ")]
    [InlineData("0 T a\n10 T\n", "Line 2 ")]
    [InlineData("0 Text a", "Line 1 ")]
    public void Text_that_is_no_list_of_symbols_is_refused(string text, string reason)
        => Assert.Contains(reason, Assert.Throws<ImageFormatException>(() => SymbolTable.Read(Encoding.ASCII.GetBytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Functions_of_an_ELF_file_have_names_and_data_and_marks_have_none()
    {
        var table = SymbolTable.Read(Elf());
        Assert.Equal((2, "start", "main+0x4"), (table.Count, table.Find(0x4008_0000), table.Find(0x4008_0104)));
    }

    // Each byte turned over, each length: the documented error or a table, and nothing else.
    [Fact]
    public void A_damaged_ELF_file_is_refused_with_the_reason()
    {
        byte[] whole = Elf();
        for (int length = 0; length < whole.Length; length++) Probe(whole[..length]);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] broken = [.. whole];
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
            Probe(broken);
        }

        static void Probe(byte[] file)
        {
            try
            {
                SymbolTable.Read(file).Find(0x4008_0104);
            }
            catch (ImageFormatException)
            {
                // The documented answer.
            }
        }
    }

    // What nm says of a program that somebody else's linker made.
    [Fact]
    public void A_linked_program_has_the_names_of_nm()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string source = Path.Combine(folder, "a.c"), program = Path.Combine(folder, "a");
            File.WriteAllText(source, "int data; int helper(int x) { return x + data; } int main(void) { return helper(1); } void _start(void) { main(); }");
            if (Run("aarch64-linux-gnu-gcc", "-nostdlib", "-static", "-fno-inline", "-O1", "-o", program, source) is null) Assert.Skip("aarch64-linux-gnu-gcc is not installed (package gcc-aarch64-linux-gnu).");
            string listed = Run("aarch64-linux-gnu-nm", program)!;
            SymbolTable elf = SymbolTable.Read(File.ReadAllBytes(program)), text = SymbolTable.Read(Encoding.ASCII.GetBytes(listed));
            Assert.Equal(3, text.Count);
            foreach (string line in listed.Split('\n').Where(line => line.Contains(" T ", StringComparison.Ordinal)))
            {
                ulong address = Convert.ToUInt64(line[..16], 16);
                Assert.Equal(line[19..], text.Find(address));
                Assert.Equal(line[19..], elf.Find(address));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Run(string command, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    // A header, the symbols, their names, and the headers of three sections: none, symbols, names.
    private static byte[] Elf()
    {
        byte[] names = Encoding.ASCII.GetBytes("\0start\0main\0counter\0$x\0");
        const int Symbols = 64, SymbolSize = 24, Count = 5;
        int namesAt = Symbols + (Count * SymbolSize);
        int headers = (namesAt + names.Length + 7) & ~7;
        byte[] file = new byte[headers + (3 * 64)];
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(file);
        Set(16, 2, 2);
        Set(18, 183, 2);
        Set(20, 1, 4);
        Set(40, (ulong)headers, 8);
        Set(58, 64, 2);
        Set(60, 3, 2);
        Symbol(1, 1, 2, 1, 0x4008_0000);
        Symbol(2, 7, 0, 1, 0x4008_0100);
        Symbol(3, 12, 1, 1, 0x4008_0200); // an object
        Symbol(4, 20, 0, 1, 0x4008_0104); // $x
        names.CopyTo(file, namesAt);
        Section(1, 2, Symbols, Count * SymbolSize, 2);
        Section(2, 3, namesAt, names.Length, 0);
        return file;

        void Symbol(int index, int name, byte type, int section, ulong value)
        {
            int at = Symbols + (index * SymbolSize);
            Set(at, (ulong)name, 4);
            Set(at + 4, type, 1);
            Set(at + 6, (ulong)section, 2);
            Set(at + 8, value, 8);
        }

        void Section(int index, uint type, int at, int size, uint link)
        {
            int header = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(40)) + (index * 64);
            Set(header + 4, type, 4);
            Set(header + 24, (ulong)at, 8);
            Set(header + 32, (ulong)size, 8);
            Set(header + 40, link, 4);
        }

        void Set(int at, ulong value, int size)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes[..size].CopyTo(file.AsSpan(at));
        }
    }
}
