using System.Runtime.InteropServices;

namespace Armillary.Kvm.Interop;

/// <summary>What the engine needs of the C library and of Linux.</summary>
internal static unsafe partial class LibC
{
    public const int O_RDWR = 2, O_CLOEXEC = 0x80000;
    public const int EPERM = 1, ENOENT = 2, EINTR = 4, EAGAIN = 11, EACCES = 13, ENOSYS = 38;
    public const int PROT_READ = 1, PROT_WRITE = 2, MAP_SHARED = 1;
    public const int SIG_UNBLOCK = 1, SA_RESTART = 0x1000_0000;
    public const int EFD_CLOEXEC = 0x80000;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(int descriptor, nuint request, nuint argument);

    /// <summary>The same for KVM_RUN: the caller asks <see cref="Marshal.GetLastSystemError"/>, and only after a failure.</summary>
    [LibraryImport("libc", EntryPoint = "ioctl")]
    public static partial int run(int descriptor, nuint request, nuint argument);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint mmap(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int munmap(nint address, nuint length);

    [LibraryImport("libc")]
    public static partial int getpid();

    [LibraryImport("libc")]
    public static partial int gettid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int tgkill(int process, int thread, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int descriptor, void* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int descriptor, void* buffer, nuint length);

    // The C library's sigset_t has 1024 bits, of which Linux uses the first 64.
    [LibraryImport("libc")]
    public static partial int pthread_sigmask(int how, ulong* set, ulong* old);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sigaction(int signal, sigaction_t* action, sigaction_t* old);

    [LibraryImport("libc")]
    public static partial int clock_gettime(int clock, kernel_timespec* time);

    public const int CLOCK_THREAD_CPUTIME_ID = 3;

    /// <summary>Words of sigset_t.</summary>
    public const int SigsetWords = 16;

    [StructLayout(LayoutKind.Sequential)]
    public struct kernel_timespec
    {
        public long tv_sec;
        public long tv_nsec;
    }

    /// <summary>struct sigaction of 64-bit C libraries.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct sigaction_t
    {
        public nint sa_handler;
        public fixed ulong sa_mask[SigsetWords];
        public int sa_flags;
        public nint sa_restorer;
    }
}
