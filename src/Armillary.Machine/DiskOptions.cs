namespace Armillary.Machine;

/// <summary>A disk of a <see cref="Machine"/>: a raw image, or a block device of the host.</summary>
/// <param name="Path">The file. While a machine writes to it, nobody else opens it.</param>
public sealed record DiskOptions(string Path)
{
    /// <summary>True if the guest may not write.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Its serial number: up to 20 ASCII characters, which name it in <c>/dev/disk/by-id</c>.</summary>
    public string Serial { get; init; } = "";

    /// <summary>Queues, 1 to 32, each with a thread of its own.</summary>
    public int Queues { get; init; } = 1;
}
