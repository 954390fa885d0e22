using Armillary.Emulation.Disassembly;

namespace Armillary.Cli;

/// <summary>A line of a disassembly or of a trace.</summary>
internal static class Listing
{
    public static string Line(ulong address, uint word) => $"0x{address:x8}  {word:x8}  {Disassembler.Disassemble(word, address)}";

    /// <summary>The line of an instruction whose word cannot be read.</summary>
    public static string Line(ulong address) => $"0x{address:x8}  ????????";
}
