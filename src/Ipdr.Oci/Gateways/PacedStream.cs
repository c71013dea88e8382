using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Gateways;

/// <summary>The body of an answer, which has to go on coming: a peer that stalls, trickles or hangs up is said to. The reader's own time does not count.</summary>
/// <param name="answer">The answer; disposed of with this stream.</param>
/// <param name="body">Its body.</param>
/// <param name="patience">How long each <see cref="StepBytes"/> may take.</param>
/// <param name="clock">Measures it.</param>
/// <param name="stalled">Makes the exception for a peer that took longer.</param>
/// <param name="cutOff">Makes the exception for a peer that hung up.</param>
internal sealed class PacedStream(
    HttpResponseMessage answer, Stream body, TimeSpan patience, TimeProvider clock, Func<Exception, Exception> stalled, Func<Exception, Exception> cutOff) : ReadOnlyStream
{
    /// <summary>So many bytes are a step forward; fewer do not buy more time.</summary>
    public const int StepBytes = 16 << 10;

    // A read that finds bytes at hand gets them, whatever was used up before.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private TimeSpan _waited;
    private int _sinceStep;
    private bool _isDisposed;

    /// <exception cref="Faults.IpdrException">The peer stalls or hangs up.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience - _waited > Least ? patience - _waited : Least);
        long start = clock.GetTimestamp();
        try
        {
            int count = await body.ReadAsync(buffer, waiting.Token).ConfigureAwait(false);
            if (count == 0 && !buffer.IsEmpty)
                CheckTrailer();
            _waited += clock.GetElapsedTime(start);
            if ((_sinceStep += count) >= StepBytes)
                (_sinceStep, _waited) = (0, TimeSpan.Zero);
            return count;
        }
        // Time that is up closes the connection, perhaps at the very moment at which the read gets its bytes: then the next one finds it gone.
        catch (ObjectDisposedException e) when (!_isDisposed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw stalled(e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw stalled(e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw cutOff(e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _isDisposed = true;
        if (disposing)
        {
            body.Dispose();
            answer.Dispose();
        }
        base.Dispose(disposing);
    }

    // What goes wrong after the status was sent stands behind the body (Kubo's RPC and gateways).
    private void CheckTrailer()
    {
        if (answer.TrailingHeaders.TryGetValues("X-Stream-Error", out IEnumerable<string>? errors))
            throw new IOException(string.Join("; ", errors));
    }
}
