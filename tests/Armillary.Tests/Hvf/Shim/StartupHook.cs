using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Armillary.Hvf;
using Armillary.Tests.Hvf.Shim;

/// <summary>Puts the shim in Hypervisor.framework's place in another program, as it is: DOTNET_STARTUP_HOOKS names this assembly.</summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for it there.")]
internal static class StartupHook
{
    public const string LibraryVariable = "ARMILLARY_TESTS_SHIM";

    public static void Initialize()
    {
        // The variable reaches the dotnet command too, which is no program of ours.
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "Armillary.dll"))) Install();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Install()
    {
        string path = Environment.GetEnvironmentVariable(LibraryVariable)!;
        ShimLibrary.Open(path);
        AppContext.SetData(HvfHost.LibrarySwitch, path);
    }
}
