using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Cpu.Translation;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.SystemRegisters;

/// <summary>
/// The TLBI instructions of EL1 (Arm ARM C5.5, D8.16): all, by ASID, by address and by range of addresses; for this virtual CPU, or for
/// all, which the inner and the outer shareable domain are alike. More may be forgotten than is named.
/// </summary>
internal static class TlbOperations
{
    private const int All = 0, AddressSpace = 2; // op2; the odd ones are by address

    /// <summary>True for what is a TLBI instruction of EL1.</summary>
    public static bool Includes(SystemRegister operation)
        => operation.CRm() switch
        {
            1 or 3 or 7 => operation.Op2() is <= 3 or 5 or 7,
            2 or 5 or 6 => (operation.Op2() & 1) != 0,
            _ => false,
        };

    public static HelperOutcome Perform(SoftwareVirtualCpu cpu, in Operands o, ulong argument)
    {
        if (cpu.ExceptionLevel == 0) return cpu.TakeUndefined(o);
        var operation = (SystemRegister)o.Aux;
        bool isRange = operation.CRm() is 2 or 5 or 6, isLocal = operation.CRm() is 6 or 7;
        TlbRequest request = operation.Op2() switch
        {
            All => new TlbRequest(TlbScope.All),
            AddressSpace => new TlbRequest(TlbScope.AddressSpace, ToAddressSpace(cpu, argument)),
            _ => isRange ? ToRange(cpu, argument) : ToPage(cpu, argument),
        };
        if (isLocal) cpu.Serve(request);
        else cpu.Broadcast(request);
        return HelperOutcome.Continue;
    }

    // Bits 63 to 48; the upper eight do not count while ASIDs have eight.
    private static ulong ToAddressSpace(SoftwareVirtualCpu cpu, ulong argument)
    {
        const ulong AS = 1ul << 36;
        return (cpu.Registers[SystemRegister.TCR_EL1] & AS) != 0 ? argument >> 48 : argument >> 48 & 0xff;
    }

    // Bits 43 to 0 are the address's 55 to 12, of which the lowest do not count in larger pages.
    private static TlbRequest ToPage(SoftwareVirtualCpu cpu, ulong argument)
    {
        ulong va = argument << 12 & (ulong.MaxValue >> 8), page = 1ul << Stage1.PageBits(cpu, va);
        return new TlbRequest(TlbScope.Range, va & ~(page - 1), page);
    }

    // TG, SCALE, NUM and BaseADDR (C5.5, TLBI RVAE1): (NUM + 1) * 2 ^ (5 * SCALE + 1) pages. With 52-bit addresses of small pages the base counts in 64 KiB.
    private static TlbRequest ToRange(SoftwareVirtualCpu cpu, ulong argument)
    {
        const ulong DS = 1ul << 59;
        if ((argument >> 46 & 3) is not (> 0 and var size)) return new TlbRequest(TlbScope.All); // reserved
        int page = size == 1 ? 12 : size == 2 ? 14 : 16, scale = (int)(argument >> 44 & 3);
        int unit = (cpu.Registers[SystemRegister.TCR_EL1] & DS) != 0 ? 16 : page;
        ulong start = (ulong)((long)(argument << 27) >> 27 << unit), pages = ((argument >> 39 & 31) + 1) << ((5 * scale) + 1);
        return new TlbRequest(TlbScope.Range, start, pages << page);
    }
}
