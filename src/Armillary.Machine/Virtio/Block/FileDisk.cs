using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Armillary.Machine.Virtio.Block;

/// <summary>A raw image, or a block device of the host. Nobody else opens it for writing meanwhile.</summary>
internal sealed class FileDisk : IDisk
{
    private static readonly byte[] s_zeroes = new byte[1 << 16];

    private readonly SafeFileHandle _file;

    /// <exception cref="ArmillaryException">It cannot be opened, is no disk, or is in use.</exception>
    public FileDisk(string path, bool isReadOnly)
    {
        IsReadOnly = isReadOnly;
        try
        {
            _file = File.OpenHandle(path, FileMode.Open, isReadOnly ? FileAccess.Read : FileAccess.ReadWrite, isReadOnly ? FileShare.Read : FileShare.None, FileOptions.RandomAccess);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ArmillaryException($"The disk {path} cannot be opened: {error.Message}" + (isReadOnly || error is FileNotFoundException or DirectoryNotFoundException ? "" : " Fix: another machine must not use it, or open it read-only."), error);
        }

        try
        {
            Length = MeasureLength(path, _file);
        }
        catch (Exception error) when (error is IOException or NotSupportedException or FormatException)
        {
            _file.Dispose();
            throw new ArmillaryException($"The disk {path} has no length: {error.Message} A disk is a file or a block device.", error);
        }

        if (Length >= BlockRegisters.SectorSize) return;
        _file.Dispose();
        throw new ArmillaryException($"The disk {path} has {Length} bytes; a disk has at least one sector of {BlockRegisters.SectorSize}.");
    }

    public long Length { get; }

    public bool IsReadOnly { get; }

    public bool TryRead(long offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int read = RandomAccess.Read(_file, destination, offset);
            if (read == 0) return false;
            offset += read;
            destination = destination[read..];
        }

        return true;
    }

    public void Write(long offset, ReadOnlySpan<byte> source) => RandomAccess.Write(_file, source, offset);

    public void Flush() => RandomAccess.FlushToDisk(_file);

    // .NET has no call to make a hole; that the range stays as it is, is allowed (virtio 1.2, 5.2.6.2).
    public void Discard(long offset, long length)
    {
    }

    public void Clear(long offset, long length)
    {
        for (; length > 0; offset += s_zeroes.Length, length -= s_zeroes.Length)
        {
            RandomAccess.Write(_file, s_zeroes.AsSpan(0, (int)Math.Min(length, s_zeroes.Length)), offset);
        }
    }

    public void Dispose() => _file.Dispose();

    // The length of a block device is not in its inode; Linux tells it in sectors.
    private static long MeasureLength(string path, SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        string name = Path.GetFileName(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path), told = $"/sys/class/block/{name}/size";
        if (length > 0 || !OperatingSystem.IsLinux() || !Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal) || !File.Exists(told)) return length;
        return long.Parse(File.ReadAllText(told), CultureInfo.InvariantCulture) * BlockRegisters.SectorSize;
    }
}
