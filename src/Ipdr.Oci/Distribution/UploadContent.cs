using System.Net;

namespace Ipdr.Oci.Distribution;

/// <summary>The body of an upload. It watches how long the registry takes; what the source takes does not count.</summary>
/// <param name="open">Opens the bytes.</param>
/// <param name="length">How many there are.</param>
/// <param name="patience">How long the registry may take for a piece.</param>
/// <param name="watch">Is cancelled when it takes longer.</param>
internal sealed class UploadContent(Func<CancellationToken, ValueTask<Stream>> open, long length, TimeSpan patience, CancellationTokenSource watch) : HttpContent
{
    private const int PieceBytes = 128 << 10;

    // At the end a registry hashes and moves the blob.
    private const int PatienceAtEnd = 5;

    /// <summary>What reading failed with; the transport would call it a failure of the connection.</summary>
    public Exception? Failure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Stream content = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            byte[] piece = new byte[PieceBytes];
            for (int count; (count = await ReadAsync(content, piece, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                watch.CancelAfter(patience);
                await stream.WriteAsync(piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                watch.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
        watch.CancelAfter(PatienceAtEnd * patience);
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await open(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Note(e))
        {
            throw;
        }
    }

    private async ValueTask<int> ReadAsync(Stream content, byte[] piece, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Note(e))
        {
            throw;
        }
    }

    private bool Note(Exception e)
    {
        Failure = e;
        return true;
    }
}
