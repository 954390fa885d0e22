namespace Armillary.Cli;

/// <summary>The registers that <c>--set</c> knows, in the order in which they are set: PSTATE first, since it selects SP.</summary>
internal enum RegisterKind
{
    Pstate,
    X,
    W,
    Sp,
    Pc,
    System,
}
