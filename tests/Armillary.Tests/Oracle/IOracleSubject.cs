namespace Armillary.Tests.Oracle;

/// <summary>Something that executes programs: the oracle, or an engine that must agree with it.</summary>
/// <remarks>
/// The MMU is off, or everything is mapped to itself. The window is one page, with nothing around it. The code area is
/// full of <see cref="OracleCase.EndOfProgram"/> but for the program and the literal. The exclusive monitor is open. The
/// run ends at the first BRK, undefined instruction or fault, with PC at it, or after a while if <see cref="OracleCase.MayLoop"/>.
/// </remarks>
internal interface IOracleSubject
{
    OracleResult Run(OracleCase oracleCase);

    /// <summary>Runs cases in order. To be overridden where many at once are cheaper.</summary>
    IReadOnlyList<OracleResult> RunAll(IReadOnlyList<OracleCase> cases) => [.. cases.Select(Run)];
}
