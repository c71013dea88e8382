using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Registries.Files;

/// <summary>One repository of layouts on disk.</summary>
internal sealed class ServedRepository
{
    /// <summary>What each tag names, in ordinal order.</summary>
    public SortedDictionary<string, Digest> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Manifests and indexes by the text of their digest, in ordinal order.</summary>
    public SortedDictionary<string, ServedManifest> Manifests { get; } = new(StringComparer.Ordinal);

    /// <summary>Blobs that are there with the size that a manifest promises.</summary>
    public Dictionary<Digest, RegistryBlob> Blobs { get; } = [];
}
