using System.Runtime.InteropServices;

namespace Armillary;

/// <summary>
/// Zeroed host memory, aligned to the engine's page, that costs nothing until it is touched. It comes straight from the operating system:
/// Hypervisor.framework refuses memory of an allocator, and a guest's RAM may be larger than the host's.
/// </summary>
internal sealed unsafe partial class HostMemory : SafeHandle
{
    // What was taken from the host, in which the memory lies: it is longer where the host's pages are smaller than the engine's.
    private readonly nuint _length;
    private readonly ulong _alignment;

    public HostMemory(ulong length, ulong alignment) : base(0, ownsHandle: true)
    {
        _alignment = alignment;
        bool isAligned = alignment <= (ulong)Environment.SystemPageSize;
        _length = checked((nuint)length + (isAligned ? 0 : (nuint)alignment));
        nint address = OperatingSystem.IsWindows()
            ? Windows.VirtualAlloc(0, _length, Windows.MEM_RESERVE | Windows.MEM_COMMIT, Windows.PAGE_READWRITE)
            : Unix.mmap(0, _length, Unix.PROT_READ | Unix.PROT_WRITE, Unix.Flags, -1, 0);
        if (address is 0 or -1)
        {
            int error = Marshal.GetLastPInvokeError();
            SetHandleAsInvalid();
            throw new ArmillaryException(
                $"The host has no {length} (0x{length:x}) bytes of address space for guest memory: {Marshal.GetPInvokeErrorMessage(error)} ({error}).");
        }

        SetHandle(address);
    }

    /// <summary>Memory of somebody else's, which outlives this.</summary>
    public HostMemory(byte* memory) : base(0, ownsHandle: false)
    {
        _alignment = 1;
        SetHandle((nint)memory);
    }

    public byte* Pointer => (byte*)(((ulong)handle + (_alignment - 1)) & ~(_alignment - 1));

    public override bool IsInvalid => handle is 0 or -1;

    protected override bool ReleaseHandle()
        => OperatingSystem.IsWindows() ? Windows.VirtualFree(handle, 0, Windows.MEM_RELEASE) != 0 : Unix.munmap(handle, _length) == 0;

    private static partial class Unix
    {
        public const int PROT_READ = 1, PROT_WRITE = 2;
        private const int MAP_PRIVATE = 2;

        // MAP_ANONYMOUS | MAP_NORESERVE: <sys/mman.h> of Linux and of Darwin (FreeBSD has Darwin's MAP_ANON).
        public static int Flags => MAP_PRIVATE | (OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() ? 0x20 | 0x4000 : 0x1000 | 0x40);

        [LibraryImport("libc", SetLastError = true)]
        public static partial nint mmap(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

        [LibraryImport("libc", SetLastError = true)]
        public static partial int munmap(nint address, nuint length);
    }

    private static partial class Windows
    {
        public const uint MEM_COMMIT = 0x1000, MEM_RESERVE = 0x2000, MEM_RELEASE = 0x8000, PAGE_READWRITE = 4;

        [LibraryImport("kernel32", SetLastError = true)]
        public static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

        [LibraryImport("kernel32", SetLastError = true)]
        public static partial int VirtualFree(nint address, nuint size, uint type);
    }
}
