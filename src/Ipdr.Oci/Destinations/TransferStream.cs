using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Destinations;

/// <summary>Tells a transfer how far it is.</summary>
internal sealed class TransferStream(Stream inner, BlobTransfer transfer) : ReadOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        transfer.Count(count);
        if (count == 0 && buffer.Length > 0)
            transfer.Finish();
        return count;
    }

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        CountedStream counted = new(destination, transfer);
        await using (counted.ConfigureAwait(false))
            await inner.CopyToAsync(counted, bufferSize, cancellationToken).ConfigureAwait(false);
        transfer.Finish();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (transfer.BytesRead >= transfer.Descriptor.Size)
                transfer.Finish();
            inner.Dispose();
        }
        base.Dispose(disposing);
    }
}
