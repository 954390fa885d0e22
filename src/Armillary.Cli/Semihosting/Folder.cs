using System.Text;

namespace Armillary.Cli.Semihosting;

/// <summary>The directory whose files a guest may use, and nothing outside: no parent, no absolute path, no link.</summary>
internal sealed class Folder
{
    private const int MaxName = 4096;
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly string _root;

    /// <param name="path">The directory. It may be a link itself: the user named it.</param>
    /// <exception cref="UsageException">There is no such directory.</exception>
    public Folder(string path)
    {
        if (!Directory.Exists(path)) throw new UsageException($"--semihosting-root: {path} is no directory.");
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
    }

    /// <summary>A guest's name as text; null if it is too long, holds a NUL or is not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > MaxName || name.Contains((byte)0)) return null;
        try
        {
            return s_strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The host's path of a guest's, or why there is none.</summary>
    public bool TryResolve(string name, out string path, out string reason)
    {
        path = _root;
        reason = "";
        if (name.StartsWith('/')) reason = "it is an absolute path";
        foreach (string part in name.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (reason.Length > 0) return false;
            if (part == ".") continue;
            string below = Path.Combine(path, part);

            // What the host's own rules make something else of: a parent, another drive, a device, a stream.
            if (part == ".." || part.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0 || !string.Equals(Path.GetFullPath(below), below, StringComparison.Ordinal)) reason = "it leads out of the directory";
            else if (IsLink(below)) reason = "a part of it is a link";
            path = below;
        }

        if (reason.Length == 0 && path == _root) reason = "it is the directory itself";
        return reason.Length == 0;
    }

    // The attributes of what is not there have every bit.
    private static bool IsLink(string path)
    {
        var attributes = (int)new FileInfo(path).Attributes;
        return attributes != -1 && (attributes & (int)FileAttributes.ReparsePoint) != 0;
    }
}
