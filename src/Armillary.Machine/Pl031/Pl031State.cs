namespace Armillary.Machine.Pl031;

/// <summary>A PL031 as a whole. The counter is the host's clock and the offset.</summary>
internal sealed record Pl031State(uint Match, uint Load, uint Offset, bool IsMasked, bool Raw, bool IsArmed);
