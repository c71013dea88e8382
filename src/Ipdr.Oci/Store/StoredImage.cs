using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Store;

/// <summary>A manifest of the store under one of its names.</summary>
/// <param name="Repository">The repository that holds it.</param>
/// <param name="Tag">The tag; null for a manifest that has none.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="MediaType">The manifest's type.</param>
/// <param name="Size">Bytes of the manifest and of all that it reaches in the store, each once.</param>
/// <param name="ImageId">The image ID, where the manifest is a runnable image.</param>
/// <param name="Platform">What the image runs on, where that is known.</param>
/// <param name="Updated">When the tag was set; null without a tag.</param>
/// <param name="Cid">The CID of the image under that tag, where it is known already: it was pulled by it, or it was computed when it was pushed or asked for. Null without a tag.</param>
public sealed record StoredImage(
    RepositoryName Repository, Tag? Tag, Digest Digest, MediaType MediaType, long Size, Digest? ImageId, Platform? Platform, DateTimeOffset? Updated, Cid? Cid);
