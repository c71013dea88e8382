using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>What a registry has to give: repositories of manifests, tags and blobs (distribution-spec, "Pull" and "Content discovery").</summary>
public interface IRegistryContent
{
    /// <summary>The manifest that a tag names, or null.</summary>
    ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken);

    /// <summary>The manifest of that digest, or null.</summary>
    ValueTask<RegistryManifest?> FindManifestAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);

    /// <summary>The blob of that digest, or null.</summary>
    ValueTask<RegistryBlob?> FindBlobAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken);

    /// <summary>Tags in ordinal order, or null when there is no such repository.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="after">Only tags after this text; empty for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<Tag>?> ListTagsAsync(RepositoryName repository, string after, int limit, CancellationToken cancellationToken);

    /// <summary>Repositories that hold a manifest, in ordinal order.</summary>
    /// <param name="after">Only names after this text; empty for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<RepositoryName>> ListRepositoriesAsync(string after, int limit, CancellationToken cancellationToken);

    /// <summary>The manifests whose subject is <paramref name="subject"/>, as a referrers answer lists them, in ordinal order of their digests.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="subject">The manifest that they speak of; it need not be there.</param>
    /// <param name="artifactType">Only those of this type; null for all.</param>
    /// <param name="after">Only digests after this text; empty for all.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<Descriptor>> ListReferrersAsync(
        RepositoryName repository, Digest subject, string? artifactType, string after, int limit, CancellationToken cancellationToken);
}
