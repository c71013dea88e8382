using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Store;

/// <summary>A manifest of a repository under one of its names, as the catalogue has it.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Tag">The tag; null for a manifest that has none there.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="MediaType">The type that it is served with.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="ImageId">The digest of its config, where it is a runnable image.</param>
/// <param name="Cid">The CID that the image has under the tag; null while nobody has asked for it.</param>
internal sealed record InventoryManifest(RepositoryName Repository, Tag? Tag, Digest Digest, MediaType MediaType, long Size, Digest? ImageId, Cid? Cid)
{
    /// <summary>The name in full.</summary>
    public string Name => Tag is { } tag ? $"{Repository}:{tag}" : $"{Repository}@{Digest}";
}
