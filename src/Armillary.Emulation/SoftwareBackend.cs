using System.Runtime.InteropServices;
using Armillary.Emulation.Models;

namespace Armillary.Emulation;

/// <summary>The software engine: an ARM64 CPU in C#, on every host that .NET runs on.</summary>
public sealed class SoftwareBackend : Backend
{
    private readonly TimeProvider _time;
    private readonly CpuModel _model;
    private readonly Func<ulong> _random;
    private readonly bool _translates;

    /// <summary>Creates the engine; its guests' time is the system's.</summary>
    public SoftwareBackend() : this(new SoftwareOptions()) { }

    /// <summary>Creates the engine with a clock of its own for the guests' generic timer.</summary>
    public SoftwareBackend(TimeProvider time) : this(new SoftwareOptions { Time = time }) { }

    /// <summary>Creates the engine for machines of a kind.</summary>
    /// <exception cref="UnknownCpuException">There is no CPU of that name.</exception>
    public SoftwareBackend(SoftwareOptions options) : base("software", "Software CPU")
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Time, nameof(options));
        ArgumentNullException.ThrowIfNull(options.Cpu, nameof(options));
        ArgumentNullException.ThrowIfNull(options.Random, nameof(options));
        _time = options.Time;
        _random = options.Random;
        _translates = options.TranslatesCode;
        _model = options.Cpu == SoftwareOptions.DefaultCpu ? CpuModels.Max : CpuModels.Find(options.Cpu) ?? throw new UnknownCpuException(options.Cpu, Cpus);
    }

    /// <summary>The names of the CPUs that its machines can have, the default first.</summary>
    public static IReadOnlyList<string> Cpus => [.. CpuModels.All.Select(model => model.Name)];

    /// <inheritdoc/>
    public override EngineStatus Probe() => new(true, $"interpreter on {RuntimeInformation.ProcessArchitecture} {RuntimeInformation.FrameworkDescription}");

    private protected override VirtualMachine CreateVirtualMachineCore() => new SoftwareVirtualMachine(this, _time, _model, _random) { Translates = _translates };
}
