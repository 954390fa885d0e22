using Armillary.Arm64;

namespace Armillary.Emulation.Models;

/// <summary>
/// A CPU by name: its identification, and with that its features. A feature that it lacks is no instruction and no register of
/// the guest's; that is settled when code is decoded.
/// </summary>
internal sealed class CpuModel
{
    private readonly Func<SystemRegister, ulong> _identification;
    private readonly bool[] _features = new bool[byte.MaxValue + 1];
    private readonly ulong[] _cacheSizes;

    /// <param name="name">Its name, as <c>--cpu</c> takes it.</param>
    /// <param name="identification">The values of ID registers; 0 for others.</param>
    /// <param name="cacheSizes">CCSIDR_EL1 by CSSELR_EL1.</param>
    public CpuModel(string name, Func<SystemRegister, ulong> identification, params ulong[] cacheSizes)
    {
        Name = name;
        _identification = identification;
        _cacheSizes = cacheSizes;
        _features[(int)Feature.None] = true;
        foreach (FeatureField field in Features.Fields) _features[(int)field.Feature] = Field(field.Register, field.Shift) >= field.Least;
        PhysicalAddressBits = (Identification(SystemRegister.ID_AA64MMFR0_EL1) & 15) switch { 0 => 32, 1 => 36, 2 => 40, 3 => 42, 4 => 44, _ => 48 };
        foreach (FeatureBits bits in Features.Bits)
        {
            if (Has(bits.Feature)) continue;
            AbsentControl |= bits.Control;
            AbsentTranslationControl |= bits.Translation;
            AbsentState |= bits.State;
        }
    }

    /// <summary>As <c>--cpu</c> takes it.</summary>
    public string Name { get; }

    /// <summary>Bits of SCTLR_EL1, TCR_EL1 and PSTATE whose features are not there.</summary>
    public ulong AbsentControl { get; }

    /// <inheritdoc cref="AbsentControl"/>
    public ulong AbsentTranslationControl { get; }

    /// <inheritdoc cref="AbsentControl"/>
    public uint AbsentState { get; }

    /// <summary>ID_AA64MMFR0_EL1.PARange.</summary>
    public int PhysicalAddressBits { get; }

    /// <summary>True if instructions, registers and behaviours of a feature are there.</summary>
    public bool Has(Feature feature) => _features[(int)feature];

    /// <summary>The value of an identification register.</summary>
    public ulong Identification(SystemRegister register) => _identification(register);

    /// <summary>CCSIDR_EL1 for a value of CSSELR_EL1; 0 for a cache that is not there.</summary>
    public ulong CacheSize(ulong selected) => selected < (ulong)_cacheSizes.Length ? _cacheSizes[selected] : 0;

    // FP says by 15 that there is none; the fields of other features are unsigned.
    private int Field(SystemRegister register, int shift)
    {
        int value = (int)(Identification(register) >> shift & 15);
        return register == SystemRegister.ID_AA64PFR0_EL1 && value == 15 ? -1 : value;
    }
}
