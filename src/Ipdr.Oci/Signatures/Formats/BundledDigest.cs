namespace Ipdr.Oci.Signatures.Formats;

/// <summary>A hash in a bundle (sigstore_common.proto, HashOutput).</summary>
/// <param name="Algorithm">Such as <c>SHA2_256</c>.</param>
/// <param name="Digest">The hash in base64.</param>
internal sealed record BundledDigest(string Algorithm, string Digest);
