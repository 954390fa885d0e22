namespace Armillary.Machine.Pl061;

/// <summary>A PL061 as a whole.</summary>
internal sealed record Pl061State(byte Inputs, byte Outputs, byte Directions, byte Levels, byte BothEdges, byte Events, byte Enabled, byte Raw, byte Alternates);
