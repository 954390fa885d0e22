using Armillary.Emulation;
using Armillary.Hvf;
using Armillary.Kvm;

namespace Armillary;

/// <summary>The engines, in the order of preference. A new engine is one line here.</summary>
public static class Backends
{
    /// <summary>The name that stands for <see cref="Default"/> in <see cref="Find"/>.</summary>
    public const string Auto = "auto";

    /// <summary>Every engine that this build knows, available here or not: native ones first.</summary>
    public static IReadOnlyList<Backend> All { get; } = [new HvfBackend(), new KvmBackend(), new SoftwareBackend()];

    /// <summary>The first engine of <see cref="All"/> that can run here; the software engine always can.</summary>
    /// <remarks>The engines are asked anew each time: a user may have been given the rights to <c>/dev/kvm</c> meanwhile.</remarks>
    public static Backend Default => All.First(backend => backend.Probe().IsAvailable);

    /// <summary>Finds an engine by its short name in any case, available here or not.</summary>
    /// <param name="name"><c>auto</c>, <c>hvf</c>, <c>kvm</c> or <c>software</c>.</param>
    /// <returns>Null if no engine has this name.</returns>
    public static Backend? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Equals(Auto, StringComparison.OrdinalIgnoreCase)
            ? Default
            : All.FirstOrDefault(backend => backend.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
