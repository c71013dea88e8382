using Ipdr.Oci.Archives;

namespace Ipdr.Oci.Distribution;

/// <summary>The body of one answer, which has to go on coming: reading it may take so long for every 16 KiB. The reader's own time does not count.</summary>
/// <param name="answer">The answer; disposed of with the stream.</param>
/// <param name="body">Its body.</param>
/// <param name="options">How long.</param>
internal sealed class RegistryBody(HttpResponseMessage answer, Stream body, RegistryOptions options) : ReadOnlyStream
{
    private const int StepBytes = 16 << 10;

    private TimeSpan _left = options.Patience;
    private int _sinceStep;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(_left > TimeSpan.Zero ? _left : TimeSpan.FromMilliseconds(1));
        long start = options.Clock.GetTimestamp();
        try
        {
            int count = await body.ReadAsync(buffer, waiting.Token).ConfigureAwait(false);
            _left -= options.Clock.GetElapsedTime(start);
            if ((_sinceStep += count) >= StepBytes)
                (_sinceStep, _left) = (0, options.Patience);
            return count;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw RegistryFaults.Stalled(answer.RequestMessage!.RequestUri!, options.Patience, e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RegistryFaults.Unreachable(answer.RequestMessage!.RequestUri!, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            answer.Dispose();
        }
        base.Dispose(disposing);
    }
}
