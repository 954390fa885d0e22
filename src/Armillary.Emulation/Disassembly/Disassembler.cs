using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Disassembly;

/// <summary>Turns A64 instruction words into assembly text.</summary>
public static class Disassembler
{
    /// <summary>
    /// The text of an instruction, spelled as GNU <c>objdump -d</c> (binutils 2.40) spells it, preferred aliases included, with
    /// one space behind the mnemonic and without <c>// ...</c> comments. Branch targets, literals and the results of ADR and ADRP
    /// are absolute addresses, as in <c>b 0x40001008</c>. A word that the software CPU does not allocate is
    /// <c>.inst 0x........ ; undefined</c>.
    /// </summary>
    /// <param name="word">The instruction word. Any value has a text.</param>
    /// <param name="address">The instruction's address in bytes, from which relative targets count; they wrap at 2^64.</param>
    public static string Disassemble(uint word, ulong address)
    {
        Row row = DecodeTable.Decode(word, address, out Operands operands);
        return row.Template.Format(new DecodedWord(word, operands));
    }
}
