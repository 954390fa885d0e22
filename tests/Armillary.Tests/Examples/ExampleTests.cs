using System.Diagnostics;
using System.Reflection;
using System.Text;
using Armillary.Tests.Hvf.Shim;

namespace Armillary.Tests.Examples;

/// <summary>Runs every example as a newcomer does, in both languages, and compares what it prints.</summary>
public sealed class ExampleTests
{
    private static readonly string s_folder = Path.Combine(
        typeof(ExampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "examples");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(s_folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)!).Where(name => name != Linux).Order(StringComparer.Ordinal)];

    private const string Linux = "linux"; // it needs a kernel

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_example_prints_what_it_should_in_both_languages(string name)
    {
        Assert.Equal(await Expected($"{name}.expected"), await Run(name, "en_US.UTF-8"));
        Assert.Equal(await Expected($"{name}.ja.expected"), await Run(name, "ja_JP.UTF-8", "--no-build"));
        if (ShimLibrary.Missing is null && !OperatingSystem.IsMacOS()) await RunOnHypervisorFramework(name);
    }

    // The same program, byte for byte, with the shim where the framework would be.
    private static async Task RunOnHypervisorFramework(string name)
    {
        string expected = (await Expected($"{name}.ja.expected")).Replace($"({Backends.Default.Description})", "(Hypervisor.framework)", StringComparison.Ordinal);
        (string, string)[] hook = [("DOTNET_STARTUP_HOOKS", typeof(ExampleTests).Assembly.Location), (StartupHook.LibraryVariable, ShimLibrary.Load().Path)];
        Assert.Equal(expected, await Run(name, "ja_JP.UTF-8", hook, "--no-build"));
    }

    [Fact]
    public async Task Linux_answers_its_example()
    {
        (int code, string usage, _) = await Start(Linux, "en_US.UTF-8", []);
        Assert.Equal((2, "Usage: linux.cs KERNEL INITRD, as eng/guests.sh makes them.\n"), (code, usage));
        string? guests = Environment.GetEnvironmentVariable("ARMILLARY_GUESTS");
        if (guests is null) Assert.Skip("ARMILLARY_GUESTS is not set: eng/guests.sh cloud-6.12 busybox DIR makes the guests.");
        string[] arguments = [Path.Combine(guests, "cloud-6.12", "vmlinuz"), Path.Combine(guests, "busybox", "initramfs.cpio.gz")];
        Assert.Equal((0, await Expected("linux.expected"), ""), await Start(Linux, "en_US.UTF-8", [], ["--no-build"], arguments));
    }

    [Theory]
    [MemberData(nameof(Names))]
    [InlineData(Linux)]
    public async Task An_example_is_a_page_to_read(string name)
        => Assert.InRange((await File.ReadAllLinesAsync(Path.Combine(s_folder, name + ".cs"), TestContext.Current.CancellationToken)).Length, 1, 80);

    private static async Task<string> Expected(string file)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(s_folder, file), TestContext.Current.CancellationToken);
        return text.ReplaceLineEndings("\n").Replace("(Software CPU)", $"({Backends.Default.Description})", StringComparison.Ordinal);
    }

    private static Task<string> Run(string name, string language, params string[] options) => Run(name, language, [], options);

    private static async Task<string> Run(string name, string language, (string Name, string Value)[] variables, params string[] options)
    {
        (int code, string output, string error) = await Start(name, language, variables, options);
        Assert.True(code == 0, $"{name} ended with {code}.\n{output}\n{error}");
        return output;
    }

    private static async Task<(int Code, string Output, string Error)> Start(string name, string language, (string Name, string Value)[] variables, string[]? options = null, string[]? arguments = null)
    {
        var start = new ProcessStartInfo("dotnet", ["run", .. options ?? [], "--file", Path.Combine(s_folder, name + ".cs"), "--", .. arguments ?? []])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            Environment = { ["LC_ALL"] = language, ["DOTNET_NOLOGO"] = "1" },
        };
        foreach ((string variable, string value) in variables) start.Environment[variable] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, (await output).ReplaceLineEndings("\n"), await error);
    }
}
