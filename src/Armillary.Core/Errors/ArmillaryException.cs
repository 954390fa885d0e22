namespace Armillary;

/// <summary>The base of every error that Armillary itself raises. Its message carries the numbers and, where there is one, the fix.</summary>
public class ArmillaryException : Exception
{
    /// <summary>Creates an error without a message.</summary>
    public ArmillaryException() { }

    /// <summary>Creates an error.</summary>
    public ArmillaryException(string message) : base(message) { }

    /// <summary>Creates an error that another one caused.</summary>
    public ArmillaryException(string message, Exception? innerException) : base(message, innerException) { }
}
