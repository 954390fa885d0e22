using System.Security.Cryptography;
using System.Text;
using Armillary.Emulation;

namespace Armillary.Machine.Tests.Linux;

/// <summary>Linux on the board, of the guests that <c>eng/guests.sh cloud-6.12 busybox DIR</c> makes; ARMILLARY_GUESTS is DIR.</summary>
public sealed class LinuxTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    // From the first instruction to the last the devices are replaced, ten times a second.
    [Fact]
    public async Task A_boot_goes_on_with_fresh_devices_and_its_disk_is_what_it_should_be()
    {
        string path = Path.GetTempFileName();
        try
        {
            byte[] disk = RandomNumberGenerator.GetBytes(4 << 20);
            await File.WriteAllBytesAsync(path, disk, TestContext.Current.CancellationToken);
            using Machine machine = Builder("panic=-1 quiet run=disk-check").WithDisk(new DiskOptions(path) { Serial = "fresh", Queues = 2 }).Build();
            using var hang = new CancellationTokenSource(s_patience);
            Task<MachineExit> run = machine.RunAsync(hang.Token);
            int renewed = 0;
            for (; !run.IsCompleted; renewed++)
            {
                await Task.WhenAny(run, Task.Delay(100, TestContext.Current.CancellationToken));
                machine.RenewBoard();
            }

            string printed = await new StreamReader(machine.Console, Encoding.Latin1).ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal((MachineExitReason.PowerOff, printed), ((await run).Reason, printed));
            machine.Dispose(); // its disk is its own until then
            Assert.Contains($"disk fresh {Sum(disk)}", printed, StringComparison.Ordinal);
            disk.AsSpan(0, 2 << 20).CopyTo(disk.AsSpan(2 << 20));
            Assert.Contains($"disk fresh {Sum(disk)}", printed, StringComparison.Ordinal);
            Assert.Equal(disk, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
            Assert.True(renewed > 20, $"{renewed}");
            TestContext.Current.TestOutputHelper?.WriteLine($"{renewed} boards");
        }
        finally
        {
            File.Delete(path);
        }
    }

    // A shell on the UART that drives the virtio console: its size, what goes out, what comes in.
    [Fact]
    public async Task A_shell_uses_the_virtio_console_and_knows_its_size()
    {
        using var terminal = new MemoryStream();
        var console = new ConsolePort("terminal", terminal) { IsConsole = true };
        using Machine machine = Builder("quiet").WithPort(console).Build();
        machine.ResizeTerminal(132, 43);
        using var hang = new CancellationTokenSource(s_patience);
        using var shell = new Shell(machine, hang.Token);
        shell.Expect(Shell.Prompt);

        // Linux gives a terminal its size some time after it is opened.
        Assert.Contains("43 132", shell.Do("exec 4<>/dev/hvc0; sleep 1; stty size <&4"), StringComparison.Ordinal);
        machine.ResizeTerminal(80, 25);
        Assert.Contains("25 80", shell.Do("sleep 1; stty size <&4"), StringComparison.Ordinal);
        console.Send("typed\n"u8);
        Assert.Contains("got typed", shell.Do("read line </dev/hvc0; echo got $line; echo shown >/dev/hvc0"), StringComparison.Ordinal);
        Assert.Equal(MachineExitReason.PowerOff, (await shell.PowerOff()).Reason);
        Assert.Contains("shown", Encoding.ASCII.GetString(terminal.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shell_uses_a_port_that_is_no_console()
    {
        using MemoryStream terminal = new(), agent = new();
        var console = new ConsolePort("terminal", terminal) { IsConsole = true };
        var port = new ConsolePort("agent", agent);
        using Machine machine = Builder("quiet").WithPort(console).WithPort(port).Build();
        using var hang = new CancellationTokenSource(s_patience);
        using var shell = new Shell(machine, hang.Token);
        shell.Expect(Shell.Prompt);
        Assert.Contains("agent", shell.Do("cat /sys/class/virtio-ports/vport*p1/name"), StringComparison.Ordinal);
        port.Send("question\n"u8);
        Assert.Contains("got question", shell.Do("exec 3<>/dev/$(basename /sys/class/virtio-ports/vport*p1); read line <&3; echo got $line; echo answer >&3; echo shown >/dev/hvc0; sleep 1"), StringComparison.Ordinal);
        Assert.Equal(MachineExitReason.PowerOff, (await shell.PowerOff()).Reason);
        Assert.Equal("answer\n", Encoding.ASCII.GetString(agent.ToArray()));
        Assert.Contains("shown", Encoding.ASCII.GetString(terminal.ToArray()), StringComparison.Ordinal);
    }

    private static MachineBuilder Builder(string commandLine)
    {
        string? guests = Environment.GetEnvironmentVariable("ARMILLARY_GUESTS");
        if (guests is null) Assert.Skip("ARMILLARY_GUESTS is not set: eng/guests.sh cloud-6.12 busybox DIR makes the guests.");
        return Machine.CreateBuilder().WithEngine(new SoftwareBackend()).WithCpus(2).WithMemory(256 << 20)
            .WithKernel(Path.Combine(guests, "cloud-6.12", "vmlinuz"))
            .WithInitrd((byte[])[.. File.ReadAllBytes(Path.Combine(guests, "busybox", "initramfs.cpio.gz")), .. File.ReadAllBytes(Path.Combine(guests, "cloud-6.12", "modules.cpio.gz"))])
            .WithCommandLine("console=ttyAMA0 " + commandLine);
    }

#pragma warning disable CA5351 // what the guest prints
    private static string Sum(byte[] disk) => Convert.ToHexStringLower(MD5.HashData(disk));
#pragma warning restore CA5351
}
