using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>A new archive. Everything is brought in and checked before its first byte is written.</summary>
/// <param name="place">What messages call it.</param>
/// <param name="traits">What it can hold.</param>
/// <param name="output">Where it goes.</param>
/// <param name="blobs">What goes into it.</param>
internal abstract class ArchiveDestination(string place, DestinationTraits traits, ArchiveOutput output, BlobDepot blobs) : IImageDestination
{
    public string Place => place;

    public DestinationTraits Traits => traits;

    protected BlobDepot Blobs => blobs;

    /// <summary>The manifests by digest, what an index lists before the index.</summary>
    protected Dictionary<Digest, (Descriptor Descriptor, ReadOnlyMemory<byte> Content)> Manifests { get; } = [];

    public ValueTask<bool> HasBlobAsync(BlobTransfer blob, CancellationToken cancellationToken) => new(false);

    public virtual Task WriteBlobAsync(BlobTransfer blob, CancellationToken cancellationToken) => blobs.AddAsync(blob, cancellationToken);

    public Task WriteManifestAsync(Descriptor manifest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        Manifests[manifest.Digest] = (manifest, content);
        return Task.CompletedTask;
    }

    public async Task<CommittedImages> CommitAsync(IReadOnlyList<SourceImage> images, IReadOnlyList<SourceReferrer> referrers, CancellationToken cancellationToken)
    {
        Func<Stream, Task> write = await PrepareAsync([.. images, .. referrers.Select(referrer => referrer.ToEntry())], cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(write).ConfigureAwait(false);
        blobs.Remove();
        return new CommittedImages([.. images.Select(image => images.Count == 1 || image.Name is null ? place : $"{place}:{image.Name.Familiar}")], []);
    }

    public ValueTask DisposeAsync()
    {
        output.Dispose();
        blobs.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Checks everything, and says how the archive is written.</summary>
    protected abstract Task<Func<Stream, Task>> PrepareAsync(IReadOnlyList<SourceImage> entries, CancellationToken cancellationToken);
}
