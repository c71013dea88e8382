using Ipdr.Oci.Digests;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Store;

/// <summary>A manifest that is in the store now.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Subject">What it refers to as its subject, and now shows up among the referrers of; null without one.</param>
/// <param name="Cid">The CID of the image under its first tag, or without a name; null while layers are missing, without which it would have another one.</param>
public sealed record PushedManifest(Digest Digest, Digest? Subject, Cid? Cid)
{
    /// <summary>Layers that are not in the repository; none unless <see cref="ManifestPush.LayersMayBeMissing"/>.</summary>
    public IReadOnlyList<Digest> MissingLayers { get; init; } = [];
}
