using Armillary.Arm64;

namespace Armillary;

/// <summary>A system register that the engine does not have, or does not let the host write.</summary>
public sealed class SystemRegisterException : ArmillaryException
{
    /// <summary>Creates the error.</summary>
    public SystemRegisterException(SystemRegister register, string verb)
        : base($"{register.Name()} cannot be {verb} on this engine.") => Register = register;

    /// <summary>The register.</summary>
    public SystemRegister Register { get; }
}
