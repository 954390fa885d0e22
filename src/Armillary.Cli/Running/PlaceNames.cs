using Armillary.Machine;

namespace Armillary.Cli.Running;

/// <summary>Where virtual CPUs are, with names where there are any.</summary>
internal sealed class PlaceNames(SymbolTable? symbols)
{
    /// <summary>The name of a CPU's place, or null.</summary>
    public string? Of(CpuPlace place) => place.IsOn ? symbols?.Find(place.Pc) : null;

    /// <summary>All places in a line.</summary>
    public string Tell(IEnumerable<CpuPlace> places) => string.Join("; ", places.Select(place => Of(place) is { } name ? $"{place} ({name})" : place.ToString()));
}
