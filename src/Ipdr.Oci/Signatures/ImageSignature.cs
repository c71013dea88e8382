using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Signatures;

/// <summary>A good signature of an image.</summary>
/// <param name="Key">The key whose holder has made it.</param>
/// <param name="Manifest">The manifest that holds it.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Claims">What else was signed.</param>
public sealed record ImageSignature(SignatureKey Key, Digest Manifest, SignatureForm Form, SignatureClaims Claims);
