using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Destinations.Engine;

/// <summary>What is on its way, as a registry: an engine pulls it from there, and fetches what it lacks.</summary>
internal sealed class TransferRegistry : IRegistryContent
{
    private readonly ConcurrentDictionary<Digest, BlobTransfer> _blobs = [];
    private readonly ConcurrentDictionary<Digest, RegistryManifest> _manifests = [];
    private readonly ConcurrentDictionary<(RepositoryName, Tag), Digest> _tags = [];

    public void Add(BlobTransfer blob) => _blobs[blob.Descriptor.Digest] = blob;

    public void Add(Descriptor manifest, ReadOnlyMemory<byte> content) => _manifests[manifest.Digest] = new RegistryManifest(manifest.Digest, manifest.MediaType, content);

    public void Name(RepositoryName repository, Tag tag, Digest manifest) => _tags[(repository, tag)] = manifest;

    public RegistryManifest? FindManifest(Digest digest) => _manifests.GetValueOrDefault(digest);

    public BlobTransfer? FindBlob(Digest digest) => _blobs.GetValueOrDefault(digest);

    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken) =>
        new(_tags.TryGetValue((repository, tag), out Digest digest) ? FindManifest(digest) : null);

    public ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) => new(FindManifest(digest));

    public ValueTask<RegistryBlob?> FindBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        new(FindBlob(digest) is { } blob ? new TransferBlob(blob) : null);

    public ValueTask<IReadOnlyList<Tag>?> ListTagsAsync(RepositoryName repository, string after, int limit, CancellationToken cancellationToken) =>
        new([.. _tags.Keys.Where(name => name.Item1 == repository).Select(name => name.Item2).OrderBy(tag => tag.ToString(), StringComparer.Ordinal).Where(tag => string.CompareOrdinal(tag.ToString(), after) > 0).Take(limit)]);

    public ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(string after, int limit, CancellationToken cancellationToken) =>
        new([.. _tags.Keys.Select(name => name.Item1).Distinct().OrderBy(name => name.ToString(), StringComparer.Ordinal).Where(name => string.CompareOrdinal(name.ToString(), after) > 0).Take(limit)]);

    public ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(
        RepositoryName repository, Digest subject, string? artifactType, string after, int limit, CancellationToken cancellationToken) => new([]);
}
