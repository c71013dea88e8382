using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;
using Ipdr.Oci.Store.Naming;

namespace Ipdr.Oci.Destinations;

/// <summary>The store as a destination of what comes from far away: a large blob that is cut off is continued by the next try.</summary>
/// <param name="store">The store.</param>
/// <param name="target">The name there.</param>
/// <param name="findIndex">Tells the blocks of a blob that its source has held against them when it gives its bytes; null where they are not known.</param>
internal sealed class ResumingStoreDestination(ContentStore store, RepositoryReference target, Func<Descriptor, CancellationToken, Task<BlobIndex?>> findIndex) : IImageDestination
{
    // What is smaller is fetched again.
    private const long WorthResuming = 1 << 20;
    private const int ReadBytes = 1 << 20;

    private static readonly RepositoryName Arrival = RepositoryName.Parse(RegistryV2Layout.DefaultRepository);

    private readonly StoreDestination _inner = new(store, ownsStore: false, target);
    private long _resumedBytes;

    public string Place => _inner.Place;

    public DestinationTraits Traits => _inner.Traits;

    /// <summary>Bytes that a former try had fetched.</summary>
    public long ResumedBytes => Interlocked.Read(ref _resumedBytes);

    public ValueTask<bool> HasBlobAsync(BlobTransfer blob, CancellationToken cancellationToken) => _inner.HasBlobAsync(blob, cancellationToken);

    public async Task WriteBlobAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        Descriptor descriptor = blob.Descriptor;
        if (descriptor.Size < WorthResuming || await store.OpenResumableAsync(Arrival, descriptor.Digest, cancellationToken).ConfigureAwait(false) is not { } upload)
        {
            await _inner.WriteBlobAsync(blob, cancellationToken).ConfigureAwait(false);
            return;
        }
        long resumed = upload.Length <= descriptor.Size ? upload.Length : 0;
        bool isRight = true;
        await using (upload.ConfigureAwait(false))
        {
            upload.Truncate(resumed);
            blob.Skip(resumed);
            if (resumed == 0 && await findIndex(descriptor, cancellationToken).ConfigureAwait(false) is { } index)
                upload.Expect(index);
            await ReadRestAsync(blob, upload, cancellationToken).ConfigureAwait(false);
            try
            {
                await upload.CompleteAsync(descriptor.Digest, cancellationToken).ConfigureAwait(false);
            }
            catch (DigestMismatchException) when (resumed > 0)
            {
                // What the former try left is damaged, and gone by now.
                isRight = false;
            }
        }
        if (isRight)
        {
            Interlocked.Add(ref _resumedBytes, resumed);
            await store.MountBlobAsync(target.Repository, null, descriptor.Digest, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await WriteBlobAsync(blob, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task WriteManifestAsync(Descriptor manifest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => _inner.WriteManifestAsync(manifest, content, cancellationToken);

    public Task<CommittedImages> CommitAsync(IReadOnlyList<SourceImage> images, IReadOnlyList<SourceReferrer> referrers, CancellationToken cancellationToken) => _inner.CommitAsync(images, referrers, cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();

    private static async Task ReadRestAsync(BlobTransfer blob, BlobUpload upload, CancellationToken cancellationToken)
    {
        Stream rest = await blob.OpenUnverifiedAsync(upload.Length, cancellationToken).ConfigureAwait(false);
        await using (rest.ConfigureAwait(false))
        {
            UploadStream arrival = new(upload, blob.Descriptor.Size);
            await using (arrival.ConfigureAwait(false))
                await rest.CopyToAsync(arrival, ReadBytes, cancellationToken).ConfigureAwait(false);
        }
    }
}
