namespace Armillary.Tests.Instructions;

/// <summary>A value in memory, little-endian.</summary>
/// <param name="Address">Guest physical address.</param>
/// <param name="Size">1, 2, 4, 8 or 16 bytes.</param>
/// <param name="Value">Fits in the size.</param>
internal readonly record struct MemoryCell(ulong Address, int Size, UInt128 Value)
{
    public bool IsInWindow => Address is >= GuestState.WindowAddress and < GuestState.WindowAddress + GuestState.WindowSize;

    public bool Overlaps(MemoryCell other) => Address < other.Address + (ulong)other.Size && other.Address < Address + (ulong)Size;

    public override string ToString() => $"[0x{Address:x}]:{Size}=0x{Value:x}";
}
