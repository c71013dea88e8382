using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Signatures;

/// <summary>A statement about an image that is signed, such as an SBOM or where it was built. It does not say that the image is good, so it is no signature of it.</summary>
/// <param name="Key">The key whose holder has made it.</param>
/// <param name="Manifest">The manifest that holds it.</param>
/// <param name="PredicateType">What is stated (in-toto, <c>predicateType</c>).</param>
public sealed record ImageAttestation(SignatureKey Key, Digest Manifest, string PredicateType);
