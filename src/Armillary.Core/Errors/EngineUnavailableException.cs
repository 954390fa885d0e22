namespace Armillary;

/// <summary>The engine that was asked for cannot run on this machine.</summary>
public sealed class EngineUnavailableException : ArmillaryException
{
    /// <summary>Creates the error from what the engine said of itself.</summary>
    public EngineUnavailableException(string engine, EngineStatus status)
        : base($"The {engine} engine is not available: {status.Reason}" + (status.Fix is null ? "" : $" Fix: {status.Fix}"))
    {
        Engine = engine;
        Status = status;
    }

    /// <summary>The engine's name, as in <c>--engine</c>.</summary>
    public string Engine { get; }

    /// <summary>Why, and what mends it.</summary>
    public EngineStatus Status { get; }
}
