namespace Armillary.Cli;

/// <summary>The guest memory that an image gets when nobody says how much.</summary>
internal static class DefaultMemory
{
    private const ulong Address = 0x4000_0000;
    private const ulong Size = 64 << 20;
    private const ulong Alignment = 64 << 10; // the largest page of the architecture, and more than any engine's

    public static MemoryRange For(GuestImage image)
    {
        ulong first = image.Segments[0].Address;
        ulong last = image.Segments[^1].LastAddress;
        if (first >= Address && last < Address + Size) return new MemoryRange(Address, Size);
        ulong start = first & ~(Alignment - 1);
        if (last - start < Size && start <= (1UL << GuestMemory.MaxAddressBits) - Size) return new MemoryRange(start, Size);
        throw new UsageException($"The image spans 0x{first:x}-0x{last:x}, more than the default of 0x{Size:x} bytes holds: give its memory with --memory BASE:SIZE.");
    }
}
