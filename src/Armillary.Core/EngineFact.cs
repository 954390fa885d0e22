namespace Armillary;

/// <summary>Something that an engine found out about its host.</summary>
/// <param name="Name">What it is, in words that stay.</param>
/// <param name="Value">What was found.</param>
public readonly record struct EngineFact(string Name, string Value);
