using System.Buffers.Binary;
using System.Security.Cryptography;
using Armillary.Emulation;

namespace Armillary.Machine.Tests.Linux;

/// <summary>Debian 12 with systemd from a virtio disk, of the guests that <c>eng/guests.sh generic-6.1 busybox debian-12 DIR</c> makes; ARMILLARY_GUESTS is DIR.</summary>
public sealed class DebianTests
{
    private const int Size = 100 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Debian_starts_its_services_computes_compiles_keeps_a_file_and_obeys_the_power_button()
    {
        string? guests = Environment.GetEnvironmentVariable("ARMILLARY_GUESTS");
        if (guests is null || !File.Exists(Path.Combine(guests, "debian-12", "disk.img"))) Assert.Skip("ARMILLARY_GUESTS has no debian-12: eng/guests.sh generic-6.1 busybox debian-12 DIR makes it.");
        string disk = Path.GetTempFileName();
        try
        {
            File.Copy(Path.Combine(guests, "debian-12", "disk.img"), disk, overwrite: true);
            using Machine machine = Machine.CreateBuilder().WithEngine(new SoftwareBackend()).WithCpus(2).WithMemory(1 << 30)
                .WithKernel(Path.Combine(guests, "generic-6.1", "vmlinuz"))
                .WithInitrd((byte[])[.. File.ReadAllBytes(Path.Combine(guests, "busybox", "initramfs.cpio.gz")), .. File.ReadAllBytes(Path.Combine(guests, "generic-6.1", "modules.cpio.gz"))])
                .WithCommandLine("console=ttyAMA0 quiet root=/dev/vda systemd.show_status=0")
                .WithDisk(new DiskOptions(disk)).Build();
            using var hang = new CancellationTokenSource(s_patience);
            using var shell = new Shell(machine, hang.Token);
            shell.Expect("login: ");
            shell.Type("root");
            shell.Expect(Shell.Prompt);

            string units = shell.Do("export SYSTEMD_PAGER= SYSTEMD_COLORS=0; echo state: $(systemctl is-system-running --wait); systemctl --failed --no-legend");
            Assert.True(units.Contains("state: running", StringComparison.Ordinal), units);
            Assert.Contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", shell.Do("printf abc | openssl sha256"), StringComparison.Ordinal);
            string speed = shell.Do("openssl speed -seconds 1 sha256 2>/dev/null");
            Assert.Matches(@"sha256 +\d+\.\d\dk", speed);
            Assert.Contains("1606938044258990275541962092341162602522202993782792835301376", shell.Do("python3 -c 'print(2**200)'"), StringComparison.Ordinal);
            Assert.Contains("3628800 3.141593", shell.Do("""
                printf '#include <stdio.h>\n#include <math.h>\nint main(int c, char **v) { long f = 1; for (int i = 2; i < 11; i++) f *= i; printf("%%ld %%f", f, acos(-c)); puts(""); }\n' >a.c && gcc -O2 -o a a.c -lm && ./a
                """.Trim()), StringComparison.Ordinal);
            string sum = shell.Do($"openssl enc -aes-128-ctr -K {new string('0', 32)} -iv {new string('0', 32)} -in /dev/zero 2>/dev/null | head -c {Size} >big; sync; echo 3 >/proc/sys/vm/drop_caches; sha256sum big");
            Assert.Contains(Keystream(), sum, StringComparison.Ordinal);

            // Which systemd answers as a person's computer does, when it is let go.
            machine.SetPowerButton(true);
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            machine.SetPowerButton(false);
            Assert.Equal(MachineExitReason.PowerOff, (await shell.End).Reason);
            TestContext.Current.TestOutputHelper?.WriteLine(speed);
        }
        finally
        {
            File.Delete(disk);
        }
    }

    // SHA-256 of AES-128-CTR's stream for a key and a counter of zero.
    private static string Keystream()
    {
        using var aes = Aes.Create();
        aes.Key = new byte[16];
        byte[] stream = new byte[Size];
        for (int block = 0; block < Size; block += 16) BinaryPrimitives.WriteInt32BigEndian(stream.AsSpan(block + 12), block / 16);
        aes.EncryptEcb(stream, stream, PaddingMode.None);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
