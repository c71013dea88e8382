using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>What a member must be for the images that use it as a layer.</summary>
/// <param name="DiffId">The digest of its uncompressed bytes.</param>
/// <param name="Stored">The digest of its bytes as they are stored; null if nothing is said of them.</param>
internal sealed record LayerPromise(Digest DiffId, Digest? Stored);
