using System.Text.Json;

namespace Ipdr.Oci.Signatures.Formats;

/// <summary>What cosign signs: that an image has a digest (containers-signature.5, "JSON data format"; cosign, SIGNATURE_SPEC.md, "Simple Signing").</summary>
/// <param name="Critical">What every reader has to understand.</param>
/// <param name="Optional">Free pairs; null where there are none.</param>
internal sealed record SimpleSigningPayload(SimpleSigningCritical Critical, Dictionary<string, JsonElement>? Optional = null)
{
    /// <summary>The media type of the payload as a layer.</summary>
    public const string MediaType = "application/vnd.dev.cosign.simplesigning.v1+json";

    /// <summary>The annotation of that layer that has the signature, in base64.</summary>
    public const string SignatureAnnotation = "dev.cosignproject.cosign/signature";
}
