using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Armillary.Tests.Signing;

/// <summary>A reader of signatures that shares nothing with the signer: from XNU's osfmk/kern/cs_blobs.h and mach-o/loader.h. It asserts as it goes.</summary>
internal sealed class SignedExecutable
{
    public SignedExecutable(byte[] file)
    {
        int signature = -1, size = 0, at = 32;
        (ulong Offset, ulong Size, ulong Memory) linkEdit = default;
        for (uint i = 0; i < Little(file, 16); i++)
        {
            if (Little(file, at) == 0x1d) (signature, size) = ((int)Little(file, at + 8), (int)Little(file, at + 12));
            if (Little(file, at) == 0x19 && file.AsSpan(at + 8, 10).SequenceEqual("__LINKEDIT"u8)) linkEdit = (Little64(file, at + 40), Little64(file, at + 48), Little64(file, at + 32));
            at += (int)Little(file, at + 4);
        }

        Assert.Equal(32 + (int)Little(file, 20), at);
        Assert.Equal((file.Length, 0), (signature + size, signature % 16));
        Assert.Equal((ulong)file.Length, linkEdit.Offset + linkEdit.Size);
        Assert.True(linkEdit.Memory >= linkEdit.Size && linkEdit.Memory % 0x4000 == 0);

        Assert.Equal(0xfade_0cc0u, Big(file, signature));
        for (int i = 0; i < (int)Big(file, signature + 8); i++)
        {
            int blob = signature + (int)Big(file, signature + 16 + (8 * i));
            Blobs[Big(file, signature + 12 + (8 * i))] = file[blob..(blob + (int)Big(file, blob + 4))];
        }

        byte[] directory = Blobs[0];
        Assert.Equal(0xfade_0c02u, Big(directory, 0));
        Flags = Big(directory, 12);
        int hashes = (int)Big(directory, 16), special = (int)Big(directory, 24), pages = (int)Big(directory, 28), limit = (int)Big(directory, 32);
        Assert.Equal((signature, 32, 2, 12), (limit, directory[36], directory[37], directory[39]));
        Assert.Equal((limit + 4095) / 4096, pages);
        for (int page = 0; page < pages; page++) Assert.Equal(SHA256.HashData(file.AsSpan(page * 4096, Math.Min(4096, limit - (page * 4096)))), directory[(hashes + (32 * page))..(hashes + (32 * page) + 32)]);
        for (int slot = 1; slot <= special; slot++)
        {
            byte[] hash = directory[(hashes - (32 * slot))..(hashes - (32 * slot) + 32)];
            Assert.Equal(Blobs.TryGetValue((uint)slot, out byte[]? blob) ? SHA256.HashData(blob) : new byte[32], hash);
        }
    }

    public uint Flags { get; }

    /// <summary>Whole blobs by slot.</summary>
    public Dictionary<uint, byte[]> Blobs { get; } = [];

    private static uint Little(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ulong Little64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));

    private static uint Big(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
}
