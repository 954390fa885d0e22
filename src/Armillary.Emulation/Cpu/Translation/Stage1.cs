using Armillary.Arm64;
using Armillary.Emulation.Memory;
using Armillary.Emulation.Models;
using Armillary.Emulation.SystemRegisters;

namespace Armillary.Emulation.Cpu.Translation;

/// <summary>
/// The translation table walk of the EL1 and EL0 regime, stage 1 (Arm ARM D8.2 to D8.4): granules of 4, 16 and 64 KiB,
/// 48-bit addresses, hierarchical permissions, access flag and dirty state by hardware.
/// </summary>
internal static unsafe class Stage1
{
    // TCR_EL1 (D24.2.185) where both halves have the bit at different places: for TTBR0, for TTBR1.
    private static readonly (int Size, int Disable, int Granule, int IgnoreTop, int DataOnly, int NoHierarchy, int NoUser)[] s_halves =
        [(0, 7, 14, 37, 51, 41, 55), (16, 23, 30, 38, 52, 42, 56)];

    private const int HardwareAccessFlag = 39, HardwareDirty = 40;

    // Descriptor bits (D8.3).
    private const ulong Valid = 1, TableOrPage = 2, AccessFlag = 1ul << 10, ReadOnly = 1ul << 7, UserAccess = 1ul << 6;
    private const ulong Guarded = 1ul << 50, DirtyModifier = 1ul << 51, PrivilegedNever = 1ul << 53, UserNever = 1ul << 54;
    private const ulong BaseMask = 0x0000_ffff_ffff_fffe;
    private const ulong AddressMask = 0x0000_ffff_ffff_f000;

    /// <summary>Translates with the MMU on.</summary>
    public static Translation Translate(SoftwareVirtualCpu cpu, ulong va, AccessKind kind)
    {
        SystemRegisterFile registers = cpu.Registers;
        ulong tcr = registers[SystemRegister.TCR_EL1];
        bool upper = (va >> 55 & 1) != 0, user = cpu.ExceptionLevel == 0 || (kind & AccessKind.Unprivileged) != 0;
        var half = s_halves[upper ? 1 : 0];

        if (GranuleBits((int)(tcr >> half.Granule) & 3, upper) is not { } granule) return Translation.Fault(FaultStatus.Translation0);

        // The bits above the input address all equal bit 55; the top byte does not count if TBI says so (D8.8).
        int inputBits = InputBits(cpu.Model, tcr, upper), topBit = IgnoresTop(tcr, va, (kind & AccessKind.Fetch) != 0) ? 55 : 63;
        ulong unused = (va << (63 - topBit)) >> (63 - topBit) >> inputBits;
        ulong expected = upper ? (1ul << (topBit + 1 - inputBits)) - 1 : 0;
        if (unused != expected || (tcr >> half.Disable & 1) != 0 || (user && (tcr >> half.NoUser & 1) != 0)) return Translation.Fault(FaultStatus.Translation0);

        int stride = granule - 3;
        int level = 4 - ((inputBits - granule + stride - 1) / stride);
        int tableBits = Math.Max(inputBits - ((3 - level) * stride) - granule + 3, 6); // a small one is aligned to 64 bytes
        ulong ttbr = registers[upper ? SystemRegister.TTBR1_EL1 : SystemRegister.TTBR0_EL1];
        ulong table = ttbr & BaseMask & ~((1ul << tableBits) - 1);
        int outputBits = Math.Min(OutputSize((int)(tcr >> 32) & 7), cpu.Model.PhysicalAddressBits);
        if (table >> outputBits != 0) return Translation.Fault(FaultStatus.AddressSize0);

        bool noHierarchy = (tcr >> half.NoHierarchy & 1) != 0;
        ulong restrictions = 0;
        ulong input = va & ((1ul << inputBits) - 1);
        for (; ; level++)
        {
            int low = ((3 - level) * stride) + granule;
            ulong place = table | (((input >> low) & ((1ul << Math.Min(stride, inputBits - low)) - 1)) << 3);
            SoftwareRegion? region = cpu.Machine.Find(place);
            if (region is null || (region.Permissions & MemoryPermissions.Read) == 0) return new Translation { Outcome = TranslationOutcome.TableNotBacked, Gpa = place };
            ulong* entry = (ulong*)region.Host(place);
            ulong descriptor = Volatile.Read(ref *entry);

            bool isTable = level < 3 && (descriptor & TableOrPage) != 0, isPage = level == 3 && (descriptor & TableOrPage) != 0;
            if ((descriptor & Valid) == 0 || (!isTable && !isPage && !AllowsBlock(granule, level))) return Translation.Fault(FaultStatus.Translation0 + (uint)level);
            ulong address = descriptor & AddressMask & ~((1ul << (isTable ? granule : low)) - 1);
            if (address >> outputBits != 0) return Translation.Fault(FaultStatus.AddressSize0 + (uint)level);
            if (isTable)
            {
                if (!noHierarchy) restrictions |= Restrictions(descriptor);
                table = address;
                continue;
            }

            Translation found = Finish(cpu, va, kind, user, level, tcr, descriptor, restrictions, address | (input & ((1ul << low) - 1)), place, entry);
            return level < 3 ? found with { BlockBits = low } : found;
        }
    }

    /// <summary>Address bits within a page of an address's half.</summary>
    public static int PageBits(SoftwareVirtualCpu cpu, ulong va)
    {
        bool upper = (va >> 55 & 1) != 0;
        return GranuleBits((int)(cpu.Registers[SystemRegister.TCR_EL1] >> s_halves[upper ? 1 : 0].Granule) & 3, upper) ?? 16;
    }

    /// <summary>Bits of a virtual address in a half: TCR_EL1.T0SZ or T1SZ. What is out of range counts as the nearest that is not (D8.2.4).</summary>
    public static int InputBits(CpuModel model, ulong tcr, bool upper)
    {
        var half = s_halves[upper ? 1 : 0];
        int most = !model.Has(Feature.TTST) ? 39 : GranuleBits((int)(tcr >> half.Granule) & 3, upper) == 16 ? 47 : 48;
        return 64 - Math.Clamp((int)(tcr >> half.Size) & 63, 16, most);
    }

    /// <summary>TCR_EL1.TBI0 or TBI1, as bit 55 chooses: the top byte is a tag. TBID0 and TBID1 make that so for data only.</summary>
    public static bool IgnoresTop(ulong tcr, ulong va, bool isFetch)
    {
        var half = s_halves[(int)(va >> 55) & 1];
        return (tcr >> half.IgnoreTop & 1) != 0 && !(isFetch && (tcr >> half.DataOnly & 1) != 0);
    }

    // The attributes of the last descriptor: access flag, permissions, dirty state (D8.4, D8.5).
    private static Translation Finish(SoftwareVirtualCpu cpu, ulong va, AccessKind kind, bool user, int level, ulong tcr, ulong descriptor, ulong restrictions, ulong gpa, ulong place, ulong* entry)
    {
        ulong wanted = descriptor;
        bool isMaintenance = (kind & AccessKind.Maintenance) != 0, isWrite = (kind & AccessKind.Write) != 0;
        if ((descriptor & AccessFlag) == 0)
        {
            if ((tcr >> HardwareAccessFlag & 1) == 0) return Translation.Fault(FaultStatus.AccessFlag0 + (uint)level);
            wanted |= AccessFlag;
        }

        bool dirtyByHardware = (tcr >> HardwareAccessFlag & tcr >> HardwareDirty & 1) != 0 && (descriptor & DirtyModifier) != 0 && (restrictions & ReadOnly) == 0;
        bool readOnly = ((descriptor | restrictions) & ReadOnly) != 0 && !dirtyByHardware;
        if (!IsAllowed(cpu, kind, user, descriptor, restrictions, readOnly)) return Translation.Fault(FaultStatus.Permission0 + (uint)level);

        bool isClean = dirtyByHardware && (descriptor & ReadOnly) != 0;
        if (isClean && isWrite && !isMaintenance)
        {
            wanted &= ~ReadOnly;
            isClean = false;
        }

        // Another observer may have changed the descriptor meanwhile: then the walk is done again (D8.5.2).
        if (wanted != descriptor && (kind & AccessKind.Peek) == 0)
        {
            if (Interlocked.CompareExchange(ref *entry, wanted, descriptor) != descriptor) return Translate(cpu, va, kind);
            cpu.Machine.NoticeTableUpdate(cpu, place);
        }

        ulong mair = cpu.Registers[SystemRegister.MAIR_EL1];
        return new Translation
        {
            Outcome = TranslationOutcome.Done,
            Gpa = gpa,
            Attributes = (byte)(mair >> (8 * (int)(descriptor >> 2 & 7))),
            Shareability = (byte)(descriptor >> 8 & 3),
            IsGuarded = (descriptor & Guarded) != 0,
            IsWritable = !readOnly && !isClean,
        };
    }

    private static bool IsAllowed(SoftwareVirtualCpu cpu, AccessKind kind, bool user, ulong descriptor, ulong restrictions, bool readOnly)
    {
        bool userMay = (descriptor & UserAccess) != 0 && (restrictions & UserAccess) == 0;
        if ((kind & AccessKind.Fetch) != 0)
        {
            // What EL0 may write, EL1 does not execute; WXN does the same for each level's own writes (D8.4.1).
            ulong never = user ? UserNever : PrivilegedNever;
            if (((descriptor | restrictions) & never) != 0) return false;
            bool userWritable = userMay && !readOnly, writable = user ? userWritable : !readOnly;
            const ulong Wxn = 1 << 19;
            if (!user && userWritable) return false;
            return !writable || (cpu.Registers[SystemRegister.SCTLR_EL1] & Wxn) == 0;
        }

        if ((kind & AccessKind.Write) != 0 && readOnly) return false;
        if ((kind & AccessKind.Cache) == AccessKind.Cache && !user) return true;
        if (user) return userMay;
        return !userMay || !cpu.HasPan;
    }

    // APTable, UXNTable and PXNTable (D8.4.1), moved to the bits that they restrict. APTable[0] takes EL0's access away.
    private static ulong Restrictions(ulong table)
        => ((table >> 61 & 1) != 0 ? UserAccess : 0) | ((table >> 62 & 1) != 0 ? ReadOnly : 0)
            | ((table >> 60 & 1) != 0 ? UserNever : 0) | ((table >> 59 & 1) != 0 ? PrivilegedNever : 0);

    // TG0 and TG1 have different codes for the same sizes (D24.2.185).
    private static int? GranuleBits(int code, bool upper) => (upper, code) switch
    {
        (false, 0) or (true, 2) => 12,
        (false, 2) or (true, 1) => 14,
        (false, 1) or (true, 3) => 16,
        _ => null,
    };

    private static bool AllowsBlock(int granule, int level) => granule == 12 ? level is 1 or 2 : level == 2;

    // TCR_EL1.IPS; sizes beyond what the CPU has count as the most that it has.
    private static int OutputSize(int code) => code switch { 0 => 32, 1 => 36, 2 => 40, 3 => 42, 4 => 44, _ => 48 };
}
