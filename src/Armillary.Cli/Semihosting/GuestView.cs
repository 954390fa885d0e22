using System.Buffers.Binary;

namespace Armillary.Cli.Semihosting;

/// <summary>Guest memory as a virtual CPU sees it: by virtual addresses, with the rights of its exception level.</summary>
internal sealed class GuestView(VirtualCpu cpu)
{
    private const ulong Page = 4096; // the smallest that a translation covers

    /// <summary>Reads what can be read from an address on.</summary>
    /// <returns>Bytes read: fewer than asked for if the next one cannot be.</returns>
    public int Read(ulong address, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length)
        {
            Span<byte> part = destination.Slice(done, Part(address, destination.Length - done));
            if (!cpu.TryTranslate(address, out ulong gpa) || !cpu.VirtualMachine.Memory.TryRead(gpa, part)) break;
            done += part.Length;
            address += (ulong)part.Length;
        }

        return done;
    }

    /// <summary>Writes what can be written from an address on.</summary>
    /// <returns>Bytes written: fewer than given if the next one cannot be.</returns>
    public int Write(ulong address, ReadOnlySpan<byte> source)
    {
        int done = 0;
        while (done < source.Length)
        {
            ReadOnlySpan<byte> part = source.Slice(done, Part(address, source.Length - done));
            if (!cpu.TryTranslate(address, out ulong gpa, MemoryPermissions.Write) || !cpu.VirtualMachine.Memory.TryWrite(gpa, part)) break;
            done += part.Length;
            address += (ulong)part.Length;
        }

        return done;
    }

    /// <summary>Bytes from an address on that can be written, up to a limit.</summary>
    public int Writable(ulong address, int limit)
    {
        int known = 0;
        while (known < limit)
        {
            int part = Part(address, limit - known);
            if (!cpu.TryTranslate(address, out ulong gpa, MemoryPermissions.Write) || !cpu.VirtualMachine.Memory.IsMapped(gpa, (ulong)part)) break;
            known += part;
            address += (ulong)part;
        }

        return known;
    }

    /// <summary>Reads 64-bit words, as the fields of a parameter block are.</summary>
    public bool TryReadWords(ulong address, Span<ulong> words)
    {
        Span<byte> bytes = stackalloc byte[words.Length * sizeof(ulong)];
        if (Read(address, bytes) != bytes.Length) return false;
        for (int i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        return true;
    }

    /// <summary>Writes 64-bit words.</summary>
    public bool TryWriteWords(ulong address, ReadOnlySpan<ulong> words)
    {
        Span<byte> bytes = stackalloc byte[words.Length * sizeof(ulong)];
        for (int i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * sizeof(ulong))..], words[i]);
        return Write(address, bytes) == bytes.Length;
    }

    private static int Part(ulong address, int left) => (int)Math.Min((ulong)left, Page - (address & (Page - 1)));
}
