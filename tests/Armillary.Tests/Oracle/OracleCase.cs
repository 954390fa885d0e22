using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>A program of 1 to 32 instructions, and the complete state in which it starts.</summary>
/// <param name="Program">Instructions from <see cref="GuestState.CodeAddress"/>; BRK #0xF00 follows them, and fills the rest of the code area.</param>
/// <param name="Before">The state before; at most one literal of at most 16 bytes.</param>
internal sealed record OracleCase(IReadOnlyList<uint> Program, GuestState Before)
{
    public const uint EndOfProgram = 0xD421_E000;

    /// <summary>The program may loop for ever, and is to be stopped after a while.</summary>
    public bool MayLoop { get; init; }
}
