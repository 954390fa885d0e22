namespace Armillary.Arm64;

/// <summary>
/// Process state in the layout of SPSR_EL1 (Arm ARM C5.2.20): what <see cref="VirtualCpu.Pstate"/> and the native engines'
/// CPSR hold.
/// </summary>
public static class Pstate
{
    /// <summary>Negative.</summary>
    public const uint N = 1u << 31;
    /// <summary>Zero.</summary>
    public const uint Z = 1u << 30;
    /// <summary>Carry.</summary>
    public const uint C = 1u << 29;
    /// <summary>Overflow.</summary>
    public const uint V = 1u << 28;
    /// <summary>The four condition flags.</summary>
    public const uint Nzcv = N | Z | C | V;
    /// <summary>Data independent timing.</summary>
    public const uint DIT = 1u << 24;
    /// <summary>User access override.</summary>
    public const uint UAO = 1u << 23;
    /// <summary>Privileged access never.</summary>
    public const uint PAN = 1u << 22;
    /// <summary>Software step.</summary>
    public const uint SS = 1u << 21;
    /// <summary>Illegal execution state.</summary>
    public const uint IL = 1u << 20;
    /// <summary>Speculative store bypass safe.</summary>
    public const uint SSBS = 1u << 12;
    /// <summary>Branch type: how the next instruction was reached, for branch target identification.</summary>
    public const uint BTYPE = 3u << 10;
    /// <summary>Debug exceptions masked.</summary>
    public const uint D = 1u << 9;
    /// <summary>SError masked.</summary>
    public const uint A = 1u << 8;
    /// <summary>IRQ masked.</summary>
    public const uint I = 1u << 7;
    /// <summary>FIQ masked.</summary>
    public const uint F = 1u << 6;
    /// <summary>The four masks.</summary>
    public const uint Daif = D | A | I | F;
    /// <summary>AArch32 state.</summary>
    public const uint NRW = 1u << 4;
    /// <summary>Mode bits: EL0 with its stack pointer.</summary>
    public const uint EL0t = 0b0000;
    /// <summary>Mode bits: EL1 with SP_EL0.</summary>
    public const uint EL1t = 0b0100;
    /// <summary>Mode bits: EL1 with SP_EL1.</summary>
    public const uint EL1h = 0b0101;
    /// <summary>Mode bits: EL2 with SP_EL0.</summary>
    public const uint EL2t = 0b1000;
    /// <summary>Mode bits: EL2 with SP_EL2.</summary>
    public const uint EL2h = 0b1001;
    /// <summary>All mode bits, M[3:0].</summary>
    public const uint ModeMask = 0b1111;

    /// <summary>The exception level of a process state.</summary>
    public static int ExceptionLevel(uint pstate) => (int)(pstate >> 2) & 3;

    /// <summary>How far behind VBAR_EL1 the vector of a synchronous exception is that EL1 takes from a process state of AArch64 (Arm ARM D1.3.1.1).</summary>
    public static ulong VectorOffset(uint pstate) => ExceptionLevel(pstate) == 0 ? 0x400ul : (pstate & 1) != 0 ? 0x200ul : 0;

    /// <summary>The mode's name, such as <c>EL1h</c>, or <c>reserved</c>.</summary>
    public static string ModeName(uint pstate) => (pstate & (NRW | ModeMask)) switch
    {
        EL0t => "EL0t",
        EL1t => "EL1t",
        EL1h => "EL1h",
        EL2t => "EL2t",
        EL2h => "EL2h",
        0b1100 => "EL3t",
        0b1101 => "EL3h",
        _ => "reserved",
    };
}
