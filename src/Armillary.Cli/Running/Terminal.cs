using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Armillary.Cli.Running;

/// <summary>The keys and the size of the terminal, or whatever else standard input is, for a guest.</summary>
internal sealed class Terminal(Surroundings surroundings) : IDisposable
{
    private readonly RawTerminal? _raw = surroundings.HasTerminal ? RawTerminal.TryEnter() : null;
    private PosixSignalRegistration? _resized;

    /// <summary>True if every key is the guest's.</summary>
    public bool IsRaw => _raw is not null;

    /// <summary>Sends what is typed until its end.</summary>
    /// <param name="type">Takes it.</param>
    /// <param name="quit">Ctrl-A x.</param>
    public void Feed(Action<ReadOnlyMemory<byte>> type, Action quit)
    {
        ConsoleKeys? keys = IsRaw ? new() : null;
        new Thread(() => Read(keys, type, quit)) { Name = "console", IsBackground = true }.Start();
    }

    /// <summary>Tells the terminal's size now and whenever it changes.</summary>
    public void FollowSize(Action<int, int> resize)
    {
        if (!IsRaw || OperatingSystem.IsWindows()) return;
        resize(Console.WindowWidth, Console.WindowHeight);
        _resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => resize(Console.WindowWidth, Console.WindowHeight));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _resized?.Dispose();
        _raw?.Dispose();
    }

    private void Read(ConsoleKeys? keys, Action<ReadOnlyMemory<byte>> type, Action quit)
    {
        // Of a terminal, .NET's own stream gives lines that were edited, not keys.
        using Stream input = keys is null ? surroundings.Input : new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        byte[] buffer = new byte[256];
        try
        {
            for (int read; (read = input.Read(buffer)) > 0;)
            {
                int length = keys?.Filter(buffer.AsSpan(0, read)) ?? read;
                if (length < 0)
                {
                    quit();
                    return;
                }

                type(buffer.AsMemory(0, length));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // The terminal is gone, or the machine: nobody types any more.
        }
    }
}
