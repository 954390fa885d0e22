namespace Armillary.Emulation.Cpu;

/// <summary>What an access is for: its permission checks and its alignment rule follow.</summary>
[Flags]
internal enum AccessKind
{
    Read = 0,
    Write = 1,

    /// <summary>Checked as if at EL0 (LDTR, STTR).</summary>
    Unprivileged = 2,

    /// <summary>Must be aligned, whatever SCTLR_EL1.A says (load-acquire, store-release); with FEAT_LSE2, or else within 16 bytes or SCTLR_EL1.nAA set.</summary>
    Ordered = 4,

    /// <summary>An instruction fetch.</summary>
    Fetch = 8,

    /// <summary>Cache maintenance or address translation: no access, but the same checks.</summary>
    Maintenance = 16,

    /// <summary>Reads and writes at once. A fault that the read would have had too is reported as the read's (D24.2.40, WnR).</summary>
    Update = 32 | Write,

    /// <summary>An exclusive or an atomic: must be aligned; with FEAT_LSE2, or else within 16 bytes.</summary>
    Atomic = 64 | Ordered,

    /// <summary>Cache maintenance by address, which needs permission to read at EL0, and to write if it throws data away.</summary>
    Cache = 128 | Maintenance,

    /// <summary>The host looks: the walk leaves descriptors as they are.</summary>
    Peek = 4096,
}
