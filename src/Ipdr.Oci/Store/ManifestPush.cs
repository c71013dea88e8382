using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Store;

/// <summary>A manifest or index that shall go into a repository.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Digest">The content's digest; it is checked.</param>
/// <param name="Content">The document; kept to the byte.</param>
public sealed record ManifestPush(RepositoryName Repository, Digest Digest, ReadOnlyMemory<byte> Content)
{
    /// <summary>What the sender says it is; null when nothing was said.</summary>
    public MediaType? MediaType { get; init; }

    /// <summary>The tags that it gets; they move to it from what had them.</summary>
    public IReadOnlyList<Tag> Tags { get; init; } = [];

    /// <summary>Take it although layers of it are not in the repository (a sparse manifest). Its config must be there all the same. Default false.</summary>
    public bool LayersMayBeMissing { get; init; }
}
