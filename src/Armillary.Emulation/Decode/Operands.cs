using System.Runtime.InteropServices;

namespace Armillary.Emulation.Decode;

/// <summary>A decoded instruction's fields.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Operands
{
    /// <summary>Register slots (see <see cref="RegisterSlots"/>).</summary>
    public byte Rd, Rn, Rm, Ra;

    /// <summary>Index of the row in <see cref="DecodeTable"/>.</summary>
    public ushort Row;

    /// <summary>A small field: condition, bit number, option, CRm.</summary>
    public byte Option;

    /// <summary>True for the 64-bit form.</summary>
    public bool Is64;

    /// <summary>The immediate, sign-extended and scaled; the target address of a direct branch or literal.</summary>
    public long Imm;

    /// <summary>Address of the instruction.</summary>
    public ulong Pc;

    /// <summary>A second small field: shift amount, rotation, the packed system register.</summary>
    public int Aux;

    /// <summary>For a direct branch within the page: distance in bytes to the target's op.</summary>
    public int Near;
}

/// <summary>Numbers of the register file's slots: X0-X30 as they are, and 31 by what it means.</summary>
internal static class RegisterSlots
{
    public const byte Link = 30;

    /// <summary>Always reads as zero, never written.</summary>
    public const byte Zero = 31;

    /// <summary>The current stack pointer.</summary>
    public const byte StackPointer = 32;

    /// <summary>Writes to ZR go here, nothing reads it.</summary>
    public const byte Discard = 33;

    public const int Count = 34;
}
