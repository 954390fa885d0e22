using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Armillary.Signing.MachO;

namespace Armillary.Signing;

/// <summary>
/// Signs executables of macOS as <c>codesign --sign -</c> does: ad hoc, which names no signer, and is enough for the entitlement of
/// Hypervisor.framework on the Mac where it runs. A code directory of version 0x20400 with SHA-256 of pages of 4 KiB (XNU, osfmk/kern/cs_blobs.h).
/// </summary>
internal static class AdHocSigner
{
    private const int HashSize = 32, PageBits = 12, HeaderSize = 88, SpecialSlots = 7;
    private const uint Version = 0x20400, AdHoc = 2, MainBinary = 1;
    private const byte Sha256 = 2;

    /// <summary>The file with a new signature in place of the one it may have.</summary>
    /// <exception cref="SigningException">It is no executable that can be signed.</exception>
    public static byte[] Sign(byte[] file, string identifier, Entitlements entitlements)
    {
        if (identifier.Length == 0 || identifier.Contains('\0', StringComparison.Ordinal)) throw new SigningException("The identifier of a signature is a text that is not empty.");
        MachOImage image = MachOImage.Parse(file);
        byte[] requirements = SignatureBlob.Create(SignatureBlob.Requirements, new byte[4]), cms = SignatureBlob.Create(SignatureBlob.Cms, []);
        byte[] xml = SignatureBlob.Create(SignatureBlob.XmlEntitlements, entitlements.Xml), der = SignatureBlob.Create(SignatureBlob.DerEntitlements, entitlements.Der);
        byte[] name = Encoding.UTF8.GetBytes(identifier + '\0');
        int pages = (image.SignatureOffset + (1 << PageBits) - 1) >> PageBits;
        int directory = HeaderSize + name.Length + ((SpecialSlots + pages) * HashSize);
        int room = (12 + (5 * 8) + directory + requirements.Length + xml.Length + der.Length + cms.Length + 15) & ~15;

        // The load commands are hashed too, so they come first.
        byte[] code = image.WithRoomFor(room);
        Dictionary<uint, byte[]> special = new() { [SignatureBlob.RequirementsSlot] = requirements, [SignatureBlob.XmlEntitlementsSlot] = xml, [SignatureBlob.DerEntitlementsSlot] = der };
        byte[] signature = SignatureBlob.Join(
        [
            (SignatureBlob.CodeDirectorySlot, CodeDirectory(image, code, name, special)), (SignatureBlob.RequirementsSlot, requirements),
            (SignatureBlob.XmlEntitlementsSlot, xml), (SignatureBlob.DerEntitlementsSlot, der), (SignatureBlob.CmsSlot, cms),
        ]);
        byte[] signed = new byte[code.Length + room];
        code.CopyTo(signed, 0);
        signature.CopyTo(signed, code.Length);
        return signed;
    }

    /// <summary>Signs a file. macOS keeps signatures by file, so it is written anew beside the old one and renamed; it keeps its mode.</summary>
    /// <exception cref="SigningException">It is no executable that can be signed.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static void SignFile(string path, string identifier, Entitlements entitlements, string? output = null)
    {
        output ??= path;
        byte[] signed = Sign(File.ReadAllBytes(path), identifier, entitlements);
        string beside = output + ".signing";
        try
        {
            File.WriteAllBytes(beside, signed);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(beside, File.GetUnixFileMode(path));
            File.Move(beside, output, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private static byte[] CodeDirectory(MachOImage image, byte[] code, byte[] identifier, Dictionary<uint, byte[]> special)
    {
        int pages = (code.Length + (1 << PageBits) - 1) >> PageBits, hashes = HeaderSize + identifier.Length + (SpecialSlots * HashSize);
        byte[] directory = new byte[hashes + (pages * HashSize)];
        Span<byte> to = directory;
        BinaryPrimitives.WriteUInt32BigEndian(to, SignatureBlob.CodeDirectory);
        BinaryPrimitives.WriteInt32BigEndian(to[4..], directory.Length);
        uint[] words = [Version, AdHoc, (uint)hashes, HeaderSize, SpecialSlots, (uint)pages, (uint)code.Length];
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(to[(8 + (4 * i))..], words[i]);
        (to[36], to[37], to[39]) = (HashSize, Sha256, PageBits);

        // Offsets 40 to 63 are scatter, team and a 64-bit code limit, of which there are none.
        BinaryPrimitives.WriteUInt64BigEndian(to[64..], image.TextOffset);
        BinaryPrimitives.WriteUInt64BigEndian(to[72..], image.TextSize);
        BinaryPrimitives.WriteUInt64BigEndian(to[80..], image.IsExecutable ? MainBinary : 0u);
        identifier.CopyTo(to[HeaderSize..]);
        foreach ((uint slot, byte[] blob) in special) SHA256.HashData(blob, to[(hashes - ((int)slot * HashSize))..]);
        for (int page = 0; page < pages; page++)
        {
            ReadOnlySpan<byte> content = code.AsSpan(page << PageBits);
            SHA256.HashData(content[..Math.Min(content.Length, 1 << PageBits)], to[(hashes + (page * HashSize))..]);
        }

        return directory;
    }
}
