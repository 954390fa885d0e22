using System.Runtime.InteropServices;

namespace Armillary.Emulation.Jit;

/// <summary>
/// Memory for translated code, of a fixed size, mapped twice: once to write, once to execute, so that no page is ever both. Code is added until
/// it is full; then everything in it goes.
/// </summary>
internal sealed unsafe partial class CodeMemory : IDisposable
{
    private const int Alignment = 16;

    private readonly nint _writable;
    private readonly nint _executable;
    private readonly int _size;
    private int _used;

    private CodeMemory(nint writable, nint executable, int size) => (_writable, _executable, _size) = (writable, executable, size);

    /// <summary>Bytes of code.</summary>
    public int Used => _used;

    /// <summary>New memory, or null where the host gives none that may be executed.</summary>
    public static CodeMemory? TryCreate(int size)
    {
        if (!OperatingSystem.IsLinux()) return null;
        int file = Libc.memfd_create("armillary-code", Libc.MFD_CLOEXEC);
        if (file < 0) return null;
        try
        {
            if (Libc.ftruncate(file, size) != 0) return null;
            nint writable = Libc.mmap(0, (nuint)size, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_SHARED, file, 0);
            if (writable == Libc.MAP_FAILED) return null;
            nint executable = Libc.mmap(0, (nuint)size, Libc.PROT_READ | Libc.PROT_EXEC, Libc.MAP_SHARED, file, 0);
            if (executable != Libc.MAP_FAILED) return new CodeMemory(writable, executable, size);
            _ = Libc.munmap(writable, (nuint)size);
            return null;
        }
        finally
        {
            _ = Libc.close(file);
        }
    }

    /// <summary>Adds code, which must not know its own address; returns where it is, or 0 if there is no room.</summary>
    public nint Add(ReadOnlySpan<byte> code)
    {
        int at = (_used + Alignment - 1) & -Alignment;
        if (code.Length > _size - at) return 0;
        code.CopyTo(new Span<byte>((byte*)_writable + at, code.Length));
        _used = at + code.Length;
        return _executable + at;
    }

    /// <summary>Nothing in it is wanted any more, nor executing.</summary>
    public void Clear() => _used = 0;

    public void Dispose()
    {
        _ = Libc.munmap(_writable, (nuint)_size);
        _ = Libc.munmap(_executable, (nuint)_size);
    }

    private static partial class Libc
    {
        public const int PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4, MAP_SHARED = 1;
        public const uint MFD_CLOEXEC = 1;
        public const nint MAP_FAILED = -1;

        [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int memfd_create(string name, uint flags);

        [LibraryImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int ftruncate(int file, long length);

        [LibraryImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial nint mmap(nint address, nuint length, int protection, int flags, int file, long offset);

        [LibraryImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int munmap(nint address, nuint length);

        [LibraryImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int close(int file);
    }
}
