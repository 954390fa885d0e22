namespace Armillary.Cli.Semihosting;

/// <summary>Standard input, whose reads end when the run shall end.</summary>
internal sealed class ConsoleInput(Stream input, CancellationToken stop)
{
    private readonly byte[] _buffer = new byte[4096];
    private Task<int>? _pending;
    private int _first, _count;

    /// <summary>Reads some bytes, waiting for the first; 0 at the end of input or of the run.</summary>
    public int Read(Span<byte> destination)
    {
        if (_count == 0 && !Fill()) return 0;
        int count = Math.Min(_count, destination.Length);
        _buffer.AsSpan(_first, count).CopyTo(destination);
        _first += count;
        _count -= count;
        return count;
    }

    // A read of the console cannot be taken back, so one that was left alone is waited for by the next.
    private bool Fill()
    {
        _pending ??= Task.Run(() => input.Read(_buffer), CancellationToken.None);
        try
        {
            _pending.Wait(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (AggregateException error) when (error.InnerException is IOException)
        {
            _pending = null;
            return false;
        }

        (_first, _count) = (0, _pending.Result);
        _pending = null;
        return _count > 0;
    }
}
