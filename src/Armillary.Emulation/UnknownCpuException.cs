namespace Armillary.Emulation;

/// <summary>A CPU of this name is not among those of the software engine.</summary>
public sealed class UnknownCpuException : ArmillaryException
{
    /// <summary>Creates the error from the name and the names that there are.</summary>
    public UnknownCpuException(string cpu, IReadOnlyList<string> known)
        : base($"There is no CPU '{cpu}': the software engine has {string.Join(", ", known)}.")
    {
        Cpu = cpu;
        Known = known;
    }

    /// <summary>The name that was asked for.</summary>
    public string Cpu { get; }

    /// <summary>The names that there are.</summary>
    public IReadOnlyList<string> Known { get; }
}
