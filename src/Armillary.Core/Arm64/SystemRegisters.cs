using System.Globalization;

namespace Armillary.Arm64;

/// <summary>Encodings and names of system registers.</summary>
public static class SystemRegisters
{
    private static readonly Dictionary<string, SystemRegister> s_byName =
        Enum.GetValues<SystemRegister>().ToDictionary(r => r.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Packs an encoding.</summary>
    /// <param name="op0">2 or 3 for registers.</param>
    /// <param name="op1">0 to 7.</param>
    /// <param name="crn">0 to 15.</param>
    /// <param name="crm">0 to 15.</param>
    /// <param name="op2">0 to 7.</param>
    public static SystemRegister Encode(int op0, int op1, int crn, int crm, int op2)
        => (SystemRegister)(((op0 & 3) << 14) | ((op1 & 7) << 11) | ((crn & 15) << 7) | ((crm & 15) << 3) | (op2 & 7));

    /// <summary>op0, 0 to 3.</summary>
    public static int Op0(this SystemRegister register) => (int)register >> 14;

    /// <summary>op1, 0 to 7.</summary>
    public static int Op1(this SystemRegister register) => ((int)register >> 11) & 7;

    /// <summary>CRn, 0 to 15.</summary>
    public static int CRn(this SystemRegister register) => ((int)register >> 7) & 15;

    /// <summary>CRm, 0 to 15.</summary>
    public static int CRm(this SystemRegister register) => ((int)register >> 3) & 15;

    /// <summary>op2, 0 to 7.</summary>
    public static int Op2(this SystemRegister register) => (int)register & 7;

    /// <summary>Arm's name, or the generic form such as <c>S3_0_C1_C0_0</c>.</summary>
    public static string Name(this SystemRegister register) => Enum.GetName(register) ?? string.Create(
        CultureInfo.InvariantCulture, $"S{register.Op0()}_{register.Op1()}_C{register.CRn()}_C{register.CRm()}_{register.Op2()}");

    /// <summary>Finds a register by Arm's name in any case, or by the generic form.</summary>
    public static bool TryParse(string name, out SystemRegister register)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (s_byName.TryGetValue(name, out register)) return true;
        string[] parts = name.Split('_');
        if (parts.Length == 5 && parts[0].Length == 2 && parts[0][0] is 'S' or 's'
            && Part(parts[0][1..], 3, out int op0) && Part(parts[1], 7, out int op1) && Control(parts[2], out int crn)
            && Control(parts[3], out int crm) && Part(parts[4], 7, out int op2))
        {
            register = Encode(op0, op1, crn, crm, op2);
            return true;
        }

        return false;
    }

    private static bool Control(string text, out int value)
    {
        value = 0;
        return text.Length > 1 && text[0] is 'C' or 'c' && Part(text[1..], 15, out value);
    }

    private static bool Part(string text, int max, out int value)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max;
}
