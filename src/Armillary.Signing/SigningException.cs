namespace Armillary.Signing;

/// <summary>A file that cannot be signed, or whose signature cannot be read; the message says why, and what to do where that is known.</summary>
internal sealed class SigningException(string message) : Exception(message);
