namespace Armillary.Cli.Semihosting;

/// <summary>Where a guest may put its heap and its stack (SYS_HEAPINFO): behind the image, in the memory that holds it.</summary>
/// <param name="Base">The lowest address of the heap.</param>
/// <param name="Limit">The first address behind it.</param>
/// <param name="StackBase">Where the stack starts to grow down.</param>
/// <param name="StackLimit">How far it may grow.</param>
internal readonly record struct GuestHeap(ulong Base, ulong Limit, ulong StackBase, ulong StackLimit)
{
    public static GuestHeap For(GuestImage image, IReadOnlyList<MemoryRange> memory)
    {
        const ulong Alignment = 4096;
        ulong start = (image.Segments[^1].LastAddress + Alignment) & ~(Alignment - 1);
        MemoryRange range = memory.FirstOrDefault(m => m.Address <= start && start <= m.LastAddress);
        if (range.Size == 0) return default; // 0: not known
        ulong end = (range.LastAddress + 1) & ~(Alignment - 1);
        if (end <= start) return default;
        ulong limit = start + (((end - start) / 2) & ~(Alignment - 1)); // the halves of what is left
        return new GuestHeap(start, limit, end, limit);
    }
}
