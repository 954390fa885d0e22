namespace Armillary;

/// <summary>A guest image that cannot be loaded: truncated, for another machine, or contradicting itself. Nothing was written.</summary>
public sealed class ImageFormatException : ArmillaryException
{
    /// <summary>Creates the error.</summary>
    public ImageFormatException(string message) : base(message) { }
}
