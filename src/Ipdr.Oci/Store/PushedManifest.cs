using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Store;

/// <summary>A manifest that is in the store now.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Subject">What it refers to as its subject, and now shows up among the referrers of; null without one.</param>
public sealed record PushedManifest(Digest Digest, Digest? Subject);
