using Armillary.Arm64;
using Armillary.Emulation.SystemRegisters;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Emulation.Models;

/// <summary>The CPUs that a machine can have.</summary>
/// <remarks>
/// A CPU that exists has the values of its Technical Reference Manual, as QEMU's model of it has them too, without what is not
/// implemented here: each feature field is at most what <see cref="Max"/> claims.
/// </remarks>
internal static class CpuModels
{
    /// <summary>All that is implemented. Its ID registers are in <see cref="SystemRegisterTable"/>.</summary>
    public static CpuModel Max { get; } = new(SoftwareOptions.DefaultCpu, r => SystemRegisterTable.TryFind(r, out SystemRegisterRow? row) ? row.Identification ?? 0 : 0);

    // Made when they are first asked for: most machines are the default.
    private static readonly Lazy<IReadOnlyList<CpuModel>> s_all = new(() => [Max, MakeNeoverseN1(), MakeCortexA72()]);

    /// <summary>Every one, the default first.</summary>
    public static IReadOnlyList<CpuModel> All => s_all.Value;

    /// <summary>Finds one by its name in any case.</summary>
    public static CpuModel? Find(string name) => All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    // Arm Neoverse N1 Core TRM (100616), section B2; r4p1.
    private static CpuModel MakeNeoverseN1() => Real("neoverse-n1", r => r switch
    {
        MIDR_EL1 => 0x414f_d0c1,
        CTR_EL0 => 0x8444_c004,
        CLIDR_EL1 => 0x8200_0023,
        DCZID_EL0 => 4,
        ID_AA64PFR0_EL1 => 0x1100_0000_1011_1112,
        ID_AA64PFR1_EL1 => 0x20,
        ID_AA64DFR0_EL1 => 0x1_1030_5408,
        ID_AA64ISAR0_EL1 => 0x1000_1021_1120,
        ID_AA64ISAR1_EL1 => 0x10_0001,
        ID_AA64MMFR0_EL1 => 0x10_1125,
        ID_AA64MMFR1_EL1 => 0x1021_2122,
        ID_AA64MMFR2_EL1 => 0x1011,
        _ => 0,
    }, 0x701f_e01a, 0x201f_e01a, 0x70ff_e03a);

    // Arm Cortex-A72 MPCore Processor TRM (100095), section 4.3; r0p3 with the cryptographic extension and 1 MiB of L2 cache.
    private static CpuModel MakeCortexA72() => Real("cortex-a72", r => r switch
    {
        MIDR_EL1 => 0x410f_d083,
        CTR_EL0 => 0x8444_c004,
        CLIDR_EL1 => 0x0a20_0023,
        DCZID_EL0 => 4,
        ID_AA64PFR0_EL1 => 0x2222,
        ID_AA64DFR0_EL1 => 0x1030_5106,
        ID_AA64ISAR0_EL1 => 0x1_1120,
        ID_AA64MMFR0_EL1 => 0x1124,
        _ => 0,
    }, 0x701f_e00a, 0x201f_e012, 0x707f_e07a);

    private static CpuModel Real(string name, Func<SystemRegister, ulong> manual, params ulong[] cacheSizes)
        => new(name, r => IsFeatureRegister(r) ? Least(manual(r), Max.Identification(r)) : manual(r), cacheSizes);

    // ID_AA64*: fields of four bits, of which the larger value has what the smaller has.
    private static bool IsFeatureRegister(SystemRegister register) => register is >= ID_AA64PFR0_EL1 and < SCTLR_EL1;

    private static ulong Least(ulong a, ulong b)
    {
        ulong least = 0;
        for (int shift = 0; shift < 64; shift += 4) least |= Math.Min(a >> shift & 15, b >> shift & 15) << shift;
        return least;
    }
}
