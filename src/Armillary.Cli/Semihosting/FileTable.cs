namespace Armillary.Cli.Semihosting;

/// <summary>A guest's open files, by handle.</summary>
internal sealed class FileTable(SemihostingOptions options, Surroundings surroundings, CancellationToken stop) : IDisposable
{
    private const int MaxFiles = 64;
    private const int MaxRefusals = 16;
    private const string Console = ":tt";

    private readonly Folder? _folder = options.Root is { } root ? new Folder(root) : null;
    private readonly HostFile?[] _files = new HostFile[MaxFiles];
    private int _refusals;

    /// <summary>Standard input.</summary>
    public ConsoleInput Input { get; } = new(surroundings.Input, stop);

    /// <summary>Why the last operation failed.</summary>
    public Errno Error { get; private set; }

    /// <summary>Sets <see cref="Error"/>.</summary>
    /// <returns>-1.</returns>
    public long Fail(Errno error)
    {
        Error = error;
        return -1;
    }

    /// <summary>The file of a handle, or null.</summary>
    public HostFile? Find(ulong handle) => handle - 1 < MaxFiles ? _files[handle - 1] : null;

    /// <summary>SYS_OPEN: a handle, or -1.</summary>
    public long Open(string name, int mode)
    {
        int slot = Array.IndexOf(_files, null);
        if (slot < 0) return Fail(Errno.EMFILE);
        if (Create(name, mode) is not { } file) return -1;
        _files[slot] = file;
        return slot + 1;
    }

    /// <summary>SYS_CLOSE.</summary>
    public long Close(ulong handle)
    {
        if (Find(handle) is not { } file) return Fail(Errno.EBADF);
        _files[handle - 1] = null;
        return Guarded(() =>
        {
            file.Dispose();
            return 0;
        });
    }

    /// <summary>SYS_REMOVE.</summary>
    public long Remove(string name) => !TryResolve(name, out string path) ? -1 : Guarded(() =>
    {
        if (Directory.Exists(path)) return Fail(Errno.EISDIR);
        if (!File.Exists(path)) return Fail(Errno.ENOENT);
        File.Delete(path);
        return 0;
    });

    /// <summary>SYS_RENAME.</summary>
    public long Rename(string from, string to) => !TryResolve(from, out string old) || !TryResolve(to, out string path) ? -1 : Guarded(() =>
    {
        if (Directory.Exists(old) || Directory.Exists(path)) return Fail(Errno.EISDIR);
        File.Move(old, path, overwrite: true);
        return 0;
    });

    /// <summary>Runs what the host may refuse.</summary>
    public long Guarded(Func<long> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Fail(Errno.ENOENT);
        }
        catch (PathTooLongException)
        {
            return Fail(Errno.ENAMETOOLONG);
        }
        catch (UnauthorizedAccessException)
        {
            return Fail(Errno.EACCES);
        }
        catch (IOException)
        {
            return Fail(Errno.EIO);
        }
    }

    /// <summary>Tells the user what the guest was refused, the first few times.</summary>
    public void Refuse(string what, string reason)
    {
        if (++_refusals > MaxRefusals) return;
        string plain = string.Concat(what.Take(200).Select(static c => char.IsControl(c) ? '?' : c));
        surroundings.Complain($"semihosting: refused {plain}: {reason}");
        if (_refusals == MaxRefusals) surroundings.Complain("semihosting: further refusals are not reported");
    }

    public void Dispose()
    {
        foreach (HostFile? file in _files) Guarded(() =>
        {
            file?.Dispose();
            return 0;
        });
    }

    private HostFile? Create(string name, int mode)
    {
        // ISO C's modes, in steps of four: read, write, append; with + the other way too; b says nothing.
        int kind = mode >> 2;
        bool both = (mode & 2) != 0;
        if (name == Console) return kind == 0 ? new ConsoleReader(Input) : new ConsoleWriter(kind == 1 ? surroundings.Output : surroundings.ErrorOutput);
        if (name == FeaturesFile.Name)
        {
            if (mode <= 1) return new FeaturesFile();
            Fail(Errno.EACCES);
            return null;
        }

        if (!TryResolve(name, out string path)) return null;
        HostFile? file = null;
        Guarded(() =>
        {
            if (Directory.Exists(path)) return Fail(Errno.EISDIR);
            FileAccess access = both ? FileAccess.ReadWrite : kind == 0 ? FileAccess.Read : FileAccess.Write;
            FileMode how = kind switch { 0 => FileMode.Open, 1 => FileMode.Create, _ => FileMode.OpenOrCreate };

            // To open a pipe may take for ever.
            Task<FileStream> opening = Task.Run(() => new FileStream(path, how, access, FileShare.ReadWrite | FileShare.Delete), CancellationToken.None);
            try
            {
                opening.Wait(stop);
            }
            catch (OperationCanceledException)
            {
                return Fail(Errno.EIO);
            }
            catch (AggregateException)
            {
                opening.GetAwaiter().GetResult();
            }

            if (!opening.Result.CanSeek)
            {
                opening.Result.Dispose();
                Refuse(name, "it is no regular file");
                return Fail(Errno.EACCES);
            }

            file = new DiskFile(opening.Result, appends: kind == 2);
            return 0;
        });
        return file;
    }

    private bool TryResolve(string name, out string path)
    {
        string reason = "no directory was given: --semihosting-root DIR";
        path = "";
        if (_folder?.TryResolve(name, out path, out reason) == true) return true;
        Refuse(name, reason);
        Fail(Errno.EACCES);
        return false;
    }
}
