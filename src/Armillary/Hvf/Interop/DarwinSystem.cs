using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Armillary.Hvf.Interop;

/// <summary>What the engine needs of libSystem.</summary>
internal sealed unsafe class DarwinSystem
{
    public const string DefaultPath = "/usr/lib/libSystem.dylib";

    /// <summary>&lt;signal.h&gt; of Darwin: the set is 32 bits, signal n is bit n - 1.</summary>
    public const int SIG_BLOCK = 1, SIG_SETMASK = 3;

    public readonly delegate* unmanaged<nint, void> os_release;
    public readonly delegate* unmanaged[SuppressGCTransition]<ulong> mach_absolute_time;
    public readonly delegate* unmanaged<mach_timebase_info_t*, int> mach_timebase_info;
    public readonly delegate* unmanaged<void*, nuint, void> sys_icache_invalidate;
    public readonly delegate* unmanaged<int, uint*, uint*, int> pthread_sigmask;
    private readonly delegate* unmanaged<byte*, void*, nuint*, void*, nuint, int> _sysctlbyname;
    private readonly delegate* unmanaged<int, uint, void*, nuint, int> _csops;

    public DarwinSystem(string path)
    {
        nint library = NativeLibrary.Load(path);
        os_release = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, nameof(os_release));
        mach_absolute_time = (delegate* unmanaged[SuppressGCTransition]<ulong>)NativeLibrary.GetExport(library, nameof(mach_absolute_time));
        mach_timebase_info = (delegate* unmanaged<mach_timebase_info_t*, int>)NativeLibrary.GetExport(library, nameof(mach_timebase_info));
        sys_icache_invalidate = (delegate* unmanaged<void*, nuint, void>)NativeLibrary.GetExport(library, nameof(sys_icache_invalidate));
        pthread_sigmask = (delegate* unmanaged<int, uint*, uint*, int>)NativeLibrary.GetExport(library, nameof(pthread_sigmask));
        _sysctlbyname = (delegate* unmanaged<byte*, void*, nuint*, void*, nuint, int>)NativeLibrary.GetExport(library, "sysctlbyname");
        if (NativeLibrary.TryGetExport(library, "csops", out nint csops)) _csops = (delegate* unmanaged<int, uint, void*, nuint, int>)csops;
    }

    /// <summary>Ticks of mach_absolute_time in a second, which are the guest's counter's too.</summary>
    public ulong TicksPerSecond
    {
        get
        {
            mach_timebase_info_t info;
            mach_timebase_info(&info);
            return 1_000_000_000ul * info.denom / Math.Max(info.numer, 1);
        }
    }

    /// <summary>A number of sysctl, or null where there is none of that name.</summary>
    public ulong? ReadNumber(string name)
    {
        ulong value = 0;
        nuint length = sizeof(ulong);
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            return _sysctlbyname(text, &value, &length, null, 0) == 0 ? length == sizeof(uint) ? (uint)value : value : null;
        }
    }

    /// <summary>
    /// The entitlements that this process was started with, a property list; empty if it has none, null if the system does not tell.
    /// </summary>
    public string? ReadEntitlements()
    {
        const uint CS_OPS_ENTITLEMENTS_BLOB = 7; // <sys/codesign.h> of XNU
        const int HeaderSize = 8, Room = 64 << 10;
        if (_csops is null) return null;
        byte[] blob = new byte[Room]; // magic and length, big-endian, then the text
        fixed (byte* pointer = blob)
        {
            if (_csops(Environment.ProcessId, CS_OPS_ENTITLEMENTS_BLOB, pointer, Room) != 0) return null;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(sizeof(uint)));
        return length is > HeaderSize and <= Room ? Encoding.UTF8.GetString(blob, HeaderSize, (int)length - HeaderSize) : "";
    }

    /// <summary>A text of sysctl, or null where there is none of that name.</summary>
    public string? ReadText(string name)
    {
        byte* value = stackalloc byte[256];
        nuint length = 256;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            return _sysctlbyname(text, value, &length, null, 0) == 0 ? Encoding.UTF8.GetString(value, (int)Math.Min(length, 256)).TrimEnd('\0') : null;
        }
    }
}
