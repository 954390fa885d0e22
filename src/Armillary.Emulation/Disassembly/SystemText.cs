using System.Globalization;
using System.Text;
using Armillary.Arm64;

namespace Armillary.Emulation.Disassembly;

/// <summary>The placeholders of the system instructions: hints, barriers, system registers and SYS.</summary>
internal static class SystemText
{
    // CRm by its number; those without a name print it.
    private static readonly string?[] s_barriers =
        [null, "oshld", "oshst", "osh", null, "nshld", "nshst", "nsh", null, "ishld", "ishst", "ish", null, "ld", "st", "sy"];

    public static void AppendHint(StringBuilder text, in DecodedWord w)
    {
        uint number = w.Field(11, 5);
        if (HintName(number) is { } name) text.Append(name);
        else text.Append("hint #").AppendHex(number);
    }

    public static void AppendBarrier(StringBuilder text, in DecodedWord w)
    {
        uint option = w.Field(11, 8);
        text.Append(s_barriers[option] ?? string.Create(CultureInfo.InvariantCulture, $"#0x{option:x2}"));
    }

    public static void AppendDsb(StringBuilder text, in DecodedWord w)
    {
        uint option = w.Field(11, 8);
        if (option == 0) text.Append("ssbb");
        else if (option == 4) text.Append("pssbb");
        else AppendBarrier(text.Append("dsb "), w);
    }

    public static void AppendRegister(StringBuilder text, in DecodedWord w)
    {
        var register = (SystemRegister)w.Field(20, 5);
        bool isWrite = w.Field(21, 21) == 0;
        if (SystemNames.Find(register, isWrite) is { } name) text.Append(name);
        else text.Append(CultureInfo.InvariantCulture, $"s{register.Op0()}_{register.Op1()}_c{register.CRn()}_c{register.CRm()}_{register.Op2()}");
    }

    public static void AppendSys(StringBuilder text, in DecodedWord w)
    {
        var operation = (SystemRegister)w.Field(20, 5);
        string? name = SystemNames.Find(operation, isWrite: true);
        text.Append(name ?? string.Create(CultureInfo.InvariantCulture, $"sys {Encoding(operation)}"));
        // A name that ends in a comma takes a register; SYS itself leaves XZR out.
        if (name is not null ? !name.EndsWith(',') : w.D == 31) return;
        text.Append(name is null ? ", " : " ").AppendRegister((int)w.D, is64: true, isStack: false);
    }

    public static void AppendSysl(StringBuilder text, in DecodedWord w)
    {
        text.Append("sysl ").AppendRegister((int)w.D, is64: true, isStack: false);
        text.Append(CultureInfo.InvariantCulture, $", {Encoding((SystemRegister)w.Field(20, 5))}");
    }

    private static string Encoding(SystemRegister operation)
        => string.Create(CultureInfo.InvariantCulture, $"#{operation.Op1()}, C{operation.CRn()}, C{operation.CRm()}, #{operation.Op2()}");

    // Arm ARM C6.2.147 (HINT), table of CRm:op2; NOP and its neighbours have rows of their own.
    private static string? HintName(uint number) => number switch
    {
        7 => "xpaclri",
        8 => "pacia1716",
        10 => "pacib1716",
        12 => "autia1716",
        14 => "autib1716",
        16 => "esb",
        17 => "psb csync",
        18 => "tsb csync",
        20 => "csdb",
        22 => "clearbhb",
        24 => "paciaz",
        25 => "paciasp",
        26 => "pacibz",
        27 => "pacibsp",
        28 => "autiaz",
        29 => "autiasp",
        30 => "autibz",
        31 => "autibsp",
        32 => "bti",
        34 => "bti c",
        36 => "bti j",
        38 => "bti jc",
        _ => null,
    };
}
