using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations;

/// <summary>A repository of a registry. Blobs that it has are not sent, those of other repositories there are mounted; the tag comes last.</summary>
/// <param name="client">The registry; disposed of with this.</param>
/// <param name="known">What its other repositories have; null where that is not known.</param>
/// <param name="isTagged">A name without tag and digest means the tag <c>latest</c>; else no tag at all.</param>
internal sealed class RegistryDestination(RegistryClient client, RepositoryBlobs? known = null, bool isTagged = true) : IImageDestination
{
    private readonly ConcurrentDictionary<Digest, RegistryUpload> _begun = [];
    private readonly OrderedDictionary<Digest, (Descriptor Manifest, ReadOnlyMemory<byte> Content, ManifestSummary Summary)> _manifests = [];

    // The registry does not list what refers to their subjects, so that is to be noted down.
    private readonly List<(Digest Subject, Descriptor Referrer)> _unlisted = [];

    public string Place { get; } = $"docker://{client.Image.Familiar}";

    public DestinationTraits Traits { get; } = new() { HoldsMany = false };

    public async ValueTask<bool> HasBlobAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        bool there = await client.HasBlobAsync(blob.Descriptor, cancellationToken).ConfigureAwait(false) || await TryMountAsync(blob, cancellationToken).ConfigureAwait(false);
        if (there)
            known?.Add(blob.Descriptor.Digest, client.Image.Repository);
        return there;
    }

    public async Task WriteBlobAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        RegistryUpload upload = _begun.TryRemove(blob.Descriptor.Digest, out RegistryUpload? begun) ? begun : UploadOf(blob);
        await upload.RunAsync(cancellationToken).ConfigureAwait(false);
        known?.Add(blob.Descriptor.Digest, client.Image.Repository);
    }

    public Task WriteManifestAsync(Descriptor manifest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _manifests.Add(manifest.Digest, (manifest, content, ManifestSummary.Read(content, manifest.MediaType, manifest.Digest.ToString())));
        return Task.CompletedTask;
    }

    public async Task<CommittedImages> CommitAsync(IReadOnlyList<SourceImage> images, IReadOnlyList<SourceReferrer> referrers, CancellationToken cancellationToken)
    {
        SourceImage image = images[0];
        ImageReference target = client.Image;
        if (target.Digest is { } wanted && wanted != image.Descriptor.Digest)
            throw new DigestMismatchException(wanted, image.Descriptor.Digest, Place);
        string? tag = target.Tag ?? (target.Digest is null && isTagged ? Tag.Latest.ToString() : null);
        foreach ((Descriptor manifest, _, ManifestSummary summary) in _manifests.Values)
        {
            // Its tag brings it, under the digest that registries give by themselves.
            if (tag is null || manifest.Digest != image.Descriptor.Digest || manifest.Digest.Algorithm != DigestAlgorithm.Sha256 || summary.Subject is not null)
                await PutAsync(manifest.Digest, null, cancellationToken).ConfigureAwait(false);
        }
        RegistryReferrers notes = new(client);
        foreach (IGrouping<Digest, Descriptor> subject in _unlisted.GroupBy(entry => entry.Subject, entry => entry.Referrer))
            await notes.NoteAsync(subject.Key, [.. subject], cancellationToken).ConfigureAwait(false);
        foreach (SourceReferrer referrer in referrers.Where(referrer => referrer.Tag is not null))
            await PutAsync(referrer.Descriptor.Digest, referrer.Tag.ToString(), cancellationToken).ConfigureAwait(false);
        if (tag is not null)
            await PutAsync(image.Descriptor.Digest, tag, cancellationToken).ConfigureAwait(false);
        return new CommittedImages([tag is null ? $"{target.Name}@{image.Descriptor.Digest}" : $"{target.Name}:{tag}"], []);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task PutAsync(Digest digest, string? tag, CancellationToken cancellationToken)
    {
        (Descriptor manifest, ReadOnlyMemory<byte> content, ManifestSummary summary) = _manifests[digest];
        Digest? listed = await client.PutManifestAsync(manifest, content, tag, cancellationToken).ConfigureAwait(false);
        if (tag is null && summary.Subject is { } subject && listed is null)
            _unlisted.Add((subject.Digest, summary.ToReferrer(manifest.Digest, manifest.Size)));
    }

    private async ValueTask<bool> TryMountAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        string? from = blob.Source.Repository is { } source && source.Host == client.Image.Host ? source.Repository : known?.Find(blob.Descriptor.Digest);
        if (from is null || from == client.Image.Repository)
            return false;
        RegistryUpload upload = UploadOf(blob);
        if (await upload.TryMountAsync(from, cancellationToken).ConfigureAwait(false))
            return true;
        _begun[blob.Descriptor.Digest] = upload;
        return false;
    }

    // From the start it is held against its digest on the way; a part is checked by the registry, at the end.
    private RegistryUpload UploadOf(BlobTransfer blob) => new(
        client, blob.Descriptor,
        async (offset, token) => offset == 0 ? await blob.OpenAsync(token).ConfigureAwait(false) : await blob.OpenUnverifiedAsync(offset, token).ConfigureAwait(false));
}
