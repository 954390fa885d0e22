namespace Armillary;

/// <summary>What the guest may do with a region of its memory (stage 2). The host may always read and write it.</summary>
[Flags]
public enum MemoryPermissions
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Loads.</summary>
    Read = 1,
    /// <summary>Stores.</summary>
    Write = 2,
    /// <summary>Instruction fetches.</summary>
    Execute = 4,
    /// <summary>Loads and fetches, as of a ROM.</summary>
    ReadExecute = Read | Execute,
    /// <summary>Loads and stores.</summary>
    ReadWrite = Read | Write,
    /// <summary>Everything.</summary>
    All = Read | Write | Execute,
}
