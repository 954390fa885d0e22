using System.Text;

namespace Armillary.Cli.Semihosting;

/// <summary>Answers a guest's semihosting calls (Semihosting for AArch32 and AArch64 2.0).</summary>
/// <remarks>
/// The guest is hostile: each call does a bounded amount of work whatever lengths and pointers it gives. SYS_WRITE and SYS_READ
/// then transfer less than asked for, which the calls can say.
/// </remarks>
internal sealed class Semihost : IDisposable
{
    private const int Chunk = 64 << 10;
    private const ulong MaxTransfer = 64 << 20;
    private const int MaxString = 1 << 20;

    private readonly SemihostingOptions _options;
    private readonly Surroundings _surroundings;
    private readonly GuestHeap _heap;
    private readonly CancellationToken _stop;
    private readonly FileTable _files;
    private readonly HostFile _console;
    private readonly byte[] _buffer = new byte[Chunk];
    private readonly long _start;

    /// <param name="options">What it is given.</param>
    /// <param name="heap">What SYS_HEAPINFO says.</param>
    /// <param name="surroundings">Console and clock.</param>
    /// <param name="stop">Ends what waits or takes long.</param>
    public Semihost(SemihostingOptions options, GuestHeap heap, Surroundings surroundings, CancellationToken stop)
    {
        (_options, _heap, _surroundings, _stop) = (options, heap, surroundings, stop);
        _files = new FileTable(options, surroundings, stop);
        _console = new ConsoleWriter(surroundings.Output);
        _start = surroundings.Time.GetTimestamp();
    }

    /// <summary>The status with which the guest has ended itself, 0 to 255.</summary>
    public int? ExitStatus { get; private set; }

    private TimeSpan Elapsed => _surroundings.Time.GetElapsedTime(_start);

    /// <summary>Answers the call of the last exit: its operation is in W0, its parameter in X1, and the result goes into X0.</summary>
    /// <returns>False if the guest has ended itself.</returns>
    public bool Answer(VirtualCpu cpu)
    {
        var operation = (Operation)(uint)cpu.GetX(0);
        ulong parameter = cpu.GetX(1);
        var guest = new GuestView(cpu);
        cpu.SetX(0, (ulong)Perform(operation, parameter, guest));
        return ExitStatus is null;
    }

    public void Dispose() => _files.Dispose();

    private long Perform(Operation operation, ulong parameter, GuestView guest) => operation switch
    {
        Operation.SYS_WRITEC => Print(guest, parameter, 1),
        Operation.SYS_WRITE0 => Print(guest, parameter, MaxString),
        Operation.SYS_READC => ReadCharacter(),
        Operation.SYS_CLOCK => (long)(Elapsed.TotalSeconds * 100),
        Operation.SYS_TIME => _surroundings.Time.GetUtcNow().ToUnixTimeSeconds(),
        Operation.SYS_ERRNO => (long)_files.Error,
        Operation.SYS_ELAPSED => guest.TryWriteWords(parameter, [(ulong)Elapsed.Ticks]) ? 0 : _files.Fail(Errno.EFAULT),
        Operation.SYS_TICKFREQ => TimeSpan.TicksPerSecond,
        Operation.SYS_EXIT or Operation.SYS_EXIT_EXTENDED => Exit(guest, parameter),
        Operation.SYS_HEAPINFO => TellHeap(guest, parameter),
        _ => PerformWithBlock(operation, parameter, guest),
    };

    // The other calls have a block of parameters.
    private long PerformWithBlock(Operation operation, ulong address, GuestView guest)
    {
        int fields = operation switch
        {
            Operation.SYS_CLOSE or Operation.SYS_ISERROR or Operation.SYS_ISTTY or Operation.SYS_FLEN => 1,
            Operation.SYS_SEEK or Operation.SYS_REMOVE or Operation.SYS_SYSTEM or Operation.SYS_GET_CMDLINE => 2,
            Operation.SYS_OPEN or Operation.SYS_WRITE or Operation.SYS_READ or Operation.SYS_TMPNAM => 3,
            Operation.SYS_RENAME => 4,
            _ => 0,
        };
        if (fields == 0) return _files.Fail(Errno.ENOSYS);
        Span<ulong> block = stackalloc ulong[4];
        if (!guest.TryReadWords(address, block[..fields])) return _files.Fail(Errno.EFAULT);
        (ulong first, ulong second, ulong third) = (block[0], block[1], block[2]);
        return operation switch
        {
            Operation.SYS_OPEN => Open(guest, first, second, third),
            Operation.SYS_CLOSE => _files.Close(first),
            Operation.SYS_WRITE => Write(guest, first, second, third),
            Operation.SYS_READ => Read(guest, first, second, third),
            Operation.SYS_ISERROR => (long)first < 0 ? 1 : 0,
            Operation.SYS_ISTTY => _files.Find(first) is { } file ? file.IsConsole ? 1 : 0 : _files.Fail(Errno.EBADF),
            Operation.SYS_SEEK => Seek(first, second),
            Operation.SYS_FLEN => Length(first),
            Operation.SYS_TMPNAM => NameTemporary(guest, first, second, third),
            Operation.SYS_REMOVE => ReadName(guest, first, second) is { } name ? _files.Remove(name) : -1,
            Operation.SYS_RENAME => ReadName(guest, first, second) is { } from && ReadName(guest, third, block[3]) is { } to ? _files.Rename(from, to) : -1,
            Operation.SYS_GET_CMDLINE => TellCommandLine(guest, address, first, second),
            _ => RefuseCommand(guest, first, second),
        };
    }

    private long Open(GuestView guest, ulong address, ulong mode, ulong length)
    {
        const ulong LastMode = 11;
        if (ReadName(guest, address, length) is not { } name) return -1;
        return mode > LastMode ? _files.Fail(Errno.EINVAL) : _files.Open(name, (int)mode);
    }

    // Bytes not written.
    private long Write(GuestView guest, ulong handle, ulong address, ulong length)
    {
        if (_files.Find(handle) is not { } file)
        {
            _files.Fail(Errno.EBADF);
            return (long)length;
        }

        ulong done = 0;
        _files.Guarded(() =>
        {
            for (ulong limit = Math.Min(length, MaxTransfer); done < limit && !_stop.IsCancellationRequested;)
            {
                int wanted = (int)Math.Min(limit - done, Chunk), count = guest.Read(address + done, _buffer.AsSpan(0, wanted));
                if (count > 0 && !file.TryWrite(_buffer.AsSpan(0, count))) return _files.Fail(Errno.EBADF);
                done += (ulong)count;
                if (count < wanted) return _files.Fail(Errno.EFAULT);
            }

            return 0;
        });
        return (long)(length - done);
    }

    // Bytes not read.
    private long Read(GuestView guest, ulong handle, ulong address, ulong length)
    {
        if (_files.Find(handle) is not { } file)
        {
            _files.Fail(Errno.EBADF);
            return (long)length;
        }

        ulong done = 0;
        _files.Guarded(() =>
        {
            for (ulong limit = Math.Min(length, MaxTransfer); done < limit && !_stop.IsCancellationRequested;)
            {
                // What is read and cannot be stored would be lost.
                int wanted = guest.Writable(address + done, (int)Math.Min(limit - done, Chunk));
                if (wanted == 0) return _files.Fail(Errno.EFAULT);
                int count = file.Read(_buffer.AsSpan(0, wanted));
                if (count < 0) return _files.Fail(Errno.EBADF);
                done += (ulong)guest.Write(address + done, _buffer.AsSpan(0, count));
                if (count < wanted && (count == 0 || file.IsConsole)) break;
            }

            return 0;
        });
        return (long)(length - done);
    }

    private long Seek(ulong handle, ulong position)
    {
        if (_files.Find(handle) is not { } file) return _files.Fail(Errno.EBADF);
        if (file.IsConsole) return _files.Fail(Errno.ESPIPE);
        return position <= long.MaxValue ? _files.Guarded(() => file.TrySeek((long)position) ? 0 : _files.Fail(Errno.EINVAL)) : _files.Fail(Errno.EINVAL);
    }

    private long Length(ulong handle)
        => _files.Find(handle) is not { } file ? _files.Fail(Errno.EBADF) : _files.Guarded(() => file.Length ?? _files.Fail(Errno.ESPIPE));

    // The same name for the same number, as the calls ask.
    private long NameTemporary(GuestView guest, ulong address, ulong number, ulong length)
    {
        if (number > 255) return _files.Fail(Errno.EINVAL);
        byte[] name = Encoding.ASCII.GetBytes($"semihosting-{number:x2}.tmp\0");
        if (length < (ulong)name.Length) return _files.Fail(Errno.EINVAL);
        return guest.Write(address, name) == name.Length ? 0 : _files.Fail(Errno.EFAULT);
    }

    private long TellCommandLine(GuestView guest, ulong block, ulong address, ulong length)
    {
        byte[] line = Encoding.UTF8.GetBytes(_options.CommandLine + '\0');
        if (length < (ulong)line.Length) return _files.Fail(Errno.EINVAL);
        return guest.Write(address, line) == line.Length && guest.TryWriteWords(block + sizeof(ulong), [(ulong)line.Length - 1]) ? 0 : _files.Fail(Errno.EFAULT);
    }

    // The parameter is the address of a pointer to the four fields.
    private long TellHeap(GuestView guest, ulong parameter)
    {
        Span<ulong> pointer = stackalloc ulong[1];
        bool done = guest.TryReadWords(parameter, pointer) && guest.TryWriteWords(pointer[0], [_heap.Base, _heap.Limit, _heap.StackBase, _heap.StackLimit]);
        return done ? 0 : _files.Fail(Errno.EFAULT);
    }

    private long RefuseCommand(GuestView guest, ulong address, ulong length)
    {
        if (ReadName(guest, address, length) is { } command) _files.Refuse(command, "the guest runs no commands here");
        return _files.Fail(Errno.EPERM);
    }

    // Up to a NUL.
    private long Print(GuestView guest, ulong address, int limit)
    {
        bool isText = limit > 1;
        for (int done = 0; done < limit && !_stop.IsCancellationRequested;)
        {
            int wanted = Math.Min(limit - done, isText ? 256 : 1), count = guest.Read(address + (ulong)done, _buffer.AsSpan(0, wanted));
            int end = isText ? _buffer.AsSpan(0, count).IndexOf((byte)0) : -1;
            int text = end < 0 ? count : end;
            if (text > 0 && _files.Guarded(() => _console.TryWrite(_buffer.AsSpan(0, text)) ? 0 : -1) != 0) return -1;
            if (end >= 0) break;
            if (count < wanted) return _files.Fail(Errno.EFAULT);
            done += count;
        }

        return 0;
    }

    private long ReadCharacter()
    {
        Span<byte> one = stackalloc byte[1];
        return _files.Input.Read(one) == 1 ? one[0] : -1;
    }

    private string? ReadName(GuestView guest, ulong address, ulong length)
    {
        int wanted = (int)Math.Min(length, Chunk);
        if (guest.Read(address, _buffer.AsSpan(0, wanted)) != wanted)
        {
            _files.Fail(Errno.EFAULT);
            return null;
        }

        string? name = Folder.Decode(_buffer.AsSpan(0, wanted));
        if (name is null) _files.Fail(length > Chunk ? Errno.ENAMETOOLONG : Errno.EINVAL);
        return name;
    }

    private long Exit(GuestView guest, ulong block)
    {
        const ulong ApplicationExit = 0x20026; // ADP_Stopped_ApplicationExit; the other reasons are errors
        Span<ulong> fields = stackalloc ulong[2];
        bool ends = guest.TryReadWords(block, fields) && fields[0] == ApplicationExit;
        ExitStatus = ends ? (int)(fields[1] & 0xff) : 1;
        return 0;
    }
}
