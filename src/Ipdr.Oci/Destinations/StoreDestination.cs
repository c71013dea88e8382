using System.Collections.Concurrent;
using System.IO.Pipelines;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;

namespace Ipdr.Oci.Destinations;

/// <summary>The embedded store. Blobs that it has in any repository are not written again.</summary>
/// <param name="store">The store.</param>
/// <param name="ownsStore">Close the store with this.</param>
/// <param name="target">The name there; null where each image keeps its own.</param>
internal sealed class StoreDestination(ContentStore store, bool ownsStore, RepositoryReference? target) : IImageDestination
{
    private const int ReadBytes = 256 << 10;

    // Where blobs wait until it is known which repositories need them.
    private readonly RepositoryName _arrival = target?.Repository ?? RepositoryName.Parse(RegistryV2Layout.DefaultRepository);
    private readonly ConcurrentDictionary<Digest, bool> _arrived = [];
    private readonly List<(Descriptor Manifest, ReadOnlyMemory<byte> Content, ManifestSummary Summary)> _manifests = [];

    public string Place => target is null ? "store:" : $"store:{target}";

    public DestinationTraits Traits { get; } = new() { HoldsMany = target is null };

    public async ValueTask<bool> HasBlobAsync(BlobTransfer blob, CancellationToken cancellationToken) =>
        await store.MountBlobAsync(_arrival, null, blob.Descriptor.Digest, cancellationToken).ConfigureAwait(false);

    public async Task WriteBlobAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        BlobUpload upload = store.BeginUpload(_arrival, blob.Descriptor.Digest.Algorithm);
        await using (upload.ConfigureAwait(false))
        {
            VerifyingStream content = await blob.OpenAsync(cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
                await upload.AppendAsync(PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true)), blob.Descriptor.Size, cancellationToken).ConfigureAwait(false);
            await upload.CompleteAsync(blob.Descriptor.Digest, cancellationToken).ConfigureAwait(false);
        }
        _arrived[blob.Descriptor.Digest] = true;
    }

    public Task WriteManifestAsync(Descriptor manifest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _manifests.Add((manifest, content, ManifestSummary.Read(content, manifest.MediaType, manifest.Digest.ToString())));
        return Task.CompletedTask;
    }

    public async Task<CommittedImages> CommitAsync(IReadOnlyList<SourceImage> images, IReadOnlyList<SourceReferrer> referrers, CancellationToken cancellationToken)
    {
        RequireDistinctNames(images);
        List<string> references = [];
        ILookup<SourceImage, SourceReferrer> accompanying = referrers.ToLookup(referrer => referrer.Image);
        foreach (SourceImage image in images)
        {
            (RepositoryName repository, Tag? tag) = NameOf(image);
            await PutAsync(repository, image.Descriptor.Digest, cancellationToken).ConfigureAwait(false);
            foreach (SourceReferrer referrer in accompanying[image])
            {
                await PutAsync(repository, referrer.Descriptor.Digest, cancellationToken).ConfigureAwait(false);
                if (referrer.Tag is { } attached)
                    await store.TagAsync(repository, referrer.Descriptor.Digest, attached, cancellationToken).ConfigureAwait(false);
            }
            if (tag is { } given)
                await store.TagAsync(repository, image.Descriptor.Digest, given, cancellationToken).ConfigureAwait(false);
            references.Add(tag is null ? $"{repository}@{image.Descriptor.Digest}" : $"{repository}:{tag}");
        }
        return new CommittedImages(references, []);
    }

    public ValueTask DisposeAsync()
    {
        if (ownsStore)
            store.Dispose();
        return ValueTask.CompletedTask;
    }

    // Names here have no host, so that images of two registries may want the same one.
    private void RequireDistinctNames(IReadOnlyList<SourceImage> images)
    {
        Dictionary<(RepositoryName, Tag), SourceImage> named = [];
        foreach (SourceImage image in images)
        {
            if (NameOf(image) is (var repository, { } tag) && !named.TryAdd((repository, tag), image) && named[(repository, tag)].Descriptor.Digest is var first && first != image.Descriptor.Digest)
                throw new IpdrException(new Fault(FaultCode.NameConflict, $"two images would be called {repository}:{tag} in the store: {named[(repository, tag)].Title} and {image.Title}", Place, "Copy one of them by itself, to store:NAME.") { Expected = first.ToString(), Actual = image.Descriptor.Digest.ToString() });
        }
    }

    // Children before parents, as they came.
    private async Task PutAsync(RepositoryName repository, Digest root, CancellationToken cancellationToken)
    {
        HashSet<Digest> reached = Reached(root);
        foreach ((Descriptor manifest, ReadOnlyMemory<byte> content, ManifestSummary summary) in _manifests.Where(manifest => reached.Contains(manifest.Manifest.Digest)))
        {
            foreach (Digest blob in repository == _arrival ? [] : summary.NeededBlobs.Select(blob => blob.Digest).Distinct())
                await store.MountBlobAsync(repository, null, blob, cancellationToken).ConfigureAwait(false);
            await store.PutManifestAsync(new ManifestPush(repository, manifest.Digest, content) { MediaType = manifest.MediaType }, cancellationToken).ConfigureAwait(false);
        }
    }

    private HashSet<Digest> Reached(Digest root)
    {
        HashSet<Digest> reached = [root];
        foreach ((Descriptor manifest, _, ManifestSummary summary) in _manifests.AsEnumerable().Reverse())
        {
            if (reached.Contains(manifest.Digest))
                reached.UnionWith(summary.Manifests.Select(child => child.Digest));
        }
        return reached;
    }

    private (RepositoryName Repository, Tag? Tag) NameOf(SourceImage image)
    {
        if (target is not null)
            return target.Digest is null || target.Digest == image.Descriptor.Digest
                ? (target.Repository, target.Tag)
                : throw new DigestMismatchException(target.Digest.Value, image.Descriptor.Digest, Place);
        if (image.Name is { } name)
        {
            if (!RepositoryName.TryParse(name.FamiliarRepository, null, out RepositoryName repository))
                throw new IpdrException(new Fault(FaultCode.BadReference, "the name cannot be one in the store", name.ToString(), "Say another with store:NAME."));
            return (repository, Tag.Parse(name.Tag ?? Tag.Latest.ToString()));
        }
        return (_arrival, Tag.TryParse(image.Label, null, out Tag tag) ? tag : null);
    }
}
