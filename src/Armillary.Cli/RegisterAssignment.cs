using System.Globalization;
using Armillary.Arm64;

namespace Armillary.Cli;

/// <summary>A register's initial value as <c>--set REG=VALUE</c> gives it.</summary>
/// <param name="Kind">Which file the register is of.</param>
/// <param name="Number">0 to 30 for X; the encoding of a system register; 0 for the others.</param>
/// <param name="Value">The value.</param>
internal readonly record struct RegisterAssignment(RegisterKind Kind, int Number, ulong Value)
{
    public static bool TryParse(string text, out RegisterAssignment assignment, out string error)
    {
        assignment = default;
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || !Cli.Number.TryParseRegister(text.AsSpan(equals + 1), out ulong value))
        {
            error = $"--set takes REG=VALUE, such as x0=0x2a, not '{text}'.";
            return false;
        }

        string name = text[..equals];
        if (!TryParseName(name, out RegisterKind kind, out int number))
        {
            error = $"--set {text}: there is no register {name}: x0 to x30, w0 to w30, sp, pc, pstate, or a system register by Arm's name.";
            return false;
        }

        error = Check(text, kind, value);
        assignment = new RegisterAssignment(kind, number, kind == RegisterKind.W ? (uint)value : value);
        return error.Length == 0;
    }

    public void Apply(VirtualCpu cpu)
    {
        switch (Kind)
        {
            case RegisterKind.Pstate:
                cpu.Pstate = (uint)Value;
                break;
            case RegisterKind.X or RegisterKind.W:
                cpu.SetX(Number, Value);
                break;
            case RegisterKind.Sp:
                cpu.Sp = Value;
                break;
            case RegisterKind.Pc:
                cpu.Pc = Value;
                break;
            default:
                cpu.SetSystemRegister((SystemRegister)Number, Value);
                break;
        }
    }

    private static bool TryParseName(string name, out RegisterKind kind, out int number)
    {
        number = 0;
        string lower = name.ToLowerInvariant();
        kind = lower switch
        {
            "pstate" or "cpsr" => RegisterKind.Pstate,
            "sp" => RegisterKind.Sp,
            "pc" => RegisterKind.Pc,
            ['x', ..] => RegisterKind.X,
            ['w', ..] => RegisterKind.W,
            _ => RegisterKind.System,
        };
        if (kind is RegisterKind.X or RegisterKind.W) return int.TryParse(lower.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= 30;
        if (kind != RegisterKind.System) return true;
        bool found = SystemRegisters.TryParse(name, out SystemRegister register);
        number = (int)register;
        return found;
    }

    private static string Check(string text, RegisterKind kind, ulong value) => kind switch
    {
        RegisterKind.W when value > uint.MaxValue && value < unchecked((ulong)int.MinValue) => $"--set {text}: a W register has 32 bits.",
        RegisterKind.Pc when value % 4 != 0 => $"--set {text}: PC must be a multiple of 4.",
        RegisterKind.Pstate when value > uint.MaxValue || ((uint)value & (Pstate.NRW | Pstate.ModeMask)) is not (Pstate.EL0t or Pstate.EL1t or Pstate.EL1h)
            => $"--set {text}: PSTATE must name EL0t (0), EL1t (4) or EL1h (5) in its low bits.",
        _ => "",
    };
}
