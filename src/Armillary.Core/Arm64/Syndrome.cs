using System.Globalization;

namespace Armillary.Arm64;

/// <summary>An exception syndrome: the value of ESR_ELx (Arm ARM D24.2.40).</summary>
/// <param name="Value">The register's 64 bits.</param>
public readonly record struct Syndrome(ulong Value)
{
    /// <summary>Composes a syndrome of a 32-bit instruction.</summary>
    /// <param name="exceptionClass">EC, bits 31:26.</param>
    /// <param name="specific">ISS, bits 24:0.</param>
    public static Syndrome Create(ExceptionClass exceptionClass, uint specific = 0)
        => new(((ulong)exceptionClass << 26) | (1UL << 25) | (specific & 0x1ff_ffff));

    /// <summary>EC, bits 31:26.</summary>
    public ExceptionClass Class => (ExceptionClass)((Value >> 26) & 0x3f);

    /// <summary>ISS, bits 24:0.</summary>
    public uint Specific => (uint)Value & 0x1ff_ffff;

    /// <summary>For BRK, SVC, HVC and SMC: the instruction's 16-bit immediate.</summary>
    public ushort Immediate => (ushort)Value;

    /// <summary>For aborts: the fault status code, ISS bits 5:0.</summary>
    public int FaultStatus => (int)(Value & 0x3f);

    /// <summary>For data aborts: true for a write (WnR).</summary>
    public bool IsWrite => (Value & (1 << 6)) != 0;

    /// <inheritdoc/>
    public override string ToString() => "0x" + Value.ToString("x", CultureInfo.InvariantCulture);
}
