using System.Formats.Asn1;
using System.Text;
using Armillary.Cli;
using Armillary.Signing;

namespace Armillary.Tests.Signing;

/// <summary>Signatures for macOS, read back by a reader of the tests' own. Whether macOS takes them only a Mac can tell.</summary>
public sealed class SigningTests
{
    // The DER form of this one entitlement, spelled out from its description: APPLICATION 16, INTEGER 1, [16], SEQUENCE, UTF8String, BOOLEAN.
    private static readonly byte[] s_der = [0x70, 0x29, 0x02, 0x01, 0x01, 0xb0, 0x24, 0x30, 0x22, 0x0c, 0x1d, .. "com.apple.security.hypervisor"u8, 0x01, 0x01, 0xff];

    [Fact]
    public void The_hypervisor_entitlement_has_its_known_form()
    {
        Assert.Equal(s_der, Entitlements.ForHypervisor.Der);
        Assert.Equal(File.ReadAllText(Path.Combine(House.Repository.Root, "src/Armillary/buildTransitive/hypervisor.entitlements")), Encoding.UTF8.GetString(Entitlements.ForHypervisor.Xml));
    }

    [Fact]
    public void A_file_without_signature_gets_one_and_one_with_it_another()
    {
        byte[] first = AdHocSigner.Sign(TinyExecutable.Create(), "first", Entitlements.ForHypervisor);
        var signed = new SignedExecutable(first);
        Assert.Equal(2u, signed.Flags);
        Assert.Equal(s_der, signed.Blobs[7][8..]);
        Assert.Equal(Entitlements.ForHypervisor.Xml, signed.Blobs[5][8..]);
        Assert.Equal([0u, 2u, 5u, 7u, 0x10000u], signed.Blobs.Keys.Order());

        CodeSignature read = CodeSignature.Read(first)!;
        Assert.Equal(("first", true, false, true, Entitlements.Hypervisor), (read.Identifier, read.IsAdHoc, read.IsHardened, read.IsWhole, Assert.Single(read.Granted)));
        byte[] second = AdHocSigner.Sign(first, "a longer name than before", Entitlements.ForHypervisor);
        _ = new SignedExecutable(second);
        Assert.Equal("a longer name than before", CodeSignature.Read(second)!.Identifier);
        Assert.Equal(first, AdHocSigner.Sign(second, "first", Entitlements.ForHypervisor));
        Assert.Null(CodeSignature.Read(TinyExecutable.Create()));
    }

    [Fact]
    public void A_changed_byte_is_noticed()
    {
        byte[] signed = AdHocSigner.Sign(TinyExecutable.Create(), "x", Entitlements.ForHypervisor);
        signed[0x5123] ^= 1;
        Assert.False(CodeSignature.Read(signed)!.IsWhole);
    }

    [Fact]
    public void Entitlements_of_every_kind_are_sorted_into_DER()
    {
        Entitlements entitlements = Entitlements.Parse(Encoding.UTF8.GetBytes("""
            <plist version="1.0"><dict>
            <key>z</key><array><string>é</string><integer>-300</integer></array>
            <key>a.b</key><false/>
            <key>B</key><dict><key>inner</key><true/></dict>
            </dict></plist>
            """));
        AsnReader outer = new AsnReader(entitlements.Der, AsnEncodingRules.DER).ReadSequence(new Asn1Tag(TagClass.Application, 16));
        Assert.Equal(1, outer.ReadInteger());
        var dictionary = new Asn1Tag(TagClass.ContextSpecific, 16);
        AsnReader pairs = outer.ReadSequence(dictionary);
        Assert.False(outer.HasData);
        AsnReader pair = pairs.ReadSequence();
        Assert.Equal("B", pair.ReadCharacterString(UniversalTagNumber.UTF8String));
        AsnReader inner = pair.ReadSequence(dictionary).ReadSequence();
        Assert.Equal("inner", inner.ReadCharacterString(UniversalTagNumber.UTF8String));
        Assert.True(inner.ReadBoolean());
        pair = pairs.ReadSequence();
        Assert.Equal("a.b", pair.ReadCharacterString(UniversalTagNumber.UTF8String));
        Assert.False(pair.ReadBoolean());
        pair = pairs.ReadSequence();
        Assert.Equal("z", pair.ReadCharacterString(UniversalTagNumber.UTF8String));
        AsnReader array = pair.ReadSequence();
        Assert.Equal("é", array.ReadCharacterString(UniversalTagNumber.UTF8String));
        Assert.Equal(-300, array.ReadInteger());
        Assert.False(pairs.HasData);
        Assert.Empty(entitlements.Granted);
    }

    [Theory]
    [InlineData("no XML", "no XML")]
    [InlineData("<plist><array/></plist>", "one dictionary")]
    [InlineData("<plist><dict><key>a</key></dict></plist>", "in turn")]
    [InlineData("<plist><dict><key>a</key><real>1</real></dict></plist>", "real")]
    [InlineData("<plist><dict><key>a</key><true/><key>a</key><true/></dict></plist>", "twice")]
    public void Entitlements_that_are_none_are_refused(string text, string reason)
        => Assert.Contains(reason, Assert.Throws<SigningException>(() => Entitlements.Parse(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_cannot_be_signed_is_refused_with_the_reason()
    {
        static string Refusal(byte[] file) => Assert.Throws<SigningException>(() => AdHocSigner.Sign(file, "x", Entitlements.ForHypervisor)).Message;
        Assert.Contains("too short", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("no executable", Refusal(new byte[4096]), StringComparison.Ordinal);
        Assert.Contains("lipo", Refusal([0xca, 0xfe, 0xba, 0xbe, .. new byte[100]]), StringComparison.Ordinal);
        Assert.Contains("no room", Refusal(TinyExecutable.Create(room: 8)), StringComparison.Ordinal);
        Assert.Contains("identifier", Assert.Throws<SigningException>(() => AdHocSigner.Sign(TinyExecutable.Create(), "", Entitlements.ForHypervisor)).Message, StringComparison.Ordinal);
    }

    // Whatever headers and signatures say, the answer is a signature or a refusal.
    [Fact]
    public void Broken_files_are_refused_or_signed()
    {
        var random = new Random(20_261_127);
        byte[] signed = AdHocSigner.Sign(TinyExecutable.Create(), "x", Entitlements.ForHypervisor);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] broken = (byte[])signed.Clone();
            for (int k = random.Next(4); k >= 0; k--)
            {
                int at = random.Next(2) == 0 ? random.Next(300) : TinyExecutable.TextSize + TinyExecutable.LinkEditSize + random.Next(broken.Length - TinyExecutable.TextSize - TinyExecutable.LinkEditSize);
                broken[at] = (byte)random.Next(256);
            }

            if (random.Next(8) == 0) broken = broken[..random.Next(broken.Length)];
            try
            {
                CodeSignature.Read(broken);
                AdHocSigner.Sign(broken, "y", Entitlements.ForHypervisor);
            }
            catch (SigningException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 300, 2990);
    }

    [Fact]
    public void The_command_signs_and_shows()
    {
        string path = Path.Combine(Path.GetTempPath(), $"armillary-{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(path, TinyExecutable.Create());
            Assert.Equal((ExitCode.Error, "", $"armillary: {path}: the file is not signed\n"), Run("sign", "--show", path));
            Assert.Equal((ExitCode.Success, "", ""), Run("sign", path, "--identifier", "me"));
            Assert.Equal((ExitCode.Success, "identifier    me\nsigner        none (ad hoc)\npages         as they were signed\nentitlements  com.apple.security.hypervisor\n", ""), Run("sign", "--show", path));
            Assert.Equal((ExitCode.Error, "", $"armillary: {path}: The file is too short for an executable of macOS.\n"), RunOnEmpty(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Executables published for macOS: the paths in ARMILLARY_MAC_EXECUTABLES, which .ci/run publishes.
    [Fact]
    public void Published_executables_carry_the_entitlement()
    {
        string? paths = Environment.GetEnvironmentVariable("ARMILLARY_MAC_EXECUTABLES");
        Assert.SkipWhen(string.IsNullOrEmpty(paths), "ARMILLARY_MAC_EXECUTABLES is not set: .ci/run publishes for macOS and sets it.");
        foreach (string path in paths!.Split(Path.PathSeparator))
        {
            var signed = new SignedExecutable(File.ReadAllBytes(path));
            Assert.Equal(2u, signed.Flags); // ad hoc, and no hardened runtime, which would want allow-jit
            Assert.Equal(s_der, signed.Blobs[7][8..]);
            Assert.Contains("com.apple.security.hypervisor", Encoding.UTF8.GetString(signed.Blobs[5]), StringComparison.Ordinal);
        }
    }

    private static (int Code, string Out, string Error) RunOnEmpty(string path)
    {
        File.WriteAllBytes(path, []);
        return Run("sign", path);
    }

    private static (int Code, string Out, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Run(args, new Surroundings(output, error, TimeProvider.System, CancellationToken.None));
        return (code, output.ToString(), error.ToString());
    }
}
