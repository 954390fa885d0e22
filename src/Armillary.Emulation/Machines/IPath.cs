namespace Armillary.Emulation.Machines;

/// <summary>How much of an instruction the interpreter does in place.</summary>
internal interface IPath
{
    /// <summary>The common case: a direct branch's target is in the page, an access's base is not the stack pointer.</summary>
    static abstract bool Near { get; }

    /// <summary>Everything is done, whatever it costs: walks, MMIO, faults, atomics, far jumps.</summary>
    static abstract bool Slow { get; }
}

/// <summary>Fast path, common case.</summary>
internal readonly struct Near : IPath
{
    static bool IPath.Near => true;

    static bool IPath.Slow => false;
}

/// <summary>Fast path; a direct branch leaves its page, an access's base is the stack pointer.</summary>
internal readonly struct Far : IPath
{
    static bool IPath.Near => false;

    static bool IPath.Slow => false;
}

/// <summary>Slow path: what the fast paths hand over.</summary>
internal readonly struct Slow : IPath
{
    static bool IPath.Near => false;

    static bool IPath.Slow => true;
}
