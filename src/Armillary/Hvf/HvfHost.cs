using System.Globalization;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

/// <summary>The framework on this host, and what keeps a process from using it.</summary>
internal sealed class HvfHost
{
    /// <summary>AppContext data that names another library with the framework's functions and libSystem's, for tests.</summary>
    internal const string LibrarySwitch = "Armillary.Hvf.Library";

    internal const string Entitlement = "com.apple.security.hypervisor";

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, HvfHost> s_hosts = new(StringComparer.Ordinal);

    private HvfHost(string path, string systemPath)
    {
        Framework = new HypervisorFramework(path);
        System = new DarwinSystem(systemPath);
    }

    public HypervisorFramework Framework { get; }

    public DarwinSystem System { get; }

    /// <summary>Loads the framework, once.</summary>
    /// <param name="otherLibrary">The library that tests put in the framework's and the system's place, or null.</param>
    public static HvfHost Load(string? otherLibrary)
    {
        string path = otherLibrary ?? HypervisorFramework.DefaultPath;
        lock (s_lock)
        {
            if (!s_hosts.TryGetValue(path, out HvfHost? host)) s_hosts.Add(path, host = new HvfHost(path, otherLibrary ?? DarwinSystem.DefaultPath));
            return host;
        }
    }

    /// <summary>Whether this process can have a virtual machine; creates nothing.</summary>
    public EngineStatus Examine()
    {
        if (System.ReadNumber("kern.hv_support") is null or 0) return WithoutVirtualization;
        return System.ReadEntitlements() is { } entitlements && !IsTrue(entitlements, Entitlement) ? WithoutEntitlement : new(true, Describe());
    }

    /// <summary>No Mac of Apple Silicon lacks it, but virtual machines with macOS do.</summary>
    public EngineStatus WithoutVirtualization => new(false,
        $"This macOS has no virtualization to give (kern.hv_support is not 1; {Describe()}), as is usual inside a virtual machine and on hosted CI runners.",
        "Run on a Mac itself, or use --engine software.");

    /// <summary>What HV_DENIED means.</summary>
    public static EngineStatus WithoutEntitlement
    {
        get
        {
            string program = Environment.ProcessPath ?? "the program";
            bool isMuxer = Path.GetFileNameWithoutExtension(program) == "dotnet";
            return new(false, $"The signature of {program} lacks the entitlement {Entitlement}.", isMuxer
                ? "Start the program by its own executable, as dotnet run does, and not by dotnet PROGRAM.dll."
                : $"armillary sign '{program}'");
        }
    }

    /// <summary>What HV_NO_RESOURCES means at a machine's creation.</summary>
    public string WithoutAddressSpace
    {
        get
        {
            string limit = System.ReadNumber("kern.hv.max_address_spaces") is { } count ? Number(count) : "all";
            return $"macOS has no address space left for another virtual machine: {limit} are in use on this Mac (sysctl kern.hv.max_address_spaces). Stop other virtual machines first.";
        }
    }

    /// <summary>What doctor tells of the host.</summary>
    public unsafe IReadOnlyList<EngineFact> Inspect()
    {
        string? entitlements = System.ReadEntitlements();
        byte el2 = 0;
        if (Framework.hv_vm_config_get_el2_supported is not null) Framework.hv_vm_config_get_el2_supported(&el2);
        uint bits = 0, cpus = 0;
        if (Framework.hv_vm_config_get_max_ipa_size is not null) Framework.hv_vm_config_get_max_ipa_size(&bits);
        Framework.hv_vm_get_max_vcpu_count(&cpus);
        return
        [
            new("chip", System.ReadText("machdep.cpu.brand_string") ?? "unknown"),
            new("macOS", $"{System.ReadText("kern.osproductversion") ?? "?"} ({System.ReadText("kern.osversion") ?? "?"})"),
            new("framework", "loaded"),
            new("virtualization", System.ReadNumber("kern.hv_support") is 1 ? "yes" : "no (kern.hv_support)"),
            new("entitlement", entitlements is null ? "unknown" : IsTrue(entitlements, Entitlement) ? "yes" : "no"),
            new("executable", Environment.ProcessPath ?? "unknown"),
            new("address spaces", Number(System.ReadNumber("kern.hv.max_address_spaces"))),
            new("virtual CPUs", Number(cpus)),
            new("address bits", bits == 0 ? "36, not to be chosen" : $"up to {bits}"),
            new("pages", Framework.hv_vm_config_set_ipa_granule is null ? "16 KiB" : "16 or 4 KiB"),
            new("EL2 for guests", el2 != 0 ? "yes" : "no"),
            new("interrupt controller", Framework.Gic is null ? "no" : "yes"),
            new("counter", $"{Number(System.TicksPerSecond)} Hz"),
        ];
    }

    /// <summary>Chip and operating system, for reports of what differs between them.</summary>
    public string Describe()
        => $"{System.ReadText("machdep.cpu.brand_string") ?? "unknown chip"}, macOS {System.ReadText("kern.osproductversion") ?? "?"} ({System.ReadText("kern.osversion") ?? "?"})";

    private static string Number(ulong? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "unknown";

    // The entitlements are a property list of a form that code signing fixes: a key and, behind it, <true/>.
    private static bool IsTrue(string entitlements, string key)
    {
        string name = $"<key>{key}</key>";
        int at = entitlements.IndexOf(name, StringComparison.Ordinal);
        return at >= 0 && entitlements.AsSpan(at + name.Length).TrimStart().StartsWith("<true/>", StringComparison.Ordinal);
    }
}
