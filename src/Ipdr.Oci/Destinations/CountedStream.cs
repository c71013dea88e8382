using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Destinations;

/// <summary>Tells a transfer how much of it was taken in.</summary>
internal sealed class CountedStream(Stream inner, BlobTransfer transfer) : WriteOnlyStream
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        transfer.Count(buffer.Length);
    }
}
