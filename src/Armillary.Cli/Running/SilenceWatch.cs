using System.Globalization;

namespace Armillary.Cli.Running;

/// <summary>Says where the virtual CPUs are when the guest has printed nothing for a while; once for each silence.</summary>
internal sealed class SilenceWatch : IDisposable
{
    private readonly ITimer? _timer;

    /// <param name="limit">How long the guest may be silent; zero, and nothing is said.</param>
    /// <param name="output">What it prints.</param>
    /// <param name="locate">Tells where its virtual CPUs are.</param>
    /// <param name="surroundings">The clock, and where the line goes.</param>
    public SilenceWatch(TimeSpan limit, GuestOutput output, Func<string> locate, Surroundings surroundings)
    {
        if (limit == TimeSpan.Zero) return;
        long told = -1;
        _timer = surroundings.Time.CreateTimer(
            _ =>
            {
                long last = output.LastTimestamp;
                if (output.Silence < limit || Interlocked.Exchange(ref told, last) == last) return;
                surroundings.Complain(string.Create(CultureInfo.InvariantCulture, $"the guest has printed nothing for {output.Silence.TotalSeconds:0} s: {locate()}"));
            },
            null,
            limit,
            limit / 4);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();
}
