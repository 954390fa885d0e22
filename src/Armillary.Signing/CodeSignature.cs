using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Armillary.Signing.MachO;

namespace Armillary.Signing;

/// <summary>What the signature of an executable of macOS says.</summary>
/// <param name="Identifier">Its name.</param>
/// <param name="IsAdHoc">It names no signer.</param>
/// <param name="IsHardened">The hardened runtime is on: then .NET needs com.apple.security.cs.allow-jit.</param>
/// <param name="IsWhole">Every page and every blob that a SHA-256 of its code directory covers is as it was signed.</param>
/// <param name="Granted">Entitlements that are true.</param>
internal sealed record CodeSignature(string Identifier, bool IsAdHoc, bool IsHardened, bool IsWhole, IReadOnlyList<string> Granted)
{
    private const uint AdHocFlag = 2, RuntimeFlag = 0x10000;

    /// <summary>Reads a file's signature; null if it has none.</summary>
    /// <exception cref="SigningException">It is no executable of macOS, or its signature is malformed.</exception>
    public static CodeSignature? Read(byte[] file)
    {
        MachOImage image = MachOImage.Parse(file);
        if (image.SignatureCommand < 0) return null;
        Dictionary<uint, ReadOnlyMemory<byte>> blobs = SignatureBlob.Split(file.AsMemory(image.SignatureOffset, image.SignatureSize));
        if (!blobs.TryGetValue(SignatureBlob.CodeDirectorySlot, out ReadOnlyMemory<byte> memory) || memory.Length < 44) throw new SigningException("The signature has no code directory.");
        ReadOnlySpan<byte> directory = memory.Span;
        uint flags = UInt32(directory, 12), hashes = UInt32(directory, 16), name = UInt32(directory, 20);
        if (name >= directory.Length || directory[(int)name..].IndexOf((byte)0) is not (>= 0 and int length)) throw new SigningException("The signature's identifier is malformed.");
        string[] granted = blobs.TryGetValue(SignatureBlob.XmlEntitlementsSlot, out ReadOnlyMemory<byte> xml) ? [.. Entitlements.Parse(xml[8..].ToArray()).Granted] : [];
        return new CodeSignature(Encoding.UTF8.GetString(directory.Slice((int)name, length)), (flags & AdHocFlag) != 0, (flags & RuntimeFlag) != 0, IsAsSigned(file, directory, hashes, blobs), granted);
    }

    private static bool IsAsSigned(byte[] file, ReadOnlySpan<byte> directory, uint hashes, Dictionary<uint, ReadOnlyMemory<byte>> blobs)
    {
        const int Size = 32;
        uint special = UInt32(directory, 24), pages = UInt32(directory, 28), limit = UInt32(directory, 32);
        int pageBits = directory[39];
        if (directory[36] != Size || pageBits is < 12 or > 16 || limit > file.Length || pages != (limit + (1u << pageBits) - 1) >> pageBits) return false;
        if (hashes > directory.Length || pages > (directory.Length - hashes) / Size || special > hashes / Size) return false;
        Span<byte> found = stackalloc byte[Size];
        for (int page = 0; page < (int)pages; page++)
        {
            ReadOnlySpan<byte> content = file.AsSpan(page << pageBits, Math.Min(1 << pageBits, (int)limit - (page << pageBits)));
            SHA256.HashData(content, found);
            if (!found.SequenceEqual(directory.Slice((int)hashes + (page * Size), Size))) return false;
        }

        foreach (uint slot in (uint[])[SignatureBlob.RequirementsSlot, SignatureBlob.XmlEntitlementsSlot, SignatureBlob.DerEntitlementsSlot])
        {
            if (!blobs.TryGetValue(slot, out ReadOnlyMemory<byte> blob)) continue;
            if (slot > special) return false;
            SHA256.HashData(blob.Span, found);
            if (!found.SequenceEqual(directory.Slice((int)hashes - ((int)slot * Size), Size))) return false;
        }

        return true;
    }

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
