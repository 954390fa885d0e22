using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Armillary.Hvf.Interop;
using Armillary.Tests.House;

namespace Armillary.Tests.Hvf.Shim;

/// <summary>
/// The shim: a library in Hypervisor.framework's place. It is compiled from the C files here for this process's architecture, as an old or
/// as a new macOS, unless it stands beside the tests already.
/// </summary>
internal sealed unsafe class ShimLibrary
{
    public const int Newest = 27, Oldest = 11;

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<int, ShimLibrary> s_libraries = [];

    private readonly delegate* unmanaged<byte*, nuint, nuint> _takeLog, _takeViolations, _layout;
    private readonly delegate* unmanaged<ulong, hv_vcpu_exit_t*, int> _script;
    private readonly delegate* unmanaged<void> _forget;

    private ShimLibrary(string path)
    {
        Path = path;
        nint library = NativeLibrary.Load(path);
        Configuration = ((delegate* unmanaged<ShimConfiguration*>)NativeLibrary.GetExport(library, "shim_configuration"))();
        _takeLog = (delegate* unmanaged<byte*, nuint, nuint>)NativeLibrary.GetExport(library, "shim_take_log");
        _takeViolations = (delegate* unmanaged<byte*, nuint, nuint>)NativeLibrary.GetExport(library, "shim_take_violations");
        _layout = (delegate* unmanaged<byte*, nuint, nuint>)NativeLibrary.GetExport(library, "shim_layout");
        _script = (delegate* unmanaged<ulong, hv_vcpu_exit_t*, int>)NativeLibrary.GetExport(library, "shim_script");
        _forget = (delegate* unmanaged<void>)NativeLibrary.GetExport(library, "shim_forget_machine");
        ShimExecutor.Register((delegate* unmanaged<ShimCallbacks*, void>)NativeLibrary.GetExport(library, "shim_set_executor"));
    }

    /// <summary>Why there is none, or null.</summary>
    public static string? Missing => OperatingSystem.IsLinux() && (File.Exists(Beside(Newest)) || FindCompiler() is not null) ? null : "The shim for Hypervisor.framework needs Linux and a C compiler (cc).";

    public string Path { get; }

    /// <summary>What the host is like.</summary>
    public ShimConfiguration* Configuration { get; }

    /// <summary>What a C compiler says of the interface.</summary>
    public string Layout => Text(_layout);

    /// <summary>The shim as some macOS.</summary>
    public static ShimLibrary Load(int macOS = Newest)
    {
        lock (s_lock)
        {
            if (!s_libraries.TryGetValue(macOS, out ShimLibrary? library)) s_libraries.Add(macOS, library = new ShimLibrary(File.Exists(Beside(macOS)) ? Beside(macOS) : Compile(macOS)));
            return library;
        }
    }

    /// <summary>A library that stands somewhere.</summary>
    public static ShimLibrary Open(string path) => new(path);

    /// <summary>The calls since the last time, a line each.</summary>
    public string[] TakeLog() => Text(_takeLog).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Breaches of the contract since the last time.</summary>
    public string[] TakeViolations() => Text(_takeViolations).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Makes the next run of a virtual CPU come back with an exit.</summary>
    public void Script(ulong id, hv_vcpu_exit_t exit) => Assert.Equal(0, _script(id, &exit));

    /// <summary>The machine of a test that failed is nobody's.</summary>
    public void ForgetMachine() => _forget();

    private static string Beside(int macOS) => System.IO.Path.Combine(AppContext.BaseDirectory, $"libHypervisor-{macOS}.so");

    private static string? FindCompiler()
        => Environment.GetEnvironmentVariable("PATH")?.Split(':').Select(directory => System.IO.Path.Combine(directory, "cc")).FirstOrDefault(File.Exists);

    private static string Compile(int macOS)
    {
        string output = System.IO.Path.Combine(Directory.CreateTempSubdirectory("armillary-shim").FullName, $"libHypervisor-{macOS}.so");
        string[] sources = Directory.GetFiles(System.IO.Path.Combine(Repository.Root, "tests/Armillary.Tests/Hvf/Shim"), "*.c");
        var start = new ProcessStartInfo(FindCompiler()!, ["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-fvisibility=hidden", $"-DSHIM_MACOS={macOS}", "-o", output, .. sources, "-lpthread"])
        {
            RedirectStandardError = true,
        };
        using var compiler = Process.Start(start)!;
        string errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, errors);
        return output;
    }

    private static string Text(delegate* unmanaged<byte*, nuint, nuint> function)
    {
        byte[] buffer = new byte[2 << 20];
        fixed (byte* pointer = buffer) return Encoding.UTF8.GetString(pointer, (int)function(pointer, (nuint)buffer.Length));
    }
}

/// <summary>configuration_t of shim.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ShimConfiguration
{
    public uint HvSupport;
    public uint MaxAddressSpaces;
    public int CreateResult;
    public uint DefaultIpa;
    public uint MaxIpa;
    public uint EL2Supported;
    public uint MaxVcpus;
    public byte* Entitlements;
    public ulong Time;
}
