namespace Armillary;

/// <summary>A virtual CPU was used from a thread that does not own it.</summary>
public sealed class VirtualCpuThreadException : ArmillaryException
{
    /// <summary>Creates the error.</summary>
    public VirtualCpuThreadException(int index, int ownerThreadId, int callerThreadId)
        : base($"Virtual CPU {index} belongs to thread {ownerThreadId} and was called from thread {callerThreadId}. "
            + "Create a virtual CPU on the thread that runs it; only RequestExit() may be called from elsewhere.")
    {
        Index = index;
        OwnerThreadId = ownerThreadId;
        CallerThreadId = callerThreadId;
    }

    /// <summary>Index of the virtual CPU in its virtual machine.</summary>
    public int Index { get; }

    /// <summary>Managed id of the thread that created the virtual CPU.</summary>
    public int OwnerThreadId { get; }

    /// <summary>Managed id of the thread that made the call.</summary>
    public int CallerThreadId { get; }
}
