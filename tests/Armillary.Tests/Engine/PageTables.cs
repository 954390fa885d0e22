namespace Armillary.Tests.Engine;

/// <summary>Builds stage 1 translation tables in guest memory, written independently of the engine from Arm ARM D8.3.</summary>
internal sealed class PageTables(VirtualMachine machine, ulong address, int granuleBits, int inputBits)
{
    public const ulong Valid = 1, Page = 2, AccessFlag = 1 << 10, NotGlobal = 1 << 11, ReadOnly = 1 << 7, User = 1 << 6;
    public const ulong InnerShareable = 3 << 8, PrivilegedNever = 1ul << 53, UserNever = 1ul << 54, DirtyModifier = 1ul << 51;

    private ulong _next = address + ((ulong)1 << granuleBits);

    /// <summary>Address of the first table, for TTBR.</summary>
    public ulong Root { get; } = address;

    private int Stride => granuleBits - 3;

    private int StartLevel => 4 - ((inputBits - granuleBits + Stride - 1) / Stride);

    /// <summary>Maps one page or block, whose descriptor is at the level given.</summary>
    public void Map(ulong va, ulong pa, ulong attributes, int level = 3)
    {
        ulong place = Place(va, level);
        machine.Memory.Write(place, pa | attributes | Valid | (level == 3 ? Page : 0));
    }

    /// <summary>Sets bits in the table descriptor that leads to the level given.</summary>
    public void RestrictTable(ulong va, int level, ulong bits)
    {
        ulong place = Place(va, level - 1);
        machine.Memory.Write(place, machine.Memory.Read<ulong>(place) | bits);
    }

    /// <summary>Address of the descriptor of a virtual address at a level; tables on the way are made.</summary>
    public ulong Place(ulong va, int level)
    {
        ulong table = Root;
        for (int at = StartLevel; ; at++)
        {
            int low = ((3 - at) * Stride) + granuleBits;
            int bits = Math.Min(Stride, inputBits - low);
            ulong place = table + (((va >> low) & ((1ul << bits) - 1)) * 8);
            if (at == level) return place;
            ulong descriptor = machine.Memory.Read<ulong>(place);
            if (descriptor == 0)
            {
                descriptor = _next | Valid | Page;
                _next += 1ul << granuleBits;
                machine.Memory.Write(place, descriptor);
            }

            table = descriptor & 0x0000_ffff_ffff_f000 & ~((1ul << granuleBits) - 1);
        }
    }
}
