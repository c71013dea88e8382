namespace Ipdr.Oci.Signatures.Formats;

/// <summary>A signature of bytes that are elsewhere (sigstore_common.proto, MessageSignature).</summary>
/// <param name="Signature">The signature in base64.</param>
/// <param name="MessageDigest">The hash of the bytes that were signed; nobody has signed it.</param>
internal sealed record BundledSignature(string Signature, BundledDigest? MessageDigest = null);
