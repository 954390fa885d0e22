namespace Armillary.Emulation.Cpu.Translation;

/// <summary>The result of stage 1 for one address and one kind of access.</summary>
internal readonly record struct Translation
{
    /// <summary>The guest physical address, or of a table that could not be read.</summary>
    public ulong Gpa { get; init; }

    /// <summary>What became of it.</summary>
    public TranslationOutcome Outcome { get; init; }

    /// <summary>The fault status code (DFSC or IFSC) of a fault.</summary>
    public uint Status { get; init; }

    /// <summary>Address bits within a block, which is larger than a page; 0 for a page.</summary>
    public int BlockBits { get; init; }

    /// <summary>The memory attributes: a byte of MAIR_EL1.</summary>
    public byte Attributes { get; init; }

    /// <summary>Shareability, as SH in a descriptor.</summary>
    public byte Shareability { get; init; }

    /// <summary>False for a page whose descriptor must be looked at again when it is written (dirty state).</summary>
    public bool IsWritable { get; init; }

    /// <summary>The GP bit: an indirect branch to here must land on an instruction made for that.</summary>
    public bool IsGuarded { get; init; }

    /// <summary>Device memory: accesses must be aligned (Arm ARM B2.7.2).</summary>
    public bool IsDevice => (Attributes & 0xf0) == 0;

    public static Translation Fault(uint status) => new() { Outcome = TranslationOutcome.Fault, Status = status };
}

internal enum TranslationOutcome
{
    /// <summary>The address is translated and the access allowed.</summary>
    Done,

    /// <summary>A fault for EL1.</summary>
    Fault,

    /// <summary>A translation table is where no memory is: a fault for the hypervisor, as stage 2 gives it.</summary>
    TableNotBacked,
}
