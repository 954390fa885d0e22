using System.Buffers.Binary;

namespace Armillary.Signing.MachO;

/// <summary>The blobs of a code signature (XNU, osfmk/kern/cs_blobs.h): magic, length and content, big-endian.</summary>
internal static class SignatureBlob
{
    public const uint SuperBlob = 0xfade_0cc0, CodeDirectory = 0xfade_0c02, Requirements = 0xfade_0c01, Cms = 0xfade_0b01, XmlEntitlements = 0xfade_7171, DerEntitlements = 0xfade_7172;

    public const uint CodeDirectorySlot = 0, RequirementsSlot = 2, XmlEntitlementsSlot = 5, DerEntitlementsSlot = 7, CmsSlot = 0x10000;

    private const int HeaderSize = 8;

    public static byte[] Create(uint magic, ReadOnlySpan<byte> content)
    {
        byte[] blob = new byte[HeaderSize + content.Length];
        BinaryPrimitives.WriteUInt32BigEndian(blob, magic);
        BinaryPrimitives.WriteInt32BigEndian(blob.AsSpan(4), blob.Length);
        content.CopyTo(blob.AsSpan(HeaderSize));
        return blob;
    }

    /// <summary>Several blobs with their slots.</summary>
    public static byte[] Join(IReadOnlyList<(uint Slot, byte[] Blob)> blobs)
    {
        int offset = 12 + (8 * blobs.Count);
        byte[] content = new byte[offset - HeaderSize + blobs.Sum(static entry => entry.Blob.Length)];
        BinaryPrimitives.WriteInt32BigEndian(content, blobs.Count);
        for (int i = 0; i < blobs.Count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(4 + (8 * i)), blobs[i].Slot);
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(8 + (8 * i)), offset);
            blobs[i].Blob.CopyTo(content, offset - HeaderSize);
            offset += blobs[i].Blob.Length;
        }

        return Create(SuperBlob, content);
    }

    /// <summary>The blobs of a signature, by slot.</summary>
    /// <exception cref="SigningException">They do not lie within it.</exception>
    public static Dictionary<uint, ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> signature)
    {
        ReadOnlySpan<byte> bytes = signature.Span;
        if (bytes.Length < 12 || BinaryPrimitives.ReadUInt32BigEndian(bytes) != SuperBlob) throw new SigningException("The signature is malformed: it does not begin with a super blob.");
        uint count = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        if (count > (uint)(bytes.Length - 12) / 8) throw new SigningException($"The signature is malformed: {count} blobs do not fit into it.");
        Dictionary<uint, ReadOnlyMemory<byte>> blobs = [];
        for (int i = 0; i < (int)count; i++)
        {
            uint slot = BinaryPrimitives.ReadUInt32BigEndian(bytes[(12 + (8 * i))..]), offset = BinaryPrimitives.ReadUInt32BigEndian(bytes[(16 + (8 * i))..]);
            if (offset > bytes.Length - HeaderSize) throw new SigningException($"The signature is malformed: blob {slot} lies beyond it.");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes[((int)offset + 4)..]);
            if (length < HeaderSize || length > bytes.Length - offset) throw new SigningException($"The signature is malformed: blob {slot} has {length} bytes.");
            blobs[slot] = signature.Slice((int)offset, (int)length);
        }

        return blobs;
    }
}
