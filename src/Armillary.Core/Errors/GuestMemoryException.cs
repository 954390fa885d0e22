namespace Armillary;

/// <summary>A host access to guest memory, or a mapping of it, that cannot be done. Nothing was written.</summary>
public sealed class GuestMemoryException : ArmillaryException
{
    /// <summary>Creates the error for a range.</summary>
    public GuestMemoryException(string message, ulong address, ulong length) : base(message)
    {
        Address = address;
        Length = length;
    }

    /// <summary>First guest physical address of the range asked for.</summary>
    public ulong Address { get; }

    /// <summary>Length in bytes of the range asked for.</summary>
    public ulong Length { get; }
}
