using System.Runtime.InteropServices;

namespace Armillary.Emulation.Cpu;

/// <summary>
/// The tables of one address space in one block of unmanaged memory: translations of data for reading and for writing, by the rights
/// that they were made with, and the jump caches of EL0 and EL1 (those of all branches, then those of indirect ones).
/// </summary>
internal static unsafe class TlbTables
{
    public const int TlbEntries = 1024;
    public const int JumpEntries = 256;

    /// <summary>Bytes of one table: of reads, or of writes, which follow them.</summary>
    public const int TlbSize = TlbEntries * 16;

    /// <summary>Bytes of one jump cache.</summary>
    public const int JumpSize = JumpEntries * 16;

    /// <summary>EL0; EL1; EL1 with PSTATE.PAN.</summary>
    private const int Sets = 3;

    private const int Jumps = 4, JumpOffset = Sets * 2 * TlbSize, Size = JumpOffset + (Jumps * JumpSize);

    /// <summary>Empty tables.</summary>
    public static byte* Allocate()
    {
        var tables = (byte*)NativeMemory.AlignedAlloc(Size, 64);
        Clear(tables);
        return tables;
    }

    public static void Free(byte* tables) => NativeMemory.AlignedFree(tables);

    /// <summary>Chooses the tables of a state's rights.</summary>
    public static void Select(CpuState* c, byte* tables, int exceptionLevel, bool pan, bool uao)
    {
        c->Tlb = tables + (exceptionLevel == 0 ? 0 : pan ? 2 * 2 * TlbSize : 2 * TlbSize);
        c->UserTlb = exceptionLevel == 0 || !uao ? tables : c->Tlb;
        c->Jumps = (JumpEntry*)(tables + JumpOffset + (exceptionLevel * JumpSize));
    }

    public static void Clear(byte* tables) => NativeMemory.Fill(tables, Size, 0xff);

    public static void ClearJumps(byte* tables) => NativeMemory.Fill(tables + JumpOffset, Jumps * JumpSize, 0xff);

    public static void ClearWrites(byte* tables)
    {
        for (int set = 0; set < Sets; set++) NativeMemory.Fill(tables + (((2 * set) + 1) * TlbSize), TlbSize, 0xff);
    }

    /// <summary>Drops a page, whatever the top bytes of the addresses that it was used by.</summary>
    public static void Drop(byte* tables, ulong va)
    {
        for (int table = 0; table < 2 * Sets; table++) Drop(ref ((TlbEntry*)(tables + (table * TlbSize)) + ((va >> CpuState.PageShift) & (TlbEntries - 1)))->Tag, va, PageSize);
        for (int cache = 0; cache < Jumps; cache++) Drop(ref ((JumpEntry*)(tables + JumpOffset + (cache * JumpSize)) + ((va >> CpuState.PageShift) & (JumpEntries - 1)))->Tag, va, PageSize);
    }

    /// <summary>The same for many pages: looks at every entry.</summary>
    public static void Drop(byte* tables, ulong start, ulong length)
    {
        var entry = (TlbEntry*)tables;
        for (; entry < (TlbEntry*)(tables + JumpOffset); entry++) Drop(ref entry->Tag, start, length);
        for (var jump = (JumpEntry*)entry; jump < (JumpEntry*)(tables + Size); jump++) Drop(ref jump->Tag, start, length);
    }

    /// <summary>Drops what stores reach a page of host memory by.</summary>
    public static void DropWrites(byte* tables, byte* host)
    {
        for (int set = 0; set < Sets; set++)
        {
            var entry = (TlbEntry*)(tables + (((2 * set) + 1) * TlbSize));
            for (TlbEntry* end = entry + TlbEntries; entry < end; entry++)
            {
                if (entry->Tag + entry->Addend == (ulong)host) entry->Tag = ulong.MaxValue;
            }
        }
    }

    private const ulong PageSize = 1ul << CpuState.PageShift;

    // The top byte is no part of what TLBI names. An empty entry has low bits that no page has, so it may be written again.
    private static void Drop(ref ulong tag, ulong start, ulong length)
    {
        if ((tag - start) << 8 >> 8 < length) tag = ulong.MaxValue;
    }
}
