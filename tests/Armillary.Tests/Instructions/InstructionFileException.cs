namespace Armillary.Tests.Instructions;

/// <summary>A line of an instruction file is not as the format says.</summary>
internal sealed class InstructionFileException(string file, int line, string problem)
    : FormatException($"{file}:{line}: {problem}")
{
    public string File { get; } = file;

    /// <summary>From 1.</summary>
    public int Line { get; } = line;
}
