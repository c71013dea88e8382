using System.Collections.Concurrent;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Destinations;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Brings blobs from one place to another, several at once.</summary>
internal sealed class BlobMove(IImageSource source, IImageDestination destination, IContentObserver? observer)
{
    private readonly ConcurrentBag<BlobTransfer> _transfers = [];
    private readonly ConcurrentBag<Descriptor> _skipped = [];

    /// <summary>Blobs of which anything was read.</summary>
    public int CopiedBlobs => _transfers.Count(blob => blob.BytesRead > 0);

    /// <summary>Bytes that were read of the source.</summary>
    public long CopiedBytes => _transfers.Sum(blob => blob.BytesRead);

    /// <summary>Blobs that were there already.</summary>
    public int SkippedBlobs => _skipped.Count + _transfers.Count(blob => blob.BytesRead == 0);

    /// <summary>Bytes that need not be read.</summary>
    public long SkippedBytes => _skipped.Sum(blob => blob.Size) + _transfers.Sum(blob => Math.Max(0, blob.Descriptor.Size - blob.BytesRead));

    /// <summary>Brings all of them. When one fails the others stop, and its exception is thrown.</summary>
    public Task RunAsync(IReadOnlyCollection<Descriptor> blobs, int parallelism, CancellationToken cancellationToken)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        // The largest first, or it would be the one that all others have to wait for.
        return Parallel.ForEachAsync(blobs.OrderByDescending(blob => blob.Size), parallel, MoveAsync);
    }

    private async ValueTask MoveAsync(Descriptor descriptor, CancellationToken cancellationToken)
    {
        BlobTransfer blob = new(descriptor, source, observer);
        if (await destination.HasBlobAsync(blob, cancellationToken).ConfigureAwait(false))
        {
            _skipped.Add(descriptor);
            return;
        }
        _transfers.Add(blob);
        await destination.WriteBlobAsync(blob, cancellationToken).ConfigureAwait(false);
    }
}
