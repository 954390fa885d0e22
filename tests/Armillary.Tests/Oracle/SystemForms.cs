namespace Armillary.Tests.Oracle;

/// <summary>Forms of hints, barriers, prefetches, literals, cache maintenance, and of what is undefined at EL0.</summary>
internal static class SystemForms
{
    private const string Base = "11100";

    /// <summary>The hints that do nothing a program at EL0 can see, WFE, SEV and SEVL among them; not those of pointer authentication.</summary>
    public static IEnumerable<InstructionForm> Hints() =>
    [
        new("hints of CRm 0", 2, "110101010000001100100000ooo11111") { IsValid = static w => (w[0] >> 5 & 7) is not (3 or 7) }, // WFI, XPACLRI
        new("hints of CRm 1", 1, "110101010000001100100001jj111111"),
        new("hints of CRm 2", 1, "110101010000001100100010ooo11111"),
        new("hints of CRm 4", 1, "110101010000001100100100ooo11111"), // BTI: no page is guarded
        new("hints of CRm 5 to 15", 1, "11010101000000110010kkkkooo11111") { IsValid = static w => (w[0] >> 8 & 15) >= 5 },
    ];

    public static IEnumerable<InstructionForm> Barriers() =>
    [
        new("DSB", 1, "11010101000000110011cccc10011111"),
        new("ISB", 1, "11010101000000110011cccc11011111"),
        new("SB", 1, "11010101000000110011000011111111"),
    ];

    // The code area is memory for a mebibyte to both sides, and full of BRK where the program is not.
    public static IEnumerable<InstructionForm> Literals() =>
    [
        new("LDR (literal)", 3, "0x011000iiiiiiiiiiiiiiiiiiittttt"),
        new("LDRSW (literal)", 1, "10011000iiiiiiiiiiiiiiiiiiittttt"),
        new("LDR (literal, SIMD)", 3, "oo011100iiiiiiiiiiiiiiiiiiivvvvv") { IsValid = static w => w[0] >> 30 != 3 },
        new("PRFM (literal)", 1, "11011000iiiiiiiiiiiiiiiiiiikkkkk"),
        new("PRFM (immediate)", 1, "1111100110iiiiiiiiiiiinnnnnkkkkk"),
        new("PRFUM", 1, "11111000100iiiiiiiii00nnnnnkkkkk"),
        new("PRFM (register)", 1, "11111000101mmmmmk1kh10nnnnnkkkkk"),
    ];

    public static IEnumerable<InstructionForm> Maintenance() =>
    [
        new("DC CVAC, CVAU, CIVAC", 1, $"110101010000101101111k1o001{Base}") { IsValid = static w => (w[0] >> 8 & 15) != 15 },
        new("IC IVAU", 1, $"110101010000101101110101001{Base}"),
    ];

    /// <summary>PSTATE bits that EL0 may set.</summary>
    public static IEnumerable<InstructionForm> ProcessState() =>
    [
        new("MSR DIT", 1, "11010101000000110100000k01011111"),
        new("MSR SSBS", 1, "11010101000000110100000k00111111"),
    ];

    /// <summary>What is undefined at EL0: the program ends.</summary>
    public static IEnumerable<InstructionForm> NotForEL0() =>
    [
        new("MSR PAN, UAO, SPSel", 1, "11010101000000000100000kooo11111") { IsValid = static w => (w[0] >> 5 & 7) is 3 or 4 or 5 },
        new("HVC", 1, "11010100000iiiiiiiiiiiiiiii00010"),
        new("SMC", 1, "11010100000iiiiiiiiiiiiiiii00011"),
        new("ERET", 1, "11010110100111110000001111100000"),
    ];

    /// <summary>What younger oracles know.</summary>
    public static IEnumerable<InstructionForm> Recent() =>
    [
        new("DC CVAP, CVADP", 1, $"11010101000010110111110o001{Base}"),
        new("WFET", 1, "110101010000001100010000000mmmmm"),
    ];
}
