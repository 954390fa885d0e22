using Armillary.Arm64;
using Armillary.Hvf.Interop;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Hvf;

/// <summary>
/// What the guest is told that its CPU is: the host's, less what a guest cannot have here. All virtual CPUs of a machine say the same.
/// </summary>
internal sealed unsafe class HvfIdentification : IDisposable
{
    // Fields of four bits (Arm ARM D24.2). What is behind them traps to the hypervisor, which has nothing to answer with.
    private const int EL2 = 8, EL3 = 12, Gic = 24, Sve = 32, Amu = 44;      // ID_AA64PFR0_EL1
    private const int Mte = 8, Sme = 24;                                     // ID_AA64PFR1_EL1
    private const int Trace = 4, Pmu = 8, Spe = 32, TraceFilter = 40;       // ID_AA64DFR0_EL1
    private const int NestedVirtualization = 24;                            // ID_AA64MMFR2_EL1

    private readonly HypervisorFramework _framework;
    private readonly DarwinSystem _system;
    private readonly nint _config;
    private readonly bool _hasEL2;
    private readonly uint _addressBits;

    public HvfIdentification(HypervisorFramework framework, DarwinSystem system, bool hasEL2, uint addressBits)
    {
        (_framework, _system, _hasEL2, _addressBits) = (framework, system, hasEL2, addressBits);
        _config = framework.hv_vcpu_config_create();
    }

    /// <summary>The registers that differ from the host's, for a virtual CPU with or without a CPU interface of a GICv3.</summary>
    public IEnumerable<(SystemRegister Register, ulong Value)> Registers(bool hasGic)
    {
        ulong features = Without(Read(hv_feature_reg_t.HV_FEATURE_REG_ID_AA64PFR0_EL1), _hasEL2 ? Sve : EL2, EL3, Sve, Amu, Gic);
        yield return (ID_AA64PFR0_EL1, features | (hasGic ? 1ul << Gic : 0));
        yield return (ID_AA64PFR1_EL1, Without(Read(hv_feature_reg_t.HV_FEATURE_REG_ID_AA64PFR1_EL1), Mte, Sme));
        yield return (ID_AA64ZFR0_EL1, 0);
        yield return (SystemRegisters.Encode(3, 0, 0, 4, 5), 0); // ID_AA64SMFR0_EL1
        yield return (ID_AA64DFR0_EL1, Without(Read(hv_feature_reg_t.HV_FEATURE_REG_ID_AA64DFR0_EL1), Trace, Pmu, Spe, TraceFilter));
        yield return (ID_AA64MMFR0_EL1, (Read(hv_feature_reg_t.HV_FEATURE_REG_ID_AA64MMFR0_EL1) & ~0xful) | AddressRange(_addressBits));
        yield return (ID_AA64MMFR2_EL1, Without(Read(hv_feature_reg_t.HV_FEATURE_REG_ID_AA64MMFR2_EL1), NestedVirtualization));
    }

    /// <summary>Registers of caches, which the framework does not give by a virtual CPU.</summary>
    /// <param name="register">The register.</param>
    /// <param name="selection">CSSELR_EL1.</param>
    /// <param name="value">Its value.</param>
    public bool TryRead(SystemRegister register, ulong selection, out ulong value)
    {
        switch (register)
        {
            case CTR_EL0:
                value = Read(hv_feature_reg_t.HV_FEATURE_REG_CTR_EL0);
                return true;
            case CLIDR_EL1:
                value = Read(hv_feature_reg_t.HV_FEATURE_REG_CLIDR_EL1);
                return true;
            case DCZID_EL0:
                value = Read(hv_feature_reg_t.HV_FEATURE_REG_DCZID_EL0);
                return true;
            case CCSIDR_EL1:
                value = ReadCacheSize(selection);
                return true;
            default:
                value = 0;
                return IsIdentification(register) && !Enum.IsDefined((hv_sys_reg_t)register);
        }
    }

    /// <summary>The space of identification and feature registers, which read as zero where there is none (D24.2, table D24-2).</summary>
    public static bool IsIdentification(SystemRegister register) => register.Op0() == 3 && register.Op1() is 0 or 1 && register.CRn() == 0 && register != MPIDR_EL1;

    /// <summary>ID_AA64MMFR0_EL1.PARange: the greatest range that has no more bits (D24.2.75).</summary>
    public static uint AddressRange(uint bits) => bits switch { >= 52 => 6, >= 48 => 5, >= 44 => 4, >= 42 => 3, >= 40 => 2, >= 36 => 1, _ => 0 };

    public void Dispose() => _system.os_release(_config);

    private ulong Read(hv_feature_reg_t register)
    {
        ulong value;
        HvfCall.Check(_framework.hv_vcpu_config_get_feature_reg(_config, register, &value), "hv_vcpu_config_get_feature_reg");
        return value;
    }

    private ulong ReadCacheSize(ulong selection)
    {
        ulong* levels = stackalloc ulong[8];
        hv_cache_type_t type = (selection & 1) == 0 ? hv_cache_type_t.HV_CACHE_TYPE_DATA : hv_cache_type_t.HV_CACHE_TYPE_INSTRUCTION;
        HvfCall.Check(_framework.hv_vcpu_config_get_ccsidr_el1_sys_reg_values(_config, type, levels), "hv_vcpu_config_get_ccsidr_el1_sys_reg_values");
        return levels[(selection >> 1) & 7];
    }

    private static ulong Without(ulong value, params ReadOnlySpan<int> fields)
    {
        foreach (int field in fields) value &= ~(0xful << field);
        return value;
    }
}
