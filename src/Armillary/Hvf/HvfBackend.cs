using System.Runtime.InteropServices;
using Armillary.Hvf.Conformance;

namespace Armillary.Hvf;

/// <summary>
/// Apple's Hypervisor.framework on Apple Silicon. A process may have one virtual machine, and a thread one virtual CPU, which it must
/// dispose itself.
/// </summary>
public sealed class HvfBackend : Backend
{
    private readonly HvfOptions _options;
    private readonly string? _library;

    /// <summary>Creates the engine.</summary>
    public HvfBackend() : this(new HvfOptions()) { }

    /// <summary>Creates the engine for machines of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The page size is neither 4096 nor 16384.</exception>
    public HvfBackend(HvfOptions options) : this(options, AppContext.GetData(HvfHost.LibrarySwitch) as string) { }

    internal HvfBackend(HvfOptions options, string? library) : base("hvf", "Hypervisor.framework")
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Time, nameof(options));
        if (options.PageSize is not (4096 or HvfOptions.DefaultPageSize)) throw new ArgumentOutOfRangeException(nameof(options), options.PageSize, "Hypervisor.framework has pages of 4096 and of 16384 bytes.");
        _options = options;
        _library = library;
    }

    /// <inheritdoc/>
    public override EngineStatus Probe()
    {
        if (_library is null)
        {
            if (!OperatingSystem.IsMacOS()) return new(false, $"Hypervisor.framework is part of macOS; this is {RuntimeInformation.OSDescription}.");
            if (RuntimeInformation.ProcessArchitecture != Architecture.Arm64)
            {
                return RuntimeInformation.OSArchitecture == Architecture.Arm64
                    ? new(false, $"This process is {RuntimeInformation.ProcessArchitecture} and runs under Rosetta.", "Use the Arm64 build of .NET.")
                    : new(false, "Hypervisor.framework runs ARM64 guests on Apple Silicon; this Mac has an Intel processor.");
            }
        }

        try
        {
            return HvfHost.Load(_library).Examine();
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return new(false, $"Hypervisor.framework cannot be used: {error.Message}", "macOS 11 or newer has it.");
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<EngineFact> Inspect()
    {
        if (_library is null && !OperatingSystem.IsMacOS()) return [];
        try
        {
            return HvfHost.Load(_library).Inspect();
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return [new("framework", error.Message)];
        }
    }

    private protected override IReadOnlyList<ConformanceFinding> CheckConformanceCore() => Questions.Ask(HvfHost.Load(_library));

    private protected override VirtualMachine CreateVirtualMachineCore() => new HvfVirtualMachine(this, HvfHost.Load(_library), _options);
}
