using System.Diagnostics;
using Armillary.Emulation;
using Armillary.Machine.DeviceTree;

namespace Armillary.Machine.Tests.Boot;

public sealed class DeviceTreeTests
{
    [Fact]
    public void The_device_tree_compiler_reads_the_boards_tree_without_a_warning()
    {
        (string text, string complaints) = Decompile(BoardTree.Build(Options(cpus: 18), 0x4800_0000, hasPerformanceMonitors: true));
        Assert.Equal("", complaints);
        string[] expected = ["cpu@101 {", "pl011@9000000 {", "bootargs = \"console=ttyAMA0\";", "linux,initrd-start = <0x00 0x48000000>;", "reg = <0x00 0x40000000 0x00 0x20000000>;", "reg = <0x00 0x8000000 0x00 0x10000 0x00 0x80a0000 0x00 0x240000>;"];
        Assert.All(expected, line => Assert.Contains(line, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_tree_with_an_open_node_is_the_callers_mistake()
    {
        var tree = new DeviceTreeWriter();
        tree.Begin("");
        Assert.Throws<InvalidOperationException>(tree.ToArray);
    }

    internal static MachineOptions Options(int cpus) => new()
    {
        Engine = new SoftwareBackend(),
        Kernel = LinuxImageTests.Image(0, 0x4000),
        Initrd = new byte[100],
        CommandLine = "console=ttyAMA0",
        RandomSeed = new byte[32],
        Cpus = cpus,
    };

    internal static (string Text, string Complaints) Decompile(byte[] tree)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            File.WriteAllBytes(path, tree);
            using Process compiler = Process.Start(new ProcessStartInfo("dtc", ["-I", "dtb", "-O", "dts", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> complaints = compiler.StandardError.ReadToEndAsync();
            string text = compiler.StandardOutput.ReadToEnd();
            compiler.WaitForExit();
            return (text, complaints.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("dtc is not installed (package device-tree-compiler).");
            throw;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
