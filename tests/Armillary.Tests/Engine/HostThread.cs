using System.Runtime.ExceptionServices;

namespace Armillary.Tests.Engine;

/// <summary>A thread whose exception is thrown where it is joined.</summary>
internal sealed class HostThread
{
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _error;

    private HostThread(Action body) => _thread = new Thread(() =>
    {
        try
        {
            body();
        }
        catch (Exception error)
        {
            _error = ExceptionDispatchInfo.Capture(error);
        }
    })
    { IsBackground = true };

    public static HostThread Start(Action body)
    {
        var thread = new HostThread(body);
        thread._thread.Start();
        return thread;
    }

    /// <summary>Waits; a thread that hangs fails the test.</summary>
    public void Join()
    {
        if (!_thread.Join(TimeSpan.FromSeconds(100))) throw new TimeoutException("A thread hangs.");
        _error?.Throw();
    }
}
