namespace Armillary.Cli;

/// <summary>Guest memory as <c>--memory BASE:SIZE</c> gives it.</summary>
internal readonly record struct MemoryRange(ulong Address, ulong Size)
{
    public ulong LastAddress => Address + (Size - 1);

    public static bool TryParse(string text, out MemoryRange range, out string error)
    {
        range = default;
        string[] parts = text.Split(':');
        if (parts.Length != 2 || !Number.TryParse(parts[0], out ulong address) || !Number.TryParseSize(parts[1], out ulong size))
        {
            error = $"--memory takes BASE:SIZE, such as 0x40000000:64M, not '{text}'.";
            return false;
        }

        if (size == 0 || size > 1UL << GuestMemory.MaxAddressBits || address > (1UL << GuestMemory.MaxAddressBits) - size)
        {
            error = $"--memory {text}: 0x{size:x} bytes at 0x{address:x} are not within the 0x{1UL << GuestMemory.MaxAddressBits:x} bytes of guest physical addresses.";
            return false;
        }

        error = "";
        range = new MemoryRange(address, size);
        return true;
    }
}
