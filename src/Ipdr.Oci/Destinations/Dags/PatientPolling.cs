using Ipdr.Oci.Gateways;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>Asks a service again and again how far it is. What it works on for hours goes on while it does not answer for a moment.</summary>
/// <param name="clock">Tells the time.</param>
internal sealed class PatientPolling(TimeProvider clock)
{
    // With the pauses below that is half a minute, in which a service is started anew.
    private const int MaxFailures = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2), LongestPause = TimeSpan.FromMinutes(1);

    private int _failures;

    /// <summary>Asks, and when that fails waits for a while.</summary>
    /// <param name="ask">Asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if there is no answer, and it is worth to ask again.</returns>
    /// <exception cref="SourceException">It failed too often in a row, or misbehaves.</exception>
    public async Task<T?> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        TimeSpan pause;
        try
        {
            T answer = await ask().ConfigureAwait(false);
            _failures = 0;
            return answer;
        }
        catch (SourceException e) when (e.Failure != SourceFailure.Misbehaves && ++_failures < MaxFailures)
        {
            pause = e.RetryAfter ?? FirstPause * Math.Pow(2, _failures - 1);
        }
        await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, cancellationToken).ConfigureAwait(false);
        return null;
    }
}
