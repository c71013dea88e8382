using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;

namespace Ipdr.Server.Page;

/// <summary>A tag as the page shows it.</summary>
/// <param name="Repository">Its repository.</param>
/// <param name="Tag">The tag.</param>
/// <param name="Digest">What it names.</param>
/// <param name="Type">The media type of that.</param>
/// <param name="Cid">The image's CID; null where it is not known.</param>
/// <param name="Check">When its blobs are verified.</param>
/// <param name="Platforms">The images, one for each platform.</param>
internal sealed record TagView(RepositoryName Repository, Tag Tag, Digest Digest, string Type, Cid? Cid, BlobCheck Check, IReadOnlyList<PlatformView> Platforms)
{
    /// <summary>All layers, each once.</summary>
    public IReadOnlyList<LayerView> Layers { get; } = [.. Platforms.SelectMany(platform => platform.Layers).DistinctBy(layer => layer.Digest)];

    /// <summary>Bytes of all layers, each once.</summary>
    public long Size => Layers.Sum(layer => layer.Size);

    public bool IsComplete => Platforms.All(platform => platform.IsComplete);
}
