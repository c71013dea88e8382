using System.Net;

namespace Ipdr.Oci.Engines;

/// <summary>The body of a request that is written while it is sent.</summary>
/// <param name="write">Writes all of it.</param>
internal sealed class WrittenContent(Func<Stream, CancellationToken, Task> write) : HttpContent
{
    /// <summary>What writing failed with; the transport wraps it in its own exception.</summary>
    public Exception? Failure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await write(stream, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Note(e))
        {
            throw;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private bool Note(Exception e)
    {
        Failure = e;
        return true;
    }
}
