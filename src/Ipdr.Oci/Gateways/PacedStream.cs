namespace Ipdr.Oci.Gateways;

/// <summary>The body of an answer, which has to go on coming: a peer that stalls, trickles or hangs up is said to.</summary>
/// <param name="answer">The answer; disposed of with this stream.</param>
/// <param name="body">Its body.</param>
/// <param name="place">For messages.</param>
/// <param name="patience">How long each <see cref="StepBytes"/> may take.</param>
internal sealed class PacedStream(HttpResponseMessage answer, Stream body, string place, TimeSpan patience) : Stream
{
    /// <summary>So many bytes are a step forward; fewer do not buy more time.</summary>
    public const int StepBytes = 16 << 10;

    private readonly CancellationTokenSource _patience = new(patience);
    private int _sinceStep;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="SourceException">The peer stalls or hangs up.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _patience);
            int count = await body.ReadAsync(buffer, _patience.Token).ConfigureAwait(false);
            if (count == 0 && !buffer.IsEmpty)
                CheckTrailer();
            _sinceStep += count;
            if (_sinceStep >= StepBytes)
            {
                _sinceStep = 0;
                // Too late if the time is over already; then the next read tells.
                _patience.CancelAfter(patience);
            }
            return count;
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw SourceFaults.Stalled(place, patience, e);
        }
        catch (IOException e)
        {
            throw SourceFaults.CutOff(place, e.Message, e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("the network is read asynchronously");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
            answer.Dispose();
            _patience.Dispose();
        }
        base.Dispose(disposing);
    }

    // What goes wrong after the status was sent stands behind the body (Kubo's RPC and gateways).
    private void CheckTrailer()
    {
        if (answer.TrailingHeaders.TryGetValues("X-Stream-Error", out IEnumerable<string>? errors))
            throw SourceFaults.CutOff(place, string.Join("; ", errors));
    }
}
