using Armillary.Hvf;
using Armillary.Tests.Hvf.Shim;

namespace Armillary.Tests.Hvf;

/// <summary>
/// A test of the engine for Hypervisor.framework, on the shim. A process has one virtual machine of it, so these tests run one after another,
/// and each ends with the shim having seen no breach of the framework's contract.
/// </summary>
[Collection("Hypervisor.framework")]
public abstract unsafe class ShimTest : IDisposable
{
    private readonly ShimConfiguration _configuration;
    private readonly int _macOS;

    private protected ShimTest(int macOS = ShimLibrary.Newest)
    {
        _macOS = macOS;
        if (ShimLibrary.Missing is { } reason) Assert.Skip(reason);
        Shim = ShimLibrary.Load(macOS);
        _configuration = *Shim.Configuration;
        Shim.TakeLog();
        Shim.TakeViolations();
        ShimExecutor.Failure = null;
    }

    /// <summary>The library.</summary>
    private protected ShimLibrary Shim { get; }

    /// <summary>The engine, on it.</summary>
    private protected HvfBackend Engine(HvfOptions? options = null) => new(options ?? new HvfOptions(), Shim.Path);

    /// <summary>Breaches that the test itself is about.</summary>
    private protected string[] TakeViolations() => Shim.TakeViolations();

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        *Shim.Configuration = _configuration;
        string[] violations = Shim.TakeViolations();
        if (ShimExecutor.Failure is { } failure) throw new InvalidOperationException($"The executor behind the shim (macOS {_macOS}) failed.", failure);
        Shim.ForgetMachine();
        Assert.Empty(violations);
    }
}
